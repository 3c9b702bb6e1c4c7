"""Acronyms, learnt from where texts introduce them: "retrieval-augmented generation (RAG)"."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from bot.search.flat import transposed
from bot.search.listed import Listed
from bot.search.words import stem, tokens

_SHORT = re.compile(r"\((?P<short>[^\W_][\w‑/+-]{1,9})\)")
_BEFORE = 120
"""How many characters before an acronym may hold its long form."""

_BREAK = re.compile(r"[^\w\s‑–'’/+-]")
_FEWEST_WORDS = 2

Phrase = tuple[str, ...]


class Acronym(NamedTuple):
    """A short form, and the words of the long form it stands for."""

    short: str
    long: Phrase


class Acronyms:
    """The acronyms that a set of texts introduces; of the inflections of a long form, the first counts."""

    def __init__(self, introductions: Iterable[str]) -> None:
        """Take what `introductions` returns for each of the texts, in their order."""
        self._introductions = tuple(introductions)
        self._long: dict[str, dict[Phrase, Phrase]] = {}
        self._short: dict[Phrase, list[str]] = {}
        self._lengths: dict[str, set[int]] = {}
        for introduction in self._introductions:
            short, *words = introduction.split(" ")
            phrase = tuple(map(stem, words))
            known = self._long.setdefault(short, {})
            if phrase not in known:
                known[phrase] = tuple(words)
                self._short.setdefault(phrase, []).append(short)
                self._lengths.setdefault(phrase[0], set()).add(len(phrase))

    def renewed(self, introductions: Iterable[str]) -> "Acronyms":
        """Return the acronyms of other texts; where they introduce the same, these very ones."""
        others = tuple(introductions)
        return self if others == self._introductions else Acronyms(others)

    def __iter__(self) -> Iterator[Acronym]:
        return (Acronym(short, words) for short, long_forms in self._long.items() for words in long_forms.values())

    def implied(self, words: Sequence[str]) -> Mapping[str, Iterable[str]]:
        """Return what a text's words say without saying it.

        Args:
            words: the folded words of a text, in order.

        Returns:
            The other forms of what occurs: the words of each by its name.
        """
        found: dict[str, Iterable[str]] = {}
        stems = tuple(map(stem, words))
        for position, word in enumerate(words):
            for long_form in self._long.get(word, {}).values():
                found[" ".join(long_form)] = long_form
            for length in self._lengths.get(stems[position], ()):
                for short in self._short.get(stems[position : position + length], ()):
                    found[short] = (short,)
        return found


NO_ACRONYMS: Final = Acronyms(())


def introducing(introduced: Listed) -> dict[str, list[int]]:
    """Return for each acronym the papers that introduce it, given what `introductions` returns for each paper."""
    papers: dict[str, list[int]] = {}
    of_texts = transposed(introduced.rows, len(introduced.texts))
    for number, text in enumerate(introduced.texts):
        papers.setdefault(text.partition(" ")[0], []).extend(of_texts.of(number).tolist())
    return papers


def introductions(text: str) -> Iterator[str]:
    """Yield each acronym that a text introduces, followed by the words of its long form, all with a space between."""
    for match in _SHORT.finditer(text):
        before = text[max(match.start() - _BEFORE, 0) : match.start()]
        for acronym in _introduced(_BREAK.split(before)[-1], match["short"]):
            yield " ".join((acronym.short, *acronym.long))


def _introduced(before: str, printed: str) -> Iterator[Acronym]:
    short = printed[:-1] if printed.endswith("s") and printed[:-1].isupper() else printed
    letters = "".join(character for character in short if character.isalnum())
    if sum(character.isupper() or character.isdigit() for character in letters) < _FEWEST_WORDS:
        return
    long_form = tuple(tokens(_long_form(letters, before)))
    if not _FEWEST_WORDS <= len(long_form) <= len(letters) + 3:
        return
    words = tokens(short)
    names = {"".join(words), *(words if len(words) == 1 else ())}
    yield from (Acronym(name, long_form) for name in sorted(names - {"", *long_form}))


def _long_form(letters: str, before: str) -> str:
    """Return the end of a text that spells an acronym out, or nothing.

    The algorithm is that of Schwartz and Hearst, "A Simple Algorithm for Identifying Abbreviation Definitions in
    Biomedical Text" (2003): from the right, each letter must be met, and the first one at a word's beginning.
    """
    text = before.lower()
    position = len(text)
    for number in range(len(letters) - 1, -1, -1):
        letter = letters[number].lower()
        position = text.rfind(letter, 0, position)
        while position > 0 and number == 0 and text[position - 1].isalnum():
            position = text.rfind(letter, 0, position)
        if position < 0:
            return ""
    return before[position:]
