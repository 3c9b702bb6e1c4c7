"""What another version of the programme changes, and what of it people must hear."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from bot.programme.days import OPEN_ENDED
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


# --- papers and sessions


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


# --- news


@dataclass(frozen=True, slots=True)
class Slot:
    """When and where a session is; the moments are aware and in UTC."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None
    room: str | None = None

    @property
    def times(self) -> tuple[datetime | None, datetime | None]:
        """The start and the end."""
        return self.starts_at, self.ends_at


@dataclass(frozen=True, slots=True)
class SessionNews:
    """What people must hear of a session.

    Attributes:
        key: the session's key.
        name: what it is called.
        before: when and where it was, or None for an added one.
        after: when and where it is now, or None for a cancelled one.
    """

    key: str
    name: str
    before: Slot | None
    after: Slot | None

    @property
    def added(self) -> bool:
        """Whether there was no such session before."""
        return self.before is None

    @property
    def cancelled(self) -> bool:
        """Whether the session is gone."""
        return self.after is None

    @property
    def moved(self) -> bool:
        """Whether it has another time, or has a time now, or has none any more."""
        return self.before is not None and self.after is not None and self.before.times != self.after.times

    @property
    def changed_rooms(self) -> bool:
        """Whether it is in another room."""
        return self.before is not None and self.after is not None and self.before.room != self.after.room

    def is_over(self, now: datetime) -> bool:
        """Tell whether the session was over before now, and still is: that says nothing to anybody."""
        slots = [slot for slot in (self.before, self.after) if slot]
        return all(slot.starts_at and (slot.ends_at or slot.starts_at + OPEN_ENDED) <= now for slot in slots)

    def to_json(self) -> str:
        """Write it as JSON."""
        slots = {"before": _slot_data(self.before), "after": _slot_data(self.after)}
        return json.dumps({"key": self.key, "name": self.name, **slots})

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote."""
        data = json.loads(text)
        return cls(data["key"], data["name"], _slot(data["before"]), _slot(data["after"]))


def session_news(difference: Difference) -> tuple[SessionNews, ...]:
    """Return what people must hear, the earliest session first: times and rooms, and what was added or cancelled."""
    added = [SessionNews(one.key, one.name, None, _slot_of(one)) for one in difference.sessions_added]
    cancelled = [SessionNews(one.key, one.name, _slot_of(one), None) for one in difference.sessions_removed]
    changed = [
        SessionNews(change.after.key, change.after.name, was, now)
        for change in difference.sessions_changed
        if (was := _slot_of(change.before)) != (now := _slot_of(change.after))
    ]
    return _in_order([*added, *cancelled, *changed])


def fold_news(news_lists: Iterable[Sequence[SessionNews]]) -> tuple[SessionNews, ...]:
    """Fold successive news into what they mean together: what was changed back is no news at all."""
    folded: dict[str, SessionNews] = {}
    for news in news_lists:
        for one in news:
            earlier = folded.get(one.key)
            folded[one.key] = SessionNews(one.key, one.name, earlier.before if earlier else one.before, one.after)
    return _in_order(one for one in folded.values() if one.before != one.after)


def _in_order(news: Iterable[SessionNews]) -> tuple[SessionNews, ...]:
    never = datetime.max.replace(tzinfo=UTC)

    def place(one: SessionNews) -> tuple[datetime, str, str]:
        slot = one.after or one.before
        return (slot and slot.starts_at) or never, one.name, one.key

    return tuple(sorted(news, key=place))


def _slot_of(session: Session) -> Slot:
    return Slot(session.starts_at, session.ends_at, session.room)


def _slot_data(slot: Slot | None) -> dict[str, str | None] | None:
    if slot is None:
        return None
    start, end = (moment.isoformat() if moment else None for moment in slot.times)
    return {"starts_at": start, "ends_at": end, "room": slot.room}


def _slot(data: Mapping[str, str | None] | None) -> Slot | None:
    if data is None:
        return None
    start, end = (datetime.fromisoformat(text) if (text := data[name]) else None for name in ("starts_at", "ends_at"))
    return Slot(start, end, data["room"])
