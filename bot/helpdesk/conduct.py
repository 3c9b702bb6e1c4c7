"""Reports of conduct: kept, handed on to the team alone, answered, and deleted at their date."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

import discord

from bot.clock import Clock
from bot.delivery.channel_messages import ChannelMessages
from bot.delivery.dispatcher import Dispatcher
from bot.errors import UserError
from bot.helpdesk import answers
from bot.helpdesk.duty import Duty
from bot.helpdesk.model import About, Asked, Report, Word
from bot.helpdesk.rows import ConductStore
from bot.store.notices import Notices
from bot.ui.answer import Answer
from bot.ui.questions import NOT_UNDERSTOOD

GONE = "I no longer have this report, so I can't reach whoever made it. Its messages are deleted at their date."

log = logging.getLogger(__name__)


class Conduct:
    """What is reported to the conduct team.

    The log never says who reports, whom, or what.
    """

    def __init__(
        self,
        store: ConductStore,
        dispatcher: Dispatcher,
        duty: Duty,
        notices: Notices,
        organizers: ChannelMessages,
        clock: Clock,
        delete_after: timedelta,
    ) -> None:
        """Make the service.

        Args:
            store: the reports in the database.
            dispatcher: brings them to the team.
            duty: knows the team and its channel.
            notices: the troubles that are not over yet.
            organizers: writes to those who can mend the channel.
            clock: tells the time.
            delete_after: how long after it was made a report is deleted.
        """
        self._store = store
        self._notices = notices
        self._organizers = organizers
        self._dispatcher = dispatcher
        self._duty = duty
        self._clock = clock
        self._delete_after = delete_after
        self._known: dict[str, Report] = {}

    async def open(self) -> None:
        """Read which reports there are."""
        self._known = {one.token: one for one in await self._store.all()}

    async def report(self, asked: Asked, guild: discord.Guild, *, named: bool) -> Answer:
        """Hand a report on, if nobody else can read it there; for the same form once, however often it is sent."""
        if known := self._known.get(asked.token):
            return self._told(known, asked, known.made_at)
        channel, trouble = self._duty.channel(About.CONDUCT, guild), self._duty.conduct_trouble(guild)
        await self._tell_organizers(channel, trouble)
        if not trouble and asked.quote and await self._is_of_team(guild, asked.quote.author_id):
            trouble = "whoever wrote that message is one of those who read the reports"
        if channel is None or trouble:
            log.warning("a conduct report was refused: its channel can't be used, or is not the right one for it")
            why = f"I can't hand a report to the conduct team so that they alone read it: {trouble}."
            return answers.refused_answer(why, self._duty.contact, asked.text)
        delete_at = asked.made_at + self._delete_after
        report = Report(
            asked.token, channel.id, asked.user_id, named, asked.text, asked.quote, asked.made_at, delete_at
        )
        kept, due = await self._store.add(report)
        if kept.token not in self._known:
            log.info("a conduct report was made")
        self._known[kept.token] = kept
        self._dispatcher.wake()
        return self._told(kept, asked, due)

    def _told(self, kept: Report, asked: Asked, due_at: datetime) -> Answer:
        if kept.reporter_id != asked.user_id:
            raise UserError(NOT_UNDERSTOOD)
        return answers.reported_answer(kept, due_at, self._duty.team, self._duty.contact)

    async def _tell_organizers(self, channel: discord.TextChannel | None, trouble: str) -> None:
        """Let the organizers hear, once, that a report was refused, and not whose or about what."""
        about = "conduct channel"
        if not trouble:
            if await self._notices.get(about):
                await self._notices.forget(about)
        elif await self._notices.claim(about, self._clock.now()):
            text = answers.refused_notice(channel.mention if channel else None, trouble)
            if not await self._organizers.tell(Answer(None, content=text)):
                await self._notices.release(about)

    async def _is_of_team(self, guild: discord.Guild, user_id: int) -> bool:
        member = await self._duty.member(guild, user_id)
        return member is not None and self._duty.member_is_of_team(member)

    async def take(self, token: str, holder: int | None, user_id: int) -> Report:
        """Give a report to somebody of the team; where another was quicker it stays theirs.

        Raises:
            UserError: it is gone.
        """
        return self._checked(await self._store.take(token, holder, user_id))

    async def answer(self, token: str, word: str, text: str) -> datetime:
        """Bring the reporter an answer of the team's, once for the same form.

        Raises:
            UserError: nobody knows any more who that is.
        """
        return await self._add(Word(word, token, True, answers.words_of_team(text), self._clock.now()))

    async def close(self, token: str, word: str, text: str) -> Report:
        """Close a report, and let the reporter know.

        Raises:
            UserError: it is gone.
        """
        report = self._checked(await self._store.get(token))
        if await self._store.close(token, self._clock.now()) and report.reporter_id:
            await self._add(Word(word, token, True, answers.closing_words(text), self._clock.now()))
        return self._checked(await self._store.get(token))

    async def add_word(self, token: str, word: str, user_id: int, text: str) -> datetime:
        """Bring the team what the reporter adds, once for the same form; return when it goes out.

        Raises:
            UserError: it is not theirs, or gone.
        """
        report = await self._store.get(token)
        if report is None or report.reporter_id != user_id:
            raise UserError(f"I have no such report of yours any more. Turn to {self._duty.contact}.")
        return await self._add(Word(word, token, False, text, self._clock.now()))

    async def unseen(self, user_id: int) -> Answer:
        """Show somebody, once, the answers that could not be sent to them.

        Raises:
            UserError: there are none.
        """
        words = await self._store.unseen_by(user_id)
        if not words:
            raise UserError("There is nothing for you that you have not seen.")
        return answers.unseen_answer(words)

    async def seen(self, user_id: int) -> None:
        """Erase what somebody was just shown."""
        await self._store.seen([word.token for word in await self._store.unseen_by(user_id)])

    def knows(self, user_id: int) -> bool:
        """Tell, without asking the database, whether somebody has reported anything."""
        return any(one.reporter_id == user_id for one in self._known.values())

    async def has_unseen(self, user_id: int) -> bool:
        """Tell whether there are answers that could not be sent to somebody."""
        return self.knows(user_id) and bool(await self._store.unseen_by(user_id))

    @property
    def keeps_any(self) -> bool:
        """Whether there is any report."""
        return bool(self._known)

    def dropped(self, token: str) -> None:
        """Let go of a report that is deleted."""
        self._known.pop(token, None)

    # What /mydata asks.

    def of(self, user_id: int) -> list[Report]:
        """Return somebody's reports."""
        return [one for one in self._known.values() if one.reporter_id == user_id]

    def exported(self, user_id: int) -> Mapping[str, object]:
        """Return what JSON can say about them."""
        own = [
            {
                "token": one.token,
                "made_at": one.made_at.isoformat(),
                "named": one.named,
                "deleted_at": one.delete_at.isoformat(),
            }
            for one in self.of(user_id)
        ]
        return {"conduct_reports": own} if own else {}

    async def forget(self, user_id: int) -> None:
        """Forget that somebody's reports are theirs; the reports stay with the team until their date."""
        await self._store.forget(user_id)
        await self.open()

    async def _add(self, word: Word) -> datetime:
        due = await self._store.add_word(word, self._clock.now())
        if due is None:
            raise UserError(GONE)
        self._dispatcher.wake()
        return due

    def _checked(self, report: Report | None) -> Report:
        if report is None:
            raise UserError(GONE)
        return report
