"""What follows when the programme's source has changed: small things are applied, and the moderators are asked."""

import asyncio
import logging
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

import discord

from bot.admin.log_channel import LogChannel
from bot.clock import Clock
from bot.config import SmallChange
from bot.delivery.channel_messages import ChannelMessages
from bot.editions.model import Proposal
from bot.editions.service import Library
from bot.errors import UserError
from bot.moderating.answers import undo_button
from bot.moderating.model import PendingChange
from bot.moderating.rows import IgnoredChanges
from bot.moderating.service import Moderation
from bot.moderating.small_changes import is_small
from bot.moderating.watching_answers import (
    applied_alone_answer,
    decided_answer,
    failing_answer,
    question_answer,
    recovered_answer,
)
from bot.programme.fingerprint import fingerprint
from bot.programme.source import Loaded, Source
from bot.sources.watch_state import WatchState
from bot.store.audit import AuditEntry
from bot.ui.answer import Answer

_OUT_OF_DATE = "Out of date: "
_NOTHING_NEW = "the source is again what is in use, or what a moderator has gone back from."

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Question:
    """A change that the moderators are asked about.

    Attributes:
        loaded: the source that has changed.
        fingerprint: what it says.
        change: the change, worked out.
        asked_at: since when it waits, in UTC.
        token: names what is shown at present; another one when it was worked out anew.
        messages: the messages that ask, by their channel's id.
    """

    loaded: Loaded
    fingerprint: str
    change: PendingChange
    asked_at: datetime
    token: str = field(default_factory=lambda: secrets.token_hex(4))
    messages: dict[int, discord.Message] = field(default_factory=dict)

    @property
    def answer(self) -> Answer:
        """What the messages say."""
        return question_answer(self.change, self.token)


class Watching:
    """Takes up each change of the source; one question is open at a time.

    The question is kept in memory: after a restart the change is found again, and asked about again.
    """

    def __init__(
        self,
        library: Library,
        moderation: Moderation,
        ignored: IgnoredChanges,
        log_channel: LogChannel,
        moderators: ChannelMessages,
        organizers: ChannelMessages,
        clock: Clock,
        auto_apply: Collection[SmallChange],
    ) -> None:
        """Make a follower of the watch.

        Args:
            library: holds the programme in use.
            moderation: works out and makes changes.
            ignored: the changes that are not asked about.
            log_channel: gets a copy of the record of who decided.
            moderators: writes to those who decide.
            organizers: writes to those who hear of trouble.
            clock: tells the time.
            auto_apply: what is applied without asking.
        """
        self._library = library
        self._moderation = moderation
        self._ignored = ignored
        self._log_channel = log_channel
        self._moderators = moderators
        self._organizers = organizers
        self._clock = clock
        self._auto_apply = auto_apply
        self._question: _Question | None = None
        self._busy = asyncio.Lock()

    @property
    def waiting_since(self) -> datetime | None:
        """Since when a change waits for the moderators, in UTC; None when none does."""
        return self._question.asked_at if self._question else None

    async def start_with(self, loaded: Loaded) -> bool:
        """Take the source as it is at the bot's start; tell whether the programme was changed.

        It is loaded without asking, unless it looks wrong or was ignored. The first one can't look wrong.
        """
        async with self._busy:
            proposal = await self._library.propose_update(loaded)
            if proposal is None:
                return False
            # Before the first one nobody can have ignored any, and to tell what a large source says takes a while.
            if proposal.before.version:
                said = await asyncio.to_thread(fingerprint, proposal.source)
                if await self._ignored.has(said):
                    return False
                if proposal.suspicions:
                    await self._ask(loaded, said, proposal)
                    return False
            # Nobody has seen what the source says against the corrections; the next one who looks is asked.
            await self._library.apply(proposal, seen=False)
            return True

    async def looked(self, loaded: Loaded | None) -> bool:
        """Follow a look at the source; tell whether it is something else than what is in use.

        Args:
            loaded: what is there, or None where that has not changed.

        Raises:
            UserError: the programme was changed by somebody else meanwhile.
        """
        async with self._busy:
            if loaded is None:
                await self._post()
                return False
            proposal = await self._library.propose_update(loaded)
            if proposal is None:
                await self._withdraw(_NOTHING_NEW)
                return False
            return await self._follow(loaded, proposal)

    async def known(self, name: str) -> Mapping[str, str]:
        """Return, for each digest of what would be nothing new, the format in which it was read."""
        return await self._library.known(name)

    async def source(self) -> Source:
        """Return what the programme in use was made of."""
        return await self._library.source()

    async def found_nothing_new(self) -> None:
        """Follow a look that found what is in use, or what a moderator has gone back from."""
        async with self._busy:
            await self._withdraw(_NOTHING_NEW)

    async def show(self) -> None:
        """Ask in channels that were not there before."""
        async with self._busy:
            await self._post()

    async def programme_changed(self) -> None:
        """Work the open question out anew, since it is about another programme now."""
        async with self._busy:
            question = self._question
            if question is None or question.change.proposal.before is self._library.edition:
                return
            proposal = await self._library.propose_update(question.loaded)
            if proposal is None or _shows_nothing(proposal):
                await self._withdraw("the programme in use is what the source says now.")
                return
            question.change = await self._change(question.loaded, proposal)
            question.token = secrets.token_hex(4)
            await self._moderators.edit(question.messages.values(), question.answer)

    async def apply(self, by: int, token: str, *, sure: bool) -> None:
        """Apply the change; one that looks wrong is asked about a second time.

        Args:
            by: Discord's id of the moderator.
            token: names what they have seen.
            sure: whether they have confirmed it twice.

        Raises:
            UserError: it is no longer waiting, or the programme was changed meanwhile.
        """
        async with self._busy:
            question = self._asked(token)
            change = question.change
            if change.findings.suspicions and not sure:
                change.sure, change.page = True, 0
                await self._moderators.edit(question.messages.values(), question.answer)
                return
            new = change.proposal.new
            change.proposal = replace(change.proposal, new=replace(new, loaded_by=by) if new else None)
            answer = await self._moderation.make(change, by)
            self._question = None
            text = f"Applied by <@{by}>: {question.loaded.name}."
            await self._moderators.edit(question.messages.values(), replace(answer, content=text))

    async def ignore(self, by: int, token: str) -> None:
        """Leave the programme as it is, and do not ask about this change again.

        Raises:
            UserError: it is no longer waiting.
        """
        async with self._busy:
            question = self._asked(token)
            record = AuditEntry(self._clock.now(), by, "source change ignored", question.loaded.name)
            await self._ignored.add(question.fingerprint, record)
            self._log_channel.show(record)
            self._question = None
            text = f"Ignored by <@{by}>: the programme stays as it is until its source changes again."
            await self._moderators.edit(question.messages.values(), decided_answer(question.answer, text))

    async def turn(self, token: str, page: int) -> None:
        """Show another page of the change.

        Raises:
            UserError: it is no longer waiting.
        """
        async with self._busy:
            question = self._asked(token)
            question.change.page = page
            await self._moderators.edit(question.messages.values(), question.answer)

    async def take(self, token: str, places: Collection[int]) -> None:
        """Note in which conflicts the source's value is taken.

        Raises:
            UserError: it is no longer waiting.
        """
        async with self._busy:
            question = self._asked(token)
            await self._moderation.choose(question.change, places)
            await self._moderators.edit(question.messages.values(), question.answer)

    async def failing(self, state: WatchState) -> bool:
        """Tell the organizers that a source has been away for long; tell whether they know, as far as they can."""
        return await self._organizers.tell(failing_answer(state))

    async def recovered(self, before: WatchState) -> None:
        """Tell the organizers that it is there again."""
        await self._organizers.post(recovered_answer(before, self._library.edition.programme.zone))

    async def _follow(self, loaded: Loaded, proposal: Proposal) -> bool:
        said = await asyncio.to_thread(fingerprint, proposal.source)
        question = self._question
        if question and question.fingerprint == said and question.change.proposal.before is proposal.before:
            await self._post()
            return False
        if await self._ignored.has(said):
            await self._withdraw("the source has changed back to what was ignored.")
            return False
        if _shows_nothing(proposal):
            return await self._take_quietly(said, proposal)
        if is_small(proposal, self._auto_apply):
            await self._apply_alone(loaded, proposal)
        else:
            await self._withdraw("the source has changed again. The message below has all of it.")
            await self._ask(loaded, said, proposal)
        return True

    async def _take_quietly(self, said: str, proposal: Proposal) -> bool:
        """Take what nobody would see a difference in; not even that is written where the source says the same."""
        await self._withdraw("the source is again what is in use.")
        before = await proposal.before.origin.get()
        if proposal.before.version and said == await asyncio.to_thread(fingerprint, before.source):
            return False
        await self._library.apply(proposal, seen=False)
        return True

    async def _apply_alone(self, loaded: Loaded, proposal: Proposal) -> None:
        edition = await self._library.apply(proposal, seen=False)
        log.info("%s: applied without asking, as auto_apply says", loaded.name)
        await self._withdraw("the source has changed again, and what it says now is in use.")
        undo = undo_button(proposal.before.version, edition.version)
        answer = applied_alone_answer(proposal.difference, loaded.name, undo)
        await self._moderators.post(answer)

    async def _ask(self, loaded: Loaded, said: str, proposal: Proposal) -> None:
        change = await self._change(loaded, proposal)
        self._question = _Question(loaded, said, change, self._clock.now())
        log.log(
            logging.INFO if self._moderators.wanted and not proposal.suspicions else logging.WARNING,
            "%s has changed%s%s; a moderator has to apply or ignore it%s",
            loaded.name,
            ": " if proposal.suspicions else "",
            " ".join(proposal.suspicions).removesuffix("."),
            "" if self._moderators.wanted else ", and there is no discord.moderators_channel to ask in",
        )
        await self._post()

    async def _change(self, loaded: Loaded, proposal: Proposal) -> PendingChange:
        findings = await self._moderation.findings(proposal)
        return PendingChange(proposal, findings, "source change applied", loaded.name)

    async def _post(self) -> None:
        if self._question:
            await self._moderators.post(self._question.answer, self._question.messages)

    async def _withdraw(self, why: str) -> None:
        question, self._question = self._question, None
        if question:
            answer = decided_answer(question.answer, f"{_OUT_OF_DATE}{why}")
            await self._moderators.edit(question.messages.values(), answer)

    def _asked(self, token: str) -> _Question:
        question = self._question
        if question is None or question.token != token:
            raise UserError(
                "This is out of date: the change was decided or has changed since, or the bot was restarted. Nothing "
                "was done. What still differs is in the latest message here, or will be after the next look."
            )
        return question


def _shows_nothing(proposal: Proposal) -> bool:
    return proposal.difference.empty and not proposal.conflicts
