"""Recognising papers: by id, text, title, abstract and authors."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Final

from rapidfuzz import fuzz

from bot.programme.identity import near_names
from bot.programme.identity.pairing import Pairing
from bot.programme.names import fold
from bot.programme.source import SourcePaper

_ABSTRACT_LENGTH: Final = 50
"""A shorter abstract may say the same under any paper: "To be announced"."""

# Likeness out of 100. Of the first conference's papers no two titles are more alike than 75 nor two abstracts than 59;
# a title with a typo has 95 and more, and an abstract without its last quarter more than 80.
_SAME_ID_TITLE: Final = 76
_SAME_ID_ABSTRACT: Final = 70
_NEAR_ABSTRACT: Final = 80

_OWN_ABSTRACT: Final = 300
"""A shorter abstract may be one conference's words for any keynote or any tutorial; no real paper's is known to be."""

_BY_ABSTRACT: Final = "the same abstract"
_BY_ABSTRACT_AND_AUTHORS: Final = "the same abstract and authors"
_BY_NEAR_ABSTRACT: Final = "nearly the same abstract"
_BY_AUTHORS: Final = "the same authors"

_WORD = re.compile(r"\w+")


def pair_papers(new: Sequence[SourcePaper], old: Sequence[SourcePaper]) -> Pairing:
    """Tell which of the new papers is which of the old ones."""
    pairing = Pairing.by_key(new, old)

    def by_text(by: str, text: Callable[[SourcePaper], str]) -> None:
        if not pairing.is_over():
            pairing.equal(_texts(new, pairing.new, text), _texts(old, pairing.old, text), by)

    def by_lone_text(
        by: str,
        text: Callable[[SourcePaper], str],
        plausible: Callable[[int, int], bool] = lambda _one, _other: True,
    ) -> None:
        if not pairing.is_over():
            pairing.equal(_lone_texts(new, pairing.new, text), _lone_texts(old, pairing.old, text), by, plausible)

    def may_share_an_abstract(one: int, other: int) -> bool:
        return not _are_others(new[one], old[other])

    if pairing.is_over():
        return pairing
    pairing.equal(
        _alone(_texts(new, range(len(new)), lambda paper: paper.source_id or "")),
        _alone(_texts(old, range(len(old)), lambda paper: paper.source_id or "")),
        "the source's id",
        lambda one, other: _may_be_same(new[one], old[other]),
    )
    by_text("the same text", lambda paper: "\n".join((paper.title or "", *paper.byline, paper.abstract or "")))
    by_text(
        "the same title and authors",
        lambda paper: fold(f"{paper.title} {' ⋅ '.join(paper.byline)}") if paper.title else "",
    )
    by_lone_text(_BY_ABSTRACT, _telling_abstract, may_share_an_abstract)
    by_lone_text(
        _BY_ABSTRACT_AND_AUTHORS,
        lambda paper: "\n".join((paper.abstract, *paper.byline)) if paper.abstract and any(paper.byline) else "",
    )
    by_lone_text("the same title", lambda paper: paper.title or "")
    if pairing.is_over():
        return pairing
    pairing.near(
        _names(new, pairing.new),
        _names(old, pairing.old),
        "nearly the same title",
        near_names.features,
        near_names.likeness,
    )
    pairing.near(
        _lone_texts(new, pairing.new, _telling_abstract),
        _lone_texts(old, pairing.old, _telling_abstract),
        _BY_NEAR_ABSTRACT,
        _abstract_features,
        lambda one, other: fuzz.token_sort_ratio(one, other, score_cutoff=_NEAR_ABSTRACT),
        may_share_an_abstract,
    )
    # Last, for the same people may show something else; but a source that has ids would then give it another one.
    pairing.equal(
        _alone(_texts(new, pairing.new, _authors)),
        _alone(_texts(old, pairing.old, _authors)),
        _BY_AUTHORS,
        lambda one, other: not (new[one].source_id and old[other].source_id),
    )
    return pairing


def is_weak(new: SourcePaper, old: SourcePaper, by: str) -> bool:
    """Tell whether what a paper was recognised by leaves it possible that the same people show something else now."""
    return by == _BY_AUTHORS or (
        by in (_BY_ABSTRACT, _BY_ABSTRACT_AND_AUTHORS, _BY_NEAR_ABSTRACT) and _may_be_others(new, old)
    )


def _texts(papers: Sequence[SourcePaper], places: Iterable[int], text: Callable[[SourcePaper], str]) -> dict[int, str]:
    return {place: found for place in sorted(places) if (found := text(papers[place]))}


def _alone(texts: Mapping[int, str]) -> dict[int, str]:
    """Leave out what more than one has, for it tells nothing."""
    written = Counter(texts.values())
    return {place: text for place, text in texts.items() if written[text] == 1}


def _lone_texts(
    papers: Sequence[SourcePaper], places: Collection[int], text: Callable[[SourcePaper], str]
) -> dict[int, str]:
    """Return the texts that no other paper of the whole source has, in their bare words."""
    lone = _alone(_texts(papers, range(len(papers)), text))
    return {place: _bare(found) for place, found in lone.items() if place in places}


def _bare(text: str) -> str:
    """Return the words of a text without case and punctuation: `fold` would take seconds for all abstracts."""
    return " ".join(_WORD.findall(text.casefold()))


def _telling_abstract(paper: SourcePaper) -> str:
    return paper.abstract if paper.abstract and len(paper.abstract) >= _ABSTRACT_LENGTH else ""


def _abstract_features(bare: str) -> Collection[str]:
    words = bare.split()
    return set(map(" ".join, pairwise(words))) or words


def _authors(paper: SourcePaper) -> str:
    return "\n".join(sorted(filter(None, map(fold, paper.byline))))


def _people(paper: SourcePaper) -> frozenset[str]:
    """Return the authors without their middle names, which come and go."""
    names = (fold(name).split() for name in paper.byline)
    return frozenset(f"{name[0]} {name[-1]}" for name in names if name)


def _names(papers: Sequence[SourcePaper], places: Iterable[int]) -> dict[int, near_names.Name]:
    names = ((place, papers[place]) for place in sorted(places))
    return {
        place: name
        for place, paper in names
        if (name := near_names.name_of(paper.title or "", _people(paper), is_title=True))
    }


def _may_be_same(new: SourcePaper, old: SourcePaper) -> bool:
    """Tell whether two papers of the same id have anything in common: sources use the ids of withdrawn papers again."""
    if (new.title, new.byline, new.abstract) == (old.title, old.byline, old.abstract):
        return True
    signs = []
    if new.title and old.title:
        one, other = fold(new.title), fold(old.title)
        signs.append(one == other or fuzz.token_set_ratio(one, other) >= _SAME_ID_TITLE)
    if (people := _people(new)) and (others := _people(old)):
        signs.append(bool(people & others))
    if new.abstract and old.abstract:
        one, other = _bare(new.abstract), _bare(old.abstract)
        signs.append(one == other or fuzz.token_sort_ratio(one, other, score_cutoff=_SAME_ID_ABSTRACT) > 0)
    return any(signs) or not signs


def _are_others(new: SourcePaper, old: SourcePaper) -> bool:
    """Tell whether two papers of one abstract are two all the same: a short one, another title, and other people."""
    people, others = _people(new), _people(old)
    return bool(people and others) and not people & others and _may_be_others(new, old)


def _may_be_others(new: SourcePaper, old: SourcePaper) -> bool:
    """Tell whether neither the titles nor the abstracts of two papers show that they are the same."""
    if not (new.title and old.title) or min(len(new.abstract or ""), len(old.abstract or "")) >= _OWN_ABSTRACT:
        return False
    return fuzz.token_set_ratio(fold(new.title), fold(old.title)) < _SAME_ID_TITLE
