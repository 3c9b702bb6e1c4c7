"""What another version of the programme changes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.programme.model import Author, Paper, Programme, Session, Unnamed
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
    changes: tuple[Change | TimeChange, ...]


@dataclass(frozen=True, slots=True)
class SessionChange:
    """A session of both versions, and the fields that changed."""

    before: Session
    after: Session
    changes: tuple[Change | TimeChange, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that another version changes, as people see it.

    The order in which things are listed is not compared.

    Attributes:
        papers_added: what is new.
        papers_removed: what is gone, as it was.
        papers_changed: what is in both and not the same.
        sessions_added: what is new.
        sessions_removed: what is gone, as it was.
        sessions_changed: what is in both and not the same.
    """

    papers_added: tuple[Paper, ...] = ()
    papers_removed: tuple[Paper, ...] = ()
    papers_changed: tuple[PaperChange, ...] = ()
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
            "sessions added": len(self.sessions_added),
            "sessions removed": len(self.sessions_removed),
            "sessions changed": len(self.sessions_changed),
        }
        return {kind: number for kind, number in counts.items() if number}


def compare(before: Programme, after: Programme) -> Difference:
    """Tell what another version of a programme changes."""
    old, new = ({session.key: session for session in programme.sessions} for programme in (before, after))
    pairs = [
        (was, paper) for key, paper in after.papers.items() if (was := before.papers.get(key)) and was is not paper
    ]
    papers = [
        PaperChange(one, other, changes)
        for one, other in pairs
        if (changes := tuple(_paper_changes(one, other, before, after)))
    ]
    sessions = [
        SessionChange(old[key], session, altered)
        for key, session in new.items()
        if key in old and old[key] is not session and (altered := tuple(_session_changes(old[key], session)))
    ]
    return Difference(
        papers_added=tuple(paper for key, paper in after.papers.items() if key not in before.papers),
        papers_removed=tuple(paper for key, paper in before.papers.items() if key not in after.papers),
        papers_changed=tuple(papers),
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


def _paper_changes(was: Paper, now: Paper, before: Programme, after: Programme) -> Iterator[Change | TimeChange]:
    if was.title != now.title:
        yield from _changed("title", _plain(was.title), _plain(now.title))
    if was.byline != now.byline:
        yield from _changed("authors", _names(was), _names(now))
        yield from _changed("affiliations", _affiliations(was.authors), _affiliations(now.authors))
    if was.abstract != now.abstract:
        yield from _changed("abstract", _plain(was.abstract), _plain(now.abstract))
    yield from _changed("kind", was.kind_name, now.kind_name)
    yield from _changed("track", was.track or "", now.track or "")
    yield from _changed("topics", ", ".join(was.topics), ", ".join(now.topics))
    if was.links != now.links:
        yield from _changed("links", _links(was), _links(now))
    if set(was.session_keys) != set(now.session_keys):
        sessions = (
            ", ".join(one.name for one in programme.sessions_of(paper))
            for programme, paper in ((before, was), (after, now))
        )
        yield Change("session", *sessions)
    yield from _changed("board", _boards(was), _boards(now))
    yield from _slot_changes(was, now, before, after)


def _slot_changes(was: Paper, now: Paper, before: Programme, after: Programme) -> Iterator[Change | TimeChange]:
    """Tell of a talk that has another slot, or of a poster in another room, in a session that it stays in."""
    for key in now.session_keys:
        rooms = [session.room for programme in (before, after) if (session := programme.session(key))]
        for one, other in zip(was.appearances_in(key), now.appearances_in(key), strict=False):
            has_slot = one.has_slot or other.has_slot
            if has_slot and one.starts_at != other.starts_at:
                yield TimeChange("start", one.starts_at, other.starts_at)
            if has_slot and one.ends_at != other.ends_at:
                yield TimeChange("end", one.ends_at, other.ends_at)
            # Without a slot of its own it is where its session is, of which the session's change tells.
            if has_slot or [one.room, other.room] != rooms:
                yield from _changed("room", one.room or "", other.room or "")


def _session_changes(before: Session, after: Session) -> Iterator[Change | TimeChange]:
    yield from _changed("name", before.name, after.name)
    yield from _changed("kind", before.kind_name, after.kind_name)
    yield from _changed("track", before.track or "", after.track or "")
    yield from _changed("room", before.room or "", after.room or "")
    if before.chairs != after.chairs:
        yield from _changed("chairs", *(", ".join(chair.name for chair in one.chairs) for one in (before, after)))
        yield from _changed("affiliations", _affiliations(before.chairs), _affiliations(after.chairs))
    if before.abstract != after.abstract:
        yield from _changed("abstract", _plain(before.abstract), _plain(after.abstract))
    if before.links != after.links:
        yield from _changed("links", _links(before), _links(after))
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


def _affiliations(people: Iterable[Author]) -> str:
    return "; ".join(f"{one.name}: {', '.join(one.affiliations)}" for one in people if one.affiliations)


def _boards(paper: Paper) -> str:
    return ", ".join(appearance.board for appearance in paper.appearances if appearance.board)


def _links(owner: Paper | Session) -> str:
    return "\n".join(f"{link.label}: {link.url}" for link in owner.links)
