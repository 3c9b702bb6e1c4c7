"""ConfTool's exports of papers and of sessions, whose columns have fixed names.

The names of authors come as "Lovelace, Ada (1,2); Hopper, Grace (2)" with organisations as "1: Uni A; 2: Lab B", or in
columns of their own. A session has its presentations in numbered columns: p1_title, p1_authors, p1_start, ….
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from bot.programme.source import Credit
from bot.sources.formats.table.cells import affiliations_text, list_text
from bot.sources.formats.table.columns import Header
from bot.sources.formats.table.grid import Grid, Row
from bot.sources.reading.visibility import truth
from bot.sources.reading.when import Cell

_Cells: TypeAlias = dict[str, tuple[Cell, ...]]

_PAPER: Final[Mapping[str, str]] = {
    "paperid": "id",
    "title": "title",
    "contribution_type": "kind",
    "tracks": "track",
    "track": "track",
    "topics": "topics",
    "doi": "doi",
    "external_resource": "url",
}
_SESSION: Final[Mapping[str, str]] = {
    "session_id": "session_id",
    "session_short": "session",
    "session_title": "session",
    "session_start": "session_starts_at",
    "session_end": "session_ends_at",
    "session_room": "session_room",
    "session_info": "session_abstract",
    "session_abstract": "session_abstract",
}
_WHICH_SESSION: Final = ("session", "session_id", "session_starts_at")
_SURE: Final = frozenset(
    "contribution_type organisations acceptance_status authors_formatted submitting_author session_short".split()
)
_PRESENTATION: Final = re.compile(r"p([0-9]{1,3})_title")
_PLACES: Final = re.compile(r"\(([0-9][0-9,\s]*)\)\Z")
_ORGANISATION: Final = re.compile(r"(?:^|;\s?|\n)([0-9]{1,3}):")
_MARKS: Final = " *,;\n"
_MOST_PEOPLE: Final = 200


def is_export(header: Header) -> bool:
    """Tell whether a table is ConfTool's list of papers, or of sessions with their presentations."""
    names = _places(header)
    if "paperid" in names and "title" in names:
        return not _SURE.isdisjoint(names) or any(name.startswith("authors_formatted_") for name in names)
    return "session_id" in names and "title" not in names and any(map(_PRESENTATION.fullmatch, names))


def rows_of(grid: Grid) -> Iterator[Row]:
    """Yield the rows of papers, or of sessions each followed by its presentations, by the bot's names of the fields."""
    places = _places(grid.header)
    numbers = sorted(int(match[1]) for name in places if (match := _PRESENTATION.fullmatch(name)))
    for line, cells in grid.rows:
        values = {
            name: cell
            for name, at in places.items()
            if at < len(cells) and (cell := cells[at]) is not None and str(cell).strip()
        }
        if not values:
            continue
        if "paperid" in places:
            yield Row(line, {**_session(values, with_about=False), **_paper(values, "")})
            continue
        session = _session(values, with_about=True)
        yield Row(line, session)
        about: _Cells = {name: session[name] for name in _WHICH_SESSION if name in session}
        for number in numbers:
            if f"p{number}_title" in values:
                yield Row(line, {**about, **_paper(values, f"p{number}_")})


def _places(header: Header) -> dict[str, int]:
    return {name.strip().casefold(): at for at, name in reversed(list(enumerate(header.names))) if name.strip()}


def _session(values: Mapping[str, Cell], *, with_about: bool) -> _Cells:
    """Return what a row says of its session; at length where the row is the session's."""
    found: _Cells = {}
    for name, field in _SESSION.items():
        if name in values and (with_about or field != "session_abstract"):
            found[field] = (*found.get(field, ()), values[name]) if field == "session" else (values[name],)
    chairs = [chair for number in range(1, 10) if (chair := _chair(values, f"chair{number}"))]
    _put(found, "chairs", list_text([chair.name for chair in chairs]))
    _put(found, "chair_affiliations", affiliations_text(chairs))
    return found


def _chair(values: Mapping[str, Cell], prefix: str) -> Credit | None:
    name = _text(values, f"{prefix}_name") or _text(values, prefix)
    organisation = _text(values, f"{prefix}_organisation")
    return Credit(_given_name_first(name), (organisation,) if organisation else ()) if name else None


def _paper(values: Mapping[str, Cell], prefix: str) -> _Cells:
    """Return what a row says of a paper whose columns begin with a prefix."""
    found: _Cells = {
        field: (values[f"{prefix}{name}"],) for name, field in _PAPER.items() if f"{prefix}{name}" in values
    }
    _put(found, "abstract", _text(values, f"{prefix}abstract") or _text(values, f"{prefix}abstract_plain"))
    if keywords := _text(values, f"{prefix}keywords"):
        found["topics"] = (*found.get("topics", ()), keywords)
    for name, field in (("start", "starts_at"), ("end", "ends_at")):
        if prefix and f"{prefix}{name}" in values:
            found[field] = (values[f"{prefix}{name}"],)
    people = _people(values, prefix)
    _put(found, "authors", list_text([person.name for person in people]))
    _put(found, "affiliations", affiliations_text(people))
    _put(found, "status", _decision(values, prefix))
    if prefix == "" and (withdrawn := _text(values, "withdrawn")):
        found["hidden"] = (withdrawn if truth(withdrawn) is not None else "yes",)
    return found


def _decision(values: Mapping[str, Cell], prefix: str) -> str | None:
    """Return the decision in words; `acceptance_status` is a number, above 0 for what is accepted."""
    if words := _text(values, f"{prefix}acceptance"):
        return words
    status = _text(values, f"{prefix}acceptance_status")
    try:
        number = float(status or "")
    except ValueError:
        return status
    return "accepted" if number > 0 else "rejected" if number < 0 else "no decision"


def _people(values: Mapping[str, Cell], prefix: str) -> list[Credit]:
    """Return the authors with their organisations."""
    if in_columns := list(_people_in_columns(values, f"{prefix}authors_formatted_")):
        return in_columns
    text = _text(values, f"{prefix}authors") or _text(values, f"{prefix}presenting_author") or ""
    organisations = _organisations(_text(values, f"{prefix}organisations") or "")
    return [_person(name, organisations) for name in re.split(r"[;\n]", text) if name.strip()]


def _people_in_columns(values: Mapping[str, Cell], prefix: str) -> Iterator[Credit]:
    """Yield the authors that have numbered columns, counted from 0 or 1."""
    for number in range(_MOST_PEOPLE):
        if name := _text(values, f"{prefix}{number}_name"):
            organisations = _text(values, f"{prefix}{number}_organisation") or ""
            yield Credit(_given_name_first(name), tuple(filter(None, map(str.strip, organisations.split(";")))))
        elif number:
            return


def _person(text: str, organisations: Mapping[str, str]) -> Credit:
    text = text.strip(_MARKS)
    match = _PLACES.search(text)
    name = text[: match.start()] if match else text
    numbers = re.findall("[0-9]+", match[1]) if match else list(organisations)[:1] if len(organisations) == 1 else []
    places = tuple(organisations[number] for number in numbers if number in organisations)
    return Credit(_given_name_first(name), places)


def _organisations(text: str) -> dict[str, str]:
    """Return the organisations by their numbers; a single one has none."""
    parts = _ORGANISATION.split(text)
    if len(parts) == 1:
        return {"1": text.strip()} if text.strip() else {}
    return {number: name.strip(" ;\n") for number, name in zip(parts[1::2], parts[2::2], strict=True)}


def _given_name_first(name: str) -> str:
    """Return "Ada Lovelace" for "Lovelace, Ada"; an asterisk marks who presents."""
    last, comma, first = name.strip(_MARKS).partition(",")
    return f"{first.strip()} {last.strip()}" if comma and first.strip() and "," not in first else name.strip(_MARKS)


def _text(values: Mapping[str, Cell], name: str) -> str | None:
    cell = values.get(name)
    return str(cell).strip() or None if cell is not None else None


def _put(found: _Cells, field: str, text: str | None) -> None:
    if text:
        found[field] = (text,)
