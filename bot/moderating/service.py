"""Changing the programme: every change is worked out, shown, and then made or not."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.admin.log_channel import LogChannel
from bot.agenda.agendas import Agendas
from bot.clock import Clock
from bot.delivery.model import Kind, State
from bot.delivery.rows import Outbox
from bot.editions.model import NOTHING, CorrectionKey, Edition, KeptCorrection, Proposal, key_of
from bot.editions.service import Library
from bot.errors import UserError
from bot.moderating.answers import (
    applied_answer,
    cancelled_answer,
    fixes_answer,
    history_answer,
    proposal_answer,
    taking_back,
    unchanged_answer,
    word_of,
)
from bot.moderating.difference_answer import name_of
from bot.moderating.model import Findings, PendingChange, moved_subjects
from bot.moderating.typed import written
from bot.programme.corrections import (
    FIELDS,
    TIMES,
    Correctable,
    Correction,
    conflicts,
    field_text,
    moment_of,
    validated,
)
from bot.programme.news import Bulletin
from bot.programme.source import Loaded, Source
from bot.store.audit import AuditEntry
from bot.ui.answer import Answer
from bot.ui.moments import local_moment
from bot.ui.pending import Pending

_ASKED_AT_ONCE: Final = 5_000
"""About how many subjects the outbox is asked in one question; SQLite takes 32,766 values in one."""

_PROPOSALS: Final = 10
"""How many changes can wait for a press, of so many moderators."""


class Moderation:
    """Works out changes of the programme and makes them, for moderators; who may is asked before."""

    def __init__(
        self,
        library: Library,
        agendas: Agendas,
        outbox: Outbox,
        log_channel: LogChannel,
        clock: Clock,
        zone: ZoneInfo,
        reminder_kinds: Sequence[Kind],
    ) -> None:
        self._library = library
        self._agendas = agendas
        self._outbox = outbox
        self._log_channel = log_channel
        self._clock = clock
        self._zone = zone
        self._reminder_kinds = reminder_kinds
        # Each holds a programme of its own.
        self._pending: Pending[PendingChange] = Pending(clock, most=_PROPOSALS)

    @property
    def edition(self) -> Edition:
        """The edition that a change would replace."""
        return self._library.edition

    async def reload(self, by: int, loaded: Loaded, origin: str) -> Answer:
        """Show what a source would change.

        Args:
            by: Discord's id of the moderator.
            loaded: the source.
            origin: what the history calls it.
        """
        proposal = await self._library.propose(loaded, by, origin=origin)
        if proposal.new is None:
            return unchanged_answer(loaded.name)
        return await self._show(by, proposal, "programme reload", origin)

    async def go_back(self, by: int, number: int) -> Answer:
        """Show what going back to a version would change; the fixes stay as they are.

        Raises:
            UserError: there is no such version.
        """
        return await self._show_undoing(by, await self._library.propose_going_back(number))

    async def take_back(self, by: int, between: tuple[int, int] | None = None) -> Answer:
        """Show what taking back a change would change: its version and the fixes that it made or took away.

        Args:
            by: Discord's id of the moderator.
            between: the numbers of the versions from which to which the change led; by default it is the last one.

        Raises:
            UserError: there is nothing to take back.
        """
        proposal, step = await self._library.propose_undoing(between)
        note = taking_back(step, proposal.before.programme, last=between is None) if step else ""
        return await self._show_undoing(by, proposal, note)

    async def fix(self, by: int, about: Correctable, key: str, typed: Mapping[str, str]) -> Answer:
        """Show what corrections would change; what is typed as it is already is no correction.

        Args:
            by: Discord's id of the moderator.
            about: "paper" or "session".
            key: the key of the paper or session.
            typed: what the moderator typed, by field.

        Raises:
            UserError: the paper or session is gone, or something typed can't be used.
        """
        part = await self._library.part(about, key)
        shown, own = self._texts(part.corrected, about, key), part.source
        session = self._library.edition.programme.session(key) if about == "session" else None
        day = session.starts_at.astimezone(self._zone).date() if session and session.starts_at else None
        corrected = {key_of(kept.correction) for kept in self._library.edition.corrections}
        keep: list[KeptCorrection] = []
        drop: list[CorrectionKey] = []
        typed_times: dict[str, str] = {}
        for name, text in typed.items():
            if text.strip() == shown.get(name, "").strip():
                continue
            value = validated(about, name, await written(name, text, self._clock.now(), self._zone, day))
            if name in TIMES:
                typed_times[name] = value
            was = field_text(own, about, key, name)
            if value == (was or ""):
                drop += corrected & {(about, key, name)}
            elif value != (field_text(part.corrected, about, key, name) or ""):
                correction = Correction(about, key, name, value, was)
                keep.append(KeptCorrection(correction, by, self._clock.now()))
        if not keep and not drop:
            return cancelled_answer()
        if about == "session":
            self._check_order(part.corrected, key, typed_times)
        proposal = await self._library.propose_corrections(keep, drop)
        fields = ", ".join([word_of(one.correction.field) for one in keep] + [word_of(name) for _, _, name in drop])
        return await self._show(
            by,
            proposal,
            f"programme fix {about}",
            f"{fields} of {name_of(about, key, self._library.edition.programme)}",
        )

    async def remove_fix(self, by: int, key: CorrectionKey) -> Answer:
        """Show what taking a correction away would change.

        Raises:
            UserError: there is no such correction any more.
        """
        if all(key_of(kept.correction) != key for kept in self._library.edition.corrections):
            raise UserError("There is no such fix any more. See `/programme fixes`.")
        proposal = await self._library.propose_corrections(drop=[key])
        name = name_of(key[0], key[1], proposal.before.programme)
        return await self._show(by, proposal, "programme fix removed", f"{word_of(key[2])} of {name}")

    async def turn(self, by: int, token: str, page: int) -> Answer:
        """Show another page of a proposal.

        Raises:
            UserError: it is no longer waiting.
        """
        change = self._pending.get(by, token)
        change.page = page
        return proposal_answer(change, token)

    async def take(self, by: int, token: str, places: Collection[int]) -> Answer:
        """Note in which conflicts the source's value is taken.

        Raises:
            UserError: it is no longer waiting.
        """
        change = self._pending.get(by, token)
        await self.choose(change, places)
        return proposal_answer(change, token)

    async def apply(self, by: int, token: str, *, sure: bool) -> Answer:
        """Make a proposal the programme in use; one that looks wrong is asked about a second time.

        Raises:
            UserError: it is no longer waiting, or the programme was changed meanwhile.
        """
        change = self._pending.get(by, token)
        if change.findings.suspicions and not sure:
            change.sure, change.page = True, 0
            return proposal_answer(change, token)
        async with change.choosing:
            self._pending.take(by, token)
        return await self.make(change, by)

    async def cancel(self, by: int, token: str) -> Answer:
        """Forget a proposal.

        Raises:
            UserError: it is no longer waiting.
        """
        self._pending.take(by, token)
        return cancelled_answer()

    async def history(self, page: int = 0) -> Answer:
        """List the versions, and what was done besides loading them."""
        notes, steps = await self._library.history(), await self._library.steps()
        return history_answer(notes, steps, self._library.edition, page)

    async def list_fixes(self, page: int = 0) -> Answer:
        """List the corrections."""
        edition = self._library.edition
        corrections = [kept.correction for kept in edition.corrections]
        source = await self._library.uncorrected() if corrections else NOTHING
        disputed = await asyncio.to_thread(conflicts, source, corrections)
        return fixes_answer(edition.corrections, disputed, edition.programme, page)

    async def choose(self, change: PendingChange, places: Collection[int]) -> None:
        """Work a change out anew, with the source's value taken in the conflicts at these places and in no others."""
        conflicts = change.proposal.conflicts
        drop = [key_of(conflicts[place].correction) for place in places if place < len(conflicts)]
        async with change.choosing:
            change.proposal = await self._library.reconsider(change.proposal, drop)
            change.findings, change.page = await self.findings(change.proposal), 0

    async def make(self, change: PendingChange, by: int) -> Answer:
        """Make a change, and write down who did.

        Raises:
            UserError: the programme was changed meanwhile.
        """
        proposal = change.proposal
        before = proposal.before
        was = _described(before.version.id if before.version else None, before.corrections)
        entry = AuditEntry(self._clock.now(), by, change.action, change.about, before=was)

        def record(number: int | None, corrections: Sequence[KeptCorrection]) -> AuditEntry:
            return replace(entry, after=_described(number, corrections))

        edition = await self._library.apply(proposal, record=record)
        note = edition.version
        self._log_channel.show(record(note.id if note else None, edition.corrections))
        fixed = proposal.new is None and proposal.earlier is None
        # A new paper alone is told only to those who follow its topic, in their next digest.
        told = bool(proposal.news and Bulletin.parse(proposal.news).news)
        return applied_answer(edition.programme, note, before.version, told=told, fixed=fixed)

    async def texts(self, about: Correctable, key: str) -> dict[str, str]:
        """Return the fields of a paper or session as they are now, as a moderator sees and types them.

        Times are in the conference's zone.

        Raises:
            UserError: it is gone.
        """
        return self._texts((await self._library.part(about, key)).corrected, about, key)

    def _texts(self, source: Source, about: Correctable, key: str) -> dict[str, str]:
        try:
            return {field: self._typed(field, field_text(source, about, key, field) or "") for field in FIELDS[about]}
        except KeyError:
            raise UserError(f"This {about} is no longer in the programme.") from None

    def _check_order(self, source: Source, key: str, typed: Mapping[str, str]) -> None:
        """Refuse times of a session that would end before it has begun."""
        if not typed:
            return
        start, end = (
            moment_of(typed.get(field, field_text(source, "session", key, field) or ""))
            for field in ("starts_at", "ends_at")
        )
        if start and end and end <= start:
            begins, ends = (local_moment(moment, self._zone) for moment in (start, end))
            raise UserError(
                f"The session would end ({ends}) before it begins ({begins}). "
                "Change both times, or leave the end empty."
            )

    def _typed(self, field: str, text: str) -> str:
        if field in TIMES and text:
            return f"{datetime.fromisoformat(text).astimezone(self._zone):%Y-%m-%d %H:%M}"
        return text

    async def _show_undoing(self, by: int, proposal: Proposal, note: str = "") -> Answer:
        about = f"back to version {proposal.earlier.id}" if proposal.earlier else "the last fix taken back"
        return await self._show(by, proposal, "programme undo", about, note)

    async def _show(self, by: int, proposal: Proposal, action: str, about: str, note: str = "") -> Answer:
        change = PendingChange(proposal, await self.findings(proposal), action, about, note=note)
        return proposal_answer(change, self._pending.keep(by, change))

    async def findings(self, proposal: Proposal) -> Findings:
        """Return what a moderator should know of a proposal besides the difference."""
        gone = {paper.key for paper in proposal.difference.papers_removed}
        moved = await asyncio.to_thread(moved_subjects, proposal.before.programme, proposal.after)
        reminders = 0
        for start in range(0, len(moved), _ASKED_AT_ONCE):
            subjects = moved[start : start + _ASKED_AT_ONCE]
            reminders += await self._outbox.count([State.PLANNED], kinds=self._reminder_kinds, subjects=subjects)
        return Findings(
            suspicions=proposal.suspicions,
            recognised=proposal.matches,
            conflicts=proposal.conflicts,
            problems=proposal.source.problems if proposal.new else (),
            bookmarkers=self._agendas.count_with(gone),
            reminders=reminders,
        )


def _described(version: int | None, corrections: Sequence[KeptCorrection]) -> str:
    """Describe a state of the programme for the record."""
    fixes = "\n".join(
        f"{one.about} {one.key}, {one.field}: {one.value}" for one in (kept.correction for kept in corrections)
    )
    return f"version {version}" + (f" with these fixes:\n{fixes}" if fixes else "")
