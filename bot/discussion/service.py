"""The places: opened when somebody asks, kept in step with the programme, woken, and found again."""

import logging
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, TypeAlias

import discord

from bot.background import BackgroundTasks, OneAtATime
from bot.clock import Clock
from bot.config import Discussion
from bot.connection.patience import FAILURES, in_words, until_done
from bot.connection.refusals import is_gone
from bot.connection.servers import is_shown
from bot.delivery.channels import Channels
from bot.delivery.nap import LONGEST_NAP
from bot.delivery.rounds import Rounds
from bot.discussion.ahead import Ahead
from bot.discussion.answers import Starter, ahead_answer, exists, gone_starter, starter
from bot.discussion.channels import DiscussionChannels
from bot.discussion.forum_tags import ForumTags
from bot.discussion.keeping import Keeper
from bot.discussion.known import KnownPlaces
from bot.discussion.making import PlaceMaker
from bot.discussion.model import Place, Shows, Subject, paper_subject, session_subject
from bot.discussion.opening import Opener
from bot.discussion.room import Room
from bot.discussion.rows import PlaceStore
from bot.discussion.survey import PERSONAL, Survey
from bot.editions.service import Library
from bot.errors import UserError
from bot.programme.model import Session
from bot.store.audit import AuditEntry
from bot.ui.answer import Answer
from bot.ui.wording import plural

Written: TypeAlias = Callable[[Subject, int, int], Coroutine[Any, Any, None]]
"""Told of a message that a person wrote in a place: what the place is about, and the ids of the person and the message.

After a restart it may be told of the same message again.
"""

Led: TypeAlias = Callable[[Subject, int], Coroutine[Any, Any, None]]
"""Told of a person whom the bot leads to a place: what the place is about, and the person's id."""

_GONE: Final = "This {} is no longer in the programme, and nobody has talked about it here."

_LOOKED_AT: Final = timedelta(seconds=LONGEST_NAP)
"""How often the places are looked at without anybody asking."""

log = logging.getLogger(__name__)


class Places:
    """The places of the conference's servers. Without `[discussion] forum` there are none, and nothing is done.

    Attributes:
        home: the channels in which they are made.
        recorded: called with what an organizer did, once that is written down.
    """

    def __init__(
        self,
        store: PlaceStore,
        library: Library,
        channels: Channels,
        background: BackgroundTasks,
        clock: Clock,
        config: Discussion,
        discord_now: Callable[[], datetime | None] = lambda: None,
    ) -> None:
        """Make the service.

        Args:
            store: the places in the database.
            library: the programme.
            channels: where the channels are found.
            background: owns what goes on beside all else.
            clock: tells the time.
            config: where people talk, and how.
            discord_now: tells the time by Discord's clock, where it is known, in UTC.
        """
        self.recorded: Callable[[AuditEntry], None] | None = None
        self._library = library
        self._channels = channels
        self._background = background
        self._clock = clock
        self._config = config
        self.home = DiscussionChannels(config, channels)
        self._known = KnownPlaces(store, channels, background)
        tags = ForumTags(library, store, makes=config.tags)
        self._maker = maker = PlaceMaker(config, tags, Room(self._known.has), self._known.has)
        self._opener = Opener(store, self._known, maker, clock, discord_now)
        self._keeper = Keeper(self._known, tags, background, self._look)
        self._survey = Survey(self._known, store, maker, self._wrote, self._found)
        self._shows: list[Shows] = []
        self._hears: list[Written] = []
        self._follows: list[Callable[[Subject], None]] = []
        self._sees: list[Led] = []
        self._ahead = Ahead(store, self._known, background, clock, self.open, self._exists)
        self._surveying = OneAtATime(background, self._look_through, "looking through the discussions")
        failed = "the discussions could not be brought up to date"
        self._rounds = Rounds(self._keep, clock, _LOOKED_AT, name="places", failed=failed)

    # Its life.

    async def load(self) -> None:
        """Take the places from the database."""
        if self.enabled:
            await self._known.load()
            await self._ahead.load()

    def begin(self) -> None:
        """Begin to keep the places; to do so again looks through them once more."""
        if not self.enabled:
            return
        self._rounds.open()
        self._surveying.ask()
        self.programme_changed()

    async def close(self) -> None:
        """End that."""
        await self._rounds.close()
        await self._opener.close()

    def programme_changed(self) -> None:
        """Bring all places into step with the programme."""
        self._keeper.ask(self._known)
        self._rounds.ask()

    def channels_changed(self) -> None:
        """Take up a channel that has come, and forget the places of one that is gone."""
        if self.enabled:
            self._background.start(self._forget_channels(), "discussions of a channel that is gone")
            self._rounds.ask()

    def thread_changed(self, thread_id: int) -> None:
        """Bring a place up to date that may have been woken."""
        if place := self._known.at(thread_id):
            self._keeper.ask([place])
            self._rounds.ask()

    def thread_made(self, thread: discord.Thread) -> None:
        """Take up a place that Discord has made later than it answered, or take it away where there is one by now."""
        if self.enabled and thread.owner_id == thread.guild.me.id and not self._known.has(thread.id):
            self._background.start(self._take_up(thread), "a discussion that came late")

    async def thread_gone(self, thread_id: int) -> None:
        """Forget a place that somebody deleted; it is made again when it is asked for."""
        if await self._known.forget(lambda place: place.thread_id == thread_id):
            log.info("the discussion in thread %d was deleted", thread_id)

    def note_message(self, message: discord.Message) -> None:
        """Note that somebody wrote something, if it was in a place."""
        place = self._known.at(message.channel.id)
        if place and not message.author.bot and message.type in PERSONAL:
            self._wrote(place, [message])

    # What others use.

    @property
    def enabled(self) -> bool:
        """Whether people are to talk anywhere."""
        return self._config.forum is not None

    def of(self, subject: Subject, server_id: int | None = None) -> Place | None:
        """Return the place of a subject, in a server or in any; None where there is none. Discord is not asked."""
        return self._known.of(subject, server_id)

    def at(self, thread_id: int) -> Subject | None:
        """Return what the place of a thread is about; None where it is no place."""
        place = self._known.at(thread_id)
        return place.subject if place else None

    def is_awake(self, place: Place) -> bool:
        """Tell whether a place can be written in at once, as far as Discord has told."""
        return self._known.thread_of(place) is not None

    def also_shows(self, shows: Shows) -> None:
        """Let another part add to the first messages of places; `refresh` brings what has changed there."""
        self._shows.append(shows)

    def when_written(self, hears: Written) -> None:
        """Tell another part of each message that a person writes in a place."""
        self._hears.append(hears)

    def when_made(self, follows: Callable[[Subject], None]) -> None:
        """Tell another part of each place that was made, or found again after its row was lost."""
        self._follows.append(follows)

    def when_led(self, hears: Led) -> None:
        """Tell another part of each person whom the bot leads to a place."""
        self._sees.append(hears)

    def note_led(self, subject: Subject, user_id: int) -> None:
        """Note that somebody was led to a place."""
        for hears in self._sees:
            self._background.start(hears(subject, user_id), "somebody led to a discussion")

    def refresh(self, subject: Subject) -> None:
        """Bring the first message of a subject's place up to date soon; however often that is asked, in few edits."""
        self._keeper.ask(self._known.all_of(subject))
        self._rounds.ask()

    async def open(self, subject: Subject, server_id: int | None = None) -> Place:
        """Return the place of a subject, which is made if need be, and woken if it sleeps.

        It is made once, however many ask at once and however often the bot dies meanwhile.

        Args:
            subject: what it is about.
            server_id: in which of the conference's servers; in the first that has a channel for it, unless given.

        Raises:
            UserError: it can't be opened; the text says why, and what to do.
        """
        place = self._known.of(subject, server_id)
        if place and await self._wake(place):
            return place
        channel = self.home.usable(server_id)
        shown = self._starter(subject)
        if shown is None:
            raise UserError(_GONE.format(subject.kind))
        place = await self._opener.open(channel, subject, shown)
        if not place.shown:  # it was found, and is as it was then
            self.refresh(subject)
        self._made(subject)
        return place

    async def open_session(self, by: int, session: Session, guild: discord.Guild) -> Answer:
        """Have the places of a session and of all its papers made, also if the bot is restarted meanwhile.

        Args:
            by: who wants it, by Discord's id.
            session: the session.
            guild: in which server. Where that has no channel for discussions, it is made if the bot may.

        Raises:
            UserError: there is no channel, or the bot may not open discussions there.
        """
        channel = await self.home.usable_or_made(guild)
        subjects = [session_subject(session.key), *(paper_subject(paper.key) for paper in session.papers)]
        entry = AuditEntry(self._clock.now(), by, "discussions opened", session.name)
        await self._ahead.plan(channel.guild.id, subjects, entry)
        if self.recorded:
            self.recorded(entry)
        there = sum(self._known.of(subject, channel.guild.id) is not None for subject in subjects)
        return ahead_answer(session, channel.id, there, len(subjects))

    def missing(self, guild: discord.Guild) -> Sequence[str]:
        """Return what is missing in a server for people to talk there, a sentence each as Markdown."""
        sentences = list(self.home.missing(guild))
        if waiting := self._ahead.waiting(guild.id):
            sentences.append(f"{plural(waiting, 'discussion is', 'discussions are')} still to be opened.")
        return sentences

    # How it is done.

    async def _keep(self) -> datetime:
        await self._keeper.update_all()
        self._ahead.go_on()
        return self._clock.now() + _LOOKED_AT

    async def _look_through(self) -> None:
        for guild in self._channels.guilds:
            if channel := self.home.find(guild.id):
                look = partial(self._survey.look_through, channel)
                await until_done("looking through the discussions", look)
        await self._forget_channels()
        self.programme_changed()

    async def _take_up(self, thread: discord.Thread) -> None:
        await self._opener.at_rest()  # it is most often what is being opened now, and known then
        try:
            if channel := self.home.find(thread.guild.id):
                await self._survey.take_up(channel, thread)
        except FAILURES as error:
            log.warning("could not look at thread %d before the next start: %s", thread.id, in_words(error))

    def _found(self, subject: Subject) -> None:
        self.refresh(subject)  # it is as it was when it was made
        self._made(subject)

    def _made(self, subject: Subject) -> None:
        for follows in self._follows:
            follows(subject)

    async def _forget_channels(self) -> None:
        """Forget the places whose channels were deleted."""
        shown = {guild.id: {channel.id for channel in guild.channels} for guild in self._channels.guilds}
        gone = await self._known.forget(
            lambda place: place.server_id in shown and place.channel_id not in shown[place.server_id]
        )
        if gone:
            log.info("the channel of %d discussions is gone", gone)

    async def _wake(self, place: Place) -> bool:
        """Wake a place that sleeps; tell whether it is there."""
        if self.is_awake(place):
            return True
        guild = next((guild for guild in self._channels.guilds if guild.id == place.server_id), None)
        if guild is None or not is_shown(guild):
            return True
        try:
            await self._maker.wake(guild, place.thread_id)
        except FAILURES as error:
            if is_gone(error):
                await self.thread_gone(place.thread_id)
                return False
            # People wake it themselves by writing, and see as much of it as they may.
            log.warning("thread %d could not be woken: %s", place.thread_id, in_words(error))
        return True

    def _wrote(self, place: Place, messages: Sequence[discord.Message]) -> None:
        self._known.note_written(place.thread_id, [message.id for message in messages])
        for message in messages:
            for hears in self._hears:
                self._background.start(hears(place.subject, message.author.id, message.id), "hearing of a message")

    def _exists(self, subject: Subject) -> bool:
        return exists(self._library.edition.programme, subject)

    def _starter(self, subject: Subject) -> Starter | None:
        additions = [addition for shows in self._shows if (addition := shows(subject))]
        return starter(self._library.edition.programme, subject, additions)

    def _look(self, place: Place) -> Starter | None:
        thread = self._known.thread_of(place)
        return self._starter(place.subject) or (gone_starter(place.subject, thread.name) if thread else None)
