"""Announcements: what the organizers write to everybody, now or later."""
