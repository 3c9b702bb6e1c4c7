"""Looking around: the programme by topic, track, kind, day and room, and topics that people follow."""
