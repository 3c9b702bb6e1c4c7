"""Who may: asked at every command, button and form, at the moment it is used."""

import logging
from typing import TYPE_CHECKING

from bot.audience import Audience, audiences_of
from bot.errors import Trouble

if TYPE_CHECKING:
    import discord

    from bot.client import ConferenceBot

log = logging.getLogger(__name__)


def is_allowed(interaction: "discord.Interaction[ConferenceBot]", *audiences: Audience) -> bool:
    """Tell whether whoever uses something belongs to any of these audiences now."""
    return not audiences_of(interaction.user, interaction.client.config.discord).isdisjoint(audiences)


def check_allowed(interaction: "discord.Interaction[ConferenceBot]", *audiences: Audience) -> None:
    """Let only these audiences through.

    Raises:
        Trouble: they belong to none of them now, whatever they were when the message was made.
    """
    if is_allowed(interaction, *audiences):
        return
    command = interaction.command.qualified_name if interaction.command else "a button or a form"
    log.warning("refused: user %d may not use %s", interaction.user.id, command)
    if interaction.guild is None:
        raise Trouble("This works in the conference's server only, where I can see your roles.")
    who = " and ".join(f"{audience}s" for audience in audiences)
    raise Trouble(
        f"This is for {who} only. If you should be one, ask whoever manages this server to give you the role."
    )
