"""Where somebody uses the bot: in a server it is in, in its direct messages, or anywhere else with their own account.

Discord says it with each interaction (its developer documentation, Interaction Contexts and Installation Contexts).
"""

from typing import Any

import discord


def in_direct_messages(interaction: discord.Interaction[Any]) -> bool:
    """Tell whether it is in somebody's direct messages with the bot, where nobody else reads."""
    return interaction.guild_id is None and bool(interaction.context.dm_channel)


def is_elsewhere(interaction: discord.Interaction[Any]) -> bool:
    """Tell whether somebody uses the bot by their own account alone, where nobody has invited it.

    That is in other people's direct messages, and in servers which the bot is not in.
    """
    if interaction.guild_id is None:
        return not in_direct_messages(interaction)
    return interaction.is_user_integration() and not interaction.is_guild_integration()
