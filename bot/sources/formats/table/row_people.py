"""People as the columns of a table name them: authors, speakers and chairs, and where they work."""

import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Final

from bot.programme.names import fold
from bot.programme.source import Credit
from bot.sources.formats.table.cells import people_of
from bot.sources.formats.table.grid import Row
from bot.sources.reading.html import to_text
from bot.sources.reading.lists import split, split_names
from bot.sources.reading.problems import Problems, shown

_IN_BRACKETS: Final = re.compile(r"\([^()]*\)")
_KEPT: Final = re.compile("\ue000([0-9]+)\ue001")
_PLACED: Final = re.compile(r"(?P<name>[^()]*[^()\s])\s*\((?P<where>[^()]+)\)")
_NO_PLACE: Final = re.compile(
    r"[\d\s,;*†‡]*|(?:she|he|they|ze|xe)\b.*|(?:chair|moderator|presenter|speaker)", re.IGNORECASE
)
_MARKS: Final = " \t*†‡,;"


class PeopleColumns:
    """Reads people from rows, by what all rows together tell of how their names are to be taken apart."""

    def __init__(self, rows: Sequence[Row], problems: Problems, affiliations: Mapping[str, str]) -> None:
        """Look at all rows.

        Args:
            rows: the rows of the table.
            problems: where to note what was left aside.
            affiliations: where people work, by their folded names, for those of whom the row does not tell.
        """
        self._problems = problems
        self._affiliations = affiliations
        self._columns = {name: _NameColumn(rows, name) for name in ("authors", "speakers", "chairs")}

    def givers(self, row: Row) -> tuple[Credit, ...]:
        """Return the authors of a row, and speakers who are none of them."""
        authors, speakers = self._columns["authors"].people(row), self._columns["speakers"].people(row)
        known = {key for person in authors for key in _alike(person.name)}
        more = (person for person in speakers if not authors or known.isdisjoint(_alike(person.name)))
        return self._at_work(row, (*authors, *more), "affiliations")

    def chairs(self, row: Row) -> tuple[Credit, ...]:
        """Return the chairs of a row."""
        return self._at_work(row, self._columns["chairs"].people(row), "chair_affiliations")

    def _at_work(self, row: Row, people: Sequence[Credit], field: str) -> tuple[Credit, ...]:
        """Return people with their affiliations, if the row has one for each."""
        held = row.texts(field)
        if people and held and not any(person.affiliations for person in people):
            people = self._with_places([person.name for person in people], held, row.line)
        return tuple(map(self._with_listed, people))

    def _with_places(self, names: Sequence[str], held: Sequence[str], line: int) -> Sequence[Credit]:
        text = held[0]
        if len(held) > 1 and len(held) == len(names):
            return [Credit(name, (where,)) for name, where in zip(names, held, strict=True)]
        people = people_of(names, text if ";" in text else re.sub(r"[|\n]", ";", text))
        if any(person.affiliations for person in people):
            return people
        if len(names) == 1:
            return [Credit(names[0], split(text))]
        self._problems.note(
            "affiliations that fit nobody",
            f"“{shown(text)}” is not one affiliation for each of {len(names)} people, and is left out.",
            line,
        )
        return people

    def _with_listed(self, person: Credit) -> Credit:
        if person.affiliations or not self._affiliations:
            return person
        where = self._affiliations.get(fold(person.name))
        return Credit(person.name, (where,)) if where else person


class _NameColumn:
    """How one field of a table has names."""

    def __init__(self, rows: Sequence[Row], field: str) -> None:
        texts = [texts for row in rows if (texts := row.texts(field))]
        cells = [text for several in texts for text in several]
        semicolons = sum(";" in text for text in cells)
        others = sum(";" not in text and ("," in text or "|" in text) for text in cells)
        self._field = field
        # Where semicolons separate names in most cells, a comma is part of a name, also in a cell with one name.
        self._keeps_commas = any(len(several) > 1 for several in texts) or (semicolons > 0 and semicolons >= others)

    def people(self, row: Row) -> list[Credit]:
        """Return the people of a row in their order; some write where each works in brackets behind the name."""
        return [_placed(name) for text in row.texts(self._field) for name in self._names(text)]

    def _names(self, text: str) -> Iterator[str]:
        brackets: list[str] = []

        def keep(match: re.Match[str]) -> str:
            brackets.append(match[0])
            return f"\ue000{len(brackets) - 1}\ue001"

        text = _IN_BRACKETS.sub(keep, text.replace("\ue000", " ").replace("\ue001", " "))
        text = text.replace("\n", ";") if ";" not in text else " ".join(text.split())
        if ";" not in text and self._keeps_commas and "|" not in text and " and " not in text:
            names = split(text)
        else:
            names = split_names(text.replace(" & ", " and "))
        for name in names:
            yield _KEPT.sub(lambda match: brackets[int(match[1])] if int(match[1]) < len(brackets) else "", name)


def _placed(name: str) -> Credit:
    """Return a name without marks such as asterisks and numbers, and the affiliation in brackets behind it."""
    bare = to_text(name).strip(_MARKS)
    match = _PLACED.fullmatch(bare)
    if match is None:
        return Credit(bare)
    if _NO_PLACE.fullmatch(match["where"]):
        return Credit(match["name"].strip(_MARKS))
    return Credit(match["name"].strip(_MARKS), (match["where"].strip(),))


def _alike(name: str) -> tuple[Hashable, ...]:
    """Return what ways of writing a name have in common: with initials only, with and without a middle name."""
    words = fold(name).split()
    return (tuple(words), (words[0][:1], words[-1])) if words else ()
