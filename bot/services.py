"""Everything the commands use, built once and handed what it needs; the one place where capabilities meet."""

import asyncio
import logging
from collections.abc import Callable, Collection, Coroutine, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, ParamSpec, Self
from zoneinfo import ZoneInfo

import discord
from discord import app_commands

from bot.admin.alarm import Alarm
from bot.admin.condition import ConditionReader, Connection
from bot.admin.heartbeat import Heartbeat, heartbeat_file
from bot.admin.log_channel import LogChannel
from bot.admin.service import StatusService
from bot.agenda.agendas import Agendas
from bot.agenda.follows import Follows
from bot.agenda.presses import AgendaPresses
from bot.agenda.recent import Recent
from bot.agenda.rows import AgendaStore, FollowStore
from bot.agenda.service import AgendaService
from bot.announcing.messages import AnnouncementWriter
from bot.announcing.model import ANNOUNCEMENT
from bot.announcing.presses import AnnouncementPresses
from bot.announcing.rows import AnnouncementStore
from bot.announcing.service import AnnouncementService
from bot.authors.answers import FIELD
from bot.authors.capability import Authors
from bot.authors.model import AUTHOR_KINDS
from bot.authors.places import PaperPlaces
from bot.background import BackgroundTasks, OneAtATime, until_it_succeeds
from bot.board.messages import BoardWriter
from bot.board.model import BOARD
from bot.board.rows import BoardStore
from bot.board.service import BoardService
from bot.browsing.presses import BrowsingPresses
from bot.browsing.service import Browsing
from bot.browsing.topics import Topics
from bot.clock import Clock
from bot.config import Config
from bot.delivery.channel_messages import ChannelMessages
from bot.delivery.channels import Channels
from bot.delivery.discord_time import DiscordTime
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.expected_channels import ExpectedChannels
from bot.delivery.regained import RegainedPermissions
from bot.delivery.rows import Outbox
from bot.delivery.sender import Sender
from bot.digest.messages import DigestWriter
from bot.digest.model import DIGEST
from bot.digest.parts import Followed, Suggested
from bot.digest.planner import DigestPlanner
from bot.digest.presses import DigestPresses
from bot.digest.rows import DigestStore
from bot.digest.service import DigestService
from bot.digest.wishes import DigestWishes
from bot.discussion.presses import DiscussionPresses
from bot.discussion.rows import PlaceStore
from bot.discussion.service import Places
from bot.editions.keeping import kept_beside
from bot.editions.rows import EditionStore
from bot.editions.service import Library
from bot.errors import UserError
from bot.events.service import EventService
from bot.help.rows import IntroductionStore
from bot.help.service import Introduction
from bot.helpdesk.conduct import Conduct
from bot.helpdesk.deletion import Deletion
from bot.helpdesk.duty import Duty
from bot.helpdesk.kept import KeptByHelpDesk
from bot.helpdesk.messages import ConductWriter
from bot.helpdesk.model import CONDUCT_KINDS
from bot.helpdesk.presses import HelpDeskPresses
from bot.helpdesk.rows import ConductStore, HelpStore
from bot.helpdesk.service import HelpDesk
from bot.helpdesk.threads import HelpThreads
from bot.helpdesk.upkeep import Upkeep
from bot.home.rows import HomeStore
from bot.home.service import HomeServers
from bot.lookup.maps import RoomMaps
from bot.lookup.model import Addition
from bot.lookup.rows import SearchStore
from bot.lookup.service import Lookup
from bot.meetups.meetups import Meetups
from bot.meetups.messages import MeetupWriter
from bot.meetups.model import MEETUP, MEETUP_NEWS, MEETUP_REMINDER
from bot.meetups.planner import MeetupPlanner
from bot.meetups.presses import MeetupPresses
from bot.meetups.rows import MeetupStore
from bot.meetups.service import MeetupService
from bot.meetups.threads import MeetupThreads
from bot.meetups.upkeep import MeetupUpkeep
from bot.moderating.forms import FixForms
from bot.moderating.presses import ModerationPresses
from bot.moderating.rows import IgnoredChanges
from bot.moderating.service import Moderation
from bot.moderating.watching import Watching
from bot.moderating.watching_presses import WatchingPresses
from bot.monitoring.traffic import Traffic
from bot.news.messages import NewsWriter, told_changes
from bot.news.model import DIRECT_NEWS, NEWS
from bot.news.planner import NewsPlanner
from bot.news.rows import NewsStore
from bot.notes.notes import Notes
from bot.notes.presses import NotePresses
from bot.notes.rows import NoteStore
from bot.notes.service import NoteService
from bot.permissions import Permissions
from bot.registration.rows import RegistrationStore
from bot.registration.service import Registration
from bot.reminders.messages import ReminderWriter
from bot.reminders.model import DIRECT_REMINDER, REMINDER
from bot.reminders.planner import ReminderPlanner
from bot.session_questions.chairs import Chairs
from bot.session_questions.messages import QuestionWriter
from bot.session_questions.model import LIST, SCREEN
from bot.session_questions.planner import QuestionPlanner
from bot.session_questions.presses import SessionQuestionPresses
from bot.session_questions.rows import QuestionStore
from bot.session_questions.screens import Screens
from bot.session_questions.service import QuestionService
from bot.sources.fetch import Fetcher
from bot.sources.load import are_known, load, name_of, obtain_configured
from bot.sources.watch import SourceWatch
from bot.store.engine import Database
from bot.store.notices import Notices
from bot.subscription.answers import subscribe_button
from bot.subscription.presses import SubscriptionPresses
from bot.subscription.rows import SubscriptionStore
from bot.subscription.service import Subscriptions
from bot.ui.asking import QuestionPresses, Questions
from bot.ui.command_mentions import CommandMentions
from bot.ui.form import Forms
from bot.ui.presses import Presses
from bot.ui.responder import Responder

if TYPE_CHECKING:
    from bot.monitoring.listener import Listener
    from bot.subscription.listener import CalendarListener

_OF_MEETUPS = (MEETUP, MEETUP_REMINDER, MEETUP_NEWS)
_KINDS = (
    *(REMINDER, DIRECT_REMINDER, ANNOUNCEMENT, NEWS, DIRECT_NEWS, BOARD, DIGEST, LIST, SCREEN),
    *(*_OF_MEETUPS, *CONDUCT_KINDS, *AUTHOR_KINDS),
)
"""All kinds of what goes out on its own."""

P = ParamSpec("P")

log = logging.getLogger(__name__)


class Services:
    """The bot's services. Open them with `Services.open`, and close them."""

    def __init__(
        self,
        config: Config,
        clock: Clock,
        fetcher: Fetcher,
        client: discord.Client,
        discord_time: DiscordTime,
        database: Database,
    ) -> None:
        zone = ZoneInfo(config.conference.timezone)
        self.database = database
        self._background = BackgroundTasks()
        self.config = config
        self.clock = clock
        self.fetcher = fetcher
        self.commands = CommandMentions()
        self.registration = Registration(RegistrationStore(database), self.commands)
        self.home = HomeServers(HomeStore(database), config.discord.servers, clock)
        self.permissions = Permissions(config.discord, self.home)
        self.responder = Responder(config.discord.public_channels)
        self.presses = Presses(self.responder, self.permissions)
        self.forms = Forms(self.responder, self.permissions, clock)
        self.questions = Questions()
        self.channels = Channels(client, self.home)

        self.library = Library(EditionStore(database), clock, config.times, kept_beside(config.database.path), zone)
        self.agendas = Agendas(AgendaStore(database), clock)
        self._make_places(database, discord_time)
        self._serve_attendees(database, zone)
        self._log_channel = log_channel = LogChannel(
            ChannelMessages(self.channels, config.discord.log_channel), self._background, zone
        )

        self.outbox = Outbox(database, _KINDS)
        announcement_store, news_store = AnnouncementStore(database, self.outbox), NewsStore(database, self.outbox)
        organizers = ChannelMessages(self.channels, config.discord.organizers_channel)
        self.sender = Sender(client, self.channels, self._set_unreachable, organizers, self._background)
        self.dispatcher = Dispatcher(
            self.outbox,
            self.sender,
            clock,
            direct_per_minute=config.reminders.direct_per_minute,
            discord_now=discord_time.now,
        )
        self.regained = RegainedPermissions(self.outbox, self.channels, self.dispatcher, clock)
        expected = ExpectedChannels(self.channels, self.outbox, (REMINDER, NEWS), config.reminders.channel)
        self.reminders = ReminderPlanner(
            self.library, self.agendas, self.outbox, self.dispatcher, self.channels, expected, clock, config.reminders
        )
        self.news = NewsPlanner(news_store, self.agendas, self.dispatcher, self.channels, expected, config.reminders)
        self._write_messages(news_store, announcement_store)
        self._make_what_sends(zone, client, organizers)
        self._make_authors(client, log_channel)

        self.announcements = AnnouncementService(
            announcement_store,
            self.channels,
            self.dispatcher,
            log_channel,
            self.commands,
            self._background,
            clock,
            zone,
            config.announcements,
        )
        self.moderation = Moderation(
            self.library, self.agendas, self.outbox, log_channel, clock, zone, (REMINDER, DIRECT_REMINDER)
        )
        self.watching = Watching(
            self.library,
            self.moderation,
            IgnoredChanges(database),
            log_channel,
            ChannelMessages(self.channels, config.discord.moderators_channel or config.discord.organizers_channel),
            organizers,
            clock,
            config.programme.auto_apply,
        )
        self.watch = SourceWatch(config.programme.listed, config.conference.timezone, fetcher, clock, self.watching)
        self.events = EventService(self.library, self.channels, clock, enabled=config.discord.events)
        self.introduction = Introduction(
            IntroductionStore(database),
            self.library,
            self.commands,
            clock,
            config.conference,
            enabled=config.discord.welcome,
        )
        self.connection = Connection(clock)
        self.condition = ConditionReader(self.outbox, self.watch, self.connection, clock)
        self.heartbeat = Heartbeat(
            self.condition,
            Alarm(Notices(database), organizers, zone),
            self._background,
            heartbeat_file(config.database.path),
        )
        self.status = StatusService(
            client,
            self.library,
            self.agendas,
            self.outbox,
            self.responder.timings,
            self.permissions,
            self.home,
            config,
            self.condition,
            self.watch,
            lambda: self.watching.waiting_since,
            self.events.left_out,
        )
        self.listener: Listener | None = None
        self.calendars: CalendarListener | None = None
        self._late: frozenset[int] = frozenset()
        self._planning = OneAtATime(self._background, self._plan, "planning", persistent=True)
        self._regaining = OneAtATime(self._background, self.regained.take_up, "regained permissions", persistent=True)
        self._asking = OneAtATime(self._background, self.watching.show, "open question")
        self._answer_presses()
        self._follow_each_other()

    def _make_places(self, database: Database, discord_time: DiscordTime) -> None:
        """Make what lets attendees talk."""
        self.places = Places(
            PlaceStore(database),
            self.library,
            self.channels,
            self._background,
            self.clock,
            self.config.discussion,
            discord_time.now,
        )

    def _serve_attendees(self, database: Database, zone: ZoneInfo) -> None:
        """Make what answers attendees."""
        self.maps, recent = RoomMaps(self.config.maps), Recent()
        self.follows = Follows(FollowStore(database), self.clock)
        self.notes = Notes(NoteStore(database), self.clock)
        self.agenda = AgendaService(
            self.library, self.agendas, self.follows, self.notes, recent, self.clock, zone, self.config.conference.name
        )
        self.note_service = NoteService(self.library, self.notes)
        self.lookup = Lookup(
            self.library,
            SearchStore(database),
            self.agendas,
            self.notes,
            recent,
            self.clock,
            zone,
            self.maps,
            self.places,
        )
        self.topics = Topics(self.library, kept_beside(self.config.database.path) / "topics")
        self.browsing = Browsing(self.library, self.topics, self.agendas, self.follows, zone)

    def _write_messages(self, news: NewsStore, announcements: AnnouncementStore) -> None:
        """Let every capability write the messages of its kinds."""
        reminder_writer = ReminderWriter(self.library, self.agendas, self.clock, self.config.reminders)
        news_writer = NewsWriter(news, self.agendas, self.clock, ZoneInfo(self.config.conference.timezone))
        for kind, writer in (
            (REMINDER, reminder_writer),
            (DIRECT_REMINDER, reminder_writer),
            (NEWS, news_writer),
            (DIRECT_NEWS, news_writer),
            (ANNOUNCEMENT, AnnouncementWriter(announcements, self.channels, self.config.announcements)),
        ):
            self.sender.writes(kind, writer)

    def _make_what_sends(self, zone: ZoneInfo, client: discord.Client, organizers: ChannelMessages) -> None:
        self._make_board_and_digests(zone)
        self._make_help_desk(client, organizers)

    def _make_board_and_digests(self, zone: ZoneInfo) -> None:
        self.board = self._board(zone)
        store, clock = DigestStore(self.database), self.clock
        self.digest_wishes = wishes = DigestWishes(store, clock)
        told = partial(told_changes, zone=zone)
        followed = Followed(self.browsing.papers_followed, self.agendas, self.library, store, told, clock)
        parts = (followed.make, Suggested(self.agenda, self.library).make)
        writer = DigestWriter(self.library, self.agendas, wishes, store, told, parts, clock, zone)
        self.sender.writes(DIGEST, writer)
        self.digest = DigestService(self.library, wishes, writer, clock, zone)
        pace = self.config.reminders.direct_per_minute
        self.digests = DigestPlanner(self.library, wishes, self.outbox, self.dispatcher, clock, zone, pace)
        self._make_questions()
        self._make_meetups(zone)

    def _make_questions(self) -> None:
        """Make what takes questions to sessions."""
        config, store = self.config.questions, QuestionStore(self.database)
        self.session_questions = service = QuestionService(
            self.library,
            store,
            Chairs(store, self.permissions, config.chairs),
            self._log_channel,
            self.clock,
            enabled=config.enabled,
            anonymous=config.anonymous,
            has_places=self.places.enabled,
        )
        writer = QuestionWriter(service)
        for kind in (LIST, SCREEN):
            self.sender.writes(kind, writer)
        self.question_screens = screens = Screens(
            self.outbox, self.channels, self.dispatcher, self._background, self.clock
        )
        self.question_planner = QuestionPlanner(
            service,
            writer,
            screens,
            self.places,
            self.library,
            self.outbox,
            self.channels,
            self.dispatcher,
            self._background,
            self.clock,
        )
        self.question_presses = SessionQuestionPresses(
            service, screens, self.places, self.channels, self.permissions, self.responder, self.forms
        )

    def _make_meetups(self, zone: ZoneInfo) -> None:
        """Make what lets attendees meet."""
        config, clock = self.config.meetups, self.clock
        store = MeetupStore(self.database, self.outbox)
        self.meetups = Meetups(store, clock)
        writer = MeetupWriter(self.meetups, clock, zone, config.minutes_before)
        for kind in _OF_MEETUPS:
            self.sender.writes(kind, writer)
        self.meetup_planner = MeetupPlanner(
            self.meetups, self.outbox, self.dispatcher, self._background, clock, config.lead
        )
        threads = MeetupThreads(self.channels, self._background)
        self.meetup_upkeep = MeetupUpkeep(self.meetups, store, writer, threads, clock)
        self.meetup_service = MeetupService(
            self.meetups, store, self.library, self.agendas, self.channels, self._log_channel, clock, zone, config
        )

    def _make_help_desk(self, client: discord.Client, organizers: ChannelMessages) -> None:
        config, clock = self.config.help_desk, self.clock
        help_store, conduct_store = HelpStore(self.database), ConductStore(self.database, self.outbox)
        self.duty = duty = Duty(self.config, self.channels, client)
        threads = HelpThreads(help_store, duty, client, clock)
        self.help_desk = HelpDesk(help_store, threads, duty, self._background, clock)
        self.conduct = Conduct(
            conduct_store, self.dispatcher, duty, Notices(self.database), organizers, clock, config.delete_after
        )
        writer = ConductWriter(conduct_store, self.channels, duty)
        for kind in CONDUCT_KINDS:
            self.sender.writes(kind, writer)
        self.help_desk_upkeep = Upkeep(
            help_store,
            conduct_store,
            self.help_desk,
            self.conduct,
            threads,
            Deletion(client, self.channels),
            duty,
            self.channels,
            self.dispatcher,
            clock,
            config.delete_after,
        )
        self.help_desk_presses = HelpDeskPresses(
            self.help_desk, self.conduct, duty, self.responder, self.forms, self._background, clock
        )

    def _make_authors(self, client: discord.Client, log_channel: LogChannel) -> None:
        self.authors = Authors(
            self.config,
            client,
            self.database,
            self.outbox,
            self.library,
            PaperPlaces(self.places, self.channels),
            self.channels,
            self.dispatcher,
            log_channel,
            self._background,
            self.clock,
        )
        self.authors.write_messages(self.sender)

    def _board(self, zone: ZoneInfo) -> BoardService:
        writer = BoardWriter(self.library, self.clock, zone)
        self.sender.writes(BOARD, writer)
        return BoardService(
            BoardStore(self.outbox),
            writer,
            self.library,
            self.channels,
            self.dispatcher,
            self._background,
            self.clock,
            zone,
            self.config.board.channels,
        )

    def _follow_each_other(self) -> None:
        """Let the parts hear of each other what they must not know of each other."""
        self.lookup.register(self.questions)
        self.agenda.register(self.questions)
        self.browsing.register(self.questions)
        self.note_service.register(self.questions)
        self.responder.after_answer(self.lookup.note_look)
        self.responder.after_answer(self.agenda.tell_unreachable)
        self.responder.after_answer(self.digest.tell_unreachable)
        self.agenda.also_kept_by(self.digest)
        self.agenda.also_kept_by(self.session_questions)
        self.status.also_tells(self.places.missing)
        self.status.also_tells(self.session_questions.missing)
        self.session_questions.register(self.questions)
        self.session_questions.ledger.changed = self.question_planner.changed
        self.session_questions.asked = self.question_planner.asked
        self.session_questions.switched = self.places.refresh
        self.places.also_shows(self.session_questions.beside)
        self.lookup.also_offers(self.session_questions.offered)
        self.places.recorded = self._log_channel.show
        self.status.also_tells(self.meetup_service.missing)
        self.meetup_service.register(self.questions)
        self.responder.after_answer(self.meetup_service.tell_unreachable)
        self.agenda.also_kept_by(self.meetup_service)
        self.meetups.changed = self._meetups_changed
        self.agenda.also_kept_by(KeptByHelpDesk(self.help_desk, self.conduct, self.help_desk_upkeep))
        self.status.also_tells(self.duty.missing)
        self.status.also_tells(self.help_desk_upkeep.missing)
        self._know_authors()
        self.digest_wishes.follow(self._planned(self.digests.replan_for))
        self.dispatcher.replan = self._planned(self._replan)
        self.library.changed = self.programme_changed
        self.agendas.changed = self._planned(self.reminders.replan_for)

    def _know_authors(self) -> None:
        """Let the parts that show papers, people and the bot's state know of authors."""
        self.authors.register(self.presses, self.questions, self.responder, self.forms)
        self.agenda.also_kept_by(self.authors.own)
        self.status.also_counts(self.authors.counts)
        self.status.also_tells(self.authors.missing)
        self.responder.after_answer(self.authors.tell_unreachable)
        self.lookup.also_shows(self._authors_on)
        self.places.also_shows(self.authors.in_place)

    def _authors_on(self, key: str) -> Addition:
        """Return what the answer about a paper shows of its authors."""
        text, buttons = self.authors.on(key)
        return Addition(FIELD, text, tuple(buttons))

    def _answer_presses(self) -> None:
        """Let every capability answer its buttons, menus and forms."""
        QuestionPresses(self.questions, self.responder).register(self.presses)
        AgendaPresses(self.agenda, self.questions, self.responder).register(self.presses)
        BrowsingPresses(self.browsing, self.questions, self.responder).register(self.presses)
        self.subscriptions = Subscriptions(
            SubscriptionStore(self.database),
            self.library,
            self.agendas,
            self.clock,
            ZoneInfo(self.config.conference.timezone),
            self.config.conference.name,
            self.config.web.public_url,
        )
        self.agenda.also_kept_by(self.subscriptions)
        if self.config.web.public_url:
            self.agenda.also_offer(subscribe_button())
        SubscriptionPresses(self.subscriptions, self.responder).register(self.presses)
        opened_per_hour = self.config.discussion.opened_per_hour
        DiscussionPresses(self.places, self.channels, self.responder, self.clock, opened_per_hour).register(
            self.presses
        )
        NotePresses(self.note_service, self.questions, self.responder, self.forms).register(self.presses)
        self.announcement_presses = AnnouncementPresses(self.announcements, self.responder, self.forms, self.clock)
        self.announcement_presses.register(self.presses)
        DigestPresses(self.digest, self.responder).register(self.presses)
        self.question_presses.register(self.presses)
        self.meetup_presses = MeetupPresses(
            self.meetup_service, self.responder, self.forms, self.permissions, self.clock
        )
        self.meetup_presses.register(self.presses)
        self.help_desk_presses.register(self.presses)
        self.moderation_presses = ModerationPresses(self.moderation, self.responder)
        self.moderation_presses.register(self.presses)
        self.fix_forms = FixForms(self.moderation, self.forms, self.responder, self.clock)
        self.fix_forms.register(self.presses)
        WatchingPresses(self.watching, self.responder).register(self.presses)

    @classmethod
    async def open(
        cls, config: Config, clock: Clock, fetcher: Fetcher, client: discord.Client, discord_time: DiscordTime
    ) -> Self:
        """Open the database, and load the programme.

        Raises:
            UserError: the database can't be opened, or there is no programme at all to answer from.
        """
        database = await Database.open(config.database.path)
        try:
            services = cls(config, clock, fetcher, client, discord_time, database)
            await services.home.open()
            await services.library.open()
            await services.agendas.open()
            await services.follows.open()
            await services.notes.open()
            await services.places.load()
            await services.digest_wishes.open()
            await services.session_questions.open()
            await services.meetups.open()
            await services.subscriptions.open()
            await services.help_desk.open()
            await services.conduct.open()
            await services.authors.open()
            await services._load_source()
        except BaseException:
            await database.close()
            raise
        return services

    async def listen(self, traffic: Traffic) -> None:
        """Answer whoever runs the bot, and calendars, where the configuration says so.

        Raises:
            UserError: the bot can't listen there.
        """
        if self.config.metrics.listen:
            await self._listen_for_numbers(self.config.metrics.listen, traffic)
        web = self.config.web
        if web.public_url and web.listen:
            from bot.subscription.listener import CalendarListener  # noqa: PLC0415 - as below

            calendars = CalendarListener(*web.listen, web.public_url, self.subscriptions, self.clock)
            await calendars.open()
            self.calendars = calendars

    async def _listen_for_numbers(self, where: tuple[str, int], traffic: Traffic) -> None:
        # Imported only where it is used: it takes a tenth of a second.
        from bot.monitoring.listener import Listener  # noqa: PLC0415
        from bot.monitoring.metrics import Metrics  # noqa: PLC0415

        metrics = Metrics(self.condition, self.outbox, lambda: self.library.edition, self.responder.timings, traffic)
        listener = Listener(*where, metrics, self.condition)
        await listener.open()
        self.listener = listener

    async def close(self) -> None:
        """Stop what is at work, then close the database."""
        for listener in (self.listener, self.calendars):
            if listener:
                await listener.close()
        await self.board.close()
        await self.question_planner.close()
        await self.places.close()
        await self.meetup_upkeep.close()
        await self.help_desk_upkeep.close()
        await self._background.close()
        await self.watch.close()
        await self.events.close()
        await self.dispatcher.close()
        await self.lookup.close()
        await self.topics.close()
        await self.agendas.close()
        await self.library.close()
        await self.database.close()
        await self.heartbeat.stop()

    def later(self, what: str, work: Coroutine[Any, Any, None]) -> None:
        """Have something done beside all else, for as long as the services are open."""
        self._background.start(work, what)

    def connected(self) -> None:
        """Begin to deliver, and bring what is in Discord into step; after a reconnection this changes nothing."""
        self.settle_home()
        self._background.start(self._connected(), "connected")

    def programme_changed(self) -> None:
        """Plan for the programme as it is now, and tell what has changed."""
        self.topics.renew()
        self._planning.ask()
        self.board.ask()
        self.places.programme_changed()
        self.question_planner.look_at_all()
        self._background.start(self.events.update_all(), "events")
        self._background.start(self.watching.programme_changed(), "open question")

    def channels_changed(self) -> None:
        """Plan for channels that have come or have got the right name, and not for what is gone."""
        self.settle_home()
        self._planning.ask()
        self._asking.ask()
        self.board.ask()
        self.places.channels_changed()
        self.meetup_upkeep.allowed()
        self.help_desk_upkeep.permissions_changed()
        self._background.start(self.authors.replan(), "authors")

    def thread_gone(self, thread_id: int) -> None:
        """Forget what was in a thread that is gone."""
        self._background.start(self.places.thread_gone(thread_id), "a thread that is gone")

    def message_written(self, message: discord.Message) -> None:
        """Note that somebody wrote something in a channel."""
        self.places.note_message(message)

    def messages_deleted(self, message_ids: Collection[int]) -> None:
        """Put the bot's own messages back that must stay."""
        self.board.missing(message_ids)

    def permissions_changed(self) -> None:
        """Take up what waits for a permission that the bot may have now."""
        self._regaining.ask()
        self.meetup_upkeep.allowed()
        self.announcements.finish_corrections()
        self.help_desk_upkeep.permissions_changed()

    def server_shown(self, guild: discord.Guild) -> None:
        """Take up a server that Discord shows later than it said that the bot is there, or shows again."""
        self.channels_changed()
        if guild.id in self._late:
            self._late -= {guild.id}
            self._background.start(self._furnish(guild), "server")

    def commands_differ(self, tree: app_commands.CommandTree[Any]) -> None:
        """Register the commands anew: Discord has sent one that the bot does not have like that."""
        self._background.start(self.registration.doubt(tree), "registration")

    def joined(self, guild: discord.Guild) -> None:
        """Take up a new server."""
        self._background.start(self.take_up(guild), "joined")

    async def take_up(self, guild: discord.Guild) -> None:
        """Introduce the bot to a server, and give it its events and reminders; in others' servers it only answers."""
        self.settle_home()
        if not self.channels.is_own(guild):
            log.warning("in server %d, which is not the conference's own, the bot only answers questions", guild.id)
            return
        self._planning.ask()
        self._asking.ask()
        self.board.ask()
        await self.introduction.introduce(guild, again=True)
        await self.events.update(guild)

    def settle_home(self) -> None:
        """Decide at once which server is the conference's own, for whoever asks next is judged by it."""
        self.home.settle(self.channels.guild_ids)
        self._background.start(self.home.keep(), "home")

    async def _furnish(self, guild: discord.Guild) -> None:
        if self.channels.is_own(guild):
            await self.events.update(guild)
            await self.introduction.introduce(guild)

    async def _connected(self) -> None:
        self._late = frozenset(self.channels.guild_ids) - {guild.id for guild in self.channels.everywhere}
        await self.heartbeat.beat()
        self.reminders.open()
        self.news.open()
        self.digests.open()
        self.meetup_planner.open()
        # Nothing is sent or given up before it is known what the programme wants now.
        await until_it_succeeds(self._plan, "planning")
        self.dispatcher.open()
        self.board.open()
        self.places.begin()
        self.question_planner.open()
        self.meetup_upkeep.open()
        self.help_desk_upkeep.open()
        self._background.start(self.authors.connected(), "authors")
        self.announcements.finish_corrections()
        for guild in self.channels.guilds:
            self._background.start(self._furnish(guild), "server")
        self.events.open()
        await until_it_succeeds(self.watching.show, "open question")
        self.watch.open()

    async def _set_unreachable(self, user_id: int) -> None:
        """Let all that write to somebody know that they take no direct messages."""
        await self.agendas.set_unreachable(user_id)
        await self.digest_wishes.set_unreachable(user_id)
        await self.meetups.set_unreachable(user_id)
        await self.authors.own.set_unreachable(user_id)

    def _meetups_changed(self, user_ids: Iterable[int] | None) -> None:
        """Tell what is to be told of meetups, plan what is to be told later, and bring Discord into step."""
        self.dispatcher.wake()
        self.meetup_planner.ask(user_ids)
        self.meetup_upkeep.ask()

    def _planned(self, plan: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, Coroutine[Any, Any, None]]:
        """Return what plans something at once; where that fails, everything is planned as soon as that is possible."""

        async def planned(*what: P.args, **how: P.kwargs) -> None:
            try:
                await plan(*what, **how)
            except Exception:
                self._planning.ask()
                raise

        return planned

    async def _replan(self) -> None:
        """Plan all that follows from the programme."""
        await self.reminders.replan()
        await self.digests.replan()
        await self.meetup_planner.replan()

    async def _plan(self) -> None:
        await self._replan()
        await self.news.spread()
        await self.regained.take_up()

    async def _load_source(self) -> None:
        """Load the configured sources; where that fails, the programme of last time stays in use.

        Once there is a programme, the watch finds what has changed, if there is one; then the moderators decide.
        """
        if self.watch.watched and self.library.edition.version:
            return
        try:
            files = await obtain_configured(self.config, self.fetcher)
            known = await self.library.known(name_of(files))
            if await asyncio.to_thread(are_known, files, known):
                log.info("%s: it is as it was", name_of(files))
                return
            loaded = await load(files)
            changed = await self.watching.start_with(loaded)
        except UserError as error:
            if self.library.edition.version is None:
                raise
            log.warning("%s The programme loaded before stays in use.", error)
        else:
            what = "loaded" if changed else "not loaded anew"
            log.info("%s: %s, %d papers", loaded.name, what, len(self.library.edition.programme.papers))
