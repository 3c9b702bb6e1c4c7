"""Authors on a line: how their names are separated, and whether a line holds names at all."""

import re
from collections.abc import Sequence
from enum import Enum
from typing import Final

_DOTS = re.compile(r"[⋅•∙‧]|(?<!\w)·|·(?!\w)")
"""A middle dot inside a word is a letter of Catalan ("Col·lell"), not a separator."""

_COMMAS = re.compile(r"[,;，、；]|\s(?:and|und|et|&)\s")
_LABEL = re.compile(r"(?:authors?|speakers?|presenters?|presented by|by):\s?", re.IGNORECASE)
_LEADING_AND = re.compile(r"^(?:and|und|et|&)\s")
_BYLINE_CHARACTERS: Final = 100_000
"""The most characters of a byline; those of the largest experiments have 3,000 names."""

_NAME_CHARACTERS: Final = 80
_NAME_WORDS: Final = 8
_PARTICLES: Final = frozenset(
    """
    van von de der den del della di da das do dos du la las le los bin bint ben al el ibn ter ten te zu zur af av e y
    """.split()
)
_NAME_WORD = re.compile(r"[(\"“]?[^\W\d_a-z][\w.'’ʼ`´‐‑\\{}^~-]*[)\"”]?|[a-z]['’]\w+|[a-z]{1,2}-\w+")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,8}")
"""A whole name where names have no spaces: Chinese, Japanese, Korean."""


class Separator(Enum):
    """What stands between the names of a page's bylines."""

    DOTS = "dots"
    COMMAS = "commas"


def byline_of(text: str, separator: Separator) -> tuple[str, ...]:
    """Return the names of a byline in order, "" for a slot left blank; nothing if the line is none."""
    if len(text) > _BYLINE_CHARACTERS:
        return ()
    bare = without_label(text)
    if bare is not text and is_name(bare):
        return (bare,)
    return _with_dots(bare) if separator is Separator.DOTS else _with_commas(bare)


def is_name(text: str) -> bool:
    """Tell whether a text is surely one person's name, such as "G. Edward Suh" or "Mihaela van der Schaar"."""
    words = text.split(maxsplit=_NAME_WORDS)
    if len(words) == 1:
        return bool(_UNSPACED.fullmatch(text))
    capitals = sum(bool(_NAME_WORD.fullmatch(word)) for word in words)
    return len(words) <= 6 and capitals >= 2 and all(_NAME_WORD.fullmatch(word) or word in _PARTICLES for word in words)


def name_and_affiliation(text: str) -> tuple[str, str | None]:
    """Split "Ada Lovelace (University of London)"; a nickname in the middle stays."""
    name, bracket, affiliation = text.removesuffix(")").rpartition(" (")
    is_split = bracket and text.endswith(")") and name.strip() and affiliation.strip()
    return (name, affiliation) if is_split else (text, None)


def without_label(text: str) -> str:
    """Return a line of names without the "Authors:" or "Speaker:" before it."""
    match = _LABEL.match(text)
    return text[match.end() :] if match else text


def may_be_names(names: Sequence[str]) -> bool:
    """Tell whether these can be names: not all need a capital, for people type their own."""
    return all(
        len(name) <= _NAME_CHARACTERS
        and len(name.split()) <= _NAME_WORDS
        and not any(character in name for character in "=<>[]|/@:!?_#$")
        for name in names
    )


def names_between_commas(text: str) -> tuple[str, ...]:
    """Return what commas, semicolons or "and" separate, blank ones left out; these need not be names."""
    parts = (_LEADING_AND.sub("", part.strip()) for part in _COMMAS.split(text))
    return tuple(filter(None, parts))


def _with_dots(text: str) -> tuple[str, ...]:
    slots = tuple(slot.strip() for slot in _DOTS.split(text))
    names = [name_and_affiliation(slot)[0] for slot in slots] if len(slots) > 1 else []
    if not names or any(len(name) > _NAME_CHARACTERS or len(name.split()) > _NAME_WORDS for name in names):
        return ()
    is_item_of_list = len(slots) == 2 and not slots[0] and not is_name(slots[1])
    return () if is_item_of_list else slots


def _with_commas(text: str) -> tuple[str, ...]:
    if not may_be_names(_COMMAS.split(text, maxsplit=1)[:1]):
        return ()  # most paragraphs, at little cost
    names = names_between_commas(text)
    if len(names) < 2 or not may_be_names(names):
        return ()
    good = sum(map(is_name, names))
    # One name in four may be odd: typed without the shift key, or of one word.
    return names if good >= 2 and 4 * good >= 3 * len(names) else ()
