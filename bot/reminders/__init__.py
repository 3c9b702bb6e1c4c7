"""Reminding channels and people before a session opens."""
