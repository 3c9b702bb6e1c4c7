"""By what papers and sessions of several sources are known for the same: identifiers, titles, people."""

import re
from collections.abc import Iterator
from typing import Final

from rapidfuzz import fuzz

from bot.programme.names import fold
from bot.programme.source import Credit, SourcePaper, SourceSession
from bot.programme.text import clean

_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:)?\s*(10\.\d{4,9}/\S+)", re.IGNORECASE)
_OPENREVIEW = re.compile(r"https?://openreview\.net/(?:forum|pdf|attachment)\?(?:[^#\s]*&)?id=([\w-]+)", re.IGNORECASE)
_ARXIV = re.compile(r"https?://arxiv\.org/(?:abs|pdf)/(\d{4}\.\d{4,5})", re.IGNORECASE)
_LONGEST: Final = 500
_MARKUP = re.compile(r"[\\$*_`{}^]")
_WORDS = re.compile(r"\w+")
_TELLING: Final = 50
"""How many characters an abstract has at least that says which paper it is of: "To be announced" does not."""

# Out of 100. Titles of different papers are hardly ever more alike; one with a typo is much more.
_SIMILAR_TITLE: Final = 76
_NEARLY_SAME_TITLE: Final = 90


def identifiers(paper: SourcePaper) -> Iterator[str]:
    """Yield everything a paper is identified by: its ids as printed, and the DOI, OpenReview and arXiv ids of links."""
    for text in (paper.source_id, *paper.other_ids):
        if text and text.strip():
            match = _DOI.fullmatch(text.strip()[:_LONGEST])
            yield f"doi {match[1].casefold()}" if match else text.strip()
    for link in paper.links:
        address = link.url[:_LONGEST]
        if match := _DOI.fullmatch(address):
            yield f"doi {match[1].casefold()}"
        elif match := _OPENREVIEW.match(address):
            yield match[1]
        elif match := _ARXIV.match(address):
            yield f"arxiv {match[1]}"


def title_words(text: str | None) -> str:
    """Return the words of a title or a name without markup, case, accents and punctuation."""
    if not text:
        return ""
    # Cleaning is slow, and changes the words of nothing but markup.
    return " ".join(_WORDS.findall(fold(clean(text).plain if _MARKUP.search(text) else text)))


def abstract_words(text: str | None) -> str:
    """Return the words of an abstract without case and punctuation."""
    return " ".join(_WORDS.findall(text.casefold())) if text else ""


def telling_abstract(paper: SourcePaper) -> str:
    """Return the words of an abstract if it is long enough to say which paper it is of."""
    return abstract_words(paper.abstract) if paper.abstract and len(paper.abstract) >= _TELLING else ""


def person(author: Credit) -> str:
    """Return a name without middle names, which come and go; "" for none."""
    words = fold(author.name).split()
    return f"{words[0]} {words[-1]}" if words else ""


def people(paper: SourcePaper) -> frozenset[str]:
    """Return the people of a paper."""
    return frozenset(filter(None, map(person, paper.authors)))


def _with_initials(paper: SourcePaper) -> frozenset[str]:
    """Return the people of a paper with the first letter of their first names, as some sources have them all."""
    names = (name.split() for name in people(paper))
    return frozenset(f"{name[0][0]} {name[-1]}" for name in names)


def may_be_same(one: SourcePaper, other: SourcePaper) -> bool:
    """Tell whether two papers of the same identifier have anything in common, for every system numbers from 1.

    Titles that are alike are enough unless other people wrote them; those of other people must be nearly the same.
    """
    if one.abstract and telling_abstract(one) == telling_abstract(other) != "":
        return True
    ours, theirs = _with_initials(one), _with_initials(other)
    titles = title_words(one.title), title_words(other.title)
    if not all(titles):
        return not ours or not theirs or not ours.isdisjoint(theirs)
    if titles[0] == titles[1] or not ours.isdisjoint(theirs):
        return True
    if ours and theirs:
        return have_nearly_the_same_title(one, other)
    return fuzz.token_set_ratio(*titles) >= _SIMILAR_TITLE


def have_nearly_the_same_title(one: SourcePaper, other: SourcePaper) -> bool:
    """Tell whether two titles differ by a slip only; "Part 1" and "Part 2" are not the same."""
    titles = title_words(one.title), title_words(other.title)
    numbers = [re.findall(r"\d+", title) for title in titles]
    return numbers[0] == numbers[1] and fuzz.ratio(*titles) >= _NEARLY_SAME_TITLE


def may_be_same_session(one: SourceSession, other: SourceSession) -> bool:
    """Tell whether two sessions of the same identifier have anything in common.

    A bare number is given by every system, so that name or start must agree; anything else is trusted.
    """
    if one.source_id and not one.source_id.strip().isdigit():
        return True
    signs = []
    if one.name and other.name:
        names = title_words(one.name), title_words(other.name)
        signs.append(names[0] == names[1] or fuzz.token_set_ratio(*names) >= _SIMILAR_TITLE)
    if one.starts_at and other.starts_at:
        signs.append(one.starts_at == other.starts_at)
    return any(signs) or not signs
