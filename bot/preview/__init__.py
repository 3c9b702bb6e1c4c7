"""The bot in a simulated server, on a page and in the terminal. Needs SimCord; the bot itself never imports this."""
