"""Queries as people remember and misspell things, made from the papers of a corpus."""

import random
import re
from collections.abc import Callable
from functools import partial

from bot.programme.model import Paper
from tests.search.bench_alike import Maker, Question, abstracted, either, titled, written_by
from tests.search.bench_errors import with_error

_WORD = re.compile(r"[^\W\d_]{3,}")
_STOP = frozenset("a an and are as at by for from in is of on or our the this that to via we which with".split())
_BRITISH = (
    (re.compile(r"iz(e|es|ed|er|ers|ing|ation|ations|able)\b", re.IGNORECASE), r"is\1"),
    (re.compile(r"yz(e|es|ed|er|ing)\b", re.IGNORECASE), r"ys\1"),
    (re.compile(r"\b(behavi|col|fav|neighb|lab|hum|flav)or(s|al|ed|ing|hood|able)?\b", re.IGNORECASE), r"\1our\2"),
    (re.compile(r"\b(lab|mod|canc|trav|sign)el(ing|ed|er|ers)\b", re.IGNORECASE), r"\1ell\2"),
    (re.compile(r"\b(cent|fib|met)er(s|ed)?\b", re.IGNORECASE), r"\1re\2"),
    (re.compile(r"\bdefense(s?)\b", re.IGNORECASE), r"defence\1"),
)
_WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "oe", "å": "aa", "æ": "ae"})


def harder_makers() -> dict[str, Maker]:
    return {
        "space missing": _space_missing,
        "British for American": _british,
        "the other number": _other_number,
        "two errors in a word": _two_errors,
        "umlauts written out": _written_out,
        "phrase of an abstract": _phrase,
        "scattered words of an abstract": _scattered,
    }


def _stretch(
    rng: random.Random, paper: Paper, around: int | None = None, most: int = 4
) -> tuple[list[str], int] | None:
    """Return two to four words of a title in a row, and where the stretch begins."""
    words = paper.label.split()
    length = rng.randint(2, most)
    if len(words) < length:
        return None
    starts = range(len(words) - length + 1)
    if around is not None:
        starts = range(max(around - length + 1, 0), min(around, len(words) - length) + 1)
    start = rng.choice(starts)
    chosen = words[start : start + length]
    telling = [word for word in chosen if _WORD.search(word) and word.lower() not in _STOP]
    return (chosen, start) if len(telling) >= 2 else None


def _space_missing(rng: random.Random, paper: Paper) -> Question | None:
    if (found := _stretch(rng, paper)) is None:
        return None
    words, _ = found
    at = rng.randrange(len(words) - 1)
    if not all(word.isalpha() and len(word) >= 3 for word in words[at : at + 2]):
        return None
    text = " ".join((*words[:at], words[at] + words[at + 1], *words[at + 2 :]))
    return Question(text, either(titled(" ".join(words)), titled(text)))


def _changed(rng: random.Random, paper: Paper, change: Callable[[str], str]) -> Question | None:
    """Return a stretch of a title around a word that changes, changed."""
    words = paper.label.split()
    places = [place for place, word in enumerate(words) if change(word) != word]
    if not places:
        return None
    place = rng.choice(places)
    if (found := _stretch(rng, paper, place)) is None:
        return None
    chosen, start = found
    spelt = " ".join(chosen)
    chosen[place - start] = change(chosen[place - start])
    text = " ".join(chosen)
    return Question(text, either(titled(spelt), titled(text)))


def _british(rng: random.Random, paper: Paper) -> Question | None:
    return _changed(rng, paper, british)


def british(word: str) -> str:
    """Return an American spelling as the British one."""
    for american, other in _BRITISH:
        word = american.sub(other, word)
    return word


def _other_number(rng: random.Random, paper: Paper) -> Question | None:
    return _changed(rng, paper, _number_of)


def _number_of(word: str) -> str:
    if len(word) < 4 or not word.isalpha() or word.isupper() or word.lower() in _STOP:
        return word
    lower = word.lower()
    if lower.endswith("ies"):
        return word[:-3] + "y"
    if lower.endswith("s"):
        return word if lower.endswith(("ss", "us", "is")) else word[:-1]
    if lower.endswith(("ing", "ed", "ly", "al", "ive", "ic")):
        return word
    return word[:-1] + "ies" if lower.endswith("y") and lower[-2] not in "aeiou" else word + "s"


def _two_errors(rng: random.Random, paper: Paper) -> Question | None:
    return _changed(rng, paper, partial(_with_two_errors, random.Random(rng.random())))  # noqa: S311


def _with_two_errors(rng: random.Random, word: str) -> str:
    return with_error(rng, with_error(rng, word)) if len(word) >= 8 and word.isalpha() else word


def _written_out(rng: random.Random, paper: Paper) -> Question | None:
    spelt = [author.name.split()[-1].lower() for author in paper.authors]
    names = [(written, name) for name in spelt if (written := name.translate(_WRITTEN_OUT)) != name]
    words = [word for word in _WORD.findall(paper.label) if word.lower() not in _STOP and len(word) > 4]
    if not names or not words:
        return None
    (written, name), word = rng.choice(names), rng.choice(words)
    return Question(f"{written} {word}", either(written_by(name, word), written_by(written, word)))


def _abstract(paper: Paper) -> str:
    return paper.abstract.plain if paper.abstract else ""


def _phrase(rng: random.Random, paper: Paper) -> Question | None:
    """Return four to six words of an abstract in a row, none of which tells the title."""
    titled = {word.lower()[:5] for word in _WORD.findall(paper.label)}
    words = re.sub(r"[^\w\s-]", " ", _abstract(paper)).split()
    length = rng.randint(4, 6)
    starts = list(range(len(words) - length + 1))
    rng.shuffle(starts)
    for start in starts[:40]:
        chosen = words[start : start + length]
        telling = [word.lower() for word in chosen if len(word) > 4 and word.lower() not in _STOP]
        if len(telling) >= 3 and titled.isdisjoint(word[:5] for word in telling):
            return Question(text := " ".join(chosen), abstracted(text))
    return None


def _scattered(rng: random.Random, paper: Paper) -> Question | None:
    words = {word.lower() for word in _WORD.findall(_abstract(paper)) if len(word) > 4} - _STOP
    if len(words) < 20:
        return None
    chosen = rng.sample(sorted(words), 4)
    return Question(" ".join(chosen), abstracted(*chosen))
