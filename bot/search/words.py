"""Words, in the forms in which they are compared."""

import re
from collections.abc import Iterator
from functools import lru_cache

import snowballstemmer

from bot.programme.names import fold

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_COMPOUND = re.compile(r"[^\W_]+(?:[-‑–/.'’_][^\W_]+)+")
_CAMEL = re.compile(r"\d+[A-Z]*(?![a-z])|[A-Z]+(?![a-z])|[A-Z]?[a-zà-ÿ]+|[^\W\d_]+|\d+")
_STEMMER = snowballstemmer.stemmer("english")


def tokens(text: str) -> list[str]:
    """Return the words of a text in order, folded: no case, no accents, split at hyphens and punctuation."""
    return [part for match in _TOKEN.finditer(text) for part in fold(match.group()).split()]


def index_words(text: str) -> list[str]:
    """Return every form under which a text's words can be found, in order, with repetitions.

    A name such as "Flash3DGS" counts whole and in its parts (flash, 3dgs); a compound such as "db-SP" or
    "cache-driven" counts in its parts and joined (dbsp, cachedriven).
    """
    return [*tokens(text), *_parts(text), *_joined(text)]


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Return what is left of a folded English word without its inflection ("caches", "caching" → "cach")."""
    return str(_STEMMER.stemWord(word))


def _parts(text: str) -> Iterator[str]:
    for match in _TOKEN.finditer(text):
        word = match.group()
        pieces = _CAMEL.findall(word)
        if len(pieces) > 1 and word[1:].lower() != word[1:]:
            yield from (fold(piece) for piece in pieces if len(piece) > 1)


def _joined(text: str) -> Iterator[str]:
    for match in _COMPOUND.finditer(text):
        yield "".join(fold(match.group()).split())
