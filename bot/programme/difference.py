"""What another version of the programme changes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.programme.model import Paper, Programme, Session, Unnamed
from bot.programme.text import Text


@dataclass(frozen=True, slots=True)
class Change:
    """A field whose text changed; an empty text stands for nothing.

    Attributes:
        field: which one, in a word for people.
        before: what it was, as plain text.
        after: what it is now.
    """

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class TimeChange:
    """A start or an end that changed; None stands for one that is not announced."""

    field: str
    before: datetime | None
    after: datetime | None


@dataclass(frozen=True, slots=True)
class PaperChange:
    """A paper of both versions, and the fields that changed."""

    before: Paper
    after: Paper
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class SessionChange:
    """A session of both versions, and the fields that changed."""

    before: Session
    after: Session
    changes: tuple[Change | TimeChange, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that another version changes, as people see it.

    The order in which things are listed is not compared: where it matters, a paper's number tells.

    Attributes:
        papers_added: what is new.
        papers_removed: what is gone, as it was.
        papers_changed: what is in both and not the same.
        renumbered: how many papers have another number only because the papers before them came or went.
        sessions_added: what is new.
        sessions_removed: what is gone, as it was.
        sessions_changed: what is in both and not the same.
    """

    papers_added: tuple[Paper, ...] = ()
    papers_removed: tuple[Paper, ...] = ()
    papers_changed: tuple[PaperChange, ...] = ()
    renumbered: int = 0
    sessions_added: tuple[Session, ...] = ()
    sessions_removed: tuple[Session, ...] = ()
    sessions_changed: tuple[SessionChange, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing changes."""
        return self == Difference()

    @property
    def counts(self) -> Mapping[str, int]:
        """How many there are of each kind, by words such as "papers added", without those of which there are none."""
        counts = {
            "papers added": len(self.papers_added),
            "papers removed": len(self.papers_removed),
            "papers changed": len(self.papers_changed),
            "papers renumbered": self.renumbered,
            "sessions added": len(self.sessions_added),
            "sessions removed": len(self.sessions_removed),
            "sessions changed": len(self.sessions_changed),
        }
        return {kind: number for kind, number in counts.items() if number}


def compare(before: Programme, after: Programme) -> Difference:
    """Tell what another version of a programme changes."""
    old, new = ({session.key: session for session in programme.sessions} for programme in (before, after))
    shifted = _shifted(before, after)
    pairs = [(before.papers[key], paper) for key, paper in after.papers.items() if key in before.papers]
    papers = [
        PaperChange(one, other, changes)
        for one, other in pairs
        if (changes := tuple(_paper_changes(one, other, old, new, shifted)))
    ]
    sessions = [
        SessionChange(old[key], session, altered)
        for key, session in new.items()
        if key in old and (altered := tuple(_session_changes(old[key], session)))
    ]
    return Difference(
        papers_added=tuple(paper for key, paper in after.papers.items() if key not in before.papers),
        papers_removed=tuple(paper for key, paper in before.papers.items() if key not in after.papers),
        papers_changed=tuple(papers),
        renumbered=len(shifted),
        sessions_added=tuple(session for key, session in new.items() if key not in old),
        sessions_removed=tuple(session for key, session in old.items() if key not in new),
        sessions_changed=tuple(sessions),
    )


def suspicions(before: Programme, after: Programme, difference: Difference) -> tuple[str, ...]:
    """Tell, in sentences, why another version may not be what somebody meant to load; none for the first version."""
    had = len(before.papers)
    if not had:
        return ()
    if not after.papers:
        return (f"It has no papers at all; the programme in use has {had}.",)
    gone = len(difference.papers_removed)
    same_sessions = len(after.sessions) - len(difference.sessions_added)
    # A few titles, such as "Opening Remarks", are the same at any conference.
    if not same_sessions and 20 * (had - gone) < min(had, len(after.papers)):
        known = f"{had - gone or 'none'} of the {had} papers in use"
        return (f"It may be another conference's: none of its sessions and {known} were recognised in it.",)
    if 3 * gone > had:
        return (f"More than a third of the papers are gone: {gone} of {had}.",)
    return ()


def _shifted(before: Programme, after: Programme) -> frozenset[str]:
    """Return the papers whose number is their place in the session, and is another only for what came or went."""
    old = {session.key: session for session in before.sessions}
    shifted: set[str] = set()
    for session in after.sessions:
        if (earlier := old.get(session.key)) is None:
            continue
        was, now = ({paper.key: paper for paper in one.papers} for one in (earlier, session))
        was_at, now_at = (
            {paper.key: str(at) for at, paper in enumerate(one, 1)} for one in (earlier.papers, session.papers)
        )
        # Among those that stayed a paper's rank is the same, unless the papers were put into another order.
        kept = zip((key for key in was if key in now), (key for key in now if key in was), strict=True)
        shifted |= {
            key
            for key, other in kept
            if key == other
            and was[key].number != now[key].number
            and (was[key].number, now[key].number) == (was_at[key], now_at[key])
        }
    return frozenset(shifted)


def _paper_changes(
    before: Paper, after: Paper, old: Mapping[str, Session], new: Mapping[str, Session], shifted: frozenset[str]
) -> Iterator[Change]:
    if before.title != after.title:
        yield from _changed("title", _plain(before.title), _plain(after.title))
    if before.byline != after.byline:
        yield from _changed("authors", _names(before), _names(after))
    if before.abstract != after.abstract:
        yield from _changed("abstract", _plain(before.abstract), _plain(after.abstract))
    if after.key not in shifted:
        yield from _changed("number", before.number, after.number)
    if before.session_key != after.session_key:
        yield Change("session", old[before.session_key].name, new[after.session_key].name)
    if before.links != after.links:
        yield from _changed("links", _links(before), _links(after))


def _session_changes(before: Session, after: Session) -> Iterator[Change | TimeChange]:
    yield from _changed("name", before.name, after.name)
    yield from _changed("kind", before.kind, after.kind)
    yield from _changed("room", before.room or "", after.room or "")
    for field, was, now in (
        ("start", before.starts_at, after.starts_at),
        ("end", before.ends_at, after.ends_at),
    ):
        if was != now:
            yield TimeChange(field, was, now)


def _changed(field: str, before: str, after: str) -> Iterator[Change]:
    if before != after:
        yield Change(field, before, after)


def _plain(text: Text | None) -> str:
    return text.plain if text else ""


def _names(paper: Paper) -> str:
    return ", ".join(f"{entry.count} not named" if isinstance(entry, Unnamed) else entry.name for entry in paper.byline)


def _links(paper: Paper) -> str:
    return "\n".join(f"{link.label}: {link.url}" for link in paper.links)
