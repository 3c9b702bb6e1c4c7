"""From a programme to what an index consists of; what is as it was is not taken apart again."""

from collections.abc import Sequence
from itertools import chain
from operator import itemgetter
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
from bot.search.labels import Labels
from bot.search.merging import merged_words
from bot.search.origins import origins
from bot.search.papers import boards_of, searched
from bot.search.postings import Postings
from bot.search.reading import Field, Reader, Reading
from bot.search.vocabulary import Vocabulary, numbered
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
    fresh = _fresh(programme, np.flatnonzero(came_from < 0).tolist())
    introduced = was.introductions.renewed(came_from, fresh.introductions)
    topics = facets_of(was.topics.listed.renewed(came_from, fresh.topics), index_words, was.topics)
    affiliations = facets_of(
        was.affiliations.listed.renewed(came_from, fresh.affiliations), affiliation_words, was.affiliations
    )
    vocabulary, rows, texts, facets = _postings(fresh.reading, Acronyms(introduced.texts), came_from, was)
    return Contents(
        vocabulary=vocabulary,
        rows=rows,
        texts=texts,
        facets=facets,
        introductions=introduced,
        topics=topics,
        affiliations=affiliations,
        people=was.people.renewed(programme.people.values()),
        titles=_titles(rows, vocabulary, came_from, was),
        boards=_boards(fresh.boards, came_from, was),
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
    reading: Reading, acronyms: Acronyms, came_from: Ints, was: Contents
) -> tuple[Vocabulary, Rows, Postings, Postings]:
    """Return the vocabulary of all papers, the words in their order, and which papers' texts and facets have which."""
    learnt = tuple(acronyms)
    every = merged_words(
        was.vocabulary.words, chain(reading.words, (word for short, long in learnt for word in (short, *long)))
    )
    numbers = numbered(every.words)
    stems = was.vocabulary.stems.stems_of(every.words, every.was)
    now = np.fromiter(map(numbers.__getitem__, reading.words), np.int32, count=len(reading.words))
    rows = renewed(came_from, _renumbered(was.rows, every.now), _renumbered(reading.rows, now))
    in_texts, in_facets = implied(rows, learnt, numbers, stems)
    places = np.full(len(was.rows.bounds) - 1, -1, np.int32)
    stays = np.flatnonzero(came_from >= 0)
    places[came_from[stays]] = stays
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
        numbers, stems = numbered(kept_words.words), stems[used]
        rows = _renumbered(rows, renumbering)
        text_columns, facet_columns = _of_words(text_columns, used), _of_words(facet_columns, used)
    vocabulary = was.vocabulary.renewed(kept_words.words, numbers, kept_words.was, stems)
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
    return merged([renamed(kept(had, places), words), added])


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


def _titles(rows: Rows, vocabulary: Vocabulary, came_from: Ints, was: Contents) -> Labels:
    fresh = np.flatnonzero(came_from < 0).tolist()
    if not fresh and np.array_equal(came_from, np.arange(len(was.titles.papers))):
        return was.titles
    old = [""] * len(was.titles.papers)
    for text, paper in zip(was.titles.texts, was.titles.papers.tolist(), strict=True):
        old[paper] = text
    titles = [old[place] if place >= 0 else "" for place in came_from.tolist()]
    lengths = title_lengths(rows)
    for place in fresh:
        titles[place] = " ".join(vocabulary.words[word] for word in rows.of(place)[: lengths[place]].tolist())
    return Labels.of([(title, place) for place, title in enumerate(titles)])


def _boards(fresh: Sequence[tuple[str, int]], came_from: Ints, was: Contents) -> Labels:
    places = {old: place for place, old in enumerate(came_from.tolist())}
    old = zip(was.boards.texts, was.boards.papers.tolist(), strict=True)
    stay = [(board, places[paper]) for board, paper in old if paper in places]
    return Labels.of(sorted([*stay, *fresh], key=itemgetter(1)))
