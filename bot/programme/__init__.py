"""What a conference's programme is, without Discord and without a database."""
