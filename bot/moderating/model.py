"""A change of the programme that waits for a press, and what a moderator is told of it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.editions.model import Proposal, key_of
from bot.programme.corrections import Conflict
from bot.programme.identity import Recognised
from bot.programme.model import Programme
from bot.programme.source import Problem


@dataclass(frozen=True, slots=True)
class Findings:
    """What a moderator should know of a version besides what it changes.

    Attributes:
        suspicions: why it may not be what was meant, in sentences.
        recognised: what was recognised under another name.
        conflicts: corrections about whose field the source changed its mind.
        problems: what is wrong in the source.
        bookmarkers: how many people have bookmarked a paper that goes.
        reminders: how many reminders get another time or go.
    """

    suspicions: Sequence[str] = ()
    recognised: Sequence[Recognised] = ()
    conflicts: Sequence[Conflict] = ()
    problems: Sequence[Problem] = ()
    bookmarkers: int = 0
    reminders: int = 0


@dataclass(slots=True)
class PendingChange:
    """A proposal that waits for a press.

    Attributes:
        proposal: the proposal.
        findings: what the moderator is told besides the difference.
        action: what it is called in the record.
        about: what it is about, for the record.
        page: the page of the difference that is shown.
        note: what is said above the difference, as Markdown.
        sure: whether a proposal that looks wrong was confirmed once.
        choosing: held while a choice is worked out, so that an early press of Apply waits for it.
    """

    proposal: Proposal
    findings: Findings
    action: str
    about: str
    page: int = 0
    note: str = ""
    sure: bool = False
    choosing: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def taken(self) -> frozenset[int]:
        """The places of the conflicts in which the source's value is taken."""
        conflicts = enumerate(self.proposal.conflicts)
        return frozenset(place for place, conflict in conflicts if key_of(conflict.correction) in self.proposal.drop)


def moved_subjects(before: Programme, after: Programme) -> list[str]:
    """Return the subjects whose reminders get another time or go.

    A subject is a session's key or, for a talk with a time of its own, that, a slash and the talk's key.
    """
    old, new = _starts(before), _starts(after)
    return [subject for subject, starts in old.items() if starts != new.get(subject)]


def _starts(programme: Programme) -> dict[str, list[datetime | None]]:
    starts = {session.key: [session.starts_at] for session in programme.sessions}
    for paper in programme.papers.values():
        for one in paper.appearances:
            if one.has_slot:
                starts.setdefault(f"{one.session_key}/{one.paper_key}", []).append(one.starts_at)
    return starts
