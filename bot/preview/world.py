"""A simulated server with the real bot in it: a channel, and one person of each kind."""

import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import discord
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle, GuildHandle
from simcord.env import Env
from simcord.results import ResponseMessage

from bot.client import ConferenceBot
from bot.clock import SystemClock
from bot.config import Config, Metrics
from bot.permissions import Audience

CHANNEL = "ask-the-bot"
_NAMES = {Audience.ATTENDEE: "Ada", Audience.ORGANIZER: "Olga", Audience.MODERATOR: "Mo"}
_ROLES = {Audience.ORGANIZER: "Organizers", Audience.MODERATOR: "Moderators"}


@dataclass(frozen=True, slots=True)
class World:
    """A running simulation.

    Attributes:
        env: SimCord's environment; its time stands still unless it is advanced.
        bot: the bot, logged in.
        guild: the server.
        channel: its one channel.
        people: one member of each kind.
    """

    env: Env
    bot: ConferenceBot
    guild: GuildHandle
    channel: ChannelHandle
    people: Mapping[Audience, MemberActor]


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
        env = Env(bot, check_errors=False)
        env.backend.bot_user.name = f"{config.conference.name} bot"
        env.backend.advance_clock(((at or datetime.now(UTC)) - env.now()).total_seconds())
        clock.env = env
        try:
            await env.start()
            # SimCord does not show mentions of commands in embeds; without ids the bot writes their names.
            bot.services.commands.ids.clear()
            with env.time_context():
                yield _populate(env, bot, config.conference.name)
        finally:
            await env.shutdown()
            await bot.close()


def _for_simulation(config: Config, folder: Path) -> Config:
    return config.model_copy(
        update={
            "database": config.database.model_copy(update={"path": folder / "conference.sqlite3"}),
            "announcements": config.announcements.model_copy(update={"channels": (CHANNEL,)}),
            "metrics": Metrics(),
            "reminders": config.reminders.model_copy(update={"channel": CHANNEL, "ping": None}),
            "discord": config.discord.model_copy(
                update={
                    "organizers": (_ROLES[Audience.ORGANIZER],),
                    "moderators": (_ROLES[Audience.MODERATOR],),
                    # Both roles may manage the server, so that Discord shows them their commands.
                    "strict_roles": True,
                    "public_channels": (),
                }
            ),
        }
    )


def _populate(env: Env, bot: ConferenceBot, name: str) -> World:
    guild = env.create_guild(name)
    channel = guild.create_text_channel(CHANNEL, topic="Ask about papers, authors and sessions: type /")
    roles = {
        audience: guild.create_role(role, permissions=discord.Permissions(manage_guild=True))
        for audience, role in _ROLES.items()
    }
    people = {
        audience: guild.add_member(
            env.create_user(person.lower(), global_name=f"{person} ({audience})"),
            roles=[roles[audience]] if audience in roles else [],
        )
        for audience, person in _NAMES.items()
    }
    return World(env, bot, guild, channel, people)


def labels(message: ResponseMessage) -> list[str]:
    """Return the labels of a message's buttons that can be pressed."""
    return [
        component["label"]
        for row in message.components
        for component in row["components"]
        if component["type"] == discord.ComponentType.button.value and not component.get("disabled")
    ]
