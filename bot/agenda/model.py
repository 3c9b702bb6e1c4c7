"""What the bot keeps about a person besides their bookmarks, and when and where bookmarked papers are shown."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.notes.model import Note
from bot.programme.days import in_time_order
from bot.programme.model import Appearance, Paper, Programme, Session


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody's wish for direct messages before what they bookmarked.

    Attributes:
        minutes: how long before.
        unreachable: whether Discord refused the last one; nothing is sent until they wish again.
        told: whether they have been told so.
    """

    minutes: int
    unreachable: bool = False
    told: bool = False


class KeepsElsewhere(Protocol):
    """Another part that keeps something about people."""

    def told(self, user_id: int) -> Sequence[str]:
        """Tell in Markdown what it keeps about somebody: a line for each thing, none for nothing."""
        ...

    def exported(self, user_id: int) -> Mapping[str, object]:
        """Return that as what JSON can say, by names of its own; nothing for nothing."""
        ...

    async def forget(self, user_id: int) -> None:
        """Delete it."""
        ...


@dataclass(frozen=True, slots=True)
class Own:
    """Everything that is kept about somebody, to be handed out.

    Attributes:
        conference: the conference's name.
        zone: its zone, in which times are written for people.
        now: when it is handed out.
        programme: the programme in use.
        bookmarks: the keys of the papers they have bookmarked, with when that was.
        notes: what they keep about papers, by key.
        minutes: how long before they want direct messages, None for none.
        recent: the keys of the papers they looked at last.
        followed: the topics and tracks they follow.
        others: what other parts keep, as JSON can say it.
    """

    conference: str
    zone: ZoneInfo
    now: datetime
    programme: Programme
    bookmarks: Mapping[str, datetime]
    notes: Mapping[str, Note]
    minutes: int | None
    recent: Sequence[str]
    followed: Sequence[str]
    others: Mapping[str, object]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is kept."""
        return not (
            self.bookmarks or self.notes or self.minutes is not None or self.recent or self.followed or self.others
        )


@dataclass(frozen=True, slots=True)
class Item:
    """A bookmarked paper, once for each time it is shown.

    Attributes:
        paper: the paper.
        session: where it is shown; None for what appears in no session.
        shown: when and where in the session; None likewise.
    """

    paper: Paper
    session: Session | None = None
    shown: Appearance | None = None

    @property
    def has_slot(self) -> bool:
        """Whether it is a talk with a time of its own within its session."""
        return self.shown is not None and self.shown.has_slot

    @property
    def name(self) -> str:
        """What to call it at that time: a talk by its title, everything else by its session."""
        return self.paper.label if self.has_slot or self.session is None else self.session.name

    @property
    def starts_at(self) -> datetime | None:
        """When it begins, in UTC."""
        return self.shown.starts_at if self.shown else None

    @property
    def ends_at(self) -> datetime | None:
        """When it ends, in UTC."""
        return self.shown.ends_at if self.shown else None

    @property
    def room(self) -> str | None:
        """Where it is."""
        return self.shown.room if self.shown else None

    @property
    def zone(self) -> tzinfo:
        """The conference's zone."""
        return self.shown.zone if self.shown else UTC


def items_of(programme: Programme, papers: Iterable[Paper]) -> Sequence[Item]:
    """Return when and where papers are shown, in the order of time; what has no time comes last.

    What begins together keeps the order of the sessions and of the posters in them.
    """
    keys = {paper.key for paper in papers}
    never = datetime.max.replace(tzinfo=UTC)
    items = [
        Item(paper, session, shown)
        for session in in_time_order(programme.sessions)
        for paper in session.papers
        if paper.key in keys
        for shown in paper.appearances_in(session.key)
    ]
    items.sort(key=lambda item: item.starts_at or never)
    return [*items, *(Item(paper) for paper in programme.unscheduled if paper.key in keys)]


def with_end(item: Item) -> Item:
    """Return a talk with an end: if none was announced, when the next one begins, or else that of its session."""
    if item.session is None or item.shown is None or item.shown.ends_at or not item.shown.starts_at:
        return item
    later = [
        shown.starts_at
        for paper in item.session.papers
        for shown in paper.appearances_in(item.session.key)
        if shown.has_slot and shown.starts_at and shown.starts_at > item.shown.starts_at
    ]
    return replace(item, shown=replace(item.shown, ends_at=min(later, default=item.session.ends_at)))


def gathered(items: Sequence[Item]) -> list[Item]:
    """Return items with all of a session together, the session that comes first at the beginning."""
    first: dict[str, int] = {}
    for place, item in enumerate(items):
        if item.session:
            first.setdefault(item.session.key, place)
    places = [first[item.session.key] if item.session else place for place, item in enumerate(items)]
    return [item for _, item in sorted(zip(places, items, strict=True), key=lambda pair: pair[0])]


def by_session(items: Iterable[Item]) -> Iterator[tuple[Session, list[Item]]]:
    """Yield each session with what is shown in it at no time of its own, in the order of time."""
    together: dict[str, tuple[Session, list[Item]]] = {}
    for item in items:
        if item.session and item.shown and not item.shown.has_slot:
            together.setdefault(item.session.key, (item.session, []))[1].append(item)
    yield from together.values()
