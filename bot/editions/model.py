"""The programme in use and what may take its place, as plain data."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.editions.lazy import Lazy
from bot.programme.build import Memory
from bot.programme.corrections import Conflict, Correction
from bot.programme.difference import Difference
from bot.programme.identity import Recognised
from bot.programme.model import Programme
from bot.programme.source import Problem, Source
from bot.programme.vocabulary import Vocabulary
from bot.search import Index
from bot.store.audit import AuditEntry

NOTHING = Source("nothing", ())
"""The source before the first load."""

NO_MEMORY = Memory(Vocabulary({}), {})
"""What was remembered before it."""

CorrectionKey = tuple[str, str, str]
"""What a correction is about, the key of that, and the field."""


@dataclass(frozen=True, slots=True)
class VersionNote:
    """What is written down about one load of a source.

    Attributes:
        id: counts up with each load.
        loaded_at: when, in UTC.
        source_name: the file's name or the address.
        digest: the SHA-256, in hexadecimal, of the source's files and of how they were read.
        format: the readers' names and revisions.
        loaded_by: Discord's id of the moderator, or None for the bot itself.
        summary: what it changed, as plain text.
    """

    id: int
    loaded_at: datetime
    source_name: str
    digest: str
    format: str
    loaded_by: int | None = None
    summary: str | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """One load of a source, with what was read."""

    note: VersionNote
    source: Source

    @property
    def id(self) -> int:
        """Its number, which counts up with each load."""
        return self.note.id


@dataclass(frozen=True, slots=True)
class KeptCorrection:
    """A correction with who made it, by Discord's id, and when, in UTC."""

    correction: Correction
    made_by: int
    made_at: datetime


class StepKind(StrEnum):
    """What a change of the programme was."""

    LOAD = "load"
    """A new version."""

    BACK = "back"
    """To a version that was there already."""

    FIX = "fix"
    """Corrections alone."""


@dataclass(frozen=True, slots=True)
class Touched:
    """A correction before and after a step; None where there was none, or is none any more."""

    before: KeptCorrection | None
    after: KeptCorrection | None

    @property
    def key(self) -> CorrectionKey:
        """What it is about."""
        kept = self.after or self.before
        if kept is None:
            raise ValueError("a step touches a correction that is there before it or after it")
        return key_of(kept.correction)


@dataclass(frozen=True, slots=True)
class Step:
    """A change of the programme that was made, with what it replaced.

    Attributes:
        id: counts up with each change.
        kind: what it was.
        made_at: when, in UTC.
        made_by: Discord's id of the moderator, or None for the bot itself.
        before: the number of the version in use before, or None for none.
        after: the number of the version in use from then on.
        touched: the corrections that it made, changed or took away.
    """

    id: int
    kind: StepKind
    made_at: datetime
    made_by: int | None
    before: int | None
    after: int | None
    touched: tuple[Touched, ...] = ()


Record = Callable[[int | None, Sequence[KeptCorrection]], AuditEntry]
"""Makes the entry of the record, given the version's number and the corrections from now on."""


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A source to be written as a version; its keys are assigned.

    Attributes:
        source: the source.
        name: the file's name or the address.
        digest: its digest.
        loaded_by: Discord's id of the moderator, or None for the bot itself.
        summary: what it changes.
        like: the number of a stored version with its source: what is the same need not be written once more.
    """

    source: Source
    name: str
    digest: str
    loaded_by: int | None = None
    summary: str | None = None
    like: tuple[int, Source] | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """Everything that one change of the programme writes, all or nothing.

    Attributes:
        at: when, in UTC.
        version: a new version, which becomes the one in use.
        back_to: else the number of an earlier version, which becomes the one in use.
        keep: corrections to lay over it from now on.
        drop: corrections to lay over it no longer, as (about, key, field).
        news: what people must hear, as JSON.
        record: makes the entry of the record, given the number of the version in use from now on.
    """

    at: datetime
    version: NewVersion | None = None
    back_to: int | None = None
    keep: Sequence[KeptCorrection] = ()
    drop: Sequence[tuple[str, str, str]] = ()
    news: str | None = None
    record: Callable[[int | None], AuditEntry] | None = None

    @property
    def kind(self) -> StepKind:
        """What the change is."""
        if self.version:
            return StepKind.LOAD
        return StepKind.FIX if self.back_to is None else StepKind.BACK


@dataclass(frozen=True, slots=True)
class Origin:
    """What an edition was made of.

    Attributes:
        source: the version, as it was read.
        corrected: the same with the configured times and the corrections.
    """

    source: Source = NOTHING
    corrected: Source = NOTHING


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Edition:
    """One state of the programme with the index made from it: what a question is answered from, never a mix.

    Attributes:
        programme: the programme.
        index: its index.
        version: what is written down about the version it comes from, or None before anything was loaded.
        corrections: what is laid over the version.
        problems: what was wrong with the version's source.
        memory: what helps to make the next one.
        origin: what the programme was made of, which stays in the file until somebody needs it.
    """

    programme: Programme
    index: Index
    version: VersionNote | None = None
    corrections: tuple[KeptCorrection, ...] = ()
    problems: tuple[Problem, ...] = ()
    memory: Memory = NO_MEMORY
    origin: Lazy[Origin] = field(default_factory=lambda: Lazy.made(Origin()))


@dataclass(frozen=True, slots=True)
class Proposal:
    """Another state of the programme, worked out to be looked at; `Library.apply` makes it the one in use.

    Attributes:
        before: the edition it would replace.
        after: what the programme would be.
        difference: between the two.
        suspicions: sentences that say why it looks wrong.
        matches: how things were recognised whose title or name has changed.
        conflicts: corrections of fields for which the source now has another value of its own.
        source: what it would be made of, configured times and corrections left out.
        corrected: what it would be made of, with both.
        memory: what making it left for making the next one.
        new: the version to be written, if it is a new one.
        earlier: the version it would go back to, if it is that.
        keep: corrections to be made.
        drop: corrections to be taken away.
        news: what people must hear afterwards, as a bulletin's text; None for nothing.
    """

    before: Edition
    after: Programme
    difference: Difference
    source: Source
    corrected: Source
    memory: Memory = NO_MEMORY
    suspicions: tuple[str, ...] = ()
    matches: tuple[Recognised, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    new: NewVersion | None = None
    earlier: Version | None = None
    keep: tuple[KeptCorrection, ...] = ()
    drop: tuple[CorrectionKey, ...] = ()
    news: str | None = None


def key_of(correction: Correction) -> CorrectionKey:
    """Return what a correction is about."""
    return correction.about, correction.key, correction.field
