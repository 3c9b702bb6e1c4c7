"""Meetups: attendees meet for a topic, at a time and a place; who comes, who waits, and a thread for each."""
