"""From the rows of any table to papers in sessions.

Where a column has titles, a row is a paper, in the session that another column names; a row without a title is its
session alone. Where only sessions have titles, as in an agenda, a row is a session; below it may be rows of what is
given in it, and with speakers it is a talk as well. Where there are neither titles nor people, but identifiers of
papers, a row puts a paper of another file into a session.
"""

import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.programme.names import fold
from bot.programme.source import Credit, SourcePaper, SourceSession
from bot.sources.formats.table.cells import links_of
from bot.sources.formats.table.grid import Row
from bot.sources.formats.table.row_filling import filled
from bot.sources.formats.table.row_papers import PaperColumns, SamePapers, board_of, links_of_row
from bot.sources.formats.table.row_people import PeopleColumns
from bot.sources.formats.table.row_sessions import Entry, Group, Span, group
from bot.sources.formats.table.row_times import note_durations, own_cells, session_cells
from bot.sources.formats.table.row_visibility import public_rows
from bot.sources.reading.gather import Gathering
from bot.sources.reading.html import to_text
from bot.sources.reading.problems import shown
from bot.sources.reading.talks import conference_day, is_break
from bot.sources.reading.time_cells import Clock

_SEVERAL: Final = re.compile(r"[|;\n]")


def gather_rows(
    rows: Sequence[Row], gathering: Gathering, affiliations: Mapping[str, str], *, of_papers: bool = False
) -> None:
    """Gather what the rows of a table hold.

    Args:
        rows: the rows.
        gathering: where to.
        affiliations: where people work, by their folded names, for those of whom the rows do not tell.
        of_papers: whether the column of identifiers is surely of papers, not of sessions.
    """
    fields = frozenset(name for row in rows for name in row.cells)
    public = filled(public_rows(rows, gathering), gathering.problems)
    note_durations(public, gathering.problems)
    people = PeopleColumns(public, gathering.problems, affiliations)
    table = _Table(public, fields, gathering, PaperColumns(public, people), people)
    if "title" in fields and not ("level" in fields and "session" not in fields):
        entries = table.titled()
    elif of_papers and fields.isdisjoint({"authors", "speakers", "abstract", "level"}):
        entries = table.identified()
    else:
        entries = table.agenda()
    table.gather(list(entries))


class _Table:
    """The rows of one table that everybody may see."""

    def __init__(
        self,
        rows: Sequence[Row],
        fields: frozenset[str],
        gathering: Gathering,
        columns: PaperColumns,
        people: PeopleColumns,
    ) -> None:
        self._rows = rows
        self._fields = fields
        self._gathering = gathering
        self._columns = columns
        self._people = people
        self._clock = Clock(gathering, (cells for row in rows for cells in (own_cells(row), session_cells(row))))
        self._papers: dict[int, SourcePaper] = {}
        self._made: set[int] = set()
        self._tracks: dict[Hashable, Group] = {}
        self._says_boards = False

    def titled(self) -> Iterator[Entry]:
        """Yield the rows of a table of titles."""
        has_sessions = bool(self._fields & {"session", "sessions", "session_id"})
        for row in self._rows:
            title, names = _title(row, "title"), _session_names(row)
            if title and self._is_break(row, title):
                names, title = (title,), None
            if not title and not names:
                self._leave_out(row)
                continue
            entry = self._entry(row, title, names)
            if title and not names and (entry.own.starts_at or row.text("room")):
                self._put_alone(entry, title, with_others=not has_sessions)
            yield entry

    def _put_alone(self, entry: Entry, title: str, *, with_others: bool) -> None:
        """Put a talk that names no session into one of its own, or into that of its track, room and day."""
        start, track = entry.own.starts_at, next(iter(self._columns.tracks(entry.row)), None)
        day = conference_day(start, self._gathering.zone) if start else None
        if self._is_item(entry.row) or (start and is_break(title, "", self._people.givers(entry.row))):
            entry.title, entry.names, entry.has_paper = None, (title,), False
            Group(("row", entry.row.line), title).add(entry)
        elif track and with_others:
            mark = ("track", track, entry.row.text("room"), day)
            self._tracks.setdefault(mark, Group(mark, track)).add(entry)
        else:
            Group(("row", entry.row.line), title).add(entry)

    def identified(self) -> Iterator[Entry]:
        """Yield the rows of a table that puts papers of another file into sessions."""
        for row in self._rows:
            names = _session_names(row)
            if row.text("id") or names:
                entry = self._entry(row, None, names)
                entry.has_paper = bool(row.text("id"))
                yield entry
            else:
                self._leave_out(row)

    def agenda(self) -> Iterator[Entry]:
        """Yield the rows of an agenda: sessions, and below them what is given in them."""
        above: Group | None = None
        for row in self._rows:
            name = ": ".join(_session_names(row)) or _title(row, "title")
            if not name:
                self._leave_out(row)
                continue
            is_below = above is not None and (row.text("level") or "").casefold().startswith("sub")
            if is_below and above is not None and not self._is_item(row):
                entry = self._entry(row, name, (above.name,))
                above.add(entry)
            else:
                entry = self._entry(row, None, (name,))
                own = Group(("row", row.line), name)
                own.add(entry)
                above = above if is_below else own
            yield entry

    def gather(self, entries: Sequence[Entry]) -> None:
        """Account for all rows, and put their papers into their sessions."""
        group([entry for entry in entries if not entry.groups], self._gathering.zone)
        self._papers = {id(one): self._columns.paper(one.row, one.title) for one in entries if one.has_paper}
        same = SamePapers(self._papers.values(), self._gathering.problems)
        for entry in entries:
            if entry.is_astray:
                self._say_astray(entry)
            if not entry.has_paper:
                self._gather_session(entry)
                continue
            paper = self._papers[id(entry)]
            if not same.is_id(paper):
                paper = replace(paper, source_id=None)
            if not entry.groups and board_of(entry.row):
                self._say_boards(entry.row)
            self._appear(entry, paper, same)

    def _appear(self, entry: Entry, paper: SourcePaper, same: SamePapers) -> None:
        """Gather a paper and put it into its sessions, if it has any."""
        draft = self._gathering.paper(paper, same.mark(paper))
        for found in entry.groups:
            session = self._gathering.session(self._session(found, entry), found.mark)
            own = Span() if entry.own == found.span and not found.is_torn else entry.own
            room = entry.row.text("room")
            self._gathering.appear(
                session,
                draft,
                starts_at=own.starts_at,
                ends_at=own.ends_at,
                room=None if room == found.room else room,
                board=board_of(entry.row),
            )

    def _gather_session(self, entry: Entry) -> None:
        """Gather a row that is of sessions alone; one with speakers is a talk as well, unless it has rows of talks."""
        people = self._people.givers(entry.row)
        has_papers = any(found.has_papers for found in entry.groups)
        if has_papers and "title" in self._fields and (people or entry.row.text("id") or board_of(entry.row)):
            self._leave_out(entry.row)
            return
        if not people or has_papers:
            self._gathering.session_record()
            if people:
                self._say_speakers(entry, people)
            for found in entry.groups:
                self._gathering.session(self._session(found, entry), found.mark)
            return
        paper = self._columns.paper(entry.row, entry.groups[0].name, people)
        draft = self._gathering.paper(paper)
        for found in entry.groups:
            session = self._session(found, entry)
            about_paper = replace(session, abstract=None, source_id=entry.row.text("session_id"), links=())
            self._gathering.appear(self._gathering.session(about_paper, found.mark), draft)

    def _session(self, found: Group, entry: Entry) -> SourceSession:
        """Return what a row says of a session, for the first of its rows with what all of them say."""
        row, alone = entry.row, not entry.has_paper
        span = entry.own if alone and not entry.of_session.starts_at else entry.of_session
        tracks = self._columns.tracks(row) if alone else ()
        numbered = row.text("sessions") is not None
        said = SourceSession(
            key=row.text("session_key") or "",
            line=row.line,
            kind=row.text("session_kind") or (row.text("kind") if alone else None) or "",
            name=found.name,
            track=row.text("session_track") or next(iter(tracks), None),
            room=row.text("session_room") or (row.text("room") if alone else None),
            starts_at=span.starts_at,
            ends_at=span.ends_at,
            chairs=self._people.chairs(row),
            abstract=to_text(row.text("session_abstract") or (row.text("abstract") if alone else None) or "") or None,
            source_id=row.text("session_id") or (row.text("id") if alone else found.name if numbered else None),
            links=(*links_of(row.text("session_links")), *(links_of_row(row) if alone else ())),
        )
        if id(found) in self._made:
            return said
        self._made.add(id(found))
        papers = {self._papers[id(one)].track for one in found.entries if one.has_paper}
        track = papers.pop() if len(papers) == 1 else None
        return replace(
            said,
            track=said.track or track,
            room=said.room or found.room,
            starts_at=said.starts_at or found.span.starts_at,
            ends_at=said.ends_at or found.span.ends_at,
        )

    def _entry(self, row: Row, title: str | None, names: tuple[str, ...]) -> Entry:
        about = f"“{shown(title or ' / '.join(names) or row.text('id') or '')}”"
        # One time can't be that of several sessions.
        own = self._clock.span(own_cells(row), about, row.line) if len(names) < 2 else (None, None)
        of_session = self._clock.span(session_cells(row), f"The session of {about}", row.line)
        return Entry(row, title, names, Span(*own), Span(*of_session), has_paper=title is not None)

    def _is_break(self, row: Row, title: str) -> bool:
        """Tell whether a row is of a break or the like; only a table that has people in it can tell."""
        if self._fields.isdisjoint({"authors", "speakers"}) or row.text("abstract"):
            return False
        return is_break(title, row.text("kind") or "", self._people.givers(row))

    def _is_item(self, row: Row) -> bool:
        """Tell whether a row below a session is no talk but an item such as a break: nobody gives it."""
        if self._fields.isdisjoint({"authors", "speakers"}) or row.text("abstract"):
            return False
        return not self._people.givers(row)

    def _leave_out(self, row: Row) -> None:
        what = row.text("abstract") or row.text("authors") or row.text("speakers") or row.text("id") or ""
        self._gathering.leave_out("no title", what, row.line)

    def _say_speakers(self, entry: Entry, people: Sequence[Credit]) -> None:
        """Note the speakers of a session who are not named in any of its talks: there is no place for them."""
        talks = [one for found in entry.groups for one in found.entries if one.has_paper]
        named = {fold(name) for one in talks for name in self._papers[id(one)].byline}
        if missing := [person.name for person in people if fold(person.name) not in named]:
            self._gathering.problems.note(
                "speakers of a session",
                f"Session “{shown(entry.groups[0].name)}” has speakers who are in none of its talks: "
                f"{shown('; '.join(missing))}. They are left out; name them beside their talks.",
                entry.row.line,
            )

    def _say_astray(self, entry: Entry) -> None:
        day, other = entry.own.starts_at, entry.groups[0].span.starts_at
        if day and other:
            zone = self._gathering.zone
            self._gathering.problems.action(
                "a talk on another day",
                f"“{shown(entry.title or '')}” is on {day.astimezone(zone):%Y-%m-%d}, but the talks around it "
                f"in “{shown(entry.groups[0].name)}” are on {other.astimezone(zone):%Y-%m-%d}. Correct its date.",
                entry.row.line,
            )

    def _say_boards(self, row: Row) -> None:
        if not self._says_boards:
            self._says_boards = True
            self._gathering.problems.action(
                "boards without a session",
                "The table has numbers of boards, but does not tell in which session the posters are, so the numbers "
                "are left out. Give it a column “Session”.",
                row.line,
            )


def _title(row: Row, name: str) -> str | None:
    return to_text(" ".join(row.texts(name))).strip() or None


def _session_names(row: Row) -> tuple[str, ...]:
    """Return the names of a row's sessions: one that several columns make up, and those that one column lists."""
    parts: list[str] = []
    for text in row.texts("session"):
        if not any(text.casefold() in part.casefold() for part in parts):
            parts = [part for part in parts if part.casefold() not in text.casefold()]
            parts.append(text)
    listed = [part for text in row.texts("sessions") for part in _SEVERAL.split(text)]
    names = (to_text(name).strip() for name in (": ".join(parts), *listed))
    return tuple(dict.fromkeys(name for name in names if name))
