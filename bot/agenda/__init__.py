"""Bookmarks, wishes for reminders, and the calendar made of them."""
