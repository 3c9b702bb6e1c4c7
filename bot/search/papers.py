"""What of a paper is searched, and what finding a word there is worth."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from bot.programme.model import Paper
from bot.search.acronyms import Acronyms
from bot.search.words import index_words, tokens

# What a word is worth by where it stands. An abstract's words come to less than 0.5 and a title's to 0.8 or more, so
# an author's name at 0.7 is between the two. Any other order of the three puts authors' papers too low or too high:
# with 0.4, queries of an author and a word find their paper first in 74 of 100 cases instead of 83.
_TITLE_WORTH: Final = 1.0
_AUTHOR_WORTH: Final = 0.7
_ABSTRACT_WORTH: Final = 0.5

_SATURATION: Final = 1.5
"""How soon more of the same word in an abstract adds nothing: BM25's k1, of which 1.2 to 2 is usual."""

_LENGTH_WEIGHT: Final = 0.25
"""How much more a word of a short title says about its paper: BM25's b, less than its usual 0.75.

With 0.75 a word of a title of twenty words would be worth less than an author's name.
"""

_USUAL_TITLE_LENGTH: Final = 10
"""How many words titles usually have: the median of ACL 2022's papers, and of MLSys 2026's posters."""

_IMPLIED_SHARE: Final = 0.2
"""What an acronym is worth where only its long form stands, and the other way round, as a share of what stands there.

Without, acronyms find their paper first in 78 of 100 cases instead of 80; with 0.4, beginnings of titles lose as much.
"""


def abstract_of(paper: Paper) -> str:
    """Return a paper's abstract as plain text, empty when it has none."""
    return paper.abstract.plain if paper.abstract else ""


def searched_texts(paper: Paper) -> tuple[str, ...]:
    """Return a paper's title, its authors' names and its abstract."""
    return (paper.label, *(author.name for author in paper.authors), abstract_of(paper))


def phrase_text(paper: Paper) -> str:
    """Return these texts in folded words, so that a phrase can be looked for in them."""
    return " | ".join(f" {' '.join(tokens(text))} " for text in searched_texts(paper))


def topic_tokens(paper: Paper) -> list[str]:
    """Return the words of a paper's title and abstract as they are printed."""
    return tokens(f"{paper.label} {abstract_of(paper)}")


def introductions(papers: Iterable[Paper]) -> Iterator[str]:
    """Yield the texts in which papers introduce acronyms."""
    for paper in papers:
        yield paper.label
        if paper.abstract:
            yield paper.abstract.plain


def word_worths(paper: Paper, acronyms: Acronyms | None) -> Mapping[str, float]:
    """Return each word of a paper with what finding it there is worth."""
    abstract = abstract_of(paper)
    counts = Counter(index_words(abstract))
    worths = {word: _ABSTRACT_WORTH * count / (count + _SATURATION) for word, count in counts.items()}
    if acronyms:
        for text, worth in ((abstract, _ABSTRACT_WORTH), (paper.label, _TITLE_WORTH)):
            for words in acronyms.implied(tokens(text)).values():
                for word in words:
                    worths[word] = worths.get(word, 0.0) + worth * _IMPLIED_SHARE
    for author in paper.authors:
        for word in index_words(author.name):
            worths[word] = max(worths.get(word, 0.0), _AUTHOR_WORTH)
    length = min(len(tokens(paper.label)) / _USUAL_TITLE_LENGTH, 2)
    title_worth = _TITLE_WORTH / (1 - _LENGTH_WEIGHT + _LENGTH_WEIGHT * length)
    for word in {*index_words(paper.label), *tokens(paper.key)}:
        worths[word] = worths.get(word, 0.0) + title_worth
    return worths
