"""The words of all titles and abstracts, which tell whether a hyphen before a line break belongs to its word."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping

from bot.programme.source import SourcePaper
from bot.programme.text import words_of

_MANY = 4
"""Changes are folded in when they are more than one in so many words: looking a word up twice is no matter, but a copy
of all words at each change would be."""


class Vocabulary:
    """How many papers have each word; never changed once made."""

    def __init__(self, counts: Mapping[str, int], changes: Mapping[str, int] | None = None) -> None:
        self._counts = counts
        self._changes = changes or {}

    @classmethod
    def of(cls, papers: Iterable[SourcePaper]) -> "Vocabulary":
        """Count the words of papers."""
        counts: Counter[str] = Counter()
        for paper in papers:
            counts.update(_words(paper))
        return cls(counts)

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and self._count(word) > 0

    def items(self) -> Iterator[tuple[str, int]]:
        """Yield each word with the number of papers that have it."""
        yield from ((word, self._count(word)) for word in self._counts if self._count(word))
        yield from ((word, count) for word, count in self._changes.items() if word not in self._counts and count)

    def held(self) -> Collection[str]:
        """Return the texts of the words, in no order, which takes no time."""
        return self._counts.keys()

    def changed(self, gone: Iterable[SourcePaper], come: Iterable[SourcePaper]) -> "Vocabulary":
        """Return the vocabulary when some papers are gone and others have come."""
        changes = Counter(self._changes)
        for paper in come:
            changes.update(_words(paper))
        for paper in gone:
            changes.subtract(_words(paper))
        changed = Vocabulary(self._counts, changes)
        return Vocabulary(dict(changed.items())) if len(changes) * _MANY > len(self._counts) else changed

    def _count(self, word: str) -> int:
        return self._counts.get(word, 0) + self._changes.get(word, 0)


class Asked:
    """A vocabulary that remembers what it was asked: what a text depends on besides itself."""

    def __init__(self, words: Vocabulary) -> None:
        self._words = words
        self.answers: dict[str, bool] = {}

    def __contains__(self, word: object) -> bool:
        answer = word in self._words
        self.answers[str(word)] = answer
        return answer


def _words(paper: SourcePaper) -> set[str]:
    return words_of(f"{paper.title or ''} {paper.abstract or ''}")
