"""A Discord bot that knows a conference's programme."""
