"""What goes on by itself: threads that are still to be made or closed, and what is to be erased or deleted."""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

import discord

from bot.clock import Clock
from bot.connection.patience import FAILURES, in_words
from bot.connection.refusals import is_gone
from bot.delivery.channels import Channels
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.model import Entry, State
from bot.delivery.rounds import Rounds
from bot.helpdesk import answers
from bot.helpdesk.conduct import Conduct
from bot.helpdesk.deletion import Deletion
from bot.helpdesk.duty import Duty
from bot.helpdesk.model import REPORT, Report, Word
from bot.helpdesk.rows import ConductStore, HelpStore
from bot.helpdesk.service import HelpDesk
from bot.helpdesk.threads import LEASE, HelpThreads, is_own
from bot.ui.wording import plural

_AGAIN: Final = timedelta(minutes=1)
"""After how long something is tried again that could not be done."""

_SWEPT_EVERY: Final = timedelta(days=1)
"""How often a channel is looked through for reports that the database knows nothing of, such as after a restore."""

_TOLD_LATE, _TOLD_SENT = "-late", "-sent"
"""How the tokens of the bot's own words to a reporter end."""

_LATE: Final = timedelta(minutes=2)
"""After how long a reporter hears that their report has not reached the team."""

log = logging.getLogger(__name__)


class Upkeep:
    """One task that does it, and sleeps until there is something to do.

    Attributes:
        waiting: how many reports have not reached their team.
        undeleted: how many reports are past their date and could not be deleted.
    """

    def __init__(
        self,
        help_store: HelpStore,
        conduct_store: ConductStore,
        help_desk: HelpDesk,
        conduct: Conduct,
        threads: HelpThreads,
        deletion: Deletion,
        duty: Duty,
        channels: Channels,
        dispatcher: Dispatcher,
        clock: Clock,
        keep_closed: timedelta,
    ) -> None:
        self._help_store = help_store
        self._conduct_store = conduct_store
        self._help_desk = help_desk
        self._conduct = conduct
        self._threads = threads
        self._deletion = deletion
        self._duty = duty
        self._channels = channels
        self._dispatcher = dispatcher
        self._clock = clock
        self._keep_closed = keep_closed
        failed = "the help desk could not be kept in order"
        self._rounds = Rounds(self._look, clock, _AGAIN, name="help desk", failed=failed)
        self._regained = False
        self._swept: dict[int, datetime] = {}
        self.waiting = 0
        self.undeleted = 0

    def open(self) -> None:
        """Begin; to do so again only looks at once."""
        self._rounds.open()

    def ask(self) -> None:
        """Look now whether there is something to do."""
        self._rounds.ask()

    def thread_made(self, thread: discord.Thread) -> None:
        """Look whether a thread is one too many."""
        if is_own(thread):
            self.ask()

    def missing(self, _guild: discord.Guild) -> Iterator[str]:
        """Yield what does not get on, a sentence each; nothing says who or what it is about."""
        if self.waiting:
            yield f"{plural(self.waiting, 'conduct report')} can't be handed on to the team, and waits for that."
        if self.undeleted:
            yield f"{plural(self.undeleted, 'conduct report')} past the date can't be deleted: I don't get there."

    def permissions_changed(self) -> None:
        """Try again what the bot may do now, perhaps."""
        self._regained = True
        self.ask()

    async def close(self) -> None:
        """End the task."""
        await self._rounds.close()

    async def _look(self) -> datetime | None:
        """Do what is to be done; return when to look again."""
        now = self._clock.now()
        if self._regained:
            self._regained = False
            await self._help_store.release(now + LEASE)  # what is somebody's now stays theirs
        due = [now + _SWEPT_EVERY, await self._threads.bring_all_on()]
        self._help_desk.dropped(await self._help_store.forget_closed(now - self._keep_closed))
        due.append(await self._look_after_reports(now))
        if not self._duty.about and not self._help_desk.keeps_any and not self._conduct.keeps_any:
            return None  # nothing is set up, and what was there from before is gone
        return min(filter(None, due))

    async def _look_after_reports(self, now: datetime) -> datetime | None:
        await self._sweep(now)
        reports = await self._conduct_store.all()
        if not reports:
            self.waiting = self.undeleted = 0
            return None
        await self._conduct_store.erase_sent()
        planned = await self._conduct_store.deliveries()
        self.waiting = sum(_is_waiting(planned.get(one.token, ()), now) for one in reports)
        self.undeleted = 0
        moments: list[datetime] = []
        for report in reports:
            entries = planned.get(report.token, ())
            moments.append(await self._look_after(report, entries, now))
        return min(moments)

    async def _look_after(self, report: Report, entries: Sequence[Entry], now: datetime) -> datetime:
        """Do what is to be done for one report; return when to look again."""
        if report.delete_at <= now:
            if not await self._deletion.delete(entries):
                self.undeleted += 1
                return now + _AGAIN
            await self._conduct_store.delete(report.token)
            self._conduct.dropped(report.token)
            log.info("a conduct report was deleted at its date")
            self._swept.pop(report.channel_id, None)
            return now
        if report.named and report.reporter_id is None and not await self._take_name_off(report, entries):
            return now + _AGAIN
        if self._channels.complete and self._channels.get(report.channel_id) is None:
            await self._move(report)
        late = any(entry.delivery.key.endswith(_TOLD_LATE) for entry in entries)
        if _is_waiting(entries, now - _LATE) and not late:
            await self._tell(report, _TOLD_LATE, answers.late_words(self._duty.contact), now)
        elif late and not _is_waiting(entries, now) and not any(e.delivery.key.endswith(_TOLD_SENT) for e in entries):
            await self._tell(report, _TOLD_SENT, answers.ARRIVED, now)
        unsettled = any(entry.state in (State.PLANNED, State.CLAIMED) for entry in entries)
        return now + _AGAIN if unsettled or report.text is not None else report.delete_at

    async def _move(self, report: Report) -> None:
        """Let a report whose channel is gone go to the one that has taken its place, if there is one."""
        there = [channel for guild in self._channels.guilds if (channel := self._duty.conduct_channel(guild))]
        if len(there) == 1:
            await self._conduct_store.move(report.token, there[0].id)
            self._dispatcher.wake()

    async def _tell(self, report: Report, what: str, text: str, now: datetime) -> None:
        """Let a reporter know something, once."""
        await self._conduct_store.add_word(Word(f"{report.token}{what}", report.token, True, text, now), now)
        self._dispatcher.wake()

    async def _take_name_off(self, report: Report, entries: Sequence[Entry]) -> bool:
        """Take the reporter's name off all messages of a report; tell whether it is."""
        for entry in entries:
            if entry.delivery.kind.to_person:
                continue
            if entry.state is State.CLAIMED:
                return False  # it may be on its way with the name
            channel = self._channels.get(entry.delivery.target_id)
            if entry.message_id is None or channel is None:
                continue
            try:
                message = await channel.fetch_message(entry.message_id)
                embeds = [answers.without_name(message.embeds[0]), *message.embeds[1:]]
                await message.edit(embeds=embeds, allowed_mentions=discord.AllowedMentions.none())
            except FAILURES as error:
                if is_gone(error):
                    continue
                log.warning("a name could not be taken off a conduct report: %s", in_words(error))
                return False
        await self._conduct_store.unnamed(report.token)
        return True

    async def _sweep(self, now: datetime) -> None:
        """Look in each conduct channel for what is past its date: at first, each day, and after one was deleted."""
        for guild in self._channels.guilds:
            channel = self._duty.conduct_channel(guild)
            if channel and now - self._swept.get(channel.id, now - _SWEPT_EVERY) >= _SWEPT_EVERY:
                self._swept[channel.id] = now
                await self._deletion.sweep(channel, now)


def _is_waiting(entries: Sequence[Entry], before: datetime) -> bool:
    """Tell whether a report should have reached its team before a moment, and has not."""
    return any(
        entry.delivery.kind is REPORT and entry.state is not State.SENT and entry.delivery.due_at < before
        for entry in entries
    )
