"""Introducing the bot to the servers it is in."""

import logging

import discord

from bot.clock import Clock
from bot.config import Conference
from bot.connection.patience import FAILURES, in_words
from bot.editions.service import Library
from bot.help.answers import welcome_answer
from bot.help.rows import IntroductionStore
from bot.ui.command_mentions import CommandMentions
from bot.ui.controls import view_of

FIRST_COMMANDS = ("paper", "search", "help")

log = logging.getLogger(__name__)


class Introduction:
    """Writes the welcome, once in each server."""

    def __init__(
        self,
        store: IntroductionStore,
        library: Library,
        commands: CommandMentions,
        clock: Clock,
        conference: Conference,
        *,
        enabled: bool,
    ) -> None:
        self._store = store
        self._library = library
        self._commands = commands
        self._clock = clock
        self._conference = conference
        self._enabled = enabled

    async def introduce(self, guild: discord.Guild, *, again: bool = False) -> None:
        """Introduce the bot in the server's system channel, or the first channel it may write in.

        Args:
            guild: the server.
            again: whether to do so where it was done before, as when the bot was removed and comes back.
        """
        if not self._enabled:
            return
        channel = next((place for place in (guild.system_channel, *guild.text_channels) if _may_write(place)), None)
        if channel is None:
            log.info("in server %d the bot may write in no channel, so it introduces itself later", guild.id)
            return
        if not await self._store.note(guild.id, self._clock.now()) and not again:
            return
        mentions = [self._commands.of(name) for name in FIRST_COMMANDS]
        programme = self._library.edition.programme
        answer = welcome_answer(self._conference.name, self._conference.notice, mentions, programme)
        try:
            await channel.send(embeds=answer.embeds, view=view_of(answer, shareable=False))
        except FAILURES as error:
            log.warning("could not introduce the bot in channel %d: %s", channel.id, in_words(error))


def _may_write(channel: discord.TextChannel | None) -> bool:
    if channel is None:
        return False
    permissions = channel.permissions_for(channel.guild.me)
    return permissions.view_channel and permissions.send_messages and permissions.embed_links
