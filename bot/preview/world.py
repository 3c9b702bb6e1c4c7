"""A simulated server with the real bot in it: its channels, and one person of each kind."""

import socket
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import discord
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle, GuildHandle, UserHandle
from simcord.env import Env
from simcord.results import ResponseMessage

from bot.client import ConferenceBot
from bot.clock import SystemClock
from bot.config import Config, HelpDesk, Metrics, Search, Web
from bot.permissions import Audience
from bot.preview.environment import QuickEnv

ASK, NEWS, BOARD, ORGANIZERS = "ask-the-bot", "announcements", "now-and-next", "organizers"
"""The channels: where people ask, where announcements and reminders go, with the board, and the organizers' own."""

FORUM = "papers"
"""The forum in which people talk about papers and sessions."""
MEETUPS = "meetups"
"""The channel in which attendees arrange to meet."""

HELP, CONDUCT = "help-desk", "conduct"
"""The channels in which those on duty and attendees have threads, and that the conduct team alone sees."""

_HELPERS, _CONDUCT_TEAM = "Helpers", "Conduct team"
_ON_DUTY = {Audience.ORGANIZER: _HELPERS, Audience.MODERATOR: _CONDUCT_TEAM}
"""Which roles the people have besides."""

_NAMES = {Audience.ATTENDEE: "Ada", Audience.ORGANIZER: "Olga", Audience.MODERATOR: "Mo"}
_ROLES = {Audience.ORGANIZER: "Organizers", Audience.MODERATOR: "Moderators"}
_EVERYBODY = "Attendees"
"""A role that everybody has, for announcements to ping."""


@dataclass(frozen=True, slots=True)
class World:
    """A running simulation.

    Attributes:
        env: SimCord's environment; its time stands still unless it is advanced.
        bot: the bot, logged in.
        guild: the server.
        channel: its channel for questions.
        news: its channel for announcements and reminders.
        board: its channel with the board.
        meetups: its channel for meetups.
        help_desk: the channel below which attendees have threads with those on duty.
        conduct: the channel that only the conduct team sees.
        organizers: the channel that only organizers and moderators see.
        forum: the forum in which people talk; its posts are threads.
        people: one member of each kind.
    """

    env: Env
    bot: ConferenceBot
    guild: GuildHandle
    channel: ChannelHandle
    news: ChannelHandle
    board: ChannelHandle
    meetups: ChannelHandle
    help_desk: ChannelHandle
    conduct: ChannelHandle
    organizers: ChannelHandle
    forum: ChannelHandle
    people: Mapping[Audience, MemberActor]

    @property
    def channels(self) -> tuple[ChannelHandle, ...]:
        """The server's channels, in the order in which they are listed."""
        return self.channel, self.news, self.board, self.meetups, self.help_desk, self.conduct, self.organizers

    @property
    def threads(self) -> list[ChannelHandle]:
        """The threads that are not archived; the one in which something was written last comes last."""
        channels = self.env.backend.channels
        there = [one for one in channels.values() if one.thread_metadata and not one.thread_metadata.archived]
        there.sort(key=lambda one: one.last_message_id or one.id)
        return [ChannelHandle(self.env, self.guild, one) for one in there]

    @property
    def zone(self) -> str:
        """The conference's own time zone, an IANA name."""
        return self.bot.services.config.conference.timezone

    def ends_at(self) -> datetime | None:
        """Return when the last session is over by the programme in use, or None without times."""
        sessions = self.bot.services.library.edition.programme.sessions
        return max((end for one in sessions if (end := one.ends_at or one.starts_at)), default=None)

    def member(self, number: int) -> MemberActor | None:
        """Return the member who has an id of Discord's."""
        if number not in self.guild.member_ids() or number == self.env.backend.bot_user.id:
            return None
        return MemberActor(self.env, self.guild, UserHandle(self.env, self.env.backend.get_user(number)))

    def name_of(self, kind: str, number: int) -> str | None:
        """Return what a "user", "role" or "channel" of the server is called, or None where there is none."""
        guild = self.bot.get_guild(self.guild.id)
        if guild is None:
            return None
        if kind == "user":
            user = self.env.backend.users.get(number)
            return (user.global_name or user.name) if user else None
        found = guild.get_role(number) if kind == "role" else guild.get_channel_or_thread(number)
        return found.name if found else None


class SimulatedClock:
    """The simulation's time, and the machine's own until there is a simulation."""

    def __init__(self) -> None:
        self.env: Env | None = None

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return self.env.now() if self.env else SystemClock().now()

    def steady(self) -> float:
        """Return how many seconds have passed since some moment."""
        return self.now().timestamp()


class _Environment(QuickEnv):
    """Lets several of SimCord's pages be open at once, one for each channel; SimCord itself allows one."""

    @property
    def _preview(self) -> None:
        """No page is the only one."""
        return

    @_preview.setter
    def _preview(self, page: object) -> None:
        pass


@asynccontextmanager
async def simulated(config: Config, at: datetime | None = None) -> AsyncIterator[World]:
    """Run the bot in a simulated server, on a database of its own that is gone afterwards.

    The simulation begins at a moment, the present one unless it is given. The server has roles for organizers and
    moderators whatever the configuration calls them.

    Raises:
        UserError: the bot can't start, such as when its source can't be read.
    """
    with tempfile.TemporaryDirectory(prefix="conference-bot-") as folder:
        clock = SimulatedClock()
        bot = ConferenceBot(_for_simulation(config, Path(folder)), clock)
        env = _Environment(bot, check_errors=False)
        env.backend.bot_user.name = f"{config.conference.name} bot"
        env.backend.advance_clock(((at or datetime.now(UTC)) - env.now()).total_seconds())
        clock.env = env
        try:
            await env.start()
            with env.time_context():
                yield _populate(env, bot, config.conference.name)
        finally:
            await env.shutdown()
            await bot.close()


def _for_simulation(config: Config, folder: Path) -> Config:
    return config.model_copy(
        update={
            "database": config.database.model_copy(update={"path": folder / "conference.sqlite3"}),
            "announcements": config.announcements.model_copy(update={"channels": (NEWS,), "roles": (_EVERYBODY,)}),
            "board": config.board.model_copy(update={"channels": (BOARD,)}),
            "discussion": config.discussion.model_copy(update={"forum": FORUM}),
            "questions": config.questions.model_copy(update={"enabled": True}),
            "meetups": config.meetups.model_copy(update={"channel": MEETUPS}),
            "authors": config.authors.model_copy(update={"claim_by": ("moderator",), "review": True}),
            "search": Search(),  # a second process would ask Discord itself
            "metrics": Metrics(),
            "help_desk": HelpDesk(
                channel=HELP,
                helpers=(_HELPERS,),
                conduct_channel=CONDUCT,
                conduct=(_CONDUCT_TEAM,),
                contact=config.help_desk.contact,
            ),
            "web": _web(),
            "reminders": config.reminders.model_copy(update={"channel": NEWS, "ping": None}),
            "discord": config.discord.model_copy(
                update={
                    "organizers": (_ROLES[Audience.ORGANIZER],),
                    "moderators": (_ROLES[Audience.MODERATOR],),
                    # Both roles may manage the server, so that Discord shows them their commands.
                    "strict_roles": True,
                    "public_channels": (),
                    "organizers_channel": ORGANIZERS,
                    "moderators_channel": ORGANIZERS,
                    "log_channel": ORGANIZERS,
                }
            ),
        }
    )


def _web() -> Web:
    """Let calendars read the agendas on this machine alone: only here an address may be without encryption."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return Web.model_construct(public_url=f"http://127.0.0.1:{port}", listen=("127.0.0.1", port))


def _populate(env: Env, bot: ConferenceBot, name: str) -> World:
    guild = env.create_guild(name)
    roles = {
        audience: guild.create_role(role, permissions=discord.Permissions(manage_guild=True))
        for audience, role in _ROLES.items()
    }
    everybody = guild.create_role(_EVERYBODY, mentionable=True)
    on_duty = {audience: guild.create_role(role, mentionable=True) for audience, role in _ON_DUTY.items()}
    hidden = discord.PermissionOverwrite(view_channel=False)
    shown = discord.PermissionOverwrite(view_channel=True)
    me = guild.roles[env.backend.bot_user.name]
    channel = guild.create_text_channel(ASK, topic="Ask about papers, authors and sessions: type /")
    news = guild.create_text_channel(NEWS, topic="What is about to begin, and what the organizers say")
    board = guild.create_text_channel(BOARD, topic="What is on in each room, and what comes next there")
    forum = guild.create_forum_channel(FORUM)
    meetups = guild.create_text_channel(MEETUPS, topic="Meet other attendees: /meetup open, or join one here")
    organizers = guild.create_text_channel(
        ORGANIZERS,
        topic="What only organizers and moderators see: what was changed, and by whom",
        overwrites={guild.default_role: hidden, me: shown, **dict.fromkeys(roles.values(), shown)},
    )
    help_desk = guild.create_text_channel(
        HELP,
        topic="Threads with those on duty: /help-desk opens one",
        overwrites={on_duty[Audience.ORGANIZER]: discord.PermissionOverwrite(manage_threads=True)},
    )
    conduct = guild.create_text_channel(
        CONDUCT,
        topic="What only the conduct team sees",
        overwrites={
            guild.default_role: hidden,
            on_duty[Audience.MODERATOR]: shown,
            me: shown,
        },
    )
    people = {
        audience: guild.add_member(
            env.create_user(person.lower(), global_name=f"{person} ({audience})"),
            roles=[everybody, *(held[audience] for held in (roles, on_duty) if audience in held)],
        )
        for audience, person in _NAMES.items()
    }
    return World(env, bot, guild, channel, news, board, meetups, help_desk, conduct, organizers, forum, people)


def labels(message: ResponseMessage) -> list[str]:
    """Return the labels of a message's buttons that can be pressed."""
    return [
        component["label"]
        for row in message.components
        for component in row["components"]
        if component["type"] == discord.ComponentType.button.value and not component.get("disabled")
    ]
