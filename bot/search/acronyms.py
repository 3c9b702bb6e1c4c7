"""Acronyms, learnt from where texts introduce them: "retrieval-augmented generation (RAG)"."""

import re
from collections.abc import Iterable, Mapping, Sequence

from bot.search.words import stem, tokens

_SHORT = re.compile(r"\((?P<short>[^\W_][\w‑/+-]{1,9})\)")
_BEFORE = 120
"""How many characters before an acronym may hold its long form."""

_BREAK = re.compile(r"[^\w\s‑–'’/+-]")
_FEWEST_WORDS = 2

Phrase = tuple[str, ...]
_NONE: Mapping[Phrase, Phrase] = {}


class Acronyms:
    """The short forms that a set of texts introduces, with the long forms they stand for."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._long: dict[str, dict[Phrase, Phrase]] = {}
        self._by_first: dict[str, list[tuple[Phrase, str]]] = {}
        for text in texts:
            for match in _SHORT.finditer(text):
                before = text[max(match.start() - _BEFORE, 0) : match.start()]
                self._learn(_BREAK.split(before)[-1], match["short"])

    def implied(self, words: Sequence[str]) -> Mapping[str, Iterable[str]]:
        """Return what a text's words say without saying it.

        Args:
            words: the folded words of a text, in order.

        Returns:
            The other forms of what occurs: the words of each by its name.
        """
        found: dict[str, Iterable[str]] = {}
        for position, word in enumerate(words):
            for long_form in self._long.get(word, _NONE).values():
                found[" ".join(long_form)] = long_form
            for phrase, short in self._by_first.get(stem(word), ()):
                if tuple(map(stem, words[position : position + len(phrase)])) == phrase:
                    found[short] = (short,)
        return found

    def _learn(self, before: str, printed: str) -> None:
        short = printed[:-1] if printed.endswith("s") and printed[:-1].isupper() else printed
        letters = "".join(character for character in short if character.isalnum())
        if sum(character.isupper() or character.isdigit() for character in letters) < _FEWEST_WORDS:
            return
        long_form = tokens(_long_form(letters, before))
        names = set(tokens(short)) if len(tokens(short)) == 1 else set()
        names.add("".join(tokens(short)))
        phrase = tuple(map(stem, long_form))
        if not _FEWEST_WORDS <= len(phrase) <= len(letters) + 3:
            return
        for name in names - set(long_form):
            known = self._long.setdefault(name, {})
            if phrase not in known:
                known[phrase] = tuple(long_form)
                self._by_first.setdefault(phrase[0], []).append((phrase, name))


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
