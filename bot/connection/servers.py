"""Servers that Discord names, but does not show yet."""

import discord


def is_shown(guild: discord.Guild) -> bool:
    """Tell whether what is in a server is known: its channels, its roles and the bot's own place in it.

    A bot that connects is told at once where it is, and what is there a little later; in an outage, hours later.
    """
    return guild.get_role(guild.id) is not None  # @everyone, which every server has
