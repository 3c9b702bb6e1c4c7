"""What those who run the bot look at: its log, its numbers, whether it is well, and reports of its crashes."""
