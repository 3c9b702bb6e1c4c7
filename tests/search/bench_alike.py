"""Which papers answer a question as well as the one it was made from.

Titles share words: whoever types "Named Entity" may mean any paper that has it in its title, and which of them was
drawn is luck. A paper is as good as the one that was drawn if the very same question could have been made from it, by
words as `re` finds them and not as the index does. It counts for every finder alike.
"""

import random
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

from bot.programme.model import Paper

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What questions take from a paper, without case and marks.

    Attributes:
        label: its title as it is printed, in small letters.
        title: the title's words in a row, a space around each; the same of the abstract.
        abstract: see there.
        authors: of each author the surname, and the words of where they work.
        topics: its topics and its track.
    """

    label: str
    title: str
    abstract: str
    authors: Sequence[tuple[str, frozenset[str]]]
    topics: frozenset[str]

    @classmethod
    def of(cls, paper: Paper) -> Self:
        return cls(
            " ".join(paper.label.casefold().split()),
            in_a_row(paper.label),
            in_a_row(paper.abstract.plain if paper.abstract else ""),
            [
                (author.name.split()[-1].casefold(), frozenset(_words(" ".join(author.affiliations))))
                for author in paper.authors
                if author.name.split()
            ],
            frozenset(name.casefold() for name in (*paper.topics, paper.track or "")),
        )


Fits = Callable[[Sheet], bool]
"""Tells whether the same question could have been made from a paper."""


class Question(NamedTuple):
    """What is asked, and what tells which papers answer it."""

    text: str
    fits: Fits


Maker = Callable[[random.Random, Paper], Question | None]


def this_alone(_: Sheet) -> bool:
    """Say of every other paper that it does not answer."""
    return False


def either(*several: Fits) -> Fits:
    """Return whether any of these fits."""
    return lambda sheet: any(fits(sheet) for fits in several)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def in_a_row(text: str) -> str:
    """Return a text's words without case and marks, a space around each."""
    return f" {' '.join(_words(text))} "


def titled(text: str) -> Fits:
    """Return whether a title has these words in a row."""
    wanted = in_a_row(text)
    return lambda sheet: wanted in sheet.title


def begun(text: str) -> Fits:
    """Return whether a title begins so."""
    wanted = text.casefold()
    return lambda sheet: sheet.label.startswith(wanted)


def holding(words: Iterable[str]) -> Fits:
    """Return whether a title has these words anywhere."""
    wanted = [in_a_row(word) for word in words]
    return lambda sheet: all(word in sheet.title for word in wanted)


def abstracted(*texts: str) -> Fits:
    """Return whether an abstract has each of these texts, the words of each in a row."""
    wanted = [in_a_row(text) for text in texts]
    return lambda sheet: all(text in sheet.abstract for text in wanted)


def written_by(name: str, word: str) -> Fits:
    """Return whether an author has this surname, and the title this word."""
    surname, wanted = name.casefold(), in_a_row(word)
    return lambda sheet: wanted in sheet.title and any(surname == author for author, _ in sheet.authors)


def working_at(name: str, place: str) -> Fits:
    """Return whether an author has this surname and works where this word is in the name."""
    surname, wanted = name.casefold(), place.casefold()
    return lambda sheet: any(surname == author and wanted in places for author, places in sheet.authors)


def from_place(name: str, word: str) -> Fits:
    """Return whether an author works at a place of this name, and the title has this word."""
    places, wanted = frozenset(_words(name)), in_a_row(word)
    return lambda sheet: wanted in sheet.title and any(places <= theirs for _, theirs in sheet.authors)


def about(topic: str, word: str) -> Fits:
    """Return whether a paper has this topic, and its title this word."""
    name, wanted = topic.casefold(), in_a_row(word)
    return lambda sheet: wanted in sheet.title and name in sheet.topics
