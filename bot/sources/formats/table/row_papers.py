"""What the rows of a table say of papers, and which rows are of the same paper."""

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Final

from bot.programme.source import Credit, Link, SourcePaper
from bot.sources.formats.table.cells import links_of
from bot.sources.formats.table.columns import LINK_FIELDS
from bot.sources.formats.table.grid import Row
from bot.sources.formats.table.row_people import PeopleColumns
from bot.sources.reading.decisions import presentation_of
from bot.sources.reading.html import to_text
from bot.sources.reading.lists import split
from bot.sources.reading.paper_links import is_address, links_of_fields
from bot.sources.reading.problems import Problems, shown
from bot.sources.reading.values import uncased

_LISTED: Final = re.compile(r"'([^']*)'|\"([^\"]*)\"")


class PaperColumns:
    """Reads papers from rows, by what all rows together tell of how their texts are to be taken apart."""

    def __init__(self, rows: Sequence[Row], people: PeopleColumns) -> None:
        """Look at all rows; `people` reads those whom they name."""
        self._people = people
        self._topics = _topic_splitter(text for row in rows for text in row.texts("topics"))

    def paper(self, row: Row, title: str | None, authors: tuple[Credit, ...] | None = None) -> SourcePaper:
        """Return the paper of a row.

        Args:
            row: the row.
            title: its title, or None when the row only completes a paper of another file.
            authors: its authors, when they are known otherwise.
        """
        tracks = self.tracks(row)
        return SourcePaper(
            key=row.text("key") or "",
            line=row.line,
            title=title,
            authors=self._people.givers(row) if authors is None else authors,
            abstract=to_text(row.text("abstract") or "") or None,
            kind=row.text("kind") or _kind_of_talk(row) or presentation_of(row.text("status")),
            track=next(iter(tracks), None),
            topics=tuple(dict.fromkeys((*tracks[1:], *self._topics_of(row)))),
            source_id=row.text("id"),
            other_ids=split(row.text("other_ids") or ""),
            links=links_of_row(row),
        )

    def tracks(self, row: Row) -> tuple[str, ...]:
        """Return the tracks of a row, which semicolons or bars separate."""
        parts = re.split(r"[;|\n]", row.text("track") or "")
        return tuple(dict.fromkeys(to_text(part.strip()) for part in parts if part.strip()))

    def _topics_of(self, row: Row) -> tuple[str, ...]:
        return tuple(to_text(part) for text in row.texts("topics") for part in self._topics(text))


class SamePapers:
    """Tells which rows are of the same paper."""

    def __init__(self, papers: Iterable[SourcePaper], problems: Problems) -> None:
        """Look at all papers: an identifier of several titles is none, such as a number within a session."""
        titles: dict[str, str] = {}
        self._no_ids: set[str] = set()
        for paper in papers:
            if paper.source_id and paper.title:
                title = titles.setdefault(paper.source_id, paper.title)
                if uncased(title) != uncased(paper.title) and paper.source_id not in self._no_ids:
                    self._no_ids.add(paper.source_id)
                    problems.note(
                        "an identifier of several papers",
                        f"“{shown(paper.source_id)}” is the identifier of “{shown(title)}” and of "
                        f"“{shown(paper.title)}”, and is left out.",
                        paper.line,
                    )
        self._by_id: dict[str, Hashable] = {}
        self._by_title: dict[Hashable, tuple[Hashable, str | None]] = {}

    def is_id(self, paper: SourcePaper) -> bool:
        """Tell whether the identifier of a paper is one."""
        return paper.source_id is not None and paper.source_id not in self._no_ids

    def mark(self, paper: SourcePaper) -> Hashable:
        """Return what all rows of the same paper have in common: the identifier, or title, authors and abstract."""
        own_id = paper.source_id if paper.source_id and self.is_id(paper) else None
        names = tuple(map(uncased, paper.byline))
        title = (uncased(paper.title or ""), names)
        if own_id is not None and own_id in self._by_id:
            return self._by_id[own_id]
        mark: Hashable = ("id", own_id) if own_id is not None else object()
        if paper.title and names:
            known, abstract = self._by_title.setdefault(title, (mark, paper.abstract))
            if not abstract or not paper.abstract or abstract == paper.abstract:
                mark = known
        if own_id is not None:
            self._by_id[own_id] = mark
        return mark


def _kind_of_talk(row: Row) -> str:
    """Return the kind of a session, which is that of the talk where a talk is called a session."""
    return "" if row.texts("session") else row.text("session_kind") or ""


def board_of(row: Row) -> str | None:
    """Return the number of a poster's board; a column “Poster” may have that, or the address of the poster."""
    board = row.text("board")
    return None if board and is_address(board) else board


def links_of_row(row: Row) -> tuple[Link, ...]:
    """Return the links of a row: those that a column lists, and those with a column of their own."""
    addresses = {field: row.text(field) for field in LINK_FIELDS}
    poster = row.text("board")
    if poster and is_address(poster):
        addresses["poster_file"] = poster
    return (*links_of(row.text("links")), *links_of_fields(addresses))


def _topic_splitter(texts: Iterable[str]) -> Callable[[str], tuple[str, ...]]:
    """Return what takes topics apart: the surest separator that any row has, as commas are in topics as well."""
    seen = {character for text in texts for character in "|;\n" if character in text}
    separator = next((character for character in "|;\n" if character in seen), ",")

    def split_text(text: str) -> tuple[str, ...]:
        if text.startswith(("['", '["')) and text.endswith("]"):
            return tuple(one or other for one, other in _LISTED.findall(text))
        return tuple(part.strip() for part in text.split(separator) if part.strip())

    return split_text
