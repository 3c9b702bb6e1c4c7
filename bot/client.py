"""The bot: owns its services, loads the cogs, registers the commands, and turns errors into answers."""

import asyncio
import logging
import math
import secrets
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import discord
from discord import app_commands
from discord.ext import commands, tasks

from bot.agendas import Agendas
from bot.audit import Audit
from bot.clock import Clock, SystemClock
from bot.config import Config
from bot.delivery.announcements import AnnouncementWriter
from bot.delivery.news import NewsWriter
from bot.delivery.office import Office
from bot.delivery.reminders import ReminderWriter
from bot.desk import Desk
from bot.due import Kind
from bot.errors import Trouble
from bot.fetching import Fetcher
from bot.library import Library
from bot.origin import obtain
from bot.store import Store
from bot.store.ledger import Ledger
from bot.timing import Timings

COGS = (
    "cogs.lookup",
    "cogs.plan",
    "cogs.reminders",
    "cogs.events",
    "cogs.programme",
    "cogs.status",
    "cogs.announce",
    "cogs.about",
)
HEARTBEAT = 20
"""How often the bot shows that it is alive and connected, in seconds."""

log = logging.getLogger(__name__)

# The bot does not speak; discord.py need not say what that would take.
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False


class ConferenceBot(commands.Bot):
    """The bot of one conference.

    Its services exist once it has begun to log in.
    """

    desk: Desk
    agendas: Agendas
    audit: Audit
    ledger: Ledger
    library: Library
    office: Office
    store: Store

    def __init__(self, config: Config, clock: Clock | None = None, fetcher: Fetcher | None = None) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            tree_cls=_Tree,
        )
        self.config = config
        self.clock = clock or SystemClock()
        self.fetcher = fetcher or Fetcher()
        self.timings = Timings()
        self.command_ids: dict[str, int] = {}
        self._opened: Store | None = None
        self._listening: set[asyncio.Task[Any]] = set()

    async def login(self, token: str) -> None:
        """Open the database and load the programme, then log in: a bot that can't answer need not.

        Raises:
            Trouble: the database can't be opened, or there is no programme at all to answer from.
            discord.LoginFailure: Discord refuses the token.
        """
        self.store = self._opened = await Store.open(self.config.database.path)
        self.library = Library(self.store, self.clock, self.config.times)
        self.ledger = self.store.ledger
        self.agendas = Agendas(self.store, self.clock)
        self.desk = Desk(self.library, self.store, self.agendas, self.clock, ZoneInfo(self.config.conference.timezone))
        reminders, news = ReminderWriter(self), NewsWriter(self)
        self.office = Office(
            self,
            {
                Kind.REMINDER: reminders,
                Kind.DIRECT: reminders,
                Kind.ANNOUNCEMENT: AnnouncementWriter(self),
                Kind.NEWS: news,
                Kind.DIRECT_NEWS: news,
            },
        )
        self.library.changed = partial(self.dispatch, "programme_changed")
        self.audit = Audit(self)
        await self.library.open()
        await self.agendas.open()
        await self._load_source()
        await super().login(token)

    async def setup_hook(self) -> None:
        """Register the commands with Discord."""
        for cog in COGS:
            await self.load_extension(cog)
        self.command_ids = {command.name: command.id for command in await self.tree.sync()}
        self._beat.start()

    async def close(self) -> None:
        """Disconnect, end what listeners are about to do, then close the database."""
        self._beat.cancel()
        await super().close()
        listening = [task for task in self._listening if task is not asyncio.current_task()]
        for task in listening:
            task.cancel()
        await asyncio.gather(*listening, return_exceptions=True)
        if self._opened:
            await self._opened.close()
            self._opened = None
            await asyncio.to_thread(heartbeat_file(self.config).unlink, missing_ok=True)

    def _schedule_event(
        self,
        coro: Callable[..., Coroutine[Any, Any, Any]],
        event_name: str,
        *args: Any,  # noqa: ANN401 - whatever the event brings
        **kwargs: Any,  # noqa: ANN401
    ) -> asyncio.Task[Any]:
        # discord.py lets its listeners run on after the end, when the database is gone already.
        task = super()._schedule_event(coro, event_name, *args, **kwargs)
        self._listening.add(task)
        task.add_done_callback(self._listening.discard)
        return task

    def mention(self, name: str) -> str:
        """Return a command as Discord shows it, ready to be pressed."""
        identifier = self.command_ids.get(name.split(maxsplit=1)[0])
        return f"</{name}:{identifier}>" if identifier else f"`/{name}`"

    @asynccontextmanager
    async def answering(self, interaction: discord.Interaction[Any]) -> AsyncIterator[None]:
        """Turn whatever goes wrong inside into an answer for the person who asked."""
        self.timings.arrived(interaction)
        try:
            yield
        except Exception as error:  # noqa: BLE001 - this is where all errors end
            await self.explain(interaction, error)

    async def explain(self, interaction: discord.Interaction[Any], error: Exception) -> None:
        """Tell somebody in plain words that their question failed, and log why under the same reference."""
        if isinstance(error, Trouble):
            await _tell(interaction, str(error))
            return
        reference = secrets.token_hex(2)
        log.error("%s failed (ref %s)", _what(interaction), reference, exc_info=error)
        await _tell(
            interaction,
            f"Something went wrong (ref {reference}). Try again; if it stays, tell the organizers that reference.",
        )

    async def _load_source(self) -> None:
        """Load the configured source; where that fails, the programme of last time stays in use."""
        origin = self.config.programme.source
        name = origin.name if isinstance(origin, Path) else "the configured address"
        try:
            found = await obtain(origin, self.fetcher)
            name = found.name
            changed = await self.library.load(found.data, found.name)
        except Trouble as trouble:
            if self.library.edition.version is None:
                raise
            log.warning("%s The programme loaded before stays in use.", trouble)
        else:
            what = "loaded" if changed else "unchanged, already loaded"
            log.info("%s: %s, %d papers", name, what, len(self.desk.edition.programme.papers))

    @tasks.loop(seconds=HEARTBEAT)
    async def _beat(self) -> None:
        if math.isfinite(self.latency):
            await asyncio.to_thread(heartbeat_file(self.config).touch)

    @_beat.before_loop
    async def _until_connected(self) -> None:
        await self.wait_until_ready()


def heartbeat_file(config: Config) -> Path:
    """Return the file whose time of change tells when the bot was last alive and connected."""
    return config.database.path.with_suffix(".heartbeat")


class _Tree(app_commands.CommandTree[ConferenceBot]):
    """Commands for servers and for direct messages with the bot; their errors become answers."""

    def __init__(self, client: ConferenceBot) -> None:
        super().__init__(
            client,
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        )

    async def interaction_check(self, interaction: discord.Interaction[ConferenceBot], /) -> bool:
        """Take the time; everybody may ask, what a command allows it checks itself."""
        interaction.client.timings.arrived(interaction)
        return True

    async def on_error(
        self, interaction: discord.Interaction[ConferenceBot], error: app_commands.AppCommandError, /
    ) -> None:
        """Answer for a command that failed."""
        cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
        await interaction.client.explain(interaction, cause)


async def _tell(interaction: discord.Interaction[Any], text: str) -> None:
    """Say something privately, whether or not the interaction was answered already."""
    if interaction.type is discord.InteractionType.autocomplete:
        return
    private = interaction.guild is not None
    try:
        if interaction.response.is_done():
            await interaction.followup.send(text, ephemeral=private)
        else:
            await interaction.response.send_message(text, ephemeral=private)
    except discord.HTTPException as error:
        log.warning("could not tell the user: %s", error)


def _what(interaction: discord.Interaction[Any]) -> str:
    """Describe what was asked, for the log: the command with its options, or the button."""
    if isinstance(interaction.command, app_commands.Command | app_commands.ContextMenu):
        options = " ".join(f"{name}:{value!r}" for name, value in vars(interaction.namespace).items())
        return f"/{interaction.command.qualified_name} {options}".rstrip()
    data: Any = interaction.data or {}
    return f"{data.get('custom_id', 'interaction')} {data.get('values', '')}".rstrip()
