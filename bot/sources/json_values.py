"""Parsing JSON so that a message can tell what a value is and how it was written."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any, TypeGuard

from bot.errors import UserError


class Number(str):
    """A number as it is written."""

    __slots__ = ()


class _Constant(str):
    """What some programs write although it is no JSON, such as NaN."""

    __slots__ = ()


class Doubled(dict[str, Any]):
    """An object that has a field twice."""

    def __init__(self, pairs: Sequence[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        ((self.name, _),) = Counter(name for name, _ in pairs).most_common(1)


def parse(text: str, name: str, expected: str) -> object:
    """Return what a document holds: numbers as `Number`, objects that have a field twice as `Doubled`.

    Args:
        text: the document.
        name: what messages call it.
        expected: what should be in it, as a sentence.

    Raises:
        UserError: it is no valid JSON, or is nested too deeply.
    """
    try:
        return json.loads(
            text, object_pairs_hook=_object, parse_int=Number, parse_float=Number, parse_constant=_Constant
        )
    except json.JSONDecodeError as error:
        cut = " The file may have been cut off." if not text[error.pos :].strip() or "Unterminated" in error.msg else ""
        raise UserError(
            f"{name}: line {error.lineno}, column {error.colno}: no valid JSON: {error.msg}.{cut} "
            "Mend it there, or export the file again."
        ) from None
    except RecursionError:
        raise UserError(f"{name}: its brackets are nested too deeply for a programme. {expected}") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    return made if len(made) == len(pairs) else Doubled(pairs)


def kind_of(value: object) -> str:
    """Return what a value is, in a word or two for people."""
    match value:
        case None | bool() | _Constant():
            return value if isinstance(value, str) else json.dumps(value)
        case Number():
            return "a number"
        case str():
            return "text"
        case list():
            return "a list"
    return "an object"


def is_text(value: object) -> TypeGuard[str]:
    """Tell whether a value is a text, and no number or constant."""
    return isinstance(value, str) and not isinstance(value, Number | _Constant)
