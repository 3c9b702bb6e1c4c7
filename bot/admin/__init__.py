"""How the bot is, and the record of what was changed."""
