"""The programme in use, ready to be asked: loaded from the store, swapped whole when another one comes."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from bot.clock import Clock
from bot.editions.model import (
    NOTHING,
    CorrectionKey,
    Edition,
    KeptCorrection,
    NewVersion,
    Proposal,
    Record,
    Revision,
    Version,
    VersionNote,
    key_of,
)
from bot.editions.rows import EditionStore
from bot.errors import UserError
from bot.gc_pause import gc_paused
from bot.programme.build import Times, build, with_times
from bot.programme.corrections import Correction, conflicts, lay_over
from bot.programme.difference import Difference, compare, suspicions
from bot.programme.identity import Recognised, recognise
from bot.programme.model import Programme
from bot.programme.news import news_text
from bot.programme.source import Loaded, Source
from bot.search import Index


class Library:
    """Holds the current edition and replaces it. Everything slow happens in a thread.

    Attributes:
        edition: what questions are answered from at this moment.
        changed: called after the edition was replaced.
    """

    def __init__(self, versions: EditionStore, clock: Clock, times: Mapping[str, Times]) -> None:
        self._versions = versions
        self._clock = clock
        self._times = times
        self._loading = asyncio.Lock()
        self._changing = asyncio.Lock()
        self.edition = Edition(Programme(), Index(Programme()))
        self.changed: Callable[[], object] = lambda: None

    async def open(self) -> None:
        """Take the version in use from the store."""
        if version := await self._versions.current():
            corrections = tuple(await self._versions.corrections())
            self.edition = await self._edition(version, corrections)

    async def load(self, loaded: Loaded) -> bool:
        """Take a source as it is at the bot's start; tell whether anything changed.

        What was loaded from there before is not loaded again, also where a moderator went back or uploaded another
        one since. Until the new version is whole, questions are answered from the old one.
        """
        async with self._loading:
            proposal = await self.propose_update(loaded)
            if proposal:
                # Nobody has seen what the source says against the corrections; the next one who looks is asked.
                await self.apply(proposal, seen=False)
            return proposal is not None

    async def propose_update(self, loaded: Loaded) -> Proposal | None:
        """Work out what the configured source would make of the programme; None for nothing new.

        What was loaded from there before is nothing new, also where a moderator went back or uploaded another one
        since.
        """
        last, version = await self._versions.latest_configured(loaded.name), self.edition.version
        known = last and (last.source_name, last.digest) == (loaded.name, loaded.digest)
        if last and known and version and version.id != last.id:
            return None
        proposal = await self.propose(loaded)
        return proposal if proposal.new else None

    async def propose(self, loaded: Loaded, by: int | None = None, *, origin: str = "") -> Proposal:
        """Work out what a source would make of the programme.

        Args:
            loaded: the source.
            by: Discord's id of who loads it, or None for the bot itself.
            origin: what the history calls it, if not the same. What was not the configured source must not be
                called as that is, or the next start would take it for an older state of it.

        Returns:
            the proposal; it has nothing new when this source is what is in use.
        """
        before, gone = self.edition, await self._versions.names_of_keys()
        with gc_paused():
            return await asyncio.to_thread(self._propose, before, loaded, origin or loaded.name, by, gone)

    async def propose_going_back(self, number: int | None = None) -> Proposal:
        """Work out what going back to an earlier version would change, by default to the one in use before.

        Raises:
            UserError: there is no such version.
        """
        before = self.edition
        number = number if number is not None else await self._versions.before()
        version = None if number is None else await self._versions.get(number)
        if version is None:
            raise UserError("There is no such earlier version to go back to. See `/programme history`.")
        if before.version and version.id == before.version.id:
            raise UserError(f"Version {version.id} is in use already. See `/programme history`.")
        with gc_paused():
            return await asyncio.to_thread(self._propose_source, before, version.source, earlier=version)

    async def propose_corrections(
        self, keep: Sequence[KeptCorrection] = (), drop: Collection[CorrectionKey] = ()
    ) -> Proposal:
        """Work out what corrections, and taking some away, would change.

        Raises:
            UserError: no programme was loaded yet.
        """
        before = self.edition
        if before.version is None:
            raise UserError("There is no programme to correct yet. Load one with `/programme reload`.")
        with gc_paused():
            return await asyncio.to_thread(
                self._propose_source, before, before.version.source, keep=tuple(keep), drop=tuple(drop)
            )

    async def reconsider(self, proposal: Proposal, drop: Collection[CorrectionKey]) -> Proposal:
        """Work out a proposal anew, with other corrections taken away; what it asks about stays the same."""
        with gc_paused():
            changed = await asyncio.to_thread(
                self._propose_source,
                proposal.before,
                proposal.source,
                matches=proposal.matches,
                new=proposal.new,
                earlier=proposal.earlier,
                keep=proposal.keep,
                drop=tuple(drop),
            )
        return replace(changed, conflicts=proposal.conflicts)

    async def history(self) -> list[VersionNote]:
        """Return what is written down about the versions, the latest first."""
        return await self._versions.history()

    @property
    def uncorrected(self) -> Source:
        """What the source says, with the configured times and without corrections."""
        version = self.edition.version
        return self._timed(version.source) if version else NOTHING

    async def apply(self, proposal: Proposal, *, seen: bool = True, record: Record | None = None) -> Edition:
        """Make a proposal the programme in use: one transaction and a swap.

        Args:
            proposal: the proposal.
            seen: whether somebody has seen the source's new values for corrected fields, and keeps the corrections.
            record: makes the entry of the record, given the version's number and the corrections from now on.

        Raises:
            UserError: the programme was changed by somebody else since the proposal was made.
        """
        async with self._changing:
            before = proposal.before
            if self.edition is not before:
                raise UserError("The programme was changed meanwhile. Nothing was done; look at the difference again.")
            keep = (*proposal.keep, *(_renewed(proposal) if seen else ()))
            corrections = _after(before.corrections, keep, proposal.drop)
            with gc_paused():
                index = await asyncio.to_thread(Index, proposal.after)
            revision = Revision(
                at=self._clock.now(),
                version=proposal.new,
                back_to=proposal.earlier.id if proposal.earlier else None,
                keep=keep,
                drop=proposal.drop,
                news=proposal.news,
                record=(lambda number: record(number, corrections)) if record else None,
            )
            number = await self._versions.revise(revision)
            version = _written(revision, number) or proposal.earlier or before.version
            self.edition = Edition(proposal.after, index, version, corrections, proposal.corrected)
        self.changed()
        return self.edition

    def _propose(
        self, before: Edition, loaded: Loaded, origin: str, by: int | None, gone: Mapping[str, str]
    ) -> Proposal:
        version = before.version
        if version and version.note.digest == loaded.digest:
            return Proposal(before, before.programme, Difference(), version.source, before.source)
        recognised = recognise(loaded.source, version.source if version else None, gone)
        new = NewVersion(recognised.source, origin, loaded.digest, by)
        proposal = self._propose_source(before, recognised.source, matches=recognised.matches, new=new)
        return replace(proposal, new=replace(new, summary=_summary(proposal.difference)))

    def _propose_source(
        self,
        before: Edition,
        source: Source,
        *,
        matches: tuple[Recognised, ...] = (),
        new: NewVersion | None = None,
        earlier: Version | None = None,
        keep: tuple[KeptCorrection, ...] = (),
        drop: tuple[CorrectionKey, ...] = (),
    ) -> Proposal:
        corrections = _plain(_after(before.corrections, keep, drop))
        timed = self._timed(source)
        corrected = lay_over(timed, corrections)
        after = build(corrected)
        difference = compare(before.programme, after)
        return Proposal(
            before,
            after,
            difference,
            source,
            corrected,
            suspicions=suspicions(before.programme, after, difference) if new or earlier else (),
            matches=matches,
            conflicts=conflicts(timed, corrections) if new else (),
            new=new,
            earlier=earlier,
            keep=keep,
            drop=drop,
            news=news_text(before.programme, after, difference),
        )

    async def _edition(self, version: Version, corrections: tuple[KeptCorrection, ...]) -> Edition:
        def made() -> Edition:
            corrected = lay_over(self._timed(version.source), _plain(corrections))
            programme = build(corrected)
            return Edition(programme, Index(programme), version, corrections, corrected)

        with gc_paused():
            return await asyncio.to_thread(made)

    def _timed(self, source: Source) -> Source:
        return with_times(source, self._times)


def _summary(difference: Difference) -> str | None:
    """Sum a difference up for the history."""
    counts = (
        f"{number} {kind if number > 1 else kind.replace('s ', ' ', 1)}" for kind, number in difference.counts.items()
    )
    return ", ".join(counts) or None


def _written(revision: Revision, number: int | None) -> Version | None:
    """Return the version that a revision wrote: reading a large one back would hold others up."""
    new = revision.version
    if new is None or number is None:
        return None
    note = VersionNote(number, revision.at, new.name, new.digest, new.source.format, new.loaded_by, new.summary)
    return Version(note, new.source)


def _renewed(proposal: Proposal) -> tuple[KeptCorrection, ...]:
    """Return the corrections that are kept against the source's new value, so that nobody is asked about it again."""
    values = {key_of(conflict.correction): conflict.source_value for conflict in proposal.conflicts}
    return tuple(
        replace(kept, correction=replace(kept.correction, was=values[key]))
        for kept in proposal.before.corrections
        if (key := key_of(kept.correction)) in values and key not in proposal.drop
    )


def _plain(corrections: Sequence[KeptCorrection]) -> tuple[Correction, ...]:
    return tuple(kept.correction for kept in corrections)


def _after(
    corrections: Sequence[KeptCorrection], keep: Sequence[KeptCorrection], drop: Collection[CorrectionKey]
) -> tuple[KeptCorrection, ...]:
    """Return the corrections with some more, or renewed, and without others."""
    held = {key_of(kept.correction): kept for kept in (*corrections, *keep)}
    return tuple(kept for key, kept in held.items() if key not in drop)
