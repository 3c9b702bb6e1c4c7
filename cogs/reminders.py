"""Reminders before a session opens: in a channel, and by direct message for those who wish."""

import asyncio
import logging

import discord
from discord import app_commands
from discord.ext import commands

from bot.audience import is_named
from bot.client import ConferenceBot
from bot.delivery.courier import Courier
from bot.delivery.post import DiscordPost
from bot.due import Pace, audiences, plan, plan_direct
from bot.replies import reply
from bot.ui.reminders import wish_answer

Interaction = discord.Interaction[ConferenceBot]

_MINUTES = (5, 15, 30, 60, 0)

log = logging.getLogger(__name__)


def _choice(minutes: int) -> str:
    return f"{minutes} minutes before" if minutes else "Not at all"


class Reminders(commands.Cog):
    """Keeps the ledger in step with the programme, and owns the courier that empties it."""

    def __init__(self, bot: ConferenceBot) -> None:
        self._bot = bot
        self._courier: Courier | None = None
        self._running: asyncio.Task[None] | None = None
        self._planning = asyncio.Lock()
        self._said_no_channel = False
        self._pace = Pace(bot.config.reminders.direct_per_minute, {})

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Plan what is due; Discord says this again after each reconnection, and planning twice changes nothing."""
        if self._courier is None:
            post = DiscordPost(self._bot)
            self._courier = Courier(self._bot.ledger, post, self._bot.clock, outdated=post.outdated, replan=self.replan)
            self._bot.agendas.changed = self.replan_for
            self._warn_of_untimed()
        await self.replan()
        if self._running is None:
            self._running = asyncio.create_task(self._courier.run(), name="courier")

    @commands.Cog.listener("on_guild_join")
    @commands.Cog.listener("on_guild_available")
    @commands.Cog.listener("on_guild_channel_create")
    @commands.Cog.listener("on_guild_channel_delete")
    @commands.Cog.listener("on_guild_channel_update")
    async def on_channels_changed(self, *_changed: discord.Guild | discord.abc.GuildChannel) -> None:
        """Plan for what has come or has got the right name, and not for what is gone."""
        await self.replan()

    async def replan(self) -> None:
        """Make the ledger hold what the programme and the configuration want; one plan at a time."""
        async with self._planning:
            if self._courier:
                await self._replan(self._courier)

    async def _replan(self, courier: Courier) -> None:
        bot, wanted = self._bot, self._bot.config.reminders
        channels = [
            channel.id
            for guild in bot.guilds
            for channel in guild.text_channels
            if wanted.channel is not None and is_named(channel, channel.name, (wanted.channel,))
        ]
        if wanted.channel is not None and bot.guilds and not channels and not self._said_no_channel:
            log.warning("reminders.channel: no server has a text channel %r, so nobody is reminded", wanted.channel)
            self._said_no_channel = True
        await courier.note_missed()
        programme, now = bot.desk.edition.programme, bot.clock.now()
        due = plan(programme, channels, wanted.leads, now)
        wishes = {user: wish for user, wish in bot.agendas.wishes.items() if not wish.unreachable}
        bookmarks = {user: bot.agendas.of(user) for user in wishes}
        heard = await asyncio.to_thread(audiences, programme, bookmarks)
        self._pace = Pace(wanted.direct_per_minute, heard)
        due += await asyncio.to_thread(plan_direct, programme, wishes, bookmarks, self._pace, now)
        await bot.ledger.plan(due, wanted.threshold)
        courier.wake()

    async def replan_for(self, user_id: int) -> None:
        """Make the ledger hold what one person wants, after their bookmarks or their wish changed."""
        async with self._planning:
            if self._courier:
                await self._replan_for(user_id, self._courier)

    async def _replan_for(self, user_id: int, courier: Courier) -> None:
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
        courier.wake()

    def _warn_of_untimed(self) -> None:
        for session in self._bot.desk.edition.programme.sessions:
            if session.starts_at is None:
                log.info("session %s has no announced time, so nobody is reminded of it", session.key)

    @app_commands.command()
    @app_commands.describe(before="How long before a session that holds your bookmarks")
    @app_commands.choices(before=[app_commands.Choice(name=_choice(minutes), value=minutes) for minutes in _MINUTES])
    async def remindme(self, interaction: Interaction, before: int = 15) -> None:
        """Get a direct message before the sessions that hold your bookmarks."""
        await self._bot.agendas.wish(interaction.user.id, before or None)
        bookmarks = len(self._bot.agendas.of(interaction.user.id))
        await reply(interaction, wish_answer(before or None, bookmarks), always_private=True)

    async def cog_unload(self) -> None:
        """Stop the courier."""
        if self._running:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)


async def setup(bot: ConferenceBot) -> None:
    """Add the cog; discord.py calls this."""
    await bot.add_cog(Reminders(bot))
