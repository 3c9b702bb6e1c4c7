"""What organizers do with announcements: prepare, send, edit, cancel and correct them."""

import asyncio
import contextlib
import logging
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import discord

from bot.admin.log_channel import LogChannel
from bot.announcing.answers import NameOf, plain
from bot.announcing.model import Announcement, Draft, Purpose, Review, Status
from bot.announcing.review import Reviewer
from bot.announcing.roles import may_ping
from bot.announcing.rows import AnnouncementStore
from bot.announcing.sent_messages import Outcome, SentMessages
from bot.background import BackgroundTasks, OneAtATime
from bot.clock import Clock
from bot.config import Announcements
from bot.connection.patience import Pause
from bot.delivery.channels import Channels
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.model import Entry, State
from bot.delivery.nap import Nap
from bot.errors import UserError
from bot.store.audit import AuditEntry
from bot.ui.command_mentions import CommandMentions
from bot.ui.fitting import joined
from bot.ui.markdown import escaped
from bot.ui.moments import told
from bot.ui.when import parse_when_in_thread, write_when

_PATIENCE = 10.0
"""How long an organizer waits at most for an announcement to go out, in seconds."""

log = logging.getLogger(__name__)

_OPEN = (State.PLANNED, State.CLAIMED)


class AnnouncementService:
    """Does what organizers do with announcements; who may, is asked before.

    Attributes:
        zone: the conference's zone.
    """

    def __init__(
        self,
        store: AnnouncementStore,
        channels: Channels,
        dispatcher: Dispatcher,
        log_channel: LogChannel,
        commands: CommandMentions,
        background: BackgroundTasks,
        clock: Clock,
        zone: ZoneInfo,
        config: Announcements,
    ) -> None:
        self.zone = zone
        self._store = store
        self._channels = channels
        self._dispatcher = dispatcher
        self._log_channel = log_channel
        self._commands = commands
        self._clock = clock
        self._config = config
        self._reviewer = Reviewer(store, channels, background, clock, zone, config)
        self._messages = SentMessages(channels, background)
        self._finishing = OneAtATime(background, self._finish_corrections, "corrections")
        self._rewriting = asyncio.Lock()
        # Which correction messages say, by their ids: while another is still to be corrected, they are left alone.
        self._said: dict[int, datetime] = {}

    @property
    def name_of(self) -> NameOf:
        """Calls a channel what people call it."""
        return self._channels.name_of

    def roles(self, guild: discord.Guild | None) -> tuple[str, ...]:
        """Return the names of a server's roles that announcements may ping."""
        return tuple(role.name for role in guild.roles if may_ping(role, self._config.roles)) if guild else ()

    def role(self, role: discord.Role | None) -> str | None:
        """Return a role's name, if announcements may ping it.

        Raises:
            UserError: they may not.
        """
        allowed = self._config.roles
        if role is None:
            return None
        if may_ping(role, allowed):
            return role.name
        names = [escaped(other.name, 100) for other in role.guild.roles if may_ping(other, allowed)]
        may = f"Those it may ping: {joined(names, 1_000)}." if names else ""
        none = "None is configured here (`roles` under `[announcements]`)."
        raise UserError(f"An announcement may not ping {escaped(role.name, 100)}. {may or none}")

    async def moment(self, words: str) -> datetime | None:
        """Return the moment that is meant, None for now.

        Raises:
            UserError: it is past, or none.
        """
        return await parse_when_in_thread(words, self._clock.now(), self.zone)

    async def latest(self, *statuses: Status) -> list[Announcement]:
        """Return the announcements that are as far as that, the one that goes or went out last first."""
        return [announcement for announcement in await self._store.latest() if announcement.status in statuses]

    async def unsent(self) -> list[Announcement]:
        """Return the announcements of which something can still be cancelled, the one that goes out last first."""
        wanted = (Status.SCHEDULED, Status.UNDERWAY)
        return [one for one in await self._store.latest() if one.status in wanted or self._waits(one)]

    async def scheduled(self, number: str) -> Announcement:
        """Return an announcement of which nothing has been sent.

        Raises:
            UserError: there is no such announcement, or it can't be changed any more.
        """
        announcement = await self._announcement(number)
        correct = f"Use {self._commands.of('announce correct')} to change it wherever it is."
        match announcement.status:
            case Status.SENT:
                raise UserError(f"It has gone out already. {correct}")
            case Status.UNDERWAY:
                raise UserError(f"It is being sent at this moment, or has arrived in part. {correct}")
            case Status.LOST if self._waits(announcement):
                cancel = self._commands.of("announce cancel")
                raise UserError(f"I may not post there; once I may, it goes out by itself. {cancel} prevents that.")
            case Status.LOST:
                raise UserError("It never went out, and its time is over. Write it again.")
            case Status.CANCELLED:
                raise UserError("It was cancelled.")
        return announcement

    async def cancellable(self, number: str) -> Announcement:
        """Return an announcement of which something has not been sent yet.

        Raises:
            UserError: there is no such announcement, or there is nothing to cancel.
        """
        announcement = await self._announcement(number)
        cancellable = announcement.status is Status.UNDERWAY or self._waits(announcement)
        return announcement if cancellable else await self.scheduled(number)

    async def correctable(self, number: str) -> Announcement:
        """Return an announcement of which something has been sent, or is being sent.

        Raises:
            UserError: there is no such announcement, or it is nowhere.
        """
        announcement = await self._announcement(number)
        if announcement.status in (Status.SENT, Status.UNDERWAY):
            return announcement
        if announcement.status is Status.SCHEDULED:
            raise UserError(f"It has not gone out yet: use {self._commands.of('announce edit')}.")
        return await self.scheduled(number)

    def draft_of(
        self, announcement: Announcement, purpose: Purpose, user_id: int, guild: discord.Guild | None, when: str = ""
    ) -> Draft:
        """Begin a draft with what an announcement says now; channels of the server are picked in its form."""
        channels = tuple(entry.delivery.target_id for entry in announcement.in_state(*_OPEN, State.SENT))
        here = tuple(one for one in channels if guild and guild.get_channel(one))
        return Draft(
            purpose,
            user_id,
            channels,
            announcement.title,
            announcement.text,
            announcement.link or "",
            announcement.image or "",
            when or (write_when(announcement.due_at, self.zone) if purpose is Purpose.EDIT else ""),
            announcement.role,
            due_at=announcement.due_at,
            about=announcement,
            picked=here,
            elsewhere=tuple(one for one in channels if one not in here),
        )

    async def review(self, draft: Draft) -> Review:
        """Look at a draft whose form was filled in; the review's draft has the time that the form names."""
        return await self._reviewer.review(draft)

    def check_time(self, draft: Draft) -> None:
        """Look at the clock once more when a draft is to be sent.

        Raises:
            UserError: its time has passed while it was looked at.
        """
        if draft.purpose is not Purpose.CORRECT and draft.due_at and draft.due_at <= self._clock.now():
            moment = told(draft.due_at, self.zone)
            raise UserError(f"Its time, {moment}, has passed meanwhile. Nothing was done: press Edit and name another.")

    async def carry_out(self, draft: Draft) -> int:
        """Do what a draft is for: write it down, and have it sent; return the announcement's number.

        Raises:
            UserError: what is edited has begun to go out meanwhile. Nothing was done.
        """
        now = self._clock.now()
        before, after = draft.about, draft.announcement(now)
        was, becomes = plain(before, draft.channels) if before else None, plain(after, draft.channels)
        record = AuditEntry(now, draft.user_id, _action(draft), after.title, was, becomes)
        if before is None:
            after = replace(after, id=await self._store.add(after, draft.channels, record))
        elif draft.purpose is Purpose.CORRECT:
            await self._store.correct(after, record)
        else:
            while not await self._store.change(after, draft.channels, record):
                await self.scheduled(str(after.id))
        self._dispatcher.wake()
        self._log_channel.show(record)
        return after.id

    async def outcome(self, number: int, purpose: Purpose) -> tuple[Announcement, dict[int, str]]:
        """Return what became of what was carried out for a purpose; a correction reaches its messages here.

        Returns:
            The announcement, once it is there or will take a while, and what there is to say about each message, by
            the channels' ids.

        Raises:
            UserError: there is no such announcement.
        """
        # What is being sent at this moment may still say what it said before; it is waited for, and then corrected.
        if purpose is Purpose.CORRECT:
            try:
                return await self._corrected(str(number))
            finally:
                # Where all is done, there is nothing to finish.
                self._finishing.ask()
        announcement = await self._settled(str(number))
        return announcement, await self._messages.describe(announcement)

    def finish_corrections(self) -> None:
        """Make messages say what was corrected when the bot ended, or Discord failed, before they did."""
        self._finishing.ask()

    async def _finish_corrections(self) -> None:
        nap, pause = Nap(), Pause()
        while not await self._corrections_are_over():
            await nap.sleep(pause.next())

    async def _corrections_are_over(self) -> bool:
        """Carry all corrections to their messages; tell whether trying again would change nothing."""
        over = True
        try:
            for number in await self._store.underway():
                announcement, outcomes = await self._rewrite(str(number), anew=False)
                tried = {outcome for _, outcome in outcomes.values()}
                if Outcome.AGAIN in tried or announcement.in_state(State.CLAIMED):
                    over = False
        except Exception:
            log.exception("corrections could not be carried to their messages; trying again")
            return False
        return over

    async def _corrected(self, number: str) -> tuple[Announcement, dict[int, str]]:
        await self._settled(number)
        announcement, outcomes = await self._rewrite(number)
        return announcement, {entry.delivery.target_id: note for entry, (note, _) in outcomes.items()}

    async def _rewrite(
        self, number: str, *, anew: bool = True
    ) -> tuple[Announcement, dict[Entry, tuple[str, Outcome]]]:
        """Carry a correction to the messages; it is over once they have it, or nobody can give it to them.

        Args:
            number: the announcement's.
            anew: whether also to the messages that are known to say it.
        """
        # One at a time, so that nothing newer is overwritten by what was read before.
        async with self._rewriting:
            announcement = await self._announcement(number)
            corrected_at = announcement.corrected_at
            said = () if anew else [message for message, when in self._said.items() if when == corrected_at]
            outcomes = await self._messages.rewrite(announcement, said)
            for entry, (_, outcome) in outcomes.items():
                if outcome is Outcome.DONE and entry.message_id and corrected_at:
                    self._said[entry.message_id] = corrected_at
            done = all(outcome is Outcome.DONE for _, outcome in outcomes.values())
            # What is being sent may have been written before the correction.
            if done and not announcement.in_state(State.CLAIMED):
                await self._store.end_correction(announcement)
        return announcement, outcomes

    async def cancel(self, number: int, user_id: int) -> Announcement:
        """Send no more of an announcement; return how it is then, which may be that it is there all the same.

        Raises:
            UserError: there is nothing to cancel any more.
        """
        before = await self.cancellable(str(number))
        was = plain(before, (entry.delivery.target_id for entry in before.in_state(*_OPEN)))
        record = AuditEntry(self._clock.now(), user_id, "announcement cancelled", before.title, was)
        after = await self._store.cancel(number, record) or before
        self._dispatcher.wake()
        self._log_channel.show(record)
        return after

    async def _announcement(self, number: str) -> Announcement:
        found = await self._store.get(int(number)) if number.isdecimal() and len(number) < 12 else None
        if found is None:
            raise UserError("I don't know that announcement. Pick one of the suggestions that come while you type.")
        return found

    async def _settled(self, number: str) -> Announcement:
        """Wait until an announcement that is due is there, given up, or to be tried again; but not for long."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                while True:
                    # Listening begins before looking: what is settled in between is not missed.
                    settled = asyncio.create_task(self._dispatcher.next_settled())
                    try:
                        announcement = await self._announcement(number)
                        if not self._is_moving(announcement):
                            return announcement
                        await settled
                    finally:
                        settled.cancel()
        return await self._announcement(number)

    def _waits(self, announcement: Announcement) -> bool:
        """Tell whether some of it waits for a permission."""
        now = self._clock.now()
        return any(entry.awaits_permission and entry.delivery.useful_until > now for entry in announcement.deliveries)

    def _is_moving(self, announcement: Announcement) -> bool:
        return announcement.due_at <= self._clock.now() and any(
            entry.reason is None for entry in announcement.in_state(*_OPEN)
        )


def _action(draft: Draft) -> str:
    """Return what the record calls what a draft is for."""
    match draft.purpose:
        case Purpose.CORRECT:
            return "announcement corrected"
        case Purpose.EDIT:
            return "announcement changed"
        case Purpose.POST:
            return "announcement scheduled" if draft.due_at else "announcement sent"
