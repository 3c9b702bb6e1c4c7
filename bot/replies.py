"""How the answer to a command reaches Discord: privately, unless its channel is one for public answers."""

from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.audience import is_named
from bot.buttons import view_of
from bot.ui.answer import Answer
from bot.ui.limits import CHOICES
from bot.ui.reminders import UNREACHABLE

if TYPE_CHECKING:
    from bot.client import ConferenceBot

    Interaction = discord.Interaction[ConferenceBot]


async def reply(interaction: "Interaction", answer: Answer, *, always_private: bool = False) -> None:
    """Send an answer to whoever asked: privately, or to all where the channel is one for public answers."""
    private = interaction.guild is not None and (always_private or reader_of(interaction) is not None)
    interaction.client.desk.note_look(interaction.user.id, answer)
    interaction.client.timings.handed_over(interaction)
    await interaction.response.send_message(
        embed=answer.embed, view=view_of(answer, shareable=private), ephemeral=private
    )
    if await interaction.client.agendas.tell_unreachable(interaction.user.id):
        await interaction.followup.send(UNREACHABLE, ephemeral=interaction.guild is not None)


def reader_of(interaction: "Interaction") -> int | None:
    """Return the id of the one who will read the answer; None in a channel for public answers."""
    return None if _is_public(interaction) else interaction.user.id


def suggest(interaction: "Interaction", choices: Iterable[tuple[str, str]]) -> list[app_commands.Choice[str]]:
    """Make the suggestions for an option out of their names and values, as many as Discord shows."""
    made = [app_commands.Choice(name=name, value=value) for name, value in islice(choices, CHOICES)]
    interaction.client.timings.handed_over(interaction)
    return made


def _is_public(interaction: "Interaction") -> bool:
    """Tell whether answers in this channel, or the one its thread belongs to, are for everybody."""
    channel = interaction.channel
    parent = channel.parent if isinstance(channel, discord.Thread) else None
    public = interaction.client.config.discord.public_channels
    return any(
        is_named(place, place.name, public)
        for place in (channel, parent)
        if isinstance(place, discord.abc.GuildChannel | discord.Thread)
    )
