"""The post office of the bot: keeps the ledger in step with the programme, and owns the courier that empties it."""

import asyncio
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING

import discord

from bot.audience import is_named
from bot.config import NameOrId
from bot.delivery.courier import Courier
from bot.delivery.letter import Writer
from bot.delivery.post import DiscordPost
from bot.due import Kind, Pace, audiences, plan, plan_direct, plan_news
from bot.news import Bulletin

if TYPE_CHECKING:
    from bot.client import ConferenceBot

log = logging.getLogger(__name__)


class Office:
    """Plans what is due, and has it delivered, once the bot is connected."""

    def __init__(self, bot: "ConferenceBot", writers: Mapping[Kind, Writer]) -> None:
        self._bot = bot
        post = DiscordPost(bot, writers)
        self.courier = Courier(bot.ledger, post, bot.clock, outdated=post.outdated, replan=self.replan)
        self._running: asyncio.Task[None] | None = None
        self._open = False
        self._planning = asyncio.Lock()
        self._said_no_channel = False
        self._pace = Pace(bot.config.reminders.direct_per_minute, {})

    async def open(self) -> None:
        """Plan what is due and begin to deliver; doing so again after a reconnection changes nothing."""
        if not self._open:
            self._open = True
            self._bot.agendas.changed = self.replan_for
            self._warn_of_untimed()
        await self.replan()
        await self.spread_news()
        if self._running is None:
            self._running = asyncio.create_task(self.courier.run(), name="courier")

    async def close(self) -> None:
        """Stop the courier."""
        if self._running:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    def channels(self, wanted: NameOrId | None) -> list[discord.TextChannel]:
        """Return the text channels with a name in the conference's servers, or the one with an id; none for None."""
        return [
            channel
            for guild in self._bot.guilds
            if self._bot.config.discord.trusts(guild.id)
            for channel in guild.text_channels
            if wanted is not None and is_named(channel, channel.name, (wanted,))
        ]

    async def replan(self) -> None:
        """Make the ledger hold what the programme and the configuration want; one plan at a time."""
        async with self._planning:
            if self._open:
                await self._replan()

    async def spread_news(self) -> None:
        """Plan who is to hear what changed in the programme, where that was not done yet."""
        async with self._planning:
            if not self._open:
                return
            bot, wanted = self._bot, self._bot.config.reminders
            channels = [channel.id for channel in self.channels(wanted.channel)]
            if not channels and any(guild.unavailable for guild in bot.guilds):
                return  # the channel may be in a server that Discord can't show just now
            for news in await bot.store.versions.unplanned_news():
                bulletin = Bulletin.parse(news.text)
                wishing = (user for user, wish in bot.agendas.wishes.items() if not wish.unreachable)
                people = [user for user in wishing if bulletin.concerns(bot.agendas.of(user))]
                due = plan_news(news.number, news.made_at, channels, people, wanted.direct_per_minute)
                await bot.store.versions.plan_news(news.number, due)
        self.courier.wake()

    async def _replan(self) -> None:
        bot, wanted = self._bot, self._bot.config.reminders
        channels = [channel.id for channel in self.channels(wanted.channel)]
        if wanted.channel is not None and bot.guilds and not channels and not self._said_no_channel:
            log.warning("reminders.channel: no server has a text channel %r, so nobody is reminded", wanted.channel)
            self._said_no_channel = True
        await self.courier.note_missed()
        programme, now = bot.desk.edition.programme, bot.clock.now()
        due = plan(programme, channels, wanted.leads, now)
        wishes = {user: wish for user, wish in bot.agendas.wishes.items() if not wish.unreachable}
        bookmarks = {user: bot.agendas.of(user) for user in wishes}
        heard = await asyncio.to_thread(audiences, programme, bookmarks)
        self._pace = Pace(wanted.direct_per_minute, heard)
        due += await asyncio.to_thread(plan_direct, programme, wishes, bookmarks, self._pace, now)
        await bot.ledger.plan(due, wanted.threshold)
        self.courier.wake()

    async def replan_for(self, user_id: int) -> None:
        """Make the ledger hold what one person wants, after their bookmarks or their wish changed."""
        async with self._planning:
            if self._open:
                await self._replan_for(user_id)

    async def _replan_for(self, user_id: int) -> None:
        bot = self._bot
        wish = bot.agendas.wishes.get(user_id)
        due = plan_direct(
            bot.desk.edition.programme,
            {user_id: wish} if wish else {},
            {user_id: bot.agendas.of(user_id)},
            self._pace,
            bot.clock.now(),
        )
        await bot.ledger.plan(due, bot.config.reminders.threshold, target_id=user_id)
        self.courier.wake()

    def _warn_of_untimed(self) -> None:
        for session in self._bot.desk.edition.programme.sessions:
            if session.starts_at is None:
                log.info("session %s has no announced time, so nobody is reminded of it", session.key)
