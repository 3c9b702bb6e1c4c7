"""Titles of papers and names of sessions that are nearly the same."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz

from bot.programme.names import fold
from bot.programme.text import clean

# Likeness out of 100. Of the first conference's papers no two titles are more alike than 75; a title with a typo has
# 95 and more.
_NEAR: Final = 85
_NEAR_REST: Final = 75
_SUBTITLED: Final = 80

_WORD = re.compile(r"\w+")
_MARKUP = re.compile(r"[\\$*_`{}^]")
_COUNTER = re.compile(r"\d+|\b(?:[b-z]|ii|iii|iv|vi{1,3}|ix)\b")
_FILLERS: Final = frozenset("a an and at by for from in of on or the through to towards toward using via with".split())


@dataclass(frozen=True, slots=True)
class Name:
    """A title, or a session's name, in its words.

    Attributes:
        words: the folded words in their order.
        system: the folded name that a title puts before its colon.
        witnesses: what two things that are the same have in common besides: a paper's people, a session's papers.
    """

    words: tuple[str, ...]
    system: str
    witnesses: frozenset[str]


def name_of(raw: str, witnesses: frozenset[str], *, is_title: bool) -> Name | None:
    """Return a title or a session's name in its words, or None when it has none."""
    words = _words(raw)
    before, colon, _ = raw.partition(":")
    return Name(words, " ".join(_words(before)) if is_title and colon else "", witnesses) if words else None


def features(name: Name) -> Collection[str]:
    """Return what names that are nearly the same have in common."""
    # Letters rather than words: they are still shared when a word is misspelt, and where words have no spaces.
    text = " ".join(name.words)
    return {text[at : at + 3] for at in range(max(len(text) - 2, 1))} | name.witnesses


def likeness(one: Name, other: Name) -> float:
    """Return how surely two names are meant to be the same, or 0: a slip corrected, a subtitle added or dropped.

    Names that differ in a number ("Part 1", "Part 2") are not the same, nor are those of different people.
    """
    known = bool(one.witnesses and other.witnesses)
    if known and not one.witnesses & other.witnesses:
        return 0
    texts = " ".join(one.words), " ".join(other.words)
    ratio = fuzz.ratio(*texts)
    if known:
        ratio = max(ratio, fuzz.token_sort_ratio(*texts))
    if ratio >= _NEAR and _differ_by_slips(one.words, other.words):
        return ratio
    return _SUBTITLED if known and _is_subtitled(*sorted((one, other), key=lambda name: len(name.words))) else 0


def _words(raw: str) -> tuple[str, ...]:
    # Cleaning is slow, and changes the words of nothing but markup.
    return tuple(_WORD.findall(fold(clean(raw).plain if _MARKUP.search(raw) else raw)))


def _differ_by_slips(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    rests = [
        [word for word in words if word not in others and word not in _FILLERS]
        for words, others in ((one, other), (other, one))
    ]
    if _counters(rests[0]) != _counters(rests[1]):
        return False
    return rests == [[], []] or fuzz.ratio("".join(rests[0]), "".join(rests[1])) >= _NEAR_REST


def _is_subtitled(short: Name, long: Name) -> bool:
    subtitle = long.words[len(short.words) :]
    is_title = len(short.words) >= 3 or " ".join(short.words) == long.system
    return is_title and long.words[: len(short.words)] == short.words and len(_counters(subtitle)) < len(subtitle)


def _counters(words: Iterable[str]) -> list[str]:
    return sorted(_COUNTER.findall(" ".join(words)))
