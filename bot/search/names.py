"""Names, found by the words they consist of."""

from collections.abc import Iterable
from typing import Final

from bot.search.vocabulary import PREFIX, Vocabulary

_INITIAL: Final = 0.5
"""How sure it is that a name is meant by its first letter."""


class Names:
    """Some names, each known by its place."""

    def __init__(self, names: Iterable[Iterable[str]]) -> None:
        """Take the words under which each name is found."""
        holders: dict[str, list[int]] = {}
        for place, words in enumerate(names):
            for word in set(words):
                holders.setdefault(word, []).append(place)
        self._vocabulary = Vocabulary(holders)
        self._holders = [holders[word] for word in self._vocabulary.words]

    def fitting(self, word: str, *, unfinished: bool) -> dict[int, float]:
        """Return the names of which a folded word may be a part, each with how sure that is.

        Args:
            word: the word; one letter is an initial.
            unfinished: whether more letters may follow.
        """
        initial = len(word) == 1
        meanings = self._vocabulary.meanings(word, unfinished=unfinished or initial)
        fitting: dict[int, float] = {}
        for longer in meanings.longer:
            for place in self._holders[longer]:
                fitting[place] = _INITIAL if initial else PREFIX
        for meant, sureness in meanings.words.items():
            for place in self._holders[meant]:
                fitting[place] = max(sureness, fitting.get(place, 0.0))
        return fitting
