"""The bot's own table, which `export.as_csv` writes and `cells` describes, read back exactly."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.programme.source import SourcePaper, SourceSession
from bot.sources.formats.table.cells import (
    COLUMNS,
    PAPER_COLUMNS,
    SESSION_COLUMNS,
    Entry,
    entry_of,
    links_of,
    people_of,
)
from bot.sources.formats.table.columns import Header
from bot.sources.formats.table.grid import Row
from bot.sources.reading.gather import Gathering, PaperDraft, SessionDraft
from bot.sources.reading.lists import split
from bot.sources.reading.problems import shown


def is_own_table(header: Header) -> bool:
    """Tell whether a table has all columns of the bot's own."""
    return set(COLUMNS) <= set(header.names)


@dataclass(frozen=True, slots=True)
class _Numbered:
    """A row and the numbers of its session and its paper."""

    row: Row
    entry: Entry


def read_own_table(rows: Iterable[Row], gathering: Gathering) -> None:
    """Gather what the bot's own table holds; rows that somebody has added without an entry are new."""
    gathering.exact = True
    numbered = _numbered(list(rows), gathering)
    papers: dict[int, PaperDraft] = {}
    for one in sorted(numbered, key=lambda one: one.entry.paper or 0):
        if one.entry.paper is None:
            gathering.session_record()
        else:
            papers[one.entry.paper] = gathering.paper(_paper(one.row), one.entry.paper)
    sessions: dict[int, SessionDraft] = {}
    for one in sorted(numbered, key=lambda one: one.entry.session or 0):
        if one.entry.session is not None:
            sessions[one.entry.session] = gathering.session(_session(one.row, gathering), one.entry.session)
    for one in numbered:
        if one.entry.session is not None and one.entry.paper is not None:
            about = f"Paper “{shown(one.row.exact('title') or '')}”"
            gathering.appear(
                sessions[one.entry.session],
                papers[one.entry.paper],
                starts_at=gathering.moment(one.row.exact("starts_at"), f"{about}: the start", one.row.line),
                ends_at=gathering.moment(one.row.exact("ends_at"), f"{about}: the end", one.row.line),
                room=one.row.exact("room"),
                board=one.row.exact("board"),
            )


def _numbered(rows: list[Row], gathering: Gathering) -> list[_Numbered]:
    entries = [entry_of(row.exact("entry") or "") for row in rows]
    known = [entry for entry in entries if entry is not None]
    next_paper = max((entry.paper or 0 for entry in known), default=0) + 1
    next_session = max((entry.session or 0 for entry in known), default=0) + 1
    names = {row.exact("session"): entry.session for row, entry in zip(rows, entries, strict=True) if entry}
    numbered = []
    for row, entry in zip(rows, entries, strict=True):
        if entry is None:
            if text := row.exact("entry"):
                gathering.problems.note(
                    "an entry that is none", f"“{shown(text)}” is no entry such as s1p3; the row is new.", row.line
                )
            session = paper = None
            if any(row.exact(name) is not None for name in SESSION_COLUMNS):
                session = names.get(row.exact("session"))
                if session is None:
                    session, next_session = next_session, next_session + 1
                    names[row.exact("session")] = session
            if session is None or any(row.exact(name) is not None for name in PAPER_COLUMNS):
                paper, next_paper = next_paper, next_paper + 1
            entry = Entry(session, paper)  # noqa: PLW2901 - the row has one now
        numbered.append(_Numbered(row, entry))
    return numbered


def _paper(row: Row) -> SourcePaper:
    return SourcePaper(
        key=row.exact("key") or "",
        line=row.line,
        title=row.exact("title"),
        authors=people_of(split(row.exact("authors") or ""), row.exact("affiliations")),
        abstract=row.exact("abstract"),
        kind=row.exact("kind") or "",
        track=row.exact("track"),
        topics=split(row.exact("topics") or ""),
        source_id=row.exact("id"),
        other_ids=split(row.exact("other_ids") or ""),
        links=tuple(links_of(row.exact("links"))),
    )


def _session(row: Row, gathering: Gathering) -> SourceSession:
    about = f"Session “{shown(row.exact('session') or '')}”"
    return SourceSession(
        key=row.exact("session_key") or "",
        line=row.line,
        kind=row.exact("session_kind") or "",
        name=row.exact("session") or "",
        track=row.exact("session_track"),
        room=row.exact("session_room"),
        starts_at=gathering.moment(row.exact("session_starts_at"), f"{about}: the start", row.line),
        ends_at=gathering.moment(row.exact("session_ends_at"), f"{about}: the end", row.line),
        chairs=people_of(split(row.exact("chairs") or ""), row.exact("chair_affiliations")),
        abstract=row.exact("session_abstract"),
        source_id=row.exact("session_id"),
        links=tuple(links_of(row.exact("session_links"))),
    )
