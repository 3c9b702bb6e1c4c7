"""Puts the parts of the bot together: each is handed those it needs, and told of what happens."""

import logging
from collections.abc import Collection, Coroutine
from typing import Any, Self, TypeVar

import discord
from discord import app_commands

from bot.background import OneAtATime, until_it_succeeds
from bot.clock import Clock
from bot.config import Config
from bot.delivery.discord_time import DiscordTime
from bot.delivery.expected_channels import ExpectedChannels
from bot.delivery.regained import RegainedPermissions
from bot.monitoring.traffic import Traffic
from bot.news.model import NEWS
from bot.registration.rows import RegistrationStore
from bot.registration.service import Registration
from bot.reminders.model import REMINDER
from bot.services.agenda import AgendaPart
from bot.services.announcing import AnnouncingPart
from bot.services.authors import AuthorPart
from bot.services.board import BoardPart
from bot.services.browsing import BrowsingPart
from bot.services.digest import DigestPart
from bot.services.discussion import DiscussionPart
from bot.services.events import EventPart
from bot.services.finding import FindingPart
from bot.services.help import HelpPart
from bot.services.helpdesk import HelpDeskPart
from bot.services.lookup import LookupPart
from bot.services.meetups import MeetupPart
from bot.services.moderating import ModeratingPart
from bot.services.news import NewsPart
from bot.services.notes import NotePart
from bot.services.part import Part
from bot.services.reminders import ReminderPart
from bot.services.session_questions import SessionQuestionPart
from bot.services.shared import Shared
from bot.services.status import StatusPart
from bot.services.subscription import SubscriptionPart
from bot.sources.fetch import Fetcher
from bot.store.engine import Database
from bot.tuning import start_threads, tune

AnyPart = TypeVar("AnyPart", bound=Part)

log = logging.getLogger(__name__)


class Services:
    """The parts of the bot, each under its name. Open them with `Services.open`, and close them.

    Attributes:
        fetcher: reads what is at an address.
        registration: tells Discord which commands there are.
    """

    def __init__(
        self,
        config: Config,
        clock: Clock,
        fetcher: Fetcher,
        client: discord.Client,
        discord_time: DiscordTime,
        database: Database,
    ) -> None:
        self._shared = shared = Shared(config, clock, client, discord_time, database, self._plan, self._set_unreachable)
        self.fetcher = fetcher
        self._take_shared()
        self.registration = Registration(RegistrationStore(database), shared.commands)
        self._background = shared.background
        self._regained = RegainedPermissions(shared.outbox, shared.channels, shared.dispatcher, clock)
        self._regaining = OneAtATime(shared.background, self._regained.take_up, "regained permissions", persistent=True)
        self._late: frozenset[int] = frozenset()
        self._parts: list[Part] = []
        self._add_what_attendees_ask()
        self._add_what_goes_out()
        self._add_where_people_talk()
        self._add_what_keeps_the_bot()
        self.library.changed = self.programme_changed
        self.dispatcher.replan = shared.planning.or_everything(self._replan)

    def _take_shared(self) -> None:
        """Have at hand what the commands use of what is shared."""
        shared = self._shared
        self.config = shared.config
        self.clock = shared.clock
        self.database = shared.database
        self.permissions = shared.permissions
        self.channels = shared.channels
        self.commands = shared.commands
        self.responder = shared.responder
        self.presses = shared.presses
        self.forms = shared.forms
        self.questions = shared.questions
        self.library = shared.library
        self.outbox = shared.outbox
        self.dispatcher = shared.dispatcher

    def _add_what_attendees_ask(self) -> None:
        shared = self._shared
        self.notes = self._add(NotePart(shared))
        self.agenda = self._add(AgendaPart(shared, self.notes.notes))
        self.discussion = self._add(DiscussionPart(shared))
        self.finding = self._add(FindingPart(shared))
        self.lookup = self._add(
            LookupPart(shared, self.agenda, self.notes.notes, self.discussion.places, self.finding.service)
        )
        self.browsing = self._add(BrowsingPart(shared, self.agenda))
        self.subscription = self._add(SubscriptionPart(shared, self.agenda))

    def _add_what_goes_out(self) -> None:
        shared, agendas = self._shared, self.agenda.agendas
        # Reminders and news go to the same channels.
        channel = shared.config.reminders.channel
        expected = ExpectedChannels(shared.channels, shared.outbox, (REMINDER, NEWS), channel)
        self.announcing = self._add(AnnouncingPart(shared))
        self.reminders = self._add(ReminderPart(shared, agendas, expected))
        self.news = self._add(NewsPart(shared, agendas, expected))
        self.board = self._add(BoardPart(shared))
        self.digest = self._add(DigestPart(shared, self.agenda, self.browsing.service))

    def _add_where_people_talk(self) -> None:
        shared, agenda = self._shared, self.agenda.service
        lookup, places = self.lookup.service, self.discussion.places
        self.session_questions = self._add(SessionQuestionPart(shared, agenda, lookup, places))
        self.meetups = self._add(MeetupPart(shared, agenda, self.agenda.agendas))
        self.help_desk = self._add(HelpDeskPart(shared, agenda))
        self.authors = self._add(AuthorPart(shared, agenda, lookup, places))

    def _add_what_keeps_the_bot(self) -> None:
        shared, agendas = self._shared, self.agenda.agendas
        self.moderating = self._add(ModeratingPart(shared, agendas, self.fetcher))
        self.help = self._add(HelpPart(shared))
        self.events = self._add(EventPart(shared))
        self.status = self._add(StatusPart(shared, agendas, self.moderating, self.events.service, self._parts))

    def _add(self, part: AnyPart) -> AnyPart:
        """Take up a part, which needs none that comes after it."""
        self._parts.append(part)
        return part

    @classmethod
    async def open(
        cls, config: Config, clock: Clock, fetcher: Fetcher, client: discord.Client, discord_time: DiscordTime
    ) -> Self:
        """Open the database, and load the programme.

        Raises:
            UserError: the database can't be opened, or there is no programme at all to answer from.
        """
        tune()
        await start_threads()
        database = await Database.open(config.database.path)
        try:
            services = cls(config, clock, fetcher, client, discord_time, database)
            await services._shared.open()
            for part in services._parts:
                await part.open()
            await services.moderating.load_source()
        except BaseException:
            await database.close()
            raise
        return services

    async def listen(self, traffic: Traffic) -> None:
        """Answer whoever runs the bot, and calendars, where the configuration says so.

        Raises:
            UserError: the bot can't listen there.
        """
        await self.status.listen(traffic)
        await self.subscription.listen()

    async def close(self) -> None:
        """Stop what is at work, then close the database."""
        for part in reversed(self._parts):
            await part.stop()
        await self._background.close()
        await self.dispatcher.close()
        for part in reversed(self._parts):
            await part.close()
        await self.library.close()
        await self.database.close()
        await self.status.heartbeat.stop()

    def later(self, what: str, work: Coroutine[Any, Any, None]) -> None:
        """Have something done beside all else, for as long as the services are open."""
        self._background.start(work, what)

    def connected(self) -> None:
        """Begin to deliver, and bring what is in Discord into step; after a reconnection this changes nothing."""
        self.settle_home()
        self.later("connected", self._connected())

    def programme_changed(self) -> None:
        """Plan for the programme as it is now, and tell what has changed."""
        self._shared.planning.ask()
        for part in self._parts:
            part.programme_changed()

    def channels_changed(self) -> None:
        """Plan for channels that have come or have got the right name, and not for what is gone."""
        self.settle_home()
        self._shared.planning.ask()
        for part in self._parts:
            part.channels_changed()

    def permissions_changed(self) -> None:
        """Take up what waits for a permission that the bot may have now."""
        self._regaining.ask()
        for part in self._parts:
            part.permissions_changed()

    def thread_made(self, thread: discord.Thread) -> None:
        """Look whether a thread is one that was given up as not made."""
        self.discussion.places.thread_made(thread)
        self.help_desk.thread_made(thread)

    def thread_gone(self, thread_id: int) -> None:
        """Forget what was in a thread that is gone."""
        self.later("a thread that is gone", self.discussion.places.thread_gone(thread_id))

    def message_written(self, message: discord.Message) -> None:
        """Note that somebody wrote something in a channel."""
        self.discussion.places.note_message(message)

    def messages_deleted(self, message_ids: Collection[int]) -> None:
        """Put the bot's own messages back that must stay."""
        self.board.service.missing(message_ids)

    def server_shown(self, guild: discord.Guild) -> None:
        """Take up a server that Discord shows later than it said that the bot is there, or shows again."""
        self.channels_changed()
        if guild.id in self._late:
            self._late -= {guild.id}
            self.later("server", self._furnish(guild, joined=False))

    def commands_differ(self, tree: app_commands.CommandTree[Any]) -> None:
        """Register the commands anew: Discord has sent one that the bot does not have like that."""
        self.later("registration", self.registration.doubt(tree))

    def joined(self, guild: discord.Guild) -> None:
        """Take up a new server."""
        self.later("joined", self.take_up(guild))

    async def take_up(self, guild: discord.Guild) -> None:
        """Introduce the bot to a server, and give it its events and reminders; in others' servers it only answers."""
        self.settle_home()
        if not self.channels.is_own(guild):
            log.warning("in server %d, which is not the conference's own, the bot only answers questions", guild.id)
            return
        self._shared.planning.ask()
        for part in self._parts:
            part.joined()
        await self._furnish(guild, joined=True)

    def settle_home(self) -> None:
        """Decide at once which server is the conference's own, for whoever asks next is judged by it."""
        self._shared.home.settle(self.channels.guild_ids)
        self.later("home", self._shared.home.keep())

    async def _furnish(self, guild: discord.Guild, *, joined: bool) -> None:
        if self.channels.is_own(guild):
            for part in self._parts:
                await part.furnish(guild, joined=joined)

    async def _connected(self) -> None:
        self._late = frozenset(self.channels.guild_ids) - {guild.id for guild in self.channels.everywhere}
        await self.status.heartbeat.beat()
        for part in self._parts:
            part.begin_to_plan()
        # Nothing is sent or given up before it is known what the programme wants now.
        await until_it_succeeds(self._plan, "planning")
        self.dispatcher.open()
        for part in self._parts:
            part.begin()
        for guild in self.channels.guilds:
            self.later("server", self._furnish(guild, joined=False))
        await self.moderating.begin_to_watch()

    async def _set_unreachable(self, user_id: int) -> None:
        """Let all that write to somebody know that they take no direct messages."""
        for part in self._parts:
            await part.set_unreachable(user_id)

    async def _replan(self) -> None:
        """Plan all that follows from the programme."""
        for part in self._parts:
            await part.replan()

    async def _plan(self) -> None:
        await self._replan()
        await self.news.planner.spread()
        await self._regained.take_up()
