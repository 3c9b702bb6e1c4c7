"""What the bot says about itself: the help, and the welcome in a server."""
