"""Telling Discord which commands the bot has, whenever they have changed."""
