"""Words, in the forms in which they are compared."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

import Stemmer

from bot.programme.names import fold

_WORD = re.compile(r"[^\W_]+(?:[-‑–/.'’_][^\W_]+)*")
_PART = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_CAMEL = re.compile(r"\d+[A-Z]*(?![a-z])|[A-Z]+(?![a-z])|[A-Z]?[a-zà-ÿ]+|[^\W\d_]+|\d+")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,}")
"""Runs of scripts that put no space between words: Thai, Lao, Japanese, Chinese, and Korean's compounds."""

_STEMMER = Stemmer.Stemmer("english", 0)  # what it remembers is not worth the time
_CACHED = 2**14
"""How many words are remembered with their forms: those of a thousand abstracts."""

_WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
"""How letters are written out that a keyboard lacks; `fold` alone takes the marks away: "muller", not "mueller"."""

_MAY_DIFFER = re.compile(r"[iy]z[aei]|our|ell(?:ing|ed|er)|[td]re[sd]?$|bre[sd]?$|ence|ogue|gramme|^grey$")
_SPELLINGS = (
    (re.compile(r"(?<=...[iy])z(?=(?:e|es|ed|er|ers|ing|able|ation|ations|ational)$)"), "s"),
    (re.compile(r"\b(behavi|col|fav|flav|hon|hum|lab|neighb|rum)our"), r"\1or"),
    (re.compile(r"(?<=...)(?<!sp)ell(?=(?:ing|ed|er|ers)$)"), "el"),
    (re.compile(r"^(cent|fib|lit|\w*met)re(?=[sd]?$)"), r"\1er"),
    (re.compile(r"^(def|lic|off|pret)ence(?=[sd]?$)"), r"\1ense"),
    (re.compile(r"(?<=.[ai]l)ogue(?=s?$)"), "og"),
    (re.compile(r"^programme(?=s?$)"), "program"),
    (re.compile(r"^grey$"), "gray"),
)
"""Where British and American spelling differ in a folded word, and what both are taken for."""

_LONG = 40
"""A longer word is no word; it is not worth remembering."""

Forms = tuple[tuple[str, ...], tuple[str, ...]]
"""The folded words that a printed word or compound consists of, and the other forms under which it is found."""


def tokens(text: str) -> list[str]:
    """Return the words of a text in order, folded: no case, no accents, split at hyphens and punctuation."""
    return [word for words, _ in forms(text) for word in words]


def index_words(text: str) -> list[str]:
    """Return every form under which a text's words can be found, with repetitions.

    A name such as "Flash3DGS" counts whole and in its parts (flash, 3dgs); a compound such as "db-SP" or
    "cache-driven" counts in its parts and joined (dbsp, cachedriven).
    """
    return [word for compound in forms(text) for words in compound for word in words]


def forms(text: str) -> Iterator[Forms]:
    """Return the forms of each printed word or compound of a text, in order."""
    return map(forms_of, compounds(text))


def compounds(text: str) -> list[str]:
    """Return the printed words and compounds of a text, in order."""
    return _WORD.findall(unicodedata.normalize("NFC", text))


def compounds_at(text: str) -> Iterator[tuple[str, int]]:
    """Yield the printed words and compounds of a text, in order, with where each begins."""
    return ((found[0], found.start()) for found in _WORD.finditer(unicodedata.normalize("NFC", text)))


def starts_of(text: str) -> list[int]:
    """Return where each printed word and compound of a text begins, which has the normal form NFC."""
    return list(map(re.Match.start, _WORD.finditer(text)))


def pieces(text: str) -> list[str]:
    """Return the parts of a text between white space; their compounds are those of the text."""
    return unicodedata.normalize("NFC", text).split()


def forms_of(compound: str) -> Forms:
    """Return the forms of one printed word or compound."""
    return (_remembered_forms if len(compound) <= _LONG else taken_apart)(compound)


def taken_apart(compound: str) -> Forms:
    """Return the forms of one printed word or compound, which are not remembered."""
    if compound.isascii() and compound.isalnum() and compound[1:].lower() == compound[1:]:  # most are such
        return (compound.lower(),), ()
    words: list[str] = []
    others: list[str] = []
    for part in _PART.findall(compound):
        if part.isascii():
            words.append(part.lower().replace("'", ""))
        else:
            words += fold(part).split()
            others += bigrams(part)
            if (spelt := part.lower()) != (written := spelt.translate(_WRITTEN_OUT)):
                others += fold(written).split()
        if part[1:].lower() != part[1:] and len(pieces := _CAMEL.findall(part)) > 1:
            others += [fold(piece) for piece in pieces if len(piece) > 1]
    if len(words) > 1:
        others.append("".join(words))
    return tuple(words), tuple(others)


def stem(word: str) -> str:
    """Return what is left of a folded English word without its inflection ("caches", "caching" → "cach")."""
    return _remembered_stem(word) if len(word) <= _LONG else word


def stems(words: list[str]) -> list[str]:
    """Return the stems of many words."""
    words = [one_spelling(word) for word in words]
    stemmed = _STEMMER.stemWords(words)
    return [
        (_singular(stem) if stem == word else stem) if len(word) <= _LONG else word
        for word, stem in zip(words, stemmed, strict=True)
    ]


def one_spelling(word: str) -> str:
    """Return a folded word as it is whether it is spelt as in Britain or in America; it may be no word any more."""
    if _MAY_DIFFER.search(word):
        for pattern, spelt in _SPELLINGS:
            word = pattern.sub(spelt, word)
    return word


def one_number(word: str) -> str:
    """Return a folded word in one spelling and in the singular, as far as its letters tell."""
    word = one_spelling(word)
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3 else word


def bigrams(word: str) -> list[str]:
    """Return the pairs of neighbouring characters in a word's runs of scripts without spaces."""
    if word.isascii():
        return []
    return [left + right for run in _UNSPACED.findall(word) for left, right in pairwise(run)]


def _stem(word: str) -> str:
    word = one_spelling(word)
    stemmed = str(_STEMMER.stemWord(word))
    return _singular(word) if stemmed == word else stemmed


def _singular(word: str) -> str:
    # The stemmer leaves the plurals of short words alone, and acronyms are short: "GPUs", "SLOs".
    plural = 3 <= len(word) <= 5 and word.endswith("s") and not word.endswith("ss")
    return word[:-1] if plural else word


_remembered_forms = lru_cache(maxsize=_CACHED)(taken_apart)
_remembered_stem = lru_cache(maxsize=_CACHED)(_stem)
