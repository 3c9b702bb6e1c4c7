"""Writing a source out in the bot's own forms, JSON and CSV, which its readers read back exactly.

Line numbers and problems stay behind; a source without papers and sessions makes a file that is refused.
"""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.programme.source import Credit, Link, Source, SourceAppearance, SourcePaper, SourceSession
from bot.sources.formats.paper_list.own_form import FORM
from bot.sources.formats.table.cells import (
    APPEARANCE_COLUMNS,
    COLUMNS,
    PAPER_COLUMNS,
    Entry,
    affiliations_text,
    links_text,
    list_text,
    to_cell,
)
from bot.sources.reading.gather import without_surrogates


def as_json(source: Source) -> bytes:
    """Return a source in the bot's own form of JSON, in UTF-8; `own_form` describes it."""
    document = {
        "form": FORM,
        "sessions": [_session(session, source.papers) for session in source.sessions],
        "papers": [_paper(paper) for paper in source.papers],
    }
    return _encoded(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def as_csv(source: Source) -> bytes:
    """Return a source as a table for a spreadsheet, in UTF-8; `cells` describes it."""
    table = io.StringIO(newline="")
    # Versions of Python differ in what they quote of their own accord.
    writer = csv.writer(table, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    writer.writerows(map(to_cell, row) for row in _rows(source))
    return _encoded(table.getvalue())


def _encoded(text: str) -> bytes:
    return without_surrogates(text).encode("utf-8")


def _time(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None


def _session(session: SourceSession, papers: Sequence[SourcePaper]) -> dict[str, Any]:
    return {
        "key": session.key,
        "kind": session.kind,
        "name": session.name,
        "track": session.track,
        "room": session.room,
        "starts_at": _time(session.starts_at),
        "ends_at": _time(session.ends_at),
        "chairs": _people(session.chairs),
        "abstract": session.abstract,
        "id": session.source_id,
        "links": _links(session.links),
        "appearances": [
            {
                "paper": papers[one.paper].key or one.paper,
                "starts_at": _time(one.starts_at),
                "ends_at": _time(one.ends_at),
                "room": one.room,
                "board": one.board,
            }
            for one in session.appearances
        ],
    }


def _paper(paper: SourcePaper) -> dict[str, Any]:
    return {
        "key": paper.key,
        "title": paper.title,
        "authors": _people(paper.authors),
        "abstract": paper.abstract,
        "kind": paper.kind,
        "track": paper.track,
        "topics": paper.topics,
        "id": paper.source_id,
        "other_ids": paper.other_ids,
        "links": _links(paper.links),
    }


def _people(people: Sequence[Credit]) -> list[Any]:
    """Return people as their names; who has affiliations is an object."""
    return [
        {"name": person.name, "affiliations": person.affiliations} if person.affiliations else person.name
        for person in people
    ]


def _links(links: Sequence[Link]) -> list[dict[str, str]]:
    return [{"label": link.label, "url": link.url} for link in links]


def _rows(source: Source) -> Iterator[tuple[str | None, ...]]:
    """Yield a row for each appearance, then for each session and each paper that has none."""
    papers = [_paper_cells(paper) for paper in source.papers]
    alone = set(range(len(papers)))
    for number, session in enumerate(source.sessions, 1):
        about = _session_cells(session)
        if not session.appearances:
            yield (str(Entry(number, None)), *about, *[None] * len(APPEARANCE_COLUMNS + PAPER_COLUMNS))
        for one in session.appearances:
            alone.discard(one.paper)
            yield (str(Entry(number, one.paper + 1)), *about, *_appearance_cells(one), *papers[one.paper])
    no_session = [None] * (len(COLUMNS) - 1 - len(PAPER_COLUMNS))
    for place in sorted(alone):
        yield (str(Entry(None, place + 1)), *no_session, *papers[place])


def _session_cells(session: SourceSession) -> tuple[str | None, ...]:
    return (
        session.key or None,
        session.kind or None,
        session.name,
        session.track,
        session.room,
        _time(session.starts_at),
        _time(session.ends_at),
        list_text([chair.name for chair in session.chairs]),
        affiliations_text(session.chairs),
        session.abstract,
        session.source_id,
        links_text(session.links),
    )


def _appearance_cells(one: SourceAppearance) -> tuple[str | None, ...]:
    return _time(one.starts_at), _time(one.ends_at), one.room, one.board


def _paper_cells(paper: SourcePaper) -> tuple[str | None, ...]:
    return (
        paper.key or None,
        paper.title,
        list_text(paper.byline),
        affiliations_text(paper.authors),
        paper.abstract,
        paper.kind or None,
        paper.track,
        list_text(paper.topics),
        paper.source_id,
        list_text(paper.other_ids),
        links_text(paper.links),
    )
