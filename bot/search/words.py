"""Words, in the forms in which they are compared."""

import re
from functools import lru_cache

import Stemmer

from bot.programme.names import fold

_WORD = re.compile(r"[^\W_]+(?:[-‑–/.'’_][^\W_]+)*")
_PART = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_CAMEL = re.compile(r"\d+[A-Z]*(?![a-z])|[A-Z]+(?![a-z])|[A-Z]?[a-zà-ÿ]+|[^\W\d_]+|\d+")
_STEMMER = Stemmer.Stemmer("english")
_CACHED = 2**17
"""How many words are remembered with their forms: the vocabulary of the largest conferences is half of that."""


def tokens(text: str) -> list[str]:
    """Return the words of a text in order, folded: no case, no accents, split at hyphens and punctuation."""
    return [word for match in _WORD.finditer(text) for word in _forms(match.group())[0]]


def index_words(text: str) -> list[str]:
    """Return every form under which a text's words can be found, with repetitions.

    A name such as "Flash3DGS" counts whole and in its parts (flash, 3dgs); a compound such as "db-SP" or
    "cache-driven" counts in its parts and joined (dbsp, cachedriven).
    """
    return [word for match in _WORD.finditer(text) for forms in _forms(match.group()) for word in forms]


@lru_cache(maxsize=_CACHED)
def stem(word: str) -> str:
    """Return what is left of a folded English word without its inflection ("caches", "caching" → "cach")."""
    return str(_STEMMER.stemWord(word))


@lru_cache(maxsize=_CACHED)
def _forms(compound: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the folded words that a printed word or compound consists of, and its other forms."""
    words: list[str] = []
    others: list[str] = []
    for part in _PART.findall(compound):
        words += fold(part).split()
        if part[1:].lower() != part[1:] and len(pieces := _CAMEL.findall(part)) > 1:
            others += [fold(piece) for piece in pieces if len(piece) > 1]
    if len(words) > 1:
        others.append("".join(words))
    return tuple(words), tuple(others)
