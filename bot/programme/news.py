"""What people must hear of sessions and talks after a change of the programme, kept until everybody has heard it."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Self

from bot.programme.days import OPEN_ENDED
from bot.programme.difference import Difference
from bot.programme.model import Programme, Session


@dataclass(frozen=True, slots=True)
class Slot:
    """When and where a session or a talk is; the moments are aware and in UTC."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None
    room: str | None = None

    @property
    def times(self) -> tuple[datetime | None, datetime | None]:
        """The start and the end."""
        return self.starts_at, self.ends_at


@dataclass(frozen=True, slots=True)
class SessionNews:
    """What people must hear of a session, or of a talk that has a slot of its own in one.

    Attributes:
        key: the session's key; for a talk this, a slash and the talk's key.
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
        return json.dumps(asdict(self), default=datetime.isoformat)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote."""
        data = json.loads(text)
        return cls(data["key"], data["name"], _slot(data["before"]), _slot(data["after"]))


@dataclass(frozen=True, slots=True)
class Bulletin:
    """What people must hear after one change of the programme.

    Attributes:
        news: what happened to which session.
        papers: the keys of the papers that each of these sessions has or had, by the session's key.
        added: the keys of the papers that are new, wherever they are shown; who follows their topics hears of them.
    """

    news: tuple[SessionNews, ...]
    papers: Mapping[str, frozenset[str]]
    added: frozenset[str] = frozenset()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `text` wrote."""
        data = json.loads(text)
        news = tuple(map(SessionNews.from_json, data["news"]))
        papers = {key: frozenset(papers) for key, papers in data["papers"].items()}
        # Bulletins of before do not have it.
        return cls(news, papers, frozenset(data.get("added", ())))

    @property
    def text(self) -> str:
        """The bulletin as JSON."""
        news = [item.to_json() for item in self.news]
        papers = {key: sorted(papers) for key, papers in self.papers.items()}
        added = {"added": sorted(self.added)} if self.added else {}
        return json.dumps({"news": news, "papers": papers, **added})

    def concerns(self, bookmarks: Collection[str]) -> bool:
        """Tell whether somebody with these bookmarks must hear it."""
        return any(not papers.isdisjoint(bookmarks) for papers in self.papers.values())


def session_news(before: Programme, after: Programme, difference: Difference) -> tuple[SessionNews, ...]:
    """Return what people must hear, the earliest first: times and rooms, and what was added or cancelled."""
    added = [SessionNews(one.key, one.name, None, _slot_of(one)) for one in difference.sessions_added]
    cancelled = [SessionNews(one.key, one.name, _slot_of(one), None) for one in difference.sessions_removed]
    changed = [
        SessionNews(change.after.key, change.after.name, was, now)
        for change in difference.sessions_changed
        if (was := _slot_of(change.before)) != (now := _slot_of(change.after))
    ]
    talks = _talk_news(before, after, {one.key: one for one in changed})
    return _in_order([*added, *cancelled, *changed, *talks])


def _talk_news(before: Programme, after: Programme, moved: Mapping[str, SessionNews]) -> Iterator[SessionNews]:
    """Tell of the talks that have another slot, are new, or are gone, in sessions that were there and still are."""
    for session in after.sessions:
        earlier = before.session(session.key)
        if earlier is None or earlier is session:
            continue
        old, new = _talks(earlier), _talks(session)
        for key in dict.fromkeys((*old, *new)):
            was, now = old.get(key), new.get(key)
            name = (after.papers.get(key) or before.papers[key]).label
            if was != now and not _went_along(moved.get(session.key), was, now):
                yield SessionNews(f"{session.key}/{key}", name, was, now)


def _talks(session: Session) -> dict[str, Slot]:
    """Return the first slot of each talk of a session, by the talk's key."""
    return {
        paper.key: Slot(one.starts_at, one.ends_at, one.room)
        for paper in session.papers
        for one in reversed(paper.appearances_in(session.key))
        if one.has_slot
    }


def _went_along(session: SessionNews | None, was: Slot | None, now: Slot | None) -> bool:
    """Tell whether a talk only went with its session, of which people hear anyway."""
    if not (session and session.before and session.after and was and now):
        return False
    starts = (session.before.starts_at, session.after.starts_at, was.starts_at, now.starts_at)
    if any(moment is None for moment in starts):
        return False
    before, after, talk_before, talk_after = (moment for moment in starts if moment)
    same_room = was.room == now.room or (was.room, now.room) == (session.before.room, session.after.room)
    return after - before == talk_after - talk_before and same_room


def fold_news(news_lists: Iterable[Sequence[SessionNews]]) -> tuple[SessionNews, ...]:
    """Fold successive news into what they mean together: what was changed back is no news at all."""
    folded: dict[str, SessionNews] = {}
    for news in news_lists:
        for one in news:
            earlier = folded.get(one.key)
            folded[one.key] = SessionNews(one.key, one.name, earlier.before if earlier else one.before, one.after)
    return _in_order(one for one in folded.values() if one.before != one.after)


def news_text(before: Programme, after: Programme, difference: Difference) -> str | None:
    """Return what people must hear after a change as a bulletin's text, or None for nothing.

    A programme that is the first one is no news.
    """
    if not before.sessions:
        return None
    news = session_news(before, after, difference)
    added = frozenset(paper.key for paper in difference.papers_added)
    if not news and not added:
        return None
    papers = {
        item.key: frozenset(key for programme in (before, after) for key in _concerned(programme, item.key))
        for item in news
    }
    return Bulletin(news, papers, added).text


def _concerned(programme: Programme, key: str) -> Iterator[str]:
    """Yield the papers that news are about: a talk alone, or everything in a session."""
    session_key, slash, paper_key = key.partition("/")
    if slash:
        yield paper_key
    elif session := programme.session(session_key):
        yield from (paper.key for paper in session.papers)


def folded(bulletins: Sequence[Bulletin], bookmarks: Collection[str] | None = None) -> tuple[SessionNews, ...]:
    """Return the news of several changes in their order as one, for everybody or for somebody with these bookmarks."""
    return fold_news(
        [item for item in bulletin.news if bookmarks is None or not bulletin.papers[item.key].isdisjoint(bookmarks)]
        for bulletin in bulletins
    )


def _in_order(news: Iterable[SessionNews]) -> tuple[SessionNews, ...]:
    never = datetime.max.replace(tzinfo=UTC)

    def place(one: SessionNews) -> tuple[datetime, str, str]:
        slot = one.after or one.before
        return (slot and slot.starts_at) or never, one.name, one.key

    return tuple(sorted(news, key=place))


def _slot_of(session: Session) -> Slot:
    return Slot(session.starts_at, session.ends_at, session.room)


def _slot(data: Mapping[str, Any] | None) -> Slot | None:
    if data is None:
        return None
    start, end = (datetime.fromisoformat(text) if (text := data[name]) else None for name in ("starts_at", "ends_at"))
    return Slot(start, end, data["room"])
