"""Which sessions the rows of a table are in, and when and where those are.

Sessions are told apart by their name, their identifier if they have one, their day, and by the bot's own column `entry`
if the table has that. A row that names a session and no paper says when it is; where several do with different starts,
each is a session and has the papers below it. A single talk on another day than the talks before and after it is in
their session nevertheless: its date is mistyped.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from functools import cached_property
from typing import TypeVar

from bot.sources.formats.table.cells import entry_of
from bot.sources.formats.table.grid import Row
from bot.sources.reading.talks import conference_day
from bot.sources.reading.values import uncased

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Span:
    """A start and an end, each of which may be missing."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(slots=True, eq=False)
class Entry:
    """A row of a table, when what it says of times has been read.

    Attributes:
        row: the row.
        title: the title of its paper, or None.
        names: the names of its sessions.
        own: when this very row is: the paper's time, or the session's if there is no paper.
        of_session: when the session is, where columns of their own tell that.
        has_paper: whether it is of a paper, which has no title when it is described in another file.
        is_astray: whether it is on another day than its session.
        groups: its sessions.
    """

    row: Row
    title: str | None = None
    names: tuple[str, ...] = ()
    own: Span = Span()
    of_session: Span = Span()
    has_paper: bool = False
    is_astray: bool = False
    groups: list["Group"] = field(default_factory=list)


@dataclass(eq=False)
class Group:
    """A session with the rows that are of it.

    Attributes:
        mark: what tells it from others.
        name: its name.
        entries: its rows.
    """

    mark: Hashable
    name: str
    entries: list[Entry] = field(default_factory=list)

    def add(self, entry: Entry) -> None:
        """Take a row as one of this session."""
        self.entries.append(entry)
        entry.groups.append(self)

    @cached_property
    def has_papers(self) -> bool:
        """Whether any of its rows is of a paper."""
        return any(entry.has_paper for entry in self.entries)

    @cached_property
    def is_torn(self) -> bool:
        """Whether one of its rows is on another day than the session."""
        return any(entry.is_astray for entry in self.entries)

    @cached_property
    def span(self) -> Span:
        """When the session is: as columns or a row of its own tell, or as all its papers say alike."""
        own = [entry.of_session for entry in self.entries]
        own += [entry.own for entry in self.entries if not entry.has_paper]
        if said := next((one for one in own if one.starts_at), None):
            return said
        sure = [entry.own for entry in self.entries if not entry.is_astray]
        starts = {one.starts_at for one in sure}
        ends = {one.ends_at for one in sure if one.ends_at}
        if self.is_torn:
            return Span(min(filter(None, starts)), max(ends, default=None))
        if len(starts) == 1 and len(ends) < 2:
            return Span(starts.pop(), next(iter(ends), None))
        return Span()

    @cached_property
    def room(self) -> str | None:
        """Where the session is: as a column or a row of its own tells, or as all its papers say alike."""
        said = [entry.row.text("session_room") for entry in self.entries]
        said += [entry.row.text("room") for entry in self.entries if not entry.has_paper]
        return next(filter(None, said), None) or _common(entry.row.text("room") for entry in self.entries)


def group(entries: Sequence[Entry], zone: tzinfo) -> None:
    """Put the rows that name sessions into their groups.

    Args:
        entries: the rows in the order of the file.
        zone: the zone of the conference, for its days.
    """
    keys = _keys(entries)
    _mark_astray(entries, keys, zone)
    days: dict[Hashable, date | None] = {}
    for entry, named in zip(reversed(entries), reversed(keys), strict=True):
        if day := _day(entry, zone):
            days |= dict.fromkeys(named, day)
    groups: dict[Hashable, Group] = {}
    current: dict[Hashable, tuple[Hashable, datetime | None]] = {}
    for entry, named in zip(entries, keys, strict=True):
        for key, name in named.items():
            # A row that tells no day is on that of the row above it which is of the same session, or of the first.
            day = days[key] = _day(entry, zone) or days.get(key)
            start = None if entry.has_paper else entry.own.starts_at
            known = current.get((key, day))
            if known is None or (start and known[1] and known[1] != start):
                known = current[key, day] = ((key, day), start)
            groups.setdefault(known, Group(known, name)).add(entry)


def _keys(entries: Sequence[Entry]) -> list[dict[Hashable, str]]:
    """Return for each row what tells its sessions from others, apart from their days, with their names."""
    numbered: dict[str, Hashable] = {}
    keys: list[dict[Hashable, str]] = []
    for entry in entries:
        own = entry_of(entry.row.exact("entry") or "")
        keys.append({})
        for name in entry.names:
            bare = uncased(name)
            if own and own.session is not None:
                key: Hashable = own.session
                numbered.setdefault(bare, key)
            else:
                key = numbered.get(bare, (entry.row.text("session_id"), bare))
            keys[-1].setdefault(key, name)
    return keys


def _mark_astray(entries: Sequence[Entry], keys: Sequence[Iterable[Hashable]], zone: tzinfo) -> None:
    """Mark rows of papers that alone are on their day, between rows of the same session on another one."""
    rows: dict[Hashable, list[Entry]] = {}
    for entry, named in zip(entries, keys, strict=True):
        for key in named:
            rows.setdefault(key, []).append(entry)
    for found in rows.values():
        days = [_day(entry, zone) for entry in found]
        counts = Counter(days)
        for before, entry, day, after in zip(days, found[1:], days[1:], days[2:], strict=False):
            if day and counts[day] == 1 and before == after != day and counts[before] >= 3 and before is not None:
                entry.is_astray = entry.has_paper


def _day(entry: Entry, zone: tzinfo) -> date | None:
    """Return the day of a row; one whose day is mistyped tells none."""
    if entry.is_astray:
        return None
    moment = entry.of_session.starts_at or entry.own.starts_at
    return conference_day(moment, zone) if moment else None


def _common(values: Iterable[_Value]) -> _Value | None:
    """Return the value that all are, or None when they differ."""
    different = set(values)
    return different.pop() if len(different) == 1 else None
