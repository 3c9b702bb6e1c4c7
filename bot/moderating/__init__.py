"""Changing the programme: worked out, shown, and then made or not."""
