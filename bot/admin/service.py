"""What there is to know of the bot's state, gathered for /status."""

import asyncio
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path

import discord
import psutil

from bot.admin.answers import status_answer
from bot.admin.condition import ConditionReader
from bot.admin.gone import gone
from bot.admin.invitation import invitation
from bot.admin.model import Contents, DeliveryReport, Health, SourceReport
from bot.agenda.agendas import Agendas
from bot.config import Config, is_named
from bot.connection.servers import is_shown
from bot.delivery.model import State
from bot.delivery.rows import Outbox
from bot.editions.service import Library
from bot.home.service import HomeServers
from bot.permissions import Permissions, missing_permissions, role_named
from bot.programme.names import fold
from bot.programme.rooms import room_names
from bot.sources.watch import SourceWatch
from bot.ui.answer import Answer
from bot.ui.limits import MOST_EVENTS
from bot.ui.timings import Timings
from bot.ui.wording import plural

_SHOWN = 5
_ADD = "Add its id {} to `discord.servers`."
_UNDECIDED = (
    "The bot is in several servers and does not know which is the conference's own, so that it announces, reminds and "
    "obeys in none. Name yours in the configuration: servers = [ID] under [discord]."
)
_PUBLIC_BOT = (
    "Anybody may invite this bot to a server of theirs, where it answers questions. To end that: Discord Developer "
    "Portal, your application, Installation: choose None as Install Link; then Bot: switch “Public Bot” off."
)
_MARKUP = re.compile(r"`|\\(.)")
_MENTION = re.compile(r"<(#|@&)(\d+)>")


class StatusService:
    """Tells how everything is, and what is missing in a server."""

    def __init__(
        self,
        client: discord.Client,
        library: Library,
        agendas: Agendas,
        outbox: Outbox,
        timings: Timings,
        permissions: Permissions,
        home: HomeServers,
        config: Config,
        condition: ConditionReader,
        watch: SourceWatch,
        waiting_since: Callable[[], datetime | None],
        events_left_out: Callable[[int], int],
    ) -> None:
        self._client = client
        self._library = library
        self._agendas = agendas
        self._outbox = outbox
        self._timings = timings
        self._permissions = permissions
        self._home = home
        self._config = config
        self._condition = condition
        self._watch = watch
        self._waiting_since = waiting_since
        self._events_left_out = events_left_out
        self._others: list[Callable[[discord.Guild], Iterable[str]]] = []
        self._counts: list[Callable[[], Iterable[str]]] = []

    def also_tells(self, missing: Callable[[discord.Guild], Iterable[str]]) -> None:
        """Let another part tell what it needs and does not have in a server, a sentence each as Markdown."""
        self._others.append(missing)

    def also_counts(self, count: Callable[[], Iterable[str]]) -> None:
        """Let another part tell what there is of its own, a line each as Markdown."""
        self._counts.append(count)

    async def show(self, guild: discord.Guild | None) -> Answer:
        """Answer with the state of everything, and with what is missing in a server."""
        edition = self._library.edition
        return status_answer(
            Contents(edition.programme, edition.version, edition.problems, len(edition.corrections)),
            SourceReport([one.state for one in self._watch.watched], self._waiting_since()),
            await self._deliveries(),
            await self._health(),
            self.missing(guild) if guild else [],
            [line for count in self._counts for line in count()],
        )

    def report(
        self, application_id: int | None, commands: Iterable[str], *, anybody_invites: bool = False
    ) -> Iterator[str]:
        """Yield, a line each, what is registered, where the bot is, what is missing there, and how to invite it.

        Args:
            application_id: the id of the bot's application.
            commands: the names of its commands.
            anybody_invites: whether whoever has its link may invite the bot.
        """
        names = ", ".join(f"/{name}" for name in sorted(commands))
        yield f"Registered with Discord: {names}."
        guilds = self._client.guilds
        yield f"In {plural(len(guilds), 'server')}{':' if guilds else '; invite the bot to yours with the link below.'}"
        for guild in guilds:
            if not is_shown(guild):
                yield f"  {guild.id}: Discord does not show this server yet."
                continue
            missing = self.missing(guild)
            yield f"  {guild.name} ({guild.id}): {'' if missing else 'nothing is missing.'}".rstrip()
            yield from (f"    {_plain(sentence, guild)}" for sentence in missing)
        if self._home.is_undecided:
            yield _UNDECIDED
        yield f"Invite the bot to a server: {invitation(self._config, application_id)}"
        if anybody_invites:
            yield _PUBLIC_BOT

    def missing(self, guild: discord.Guild) -> list[str]:
        """Return what the bot needs and does not have in a server, a sentence each as Markdown."""
        if not self._home.is_own(guild.id):
            return [f"This server is not the conference's own: it gets answers alone. Is it? {_ADD.format(guild.id)}"]
        here = (*self._missing_in_channels(guild), *self._missing_in_server(guild), *self._missing_roles(guild))
        here = (*here, *(sentence for tells in self._others for sentence in tells(guild)))
        return [*gone(self._config, self._client.guilds), *here]

    async def _health(self) -> Health:
        memory, database = await asyncio.to_thread(_sizes, self._config.database.path)
        answered = {
            kind: (bars.total(), self._timings.within(kind, 0.5), self._timings.within(kind, 0.99))
            for kind, bars in self._timings.bars.items()
        }
        return Health(await self._condition.read(), self._client.latency, memory, database, answered)

    async def _deliveries(self) -> DeliveryReport:
        waiting = await self._outbox.entries(states=(State.PLANNED, State.CLAIMED), limit=_SHOWN)
        failed = await self._outbox.entries(states=(State.FAILED, State.MISSED), limit=_SHOWN, latest_first=True)
        count = await self._outbox.count((State.PLANNED, State.CLAIMED))
        unreachable = sum(wish.unreachable for wish in self._agendas.wishes.values())
        return DeliveryReport(waiting, count, failed, unreachable)

    def _missing_in_channels(self, guild: discord.Guild) -> Iterator[str]:
        config = self._config
        wanted = (
            *(("announcements.channels", name) for name in config.announcements.channels),
            ("reminders.channel", config.reminders.channel),
            *(("board.channels", name) for name in config.board.channels),
            ("discord.organizers_channel", config.discord.organizers_channel),
            ("discord.moderators_channel", config.discord.moderators_channel),
            ("discord.log_channel", config.discord.log_channel),
            ("help_desk.channel", config.help_desk.channel),
            ("help_desk.conduct_channel", config.help_desk.conduct_channel),
        )
        for key, name in wanted:
            if name is None:
                continue
            found = [channel for channel in guild.text_channels if is_named(channel, channel.name, (name,))]
            if not found and isinstance(name, str):
                yield f"`{key}`: this server has no text channel called {discord.utils.escape_markdown(name)}."
            for channel in found:
                if needed := missing_permissions(channel):
                    yield f"{channel.mention} (`{key}`): the bot lacks {', '.join(needed)}."

    def _missing_in_server(self, guild: discord.Guild) -> Iterator[str]:
        permissions = guild.me.guild_permissions
        asks_in = self._config.discord.moderators_channel or self._config.discord.organizers_channel
        if self._watch.watched and not asks_in:
            yield "`discord.moderators_channel`: none is set, so nobody is asked when the programme's source changes."
        known = set(map(fold, room_names(self._library.edition.programme.sessions)))
        for room in self._config.maps.rooms:
            if fold(room) not in known:
                yield f"`maps.rooms`: the programme has no room called “{discord.utils.escape_markdown(room)}”."
        if self._config.discord.events and not (permissions.create_events and permissions.manage_events):
            yield "The bot keeps no events here: it lacks Create Events and Manage Events."
        elif without := self._events_left_out(guild.id):
            yield (
                f"{plural(without, 'session to come has', 'sessions to come have')} no event here yet: a server holds "
                f"{MOST_EVENTS}, and the next sessions have theirs."
            )
        pinged = (*self._config.announcements.roles, self._config.reminders.ping)
        for wanted in dict.fromkeys(name for name in pinged if name is not None):
            role = role_named(guild, wanted)
            if role is None and isinstance(wanted, str):
                yield f"A role that is to be pinged is not in this server: {discord.utils.escape_markdown(wanted)}."
            elif role and not role.mentionable and not permissions.mention_everyone:
                yield f"{role.mention} can't be pinged: make it mentionable, or give the bot Mention Everyone."

    def _missing_roles(self, guild: discord.Guild) -> Iterator[str]:
        for audience, wanted in self._permissions.missing_roles(guild):
            name = discord.utils.escape_markdown(str(wanted))
            yield f"`discord.{audience}s`: this server has no role called {name}, so it makes nobody one."


def _plain(sentence: str, guild: discord.Guild) -> str:
    """Write a sentence for a terminal: names in place of mentions, and no Markdown."""

    def named(mention: re.Match[str]) -> str:
        sign, number = mention[1], int(mention[2])
        thing = guild.get_channel(number) if sign == "#" else guild.get_role(number)
        return f"{sign[0]}{thing.name}" if thing else mention[0]

    return _MENTION.sub(named, _MARKUP.sub(r"\1", sentence))


def _sizes(database: Path) -> tuple[int, int]:
    files = (database, database.with_name(database.name + "-wal"))
    return psutil.Process().memory_info().rss, sum(file.stat().st_size for file in files if file.exists())
