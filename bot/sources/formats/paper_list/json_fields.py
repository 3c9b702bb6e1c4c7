"""Named fields of a JSON file whose names are not fixed, with the place of each value for messages."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, TypeGuard

from bot.errors import UserError
from bot.sources.reading.file import File
from bot.sources.reading.gather import without_surrogates
from bot.sources.reading.json_parts import Later, NotPlain, by_and_by
from bot.sources.reading.problems import Problems, shown

_MOST_DIGITS: Final = 20
_NOT_A_LETTER: Final = re.compile(r"[\W_]+")


_REMEMBERED: Final = 1_000
"""How many combinations of names are remembered for each kind of object."""

_MOST_NAMES: Final = 100
"""No combination of more names is remembered."""


class FieldNames:
    """The names under which fields come; case, spaces and punctuation in them don't matter."""

    def __init__(self, **names: str) -> None:
        """Take the names of each field, separated by spaces, the surest first."""
        self._found: dict[tuple[str, ...], Mapping[str, int]] = {}
        self._known = {
            name: (field_name, rank) for field_name, text in names.items() for rank, name in enumerate(text.split())
        }

    def find(self, given: Iterable[str]) -> Mapping[str, int]:
        """Return, for each field that is there, which of the given names is its."""
        names = tuple(given)
        found = self._found.get(names)
        if found is None:
            found = self._find(names)
            # The objects of a list have mostly the same names; a file in which all differ is not remembered.
            if len(self._found) < _REMEMBERED and len(names) < _MOST_NAMES:
                self._found[names] = found
        return found

    def _find(self, given: Iterable[str]) -> Mapping[str, int]:
        best: dict[str, tuple[int, int]] = {}
        for position, name in enumerate(given):
            if known := self._known.get(_letters(name)):
                field_name, rank = known
                best[field_name] = min(best.get(field_name, (rank, position)), (rank, position))
        return {field_name: position for field_name, (_, position) in best.items()}


@lru_cache(maxsize=4096)
def _letters(name: str) -> str:
    return _NOT_A_LETTER.sub("", name.casefold())


class _Number(str):
    """A number as it is written."""

    __slots__ = ()


class _Doubled(dict[str, Any]):
    """An object that has a field twice."""

    def __init__(self, pairs: Sequence[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        ((self.name, _),) = Counter(name for name, _ in pairs).most_common(1)


def document_of(file: File) -> object:
    """Return the document of a JSON file in which numbers are as written and fields given twice are known.

    Raises:
        UserError: it is no valid JSON; the message names the line and the column.
    """
    file.forget_json()
    try:
        if file.is_long:
            return by_and_by(file.data, _AS_WRITTEN)
    except (NotPlain, RecursionError):
        pass  # it may be in UTF-16
    try:
        return _AS_WRITTEN.decode(file.text)
    except (ValueError, RecursionError):
        return file.json  # which says where it is broken


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    return made if len(made) == len(pairs) else _Doubled(pairs)


_AS_WRITTEN: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_Number, parse_float=_Number, parse_constant=lambda _: None
)


def is_text(value: object) -> TypeGuard[str]:
    """Tell whether a value of a document is a text; a number as written is none."""
    return isinstance(value, str) and not isinstance(value, _Number)


def _type(value: object) -> str:
    match value:
        case None | bool():
            return json.dumps(value)
        case _Number() | int() | float():
            return "a number"
        case str():
            return "text"
        case list() | Later():
            return "a list"
    return "an object"


@dataclass(slots=True)
class Document:
    """One file being read.

    Attributes:
        file: what messages call it.
        problems: where what is wrong goes.
        expected: what the file should hold, as a sentence for messages.
        unknown: the names of fields that nobody knows, so far.
        other_affiliations: how many papers have another number of affiliations than of authors, so far.
    """

    file: str
    problems: Problems
    expected: str
    unknown: dict[str, None] = field(default_factory=dict)
    other_affiliations: int = 0

    def take(self, value: object, path: str, names: FieldNames, *, strict: bool = True) -> "Fields":
        """Take a value for an object; when `strict`, fields that are not known are remembered.

        Raises:
            UserError: it is none, or has a field twice.
        """
        if not isinstance(value, dict):
            raise UserError(f"{self.file}: {path or 'the file'} must be an object, not {_type(value)}. {self.expected}")
        if isinstance(value, _Doubled):
            raise UserError(
                f"{self.file}: {f'{path}: ' if path else ''}the field “{shown(value.name)}” is there twice. "
                "Take one of them out."
            )
        given = list(value)
        found = names.find(given)
        if strict and len(found) < len(given):
            known = set(found.values())
            self.unknown.update((name, None) for place, name in enumerate(given) if place not in known)
        return Fields(
            self,
            path,
            {name: value[given[place]] for name, place in found.items()},
            {name: given[place] for name, place in found.items()},
        )

    def note(self) -> None:
        """Add to the problems what concerns the whole file: fields nobody knows, and affiliations of nobody."""
        unknown = [f"“{shown(name)}”" for name in self.unknown]
        if unknown:
            more = f" and {len(unknown) - 20} more" if len(unknown) > 20 else ""
            self.problems.note(
                "unknown field",
                f"Left out, because the bot knows no such field: {', '.join(unknown[:20])}{more}.",
            )
        if self.other_affiliations:
            self.problems.note(
                "affiliations of nobody",
                f"Affiliations are left out for {self.other_affiliations:,} papers, which have another number of them "
                "than of authors.",
            )


@dataclass(frozen=True, slots=True)
class Fields:
    """An object of the file; a value of a wrong type is refused with its place.

    Attributes:
        document: the file it is part of.
        path: where it is.
        values: its values by the bot's names of the fields.
        names: the fields' own names by the bot's.
    """

    document: Document
    path: str
    values: Mapping[str, Any]
    names: Mapping[str, str]

    def path_of(self, name: str) -> str:
        """Return where a field is, by its own name."""
        own = shown(self.names.get(name, name))
        return f"{self.path}.{own}" if self.path else own

    def text(self, name: str) -> str | None:
        """Return a field's text, or None.

        Raises:
            UserError: it is something else, as for the other methods.
        """
        value = self.values.get(name)
        return None if value is None else self._text(value, name)

    def text_or_number(self, name: str) -> str | None:
        """Return a field's text, or its number as it is written, or None."""
        value = self.values.get(name)
        if not isinstance(value, _Number):
            return self.text(name)
        if len(value) > _MOST_DIGITS:
            raise UserError(
                f"{self.document.file}: {self.path_of(name)} is a number of {len(value):,} characters; "
                f"at most {_MOST_DIGITS} make sense."
            )
        return str(value)

    def place(self, name: str) -> int | None:
        """Return a field's number where it is a whole one, counted from 0; else None."""
        value = self.values.get(name)
        return int(value) if isinstance(value, _Number) and value.isdecimal() and len(value) <= _MOST_DIGITS else None

    def items(self, name: str) -> Sequence[object]:
        """Return what a field lists."""
        value = self.values.get(name)
        if value is None:
            return ()
        if not isinstance(value, list | Later):
            raise self._wrong(self.path_of(name), "a list", value)
        return value

    def item_text(self, value: object, name: str, at: int) -> str:
        """Return one text of those a field lists; null is an empty one."""
        return self._text(value, name, at) or ""

    def item_text_or_number(self, value: object, name: str, at: int) -> str:
        """Return one text or number, as it is written, of those a field lists; null is an empty text."""
        return str(value) if isinstance(value, _Number) else self.item_text(value, name, at)

    def objects(self, name: str, names: FieldNames, *, strict: bool = True) -> Iterator["Fields"]:
        """Yield the objects that a field lists."""
        path = self.path_of(name)
        for at, item in enumerate(self.items(name)):
            yield self.document.take(item, f"{path}[{at}]", names, strict=strict)

    def _text(self, value: object, name: str, at: int | None = None) -> str | None:
        if value is None:
            return None
        if not is_text(value):
            raise self._wrong(self.path_of(name) + ("" if at is None else f"[{at}]"), "text", value)
        text = without_surrogates(value)
        if text != value:
            self.document.problems.note(
                "half a character", f"{self.path_of(name)}: half a character, escaped as \\ud…; shown as \ufffd."
            )
        return text

    def _wrong(self, path: str, expected: str, value: object) -> UserError:
        return UserError(f"{self.document.file}: {path} must be {expected}, not {_type(value)}.")
