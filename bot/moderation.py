"""The moderators' desk: every change of the programme is worked out, shown, and then made or not."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.drafts import Drafts
from bot.due import Kind, State
from bot.errors import Trouble
from bot.library import CorrectionKey, Proposal, key_of
from bot.programme.corrections import About, Correction, conflicts, field_text, validated
from bot.programme.difference import TimeChange
from bot.programme.source import Source, SourcePaper, SourceSession
from bot.store import AuditEntry
from bot.store.versions import KeptCorrection
from bot.ui.answer import Answer
from bot.ui.difference import Findings
from bot.ui.moderation import (
    applied_answer,
    cancelled_answer,
    fixes_answer,
    history_answer,
    proposal_answer,
    unchanged_answer,
)

if TYPE_CHECKING:
    from bot.client import ConferenceBot


@dataclass(slots=True)
class _Draft:
    """A proposal that waits for a press.

    Attributes:
        proposal: the proposal.
        findings: what the moderator is told besides the difference.
        action: what it is called in the record.
        about: what it is about, for the record.
        page: the page of the difference that is shown.
        sure: whether a proposal that looks wrong was confirmed once.
        choosing: held while a choice is worked out, so that an early press of Apply waits for it.
    """

    proposal: Proposal
    findings: Findings
    action: str
    about: str
    page: int = 0
    sure: bool = False
    choosing: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def taken(self) -> frozenset[int]:
        """The places of the conflicts in which the source's value is taken."""
        conflicts = enumerate(self.proposal.conflicts)
        return frozenset(place for place, conflict in conflicts if key_of(conflict.correction) in self.proposal.drop)


class Moderation:
    """Works out changes of the programme and makes them, for moderators; who may is asked before."""

    def __init__(self, bot: "ConferenceBot") -> None:
        self._bot = bot
        self._drafts: Drafts[_Draft] = Drafts(bot.clock)
        self._zone = ZoneInfo(bot.config.conference.timezone)

    # --- proposals

    async def reload(self, by: int, data: bytes, name: str, origin: str) -> Answer:
        """Show what a source would change.

        Args:
            by: Discord's id of the moderator.
            data: the whole source.
            name: what messages call it.
            origin: what the history calls it.

        Raises:
            Trouble: the source can't be read.
        """
        proposal = await self._bot.library.propose(data, name, by, origin=origin)
        if proposal.new is None:
            return unchanged_answer(name)
        return await self._show(by, proposal, "programme reload", origin)

    async def go_back(self, by: int, number: int | None = None) -> Answer:
        """Show what going back to a version would change, by default to the one in use before this one.

        Raises:
            Trouble: there is no such version.
        """
        proposal = await self._bot.library.propose_going_back(number)
        version = proposal.earlier
        return await self._show(by, proposal, "programme undo", f"back to version {version.id if version else number}")

    async def fix(self, by: int, about: About, key: str, typed: Mapping[str, str]) -> Answer:
        """Show what corrections would change; what is typed as it is already is no correction.

        Args:
            by: Discord's id of the moderator.
            about: "paper" or "session".
            key: the key of the paper or session.
            typed: what the moderator typed, by field.

        Raises:
            Trouble: the paper or session is gone, or something typed can't be used.
        """
        own, current = self._thing(self._bot.library.uncorrected, about, key), self.current(about, key)
        corrected = {key_of(kept.correction) for kept in self._bot.library.edition.corrections}
        keep: list[KeptCorrection] = []
        drop: list[CorrectionKey] = []
        for name, text in typed.items():
            if text.strip() == self.shown(current, name):
                continue
            value, was = validated(about, name, text, self._zone), field_text(own, name)
            if value == (was or ""):
                drop += corrected & {(about, key, name)}
            elif value != (field_text(current, name) or ""):
                correction = Correction(about, key, name, value, was)
                keep.append(KeptCorrection(correction, by, self._bot.clock.now()))
        if not keep and not drop:
            return cancelled_answer()
        proposal = await self._bot.library.propose_corrections(keep, drop)
        fields = ", ".join([one.correction.field for one in keep] + [name for _, _, name in drop])
        return await self._show(by, proposal, f"programme fix {about}", f"{fields} of {key}")

    async def remove_fix(self, by: int, key: CorrectionKey) -> Answer:
        """Show what taking a correction away would change.

        Raises:
            Trouble: there is no such correction any more.
        """
        if all(key_of(kept.correction) != key for kept in self._bot.library.edition.corrections):
            raise Trouble("There is no such fix any more. See `/programme fixes`.")
        proposal = await self._bot.library.propose_corrections(drop=[key])
        return await self._show(by, proposal, "programme fix removed", f"{key[2]} of {key[1]}")

    # --- presses

    async def turn(self, by: int, token: str, page: int) -> Answer:
        """Show another page of a proposal.

        Raises:
            Trouble: the draft is gone.
        """
        draft = self._drafts.get(by, token)
        draft.page = page
        return _answer(draft, token)

    async def take(self, by: int, token: str, places: Collection[int]) -> Answer:
        """Note in which conflicts the source's value is taken.

        Raises:
            Trouble: the draft is gone.
        """
        draft = self._drafts.get(by, token)
        conflicts = draft.proposal.conflicts
        drop = [key_of(conflicts[place].correction) for place in places if place < len(conflicts)]
        async with draft.choosing:
            draft.proposal = await self._bot.library.reconsider(draft.proposal, drop)
            draft.findings, draft.page = await self._findings(draft.proposal), 0
        return _answer(draft, token)

    async def apply(self, by: int, token: str, *, sure: bool) -> Answer:
        """Make a proposal the programme in use; one that looks wrong is asked about a second time.

        Raises:
            Trouble: the draft is gone, or the programme was changed meanwhile.
        """
        draft = self._drafts.get(by, token)
        if draft.findings.suspicions and not sure:
            draft.sure, draft.page = True, 0
            return _answer(draft, token)
        async with draft.choosing:
            self._drafts.take(by, token)
        proposal = draft.proposal
        before = proposal.before
        was = _described(before.version.id if before.version else None, before.corrections)
        entry = AuditEntry(self._bot.clock.now(), by, draft.action, draft.about, before=was)

        def record(number: int | None, corrections: Sequence[KeptCorrection]) -> AuditEntry:
            return replace(entry, after=_described(number, corrections))

        edition = await self._bot.library.apply(proposal, record=record)
        note = edition.version.note if edition.version else None
        await self._bot.audit.show(record(note.id if note else None, edition.corrections))
        fixed = proposal.new is None and proposal.earlier is None
        return applied_answer(edition.programme, note, told=proposal.news is not None, fixed=fixed)

    async def cancel(self, by: int, token: str) -> Answer:
        """Forget a proposal.

        Raises:
            Trouble: the draft is gone.
        """
        self._drafts.take(by, token)
        return cancelled_answer()

    # --- looking

    async def history(self, page: int = 0) -> Answer:
        """List the versions."""
        version = self._bot.library.edition.version
        return history_answer(await self._bot.store.versions.history(), version.id if version else None, page)

    async def list_fixes(self, page: int = 0) -> Answer:
        """List the corrections."""
        edition = self._bot.library.edition
        corrections = [kept.correction for kept in edition.corrections]
        disputed = await asyncio.to_thread(conflicts, self._bot.library.uncorrected, corrections)
        return fixes_answer(edition.corrections, disputed, edition.programme, page)

    def current(self, about: About, key: str) -> SourcePaper | SourceSession:
        """Return a paper or session as it is now, corrections included.

        Raises:
            Trouble: it is gone.
        """
        return self._thing(self._bot.library.edition.source, about, key)

    def shown(self, thing: SourcePaper | SourceSession, name: str) -> str:
        """Return a field as a moderator sees and types it: times in the conference's zone."""
        value = getattr(thing, name, None)
        if name in ("starts_at", "ends_at"):
            return f"{value.astimezone(self._zone):%Y-%m-%d %H:%M}" if value else ""
        return field_text(thing, name) or ""

    def _thing(self, source: Source, about: About, key: str) -> SourcePaper | SourceSession:
        things: Sequence[SourcePaper | SourceSession] = source.sessions
        if about == "paper":
            things = [paper for session in source.sessions for paper in session.papers]
        for thing in things:
            if thing.key == key:
                return thing
        raise Trouble(f"This {about} is no longer in the programme.")

    async def _show(self, by: int, proposal: Proposal, action: str, about: str) -> Answer:
        draft = _Draft(proposal, await self._findings(proposal), action, about)
        return _answer(draft, self._drafts.keep(by, draft))

    async def _findings(self, proposal: Proposal) -> Findings:
        gone = {paper.key for paper in proposal.difference.papers_removed}
        moved = {
            change.after.key
            for change in proposal.difference.sessions_changed
            if any(isinstance(one, TimeChange) and one.field == "start" for one in change.changes)
        } | {session.key for session in proposal.difference.sessions_removed}
        reminders = 0
        if moved:
            kinds = (Kind.REMINDER, Kind.DIRECT)
            reminders = await self._bot.ledger.count([State.PLANNED], kinds=kinds, subjects=moved)
        return Findings(
            suspicions=proposal.suspicions,
            matches=proposal.matches,
            conflicts=proposal.conflicts,
            problems=proposal.source.problems if proposal.new else (),
            bookmarkers=self._bot.agendas.count_with(gone),
            reminders=reminders,
        )


def _answer(draft: _Draft, token: str) -> Answer:
    return proposal_answer(draft.proposal.difference, draft.findings, token, draft.page, draft.taken, sure=draft.sure)


def _described(version: int | None, corrections: Sequence[KeptCorrection]) -> str:
    """Describe a state of the programme for the record."""
    fixes = "\n".join(
        f"{one.about} {one.key}, {one.field}: {one.value}" for one in (kept.correction for kept in corrections)
    )
    return f"version {version}" + (f" with these fixes:\n{fixes}" if fixes else "")
