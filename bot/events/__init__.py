"""Discord's own events, one for each session."""
