"""The bot as Discord knows it: connects, finds the cogs, registers the commands, and hands events to the services."""

import asyncio
import logging
import pkgutil
from functools import partial
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands, tasks

import cogs
from bot.admin.heartbeat import INTERVAL
from bot.clock import Clock, SystemClock
from bot.config import Config
from bot.connection.gateway import stay_connected
from bot.connection.http import PatientHTTPClient
from bot.connection.patience import FAILURES, in_words, until_done
from bot.delivery.discord_time import DiscordTime
from bot.errors import UserError
from bot.monitoring.traffic import Traffic
from bot.permissions import GuardedCog
from bot.services import Services
from bot.sources.fetch import Fetcher
from bot.ui.interaction import Interaction
from bot.ui.timings import Outcome
from bot.ui.waiting_line import WaitingLine

_CHANGED = "This command has changed. Restart Discord, or wait a minute, and use it again."

_OF_THE_TREE = (discord.InteractionType.application_command, discord.InteractionType.autocomplete)

log = logging.getLogger(__name__)

# The bot does not speak; discord.py need not say what that would take.
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False


class ConferenceBot(commands.Bot):
    """The bot of one conference.

    Attributes:
        clock: tells it the time.
        services: what the commands use; there once the bot has begun to log in.
        register_anew: whether to register the commands with Discord also when they have not changed.
    """

    services: Services

    def __init__(self, config: Config, clock: Clock | None = None, fetcher: Fetcher | None = None) -> None:
        self.clock = clock or SystemClock()
        self._discord_time = DiscordTime(self.clock)
        self._traffic = Traffic()
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            # That somebody wrote or deleted something, not what: the contents of messages are an intent of their own,
            # which the bot lacks.
            intents=discord.Intents(
                guilds=True, guild_messages=config.discussion.forum is not None or bool(config.board.channels)
            ),
            max_messages=None,
            allowed_mentions=discord.AllowedMentions.none(),
            tree_cls=_Tree,
            http_trace=self._traffic.noted_by(self._discord_time.trace()),
        )
        self.config = config
        if not config.discord.user_install:
            self.tree.allowed_installs = app_commands.AppInstallationType(guild=True, user=False)
        self.register_anew = False
        self._fetcher = fetcher or Fetcher()
        self._opened: Services | None = None

    def _get_state(self, **options: Any) -> Any:  # noqa: ANN401 - as in discord.py
        # Here, before anything else has taken the client that discord.py made.
        self.http = PatientHTTPClient(self.http, self.clock)
        return super()._get_state(**options)

    async def login(self, token: str) -> None:
        """Open the database and load the programme, then log in: a bot that can't answer need not.

        As long as Discord can't be reached, it is tried again.

        Raises:
            UserError: the database can't be opened, there is no programme at all to answer from, or there is nowhere to
                listen for those who run the bot.
            discord.LoginFailure: Discord refuses the token.
        """
        self.services = self._opened = await Services.open(
            self.config, self.clock, self._fetcher, self, self._discord_time
        )
        await self.services.listen(self._traffic)
        self._beat.start()
        await until_done("logging in", partial(super().login, token))

    async def connect(self, *, reconnect: bool = True) -> None:  # noqa: ARG002 - as in discord.py, whose place it takes
        """Stay connected until the bot is closed.

        Raises:
            discord.ConnectionClosed: Discord refuses the token.
        """
        await stay_connected(self)

    async def setup_hook(self) -> None:
        """Register the buttons and the commands of every cog with Discord."""
        await self.load_cogs()
        try:
            await self._register()
        except FAILURES as error:
            log.warning("could not register the commands: %s; they come later", in_words(error))
            self.services.later("registering the commands", until_done("registering the commands", self._register))

    async def _register(self) -> None:
        try:
            await self.services.registration.register(self.tree, anew=self.register_anew)
        except app_commands.CommandSyncFailure:
            log.exception("Discord does not take the commands; those it has stay")

    async def load_cogs(self) -> None:
        """Load every module of the package `cogs`: a new command is found, not listed."""
        for cog in pkgutil.iter_modules(cogs.__path__, f"{cogs.__name__}."):
            await self.load_extension(cog.name)

    async def close(self) -> None:
        """Disconnect, then stop the services."""
        beat = self._beat.get_task()
        self._beat.cancel()
        if beat:
            await asyncio.gather(beat, return_exceptions=True)  # it reads the database, which is closed below
        await super().close()
        if self._opened:
            services, self._opened = self._opened, None
            await services.close()

    def nobody_waits_for(self, interaction: Interaction) -> bool:
        """Tell whether an interaction is so old that Discord has told its person that there was no answer."""
        return self._discord_time.has_given_up(interaction.created_at)

    def dispatch(self, event: str, /, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - as in discord.py
        """Hand an event on, unless the bot is closed: discord.py may still be about to say that it is ready.

        Commands and suggestions are the command tree's, and tasks that would do nothing about them are not begun.
        """
        if self.is_closed() or (event == "interaction" and arguments[0].type in _OF_THE_TREE):
            return
        super().dispatch(event, *arguments, **options)

    async def on_ready(self) -> None:
        """Begin to work; Discord says this again after each reconnection."""
        self.services.status.connection.changed(up=True)
        self.services.connected()

    async def on_resumed(self) -> None:
        """Note that the gateway is connected again."""
        self.services.status.connection.changed(up=True)

    async def on_disconnect(self) -> None:
        """Note that the gateway is not connected."""
        self.services.status.connection.changed(up=False)

    async def on_app_command_completion(self, interaction: Interaction, _command: object) -> None:
        """Count a command that has done all it had to."""
        self.services.responder.timings.ended(interaction, Outcome.ANSWERED)

    async def on_interaction(self, interaction: Interaction) -> None:
        """Hand on what is pressed, picked and filled in; discord.py hands on the commands."""
        if interaction.type is discord.InteractionType.component:
            await self.services.presses.handle(interaction)
        elif interaction.type is discord.InteractionType.modal_submit:
            await self.services.forms.handle(interaction)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Take up a new server."""
        self.services.joined(guild)

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Take up a server that Discord shows only now, or again."""
        self.services.server_shown(guild)

    async def on_guild_role_update(self, _before: discord.Role, _after: discord.Role) -> None:
        """Take up what a role of the bot's may do now."""
        self.services.permissions_changed()

    async def on_member_update(self, _before: discord.Member, after: discord.Member) -> None:
        """Take up the bot's own roles; without the intent for members Discord tells of no other member's."""
        if after == after.guild.me:
            self.services.permissions_changed()

    async def on_guild_channel_create(self, _channel: discord.abc.GuildChannel) -> None:
        """Take up a new channel."""
        self.services.channels_changed()

    async def on_guild_channel_delete(self, _channel: discord.abc.GuildChannel) -> None:
        """Forget a channel that is gone."""
        self.services.channels_changed()

    async def on_guild_channel_update(
        self, _before: discord.abc.GuildChannel, _after: discord.abc.GuildChannel
    ) -> None:
        """Take up a channel's new name."""
        self.services.channels_changed()

    async def on_thread_create(self, thread: discord.Thread) -> None:
        """Take up a thread that Discord has made later than it answered."""
        self.services.thread_made(thread)

    async def on_raw_thread_update(self, payload: discord.RawThreadUpdateEvent) -> None:
        """Take up a thread that was woken."""
        self.services.discussion.places.thread_changed(payload.thread_id)

    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """Forget a thread that is gone."""
        self.services.thread_gone(payload.thread_id)

    async def on_message(self, message: discord.Message, /) -> None:
        """Note that somebody wrote something; the bot has no commands that are written."""
        self.services.message_written(message)

    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Note that a message is gone."""
        self.services.messages_deleted({payload.message_id})

    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Note that several are."""
        self.services.messages_deleted(payload.message_ids)

    @tasks.loop(seconds=INTERVAL)
    async def _beat(self) -> None:
        await self.services.status.heartbeat.beat()


class _Tree(app_commands.CommandTree[ConferenceBot]):
    """Commands for servers, for direct messages and for people's own accounts; their errors become answers."""

    def __init__(self, client: ConferenceBot) -> None:
        super().__init__(
            client,
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        )
        self._line = WaitingLine(client.clock)

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        """Take the time, and suggest nothing to those whom a command is not for; the cogs guard the commands.

        When more people ask than the bot can answer, what nobody waits for any more would take the time of what
        somebody does.
        """
        responder = self.client.services.responder
        responder.timings.arrived(interaction)
        suggestion = interaction.type is discord.InteractionType.autocomplete
        if suggestion and (answered := await self.client.services.finding.service.suggest(interaction)) is not None:
            responder.suggested(interaction, in_time=answered)
            return False
        in_time = await self._line.turn(suggestion=suggestion)
        if not in_time or (suggestion and self.client.nobody_waits_for(interaction)):
            responder.too_late(interaction)
            return False
        if suggestion:
            cog: Any = getattr(interaction.command, "binding", None)
            if isinstance(cog, GuardedCog) and not cog.may_suggest(interaction):
                await interaction.response.autocomplete([])
                responder.timings.ended(interaction, Outcome.REFUSED)
                return False
        return True

    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError, /) -> None:
        """Answer for a command that failed or was refused."""
        if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
            log.warning("Discord shows other commands than the bot has: %s", error)
            self.client.services.commands_differ(self)
            await self.client.services.responder.explain(interaction, UserError(_CHANGED))
            return
        cause: BaseException | None = error.__cause__ if isinstance(error, app_commands.CheckFailure) else None
        if isinstance(error, app_commands.CommandInvokeError):
            cause = error.original
        await self.client.services.responder.explain(interaction, cause if isinstance(cause, Exception) else error)
