"""Writing a programme's source out again, in the bot's own forms, which its readers read back exactly.

Line numbers and problems stay behind; so does what no source may hold (a link that is no web address, say).
"""

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from bot.programme.source import Source, SourcePaper, SourceSession
from bot.sources.cells import links_text, to_cell
from bot.sources.encoding import without_surrogates
from bot.sources.json_form import FORM
from bot.sources.lists import joined
from bot.sources.problems import Problems
from bot.sources.sound import sound

_SESSION_COLUMNS = ("session_key", "session_kind", "session", "room", "starts_at", "ends_at")
_PAPER_COLUMNS = ("key", "title", "authors", "abstract", "number", "id", "links")


def as_json(source: Source) -> bytes:
    """Return a source in the bot's own form of JSON, in UTF-8."""
    document = {"form": FORM, "sessions": [_session(session) for session in sound(source.sessions, Problems())]}
    return _encoded(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def as_csv(source: Source) -> bytes:
    """Return a source as a table for a spreadsheet, in UTF-8: a row for each paper and each session without papers.

    A spreadsheet takes no cell for a formula; see `cells` for how.
    """
    table = io.StringIO(newline="")
    # Versions of Python differ in what they quote of their own accord.
    writer = csv.writer(table, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(("entry", *_SESSION_COLUMNS, *_PAPER_COLUMNS))
    for number, session in enumerate(sound(source.sessions, Problems()), 1):
        writer.writerows(map(to_cell, row) for row in _rows(session, number))
    return _encoded(table.getvalue())


def _encoded(text: str) -> bytes:
    return without_surrogates(text).encode("utf-8")


def _time(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None


def _session(session: SourceSession) -> dict[str, Any]:
    return {
        "key": session.key,
        "kind": session.kind,
        "name": session.name,
        "room": session.room,
        "starts_at": _time(session.starts_at),
        "ends_at": _time(session.ends_at),
        "papers": [_paper(paper) for paper in session.papers],
    }


def _paper(paper: SourcePaper) -> dict[str, Any]:
    return {
        "key": paper.key,
        "title": paper.title,
        "authors": paper.byline,
        "abstract": paper.abstract,
        "number": paper.number,
        "id": paper.source_id,
        "links": [{"label": link.label, "url": link.url} for link in paper.links],
    }


def _rows(session: SourceSession, number: int) -> Iterator[tuple[str | None, ...]]:
    about = (
        session.key or None,
        session.kind or None,
        session.name,
        session.room,
        _time(session.starts_at),
        _time(session.ends_at),
    )
    if not session.papers:
        yield (f"s{number}", *about, *(None for _ in _PAPER_COLUMNS))
    for place, paper in enumerate(session.papers, 1):
        yield (
            f"s{number}p{place}",
            *about,
            paper.key or None,
            paper.title,
            joined(paper.byline) or None,
            paper.abstract,
            paper.number,
            paper.source_id,
            links_text(paper.links) or None,
        )
