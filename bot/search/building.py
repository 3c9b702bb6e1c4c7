"""From a programme to what an index consists of; what is as it was is not taken apart again."""

from collections.abc import Sequence
from itertools import chain
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.programme.model import Programme
from bot.search.acronyms import Acronyms, introductions
from bot.search.affiliations import affiliation_words
from bot.search.contents import NOTHING, Contents, title_lengths
from bot.search.entries import Columns, columns, kept, merged, places_of, renamed
from bot.search.facets import each_once, facets_of
from bot.search.flat import Ints, Longs, Rows, bounds_of, renewed
from bot.search.implied import implied
from bot.search.merging import merged_words
from bot.search.origins import origins
from bot.search.papers import boards_of, searched
from bot.search.postings import Postings
from bot.search.reading import Field, Reader, Reading
from bot.search.vocabulary import Vocabulary
from bot.search.words import index_words
from bot.search.worths import facet_worths, text_worths


class Fresh(NamedTuple):
    """What is new or changed in a programme, taken apart; all of it in the order of the fresh papers."""

    reading: Reading
    introductions: Sequence[Sequence[str]]
    topics: Sequence[Sequence[str]]
    affiliations: Sequence[Sequence[str]]
    boards: Sequence[tuple[str, int]]


NO_PROGRAMME: Final = Programme()


def contents_of(programme: Programme, before: Programme = NO_PROGRAMME, was: Contents = NOTHING) -> Contents:
    """Return what the index of a programme consists of.

    Args:
        programme: the programme.
        before: a programme of before.
        was: what its index consists of.
    """
    came_from = origins(programme, before)
    people = was.people.renewed(programme.people.values())
    if np.array_equal(came_from, np.arange(len(before.papers))):
        return was._replace(people=people)
    fresh_places = np.flatnonzero(came_from < 0).tolist()
    fresh = _fresh(programme, fresh_places)
    places = np.full(len(before.papers), -1, np.int32)
    stays = np.flatnonzero(came_from >= 0)
    places[came_from[stays]] = stays
    introduced = was.introductions.renewed(came_from, fresh.introductions)
    topics = facets_of(was.topics.listed.renewed(came_from, fresh.topics), index_words, was.topics)
    affiliations = facets_of(
        was.affiliations.listed.renewed(came_from, fresh.affiliations), affiliation_words, was.affiliations
    )
    vocabulary, rows, texts, facets = _postings(fresh.reading, Acronyms(introduced.texts), came_from, places, was)
    return Contents(
        vocabulary=vocabulary,
        rows=rows,
        texts=texts,
        facets=facets,
        introductions=introduced,
        topics=topics,
        affiliations=affiliations,
        people=people,
        titles=was.titles.renewed(places, _titles(rows, vocabulary, fresh_places)),
        boards=was.boards.renewed(places, fresh.boards),
    )


def _fresh(programme: Programme, places: Sequence[int]) -> Fresh:
    """Take the papers at these places apart."""
    papers = tuple(programme.papers.values())
    reader = Reader()
    introduced: list[Sequence[str]] = []
    topics: list[Sequence[str]] = []
    affiliations: list[Sequence[str]] = []
    boards: list[tuple[str, int]] = []
    for place in places:
        paper = papers[place]
        texts = searched(paper, programme)
        reader.add(place, paper.key, texts)
        introduced.append([*introductions(texts.title), *introductions(texts.abstract)])
        topics.append(each_once(texts.topics))
        affiliations.append(each_once(texts.affiliations))
        boards += ((board, place) for board in boards_of(paper))
    return Fresh(reader.read(), introduced, topics, affiliations, boards)


def _postings(
    reading: Reading, acronyms: Acronyms, came_from: Ints, places: Ints, was: Contents
) -> tuple[Vocabulary, Rows, Postings, Postings]:
    """Return the vocabulary of all papers, the words in their order, and which papers' texts and facets have which."""
    learnt = tuple(acronyms)
    every = merged_words(
        was.vocabulary.words, chain(reading.words, (word for short, long in learnt for word in (short, *long)))
    )
    stems = was.vocabulary.stems.stems_of(every.words, every.was)
    now = every.places_of(reading.words)
    rows = renewed(came_from, _renumbered(was.rows, every.now), _renumbered(reading.rows, now))
    in_texts, in_facets = implied(rows, learnt, every.more, stems)
    texts, facets = (
        _entries(old.columns, places, every.now, parts, now)
        for old, parts in ((was.texts, reading.texts), (was.facets, reading.facets))
    )
    texts, facets = _with(texts, in_texts.entries), _with(facets, in_facets)
    at = np.searchsorted(places_of(texts), places_of(in_texts.entries))
    text_columns, facet_columns = columns(texts, len(every.words)), columns(facets, len(every.words))
    used = (np.diff(text_columns.bounds) + np.diff(facet_columns.bounds)) > 0
    kept_words, renumbering = every.having(used)
    if not used.all():
        stems = stems[used]
        rows = _renumbered(rows, renumbering)
        text_columns, facet_columns = _of_words(text_columns, used), _of_words(facet_columns, used)
    vocabulary = was.vocabulary.renewed(kept_words.words, kept_words.was, stems)
    lengths = title_lengths(rows)[text_columns.items]
    count = len(came_from)
    return (
        vocabulary,
        rows,
        Postings(count, text_columns, text_worths(text_columns.marks, lengths, (at, in_texts))),
        Postings(count, facet_columns, facet_worths(facet_columns.marks)),
    )


def _renumbered(rows: Rows, numbers: Ints) -> Rows:
    """Return rows with other numbers for their words; the ends of fields stay."""
    if np.array_equal(numbers, np.arange(len(numbers))):
        return rows
    ends = np.arange(-len(Field), 0, dtype=np.int32)
    return Rows(rows.bounds, np.concatenate([numbers, ends])[rows.values])


def _entries(had: Columns, places: Ints, words: Ints, fresh: Sequence[Longs], fresh_words: Ints) -> Longs:
    """Return the entries that stay and the fresh ones, in order.

    Args:
        had: those of before.
        places: where each paper of before is now, or -1.
        words: what each word of before is now.
        fresh: the fresh entries.
        fresh_words: what each word of the fresh entries is now.
    """
    added = np.concatenate([np.zeros(0, np.int64), *(renamed(entries, fresh_words) for entries in fresh)])
    added.sort()
    return merged([kept(had, places, words), added])


def _with(entries: Longs, implied_entries: Longs) -> Longs:
    """Return entries with those that are only implied."""
    among, wanted = places_of(entries), places_of(implied_entries)
    at = np.searchsorted(among, wanted)
    at[at == len(among)] = 0
    missing = implied_entries[among[at] != wanted] if len(among) else implied_entries
    return merged([entries, missing])


def _of_words(had: Columns, used: NDArray[np.bool_]) -> Columns:
    """Return columns without the words that are not used, which nothing has."""
    return Columns(bounds_of(np.diff(had.bounds)[used]), had.items, had.marks)


def _titles(rows: Rows, vocabulary: Vocabulary, fresh: Sequence[int]) -> list[tuple[str, int]]:
    """Return the titles of papers as folded words, with their places."""
    lengths = title_lengths(rows)
    words = vocabulary.words
    return [(" ".join([words[word] for word in rows.of(place)[: lengths[place]].tolist()]), place) for place in fresh]
