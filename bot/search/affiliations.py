"""Where people work, as it is written and as it is called: "Massachusetts Institute of Technology", "MIT"."""

import re
from functools import lru_cache

from bot.search.words import index_words, tokens

_PART = re.compile(r"[^,;/()]+")
_CAMPUS = re.compile(r"University of [^,;/()]{1,60}, [^,;/()]{1,60}")
_WORD = re.compile(r"[^\W\d_]+")
_FEWEST_LETTERS = 3
"""Fewer letters are as often something else: "Los Angeles" is not looked for as LA."""

_CACHED = 2**14
"""How many affiliations are remembered with their words: those of large conferences."""


@lru_cache(maxsize=_CACHED)
def affiliation_words(name: str) -> frozenset[str]:
    """Return every form under which the words of an affiliation can be found, its initials among them."""
    return frozenset((*index_words(name), *initials_of(name)))


@lru_cache(maxsize=_CACHED)
def initials_of(name: str) -> tuple[str, ...]:
    """Return an affiliation's initials, whole and without its parts, where these are many enough to mean it."""
    called = (*_PART.findall(name), *_CAMPUS.findall(name))  # "University of California, Los Angeles" is UCLA
    return tuple(filter(None, map(_initials, called)))


def _initials(name: str) -> str:
    """Return the first letters of the words with a capital, but for "The", or nothing where these are too few."""
    letters = [word[0] for word in _WORD.findall(name) if word[0].isupper() and word != "The"]
    return "".join(tokens("".join(letters))) if len(letters) >= _FEWEST_LETTERS else ""
