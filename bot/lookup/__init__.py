"""The questions attendees ask, and their answers."""
