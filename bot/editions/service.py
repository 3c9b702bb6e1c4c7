"""The programme in use, ready to be asked: loaded from the store, swapped whole when another one comes."""

import asyncio
import weakref
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, tzinfo
from pathlib import Path

from bot.clock import Clock
from bot.editions.keeping import Keeping
from bot.editions.lazy import Lazy
from bot.editions.letting_go import let_edition_go_later
from bot.editions.model import (
    NOTHING,
    CorrectionKey,
    Edition,
    KeptCorrection,
    NewVersion,
    Origin,
    Proposal,
    Record,
    Revision,
    Step,
    Version,
    VersionNote,
    key_of,
)
from bot.editions.rows import EditionStore
from bot.errors import UserError
from bot.gc_pause import gc_paused
from bot.letting_go import give_back_memory
from bot.programme.build import Built, Times, rebuild, with_times
from bot.programme.corrections import Correctable, Correction, conflicts, lay_over
from bot.programme.difference import Difference, compare, suspicions
from bot.programme.identity import NamesNeeded, Recognised, recognise
from bot.programme.model import Programme
from bot.programme.news import news_text
from bot.programme.source import Loaded, Source
from bot.search import Index, IndexBuilder


class Library:
    """Holds the current edition and replaces it. Everything slow happens in a thread.

    Attributes:
        edition: what questions are answered from at this moment.
        changed: called after the edition was replaced.
        kept: called after an edition was written beside the database, from where it may be taken up.
    """

    def __init__(
        self,
        versions: EditionStore,
        clock: Clock,
        times: Mapping[str, Times],
        kept: Path | None = None,
        zone: tzinfo = UTC,
    ) -> None:
        """Make a library.

        Args:
            versions: reads and writes the versions.
            clock: tells the time.
            times: the configured times, by session key.
            kept: the folder in which to keep what was made, for the next start; None for none.
            zone: the conference's zone.
        """
        self._versions = versions
        self._clock = clock
        self._times = times
        self._zone = zone
        self._keeping = Keeping(kept, times, zone, self._tell_kept)
        self._builder = IndexBuilder()
        self._loading = asyncio.Lock()
        self._changing = asyncio.Lock()
        self.edition = Edition(Programme(), Index(Programme()))
        self.changed: Callable[[], object] = lambda: None
        self.kept: Callable[[], object] = lambda: None

    async def open(self) -> None:
        """Take up the version in use as it was kept, or make it from the store."""
        if note := await self._versions.current_note():
            corrections = tuple(await self._versions.corrections())
            with gc_paused():
                self.edition = await self._restored(note, corrections) or await self._made(note, corrections)
            await give_back_memory()

    async def close(self) -> None:
        """Keep what was made, for the next start."""
        await self._keeping.close()

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
        if loaded.digest not in await self.known(loaded.name):
            proposal = await self.propose(loaded)
            return proposal if proposal.new else None
        return None

    async def known(self, name: str) -> Mapping[str, str]:
        """Return what of a source would be nothing new: what is in use, and the last one loaded from where it is.

        Args:
            name: what the history calls it.

        Returns:
            for each digest the format in which it was read.
        """
        last, version = await self._versions.latest_configured(name), self.edition.version
        known = {version.digest: version.format} if version else {}
        if last and version and version.id != last.id and last.source_name == name:
            known[last.digest] = last.format
        return known

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
        before = self.edition
        if before.version and before.version.digest == loaded.digest:
            return Proposal(before, before.programme, Difference(), loaded.source, loaded.source)
        source = (await before.origin.get()).source
        with gc_paused():
            try:
                recognised = await asyncio.to_thread(recognise, loaded.source, source, None)
            except NamesNeeded:
                # Only for something new one must know what every key ever stood for.
                gone = await self._versions.names_of_keys()
                recognised = await asyncio.to_thread(recognise, loaded.source, source, gone)
            like = (before.version.id, source) if before.version else None
            new = NewVersion(recognised.source, origin or loaded.name, loaded.digest, by, like=like)
            proposal = await self._propose(before, recognised.source, matches=recognised.matches, new=new)
        return replace(proposal, new=replace(new, summary=_summary(proposal.difference)))

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
        return await self._propose(before, version.source, earlier=version)

    async def propose_undoing(self, between: tuple[int, int] | None = None) -> tuple[Proposal, Step | None]:
        """Work out what taking back a change would change: a new version, going back, or corrections.

        Args:
            between: the numbers of the versions from which to which the change led; by default it is the last one.
                Corrections that were touched again since stay as they are.

        Returns:
            The proposal, and the step that it takes back; None where that is not written down.

        Raises:
            UserError: there is nothing to take back.
        """
        step = next(iter(await self._versions.steps(1, between)), None)
        if step is None:
            return await self.propose_going_back(between[0] if between else None), None
        earlier, before = None, self.edition
        if step.before != step.after:
            earlier = None if step.before is None else await self._versions.get(step.before)
            if earlier is None:
                raise UserError("There is no earlier version to go back to. See `/programme history`.")
            if before.version and earlier.id == before.version.id:
                raise UserError(f"Version {earlier.id} is in use already. See `/programme history`.")
        source = earlier.source if earlier else (await before.origin.get()).source
        held = {key_of(kept.correction): kept for kept in before.corrections}
        touched = [one for one in step.touched if one.after == held.get(one.key)]
        keep = tuple(one.before for one in touched if one.before)
        drop = tuple(one.key for one in touched if not one.before)
        return await self._propose(before, source, earlier=earlier, keep=keep, drop=drop), step

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
        source = (await before.origin.get()).source
        return await self._propose(before, source, keep=tuple(keep), drop=tuple(drop))

    async def reconsider(self, proposal: Proposal, drop: Collection[CorrectionKey]) -> Proposal:
        """Work out a proposal anew, with other corrections taken away; what it asks about stays the same."""
        changed = await self._propose(
            proposal.before,
            proposal.source,
            matches=proposal.matches,
            new=proposal.new,
            earlier=proposal.earlier,
            keep=proposal.keep,
            drop=tuple(drop),
        )
        return replace(changed, conflicts=proposal.conflicts)

    def stamp(self, edition: Edition) -> bytes | None:
        """Return what names an edition for what is made of it and kept; None before anything was loaded."""
        return self._keeping.stamp(edition.version, edition.corrections) if edition.version else None

    async def history(self) -> list[VersionNote]:
        """Return what is written down about the versions, the latest first."""
        return await self._versions.history()

    async def steps(self) -> list[Step]:
        """Return the changes of the programme, the latest first."""
        return await self._versions.steps()

    async def source(self) -> Source:
        """Return what the version in use says, as it was read."""
        return (await self.edition.origin.get()).source

    async def uncorrected(self) -> Source:
        """Return what the source says, with the configured times and without corrections."""
        return self._timed(await self.source())

    async def part(self, about: Correctable, key: str) -> Origin:
        """Return what a single paper or session of the edition was made of, without reading everything else.

        A paper comes with the sessions it is shown in, a session alone; there is nothing when it is gone.
        """
        version, corrections = self.edition.version, self.edition.corrections
        source = await self._versions.part(version, about, key) if version else NOTHING
        timed = self._timed(source)
        return Origin(timed, lay_over(timed, _plain(corrections)))

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
            revision = Revision(
                at=self._clock.now(),
                version=proposal.new,
                back_to=proposal.earlier.id if proposal.earlier else None,
                keep=keep,
                drop=proposal.drop,
                news=proposal.news,
                record=(lambda number: record(number, corrections)) if record else None,
            )
            with gc_paused():
                index = await asyncio.to_thread(self._builder.build, proposal.after)
                number = await self._versions.revise(revision)
            new, earlier = _written(revision, number), proposal.earlier
            version = new or (earlier.note if earlier else before.version)
            self.edition = Edition(
                proposal.after,
                index,
                version,
                corrections,
                proposal.source.problems,
                proposal.memory,
                self._origin_of(version, corrections, proposal.after, Origin(proposal.source, proposal.corrected)),
            )
            self._keeping.keep(self.edition)
        let_edition_go_later(before)
        self.changed()
        await give_back_memory()
        return self.edition

    def _tell_kept(self) -> None:
        self.kept()

    async def _propose(
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
        origin = await before.origin.get()

        def proposed() -> Proposal:
            corrections = _plain(_after(before.corrections, keep, drop))
            timed = self._timed(source)
            corrected = lay_over(timed, corrections)
            built = rebuild(corrected, Built(origin.corrected, before.programme, before.memory), self._zone)
            after = built.programme
            difference = compare(before.programme, after)
            return Proposal(
                before,
                after,
                difference,
                source,
                corrected,
                built.memory,
                suspicions=suspicions(before.programme, after, difference) if new or earlier else (),
                matches=matches,
                conflicts=conflicts(timed, corrections) if new else (),
                new=new,
                earlier=earlier,
                keep=keep,
                drop=drop,
                news=news_text(before.programme, after, difference),
            )

        with gc_paused():
            return await asyncio.to_thread(proposed)

    async def _restored(self, note: VersionNote, corrections: tuple[KeptCorrection, ...]) -> Edition | None:
        """Return the edition as it was kept, if it was; what it was made of is read once somebody needs it."""

        def restored() -> Edition | None:
            kept = self._keeping.restore(note, corrections)
            if kept is None:
                return None
            index = self._keeping.restore_index(kept.programme)
            if index is None:
                index = self._builder.build(kept.programme)
            else:
                self._builder = IndexBuilder(index)
            return Edition(
                kept.programme,
                index,
                note,
                corrections,
                kept.problems,
                kept.memory,
                self._origin_of(note, corrections, kept.programme),
            )

        return await asyncio.to_thread(restored)

    async def _made(self, note: VersionNote, corrections: tuple[KeptCorrection, ...]) -> Edition:
        source = (await self._stored(note)).source

        def made() -> Edition:
            origin = self._origin(source, corrections)
            built = rebuild(origin.corrected, zone=self._zone)
            index = self._builder.build(built.programme)
            lazy = self._origin_of(note, corrections, built.programme, origin)
            return Edition(built.programme, index, note, corrections, source.problems, built.memory, lazy)

        edition = await asyncio.to_thread(made)
        self._keeping.keep(edition)
        return edition

    def _origin_of(
        self,
        note: VersionNote | None,
        corrections: tuple[KeptCorrection, ...],
        programme: Programme,
        origin: Origin | None = None,
    ) -> Lazy[Origin]:
        """Return what an edition was made of: it stays in the files, but where it is there already."""
        last = weakref.ref(origin.source) if origin else None

        async def read() -> Origin:
            nonlocal last
            if note is None:
                return Origin()
            source = last() if last else None
            with gc_paused():
                if source is None:
                    source = await asyncio.to_thread(self._keeping.restore_source, note, corrections, programme)
                if source is None:
                    source = (await self._stored(note, programme)).source
                last = weakref.ref(source)  # whoever has it still is to have the very same, not a second one
                return await asyncio.to_thread(self._origin, source, corrections)

        return Lazy(read, origin)

    async def _stored(self, note: VersionNote, programme: Programme | None = None) -> Version:
        version = await self._versions.get(note.id, programme)
        if version is None:
            raise LookupError(f"version {note.id} is gone, and no version is ever deleted")
        return version

    def _origin(self, source: Source, corrections: Sequence[KeptCorrection]) -> Origin:
        return Origin(source, lay_over(self._timed(source), _plain(corrections)))

    def _timed(self, source: Source) -> Source:
        return with_times(source, self._times) if self._times else source


def _summary(difference: Difference) -> str | None:
    """Sum a difference up for the history."""
    counts = (
        f"{number} {kind if number > 1 else kind.replace('s ', ' ', 1)}" for kind, number in difference.counts.items()
    )
    return ", ".join(counts) or None


def _written(revision: Revision, number: int | None) -> VersionNote | None:
    """Return what is written down about the version that a revision wrote."""
    new = revision.version
    if new is None or number is None:
        return None
    return VersionNote(number, revision.at, new.name, new.digest, new.source.format, new.loaded_by, new.summary)


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
