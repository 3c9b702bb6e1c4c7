"""What more than one part of the bot uses."""

from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any
from zoneinfo import ZoneInfo

import discord

from bot.admin.log_channel import LogChannel
from bot.background import BackgroundTasks
from bot.clock import Clock
from bot.config import Config
from bot.delivery.channel_messages import ChannelMessages
from bot.delivery.channels import Channels
from bot.delivery.discord_time import DiscordTime
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.message import MessageWriter
from bot.delivery.model import Kind
from bot.delivery.rows import Outbox
from bot.delivery.sender import Sender
from bot.editions.keeping import kept_beside
from bot.editions.rows import EditionStore
from bot.editions.service import Library
from bot.home.rows import HomeStore
from bot.home.service import HomeServers
from bot.permissions import Permissions
from bot.services.planning import Planning
from bot.store.engine import Database
from bot.ui.asking import QuestionPresses, Questions
from bot.ui.command_mentions import CommandMentions
from bot.ui.form import Forms
from bot.ui.presses import Presses
from bot.ui.responder import Responder


class Shared:
    """The database and the programme, the answers, the outbox, and who may do what; it knows no part of the bot."""

    def __init__(
        self,
        config: Config,
        clock: Clock,
        client: discord.Client,
        discord_time: DiscordTime,
        database: Database,
        plan: Callable[[], Coroutine[Any, Any, None]],
        unreachable: Callable[[int], Awaitable[None]],
    ) -> None:
        """Build it.

        Args:
            config: the configuration.
            clock: tells the time.
            client: the connection to Discord.
            discord_time: tells the time by Discord's clock.
            database: where everything is kept.
            plan: plans all that goes out on its own.
            unreachable: called with a person's id when they take no direct messages.
        """
        self.config = config
        self.clock = clock
        self.zone = ZoneInfo(config.conference.timezone)
        self.client = client
        self.discord_time = discord_time
        self.database = database
        self.background = BackgroundTasks()
        self.planning = Planning(self.background, plan)

        self.home = HomeServers(HomeStore(database), config.discord.servers, clock)
        self.permissions = Permissions(config.discord, self.home)
        self.channels = Channels(client, self.home)
        self.commands = CommandMentions()
        self.responder = Responder(config.discord.public_channels)
        self.presses = Presses(self.responder, self.permissions)
        self.forms = Forms(self.responder, self.permissions, clock)
        self.questions = Questions()
        QuestionPresses(self.questions, self.responder).register(self.presses)

        kept = kept_beside(config.database.path)
        self.library = Library(EditionStore(database), clock, config.times, kept, self.zone)
        self.log_channel = LogChannel(
            ChannelMessages(self.channels, config.discord.log_channel), self.background, self.zone
        )
        self.organizers = ChannelMessages(self.channels, config.discord.organizers_channel)

        self.outbox = Outbox(database)
        self.sender = Sender(client, self.channels, unreachable, self.organizers, self.background)
        self.dispatcher = Dispatcher(
            self.outbox,
            self.sender,
            clock,
            direct_per_minute=config.reminders.direct_per_minute,
            discord_now=discord_time.now,
        )

    def sends(self, kinds: Iterable[Kind], writer: MessageWriter) -> None:
        """Let deliveries of some kinds go out, as a writer writes them."""
        for kind in kinds:
            self.outbox.holds(kind)
            self.sender.writes(kind, writer)

    async def open(self) -> None:
        """Read which servers are the conference's own, and the programme of last time."""
        await self.home.open()
        await self.library.open()
