"""From a programme to what an index consists of; what is as it was is not taken apart again."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Final, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from bot.letting_go import empty, let_go
from bot.programme.model import Programme
from bot.search.acronyms import NO_ACRONYMS, Acronyms, introductions
from bot.search.affiliations import affiliation_words
from bot.search.contents import NOTHING, Contents, title_lengths
from bot.search.entries import columns, kept, merged, of_papers, places_of, renamed
from bot.search.facets import each_once, facets_of
from bot.search.flat import Ints, Longs, Rows, bounds_of, put_between, renewed
from bot.search.implied import Implied, implied
from bot.search.merging import merged_words
from bot.search.origins import origins
from bot.search.papers import boards_of, searched
from bot.search.postings import Postings
from bot.search.reading import Field, Reader, Reading
from bot.search.renewing import Moves, renewed_postings
from bot.search.vocabulary import Vocabulary
from bot.search.words import index_words
from bot.search.worths import all_text_worths, facet_worths

T = TypeVar("T")


class Fresh(NamedTuple):
    """What is new or changed in a programme, taken apart; all of it in the order of the fresh papers.

    These are many small things. Each list is let go of once it was used: all of them at once would hold others up.
    """

    reading: Reading
    introductions: list[Iterable[str]]
    topics: list[Iterable[str]]
    affiliations: list[Iterable[str]]
    boards: list[tuple[str, int]]


NO_PROGRAMME: Final = Programme()


def contents_of(
    programme: Programme,
    before: Programme = NO_PROGRAMME,
    was: Contents = NOTHING,
    acronyms: Acronyms = NO_ACRONYMS,
) -> Contents:
    """Return what the index of a programme consists of.

    Args:
        programme: the programme.
        before: a programme of before.
        was: what its index consists of.
        acronyms: the acronyms that it introduces.
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
    introduced = was.introductions.renewed(came_from, _taken_out(fresh.introductions))
    topics = facets_of(was.topics.listed.renewed(came_from, _taken_out(fresh.topics)), index_words, was.topics)
    affiliations = facets_of(
        was.affiliations.listed.renewed(came_from, _taken_out(fresh.affiliations)), affiliation_words, was.affiliations
    )
    now = acronyms.renewed(introduced.texts)
    vocabulary, rows, texts, facets = _postings(
        fresh.reading, now, came_from, places, was, learnt_before=now is acronyms and was is not NOTHING
    )
    titles = _titles(rows, vocabulary, fresh_places)
    made = Contents(
        vocabulary=vocabulary,
        rows=rows,
        texts=texts,
        facets=facets,
        introductions=introduced,
        topics=topics,
        affiliations=affiliations,
        people=people,
        titles=was.titles.renewed(places, titles),
        boards=was.boards.renewed(places, fresh.boards),
    )
    let_go(titles)
    let_go(fresh.boards)
    return made


def _fresh(programme: Programme, places: Sequence[int]) -> Fresh:
    """Take the papers at these places apart."""
    papers = tuple(programme.papers.values())
    reader = Reader()
    introduced: list[Iterable[str]] = []
    topics: list[Iterable[str]] = []
    affiliations: list[Iterable[str]] = []
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
    reading: Reading, acronyms: Acronyms, came_from: Ints, places: Ints, was: Contents, *, learnt_before: bool
) -> tuple[Vocabulary, Rows, Postings, Postings]:
    """Return the vocabulary of all papers, the words in their order, and which papers' texts and facets have which.

    Args:
        reading: the fresh papers.
        acronyms: the acronyms.
        came_from: the place before of each paper, or -1.
        places: the place of each paper of before, or -1.
        was: what was known before.
        learnt_before: whether the same acronyms were known then.
    """
    learnt = tuple(acronyms)
    every = merged_words(
        was.vocabulary.words, chain(reading.words, (word for short, long in learnt for word in (short, *long)))
    )
    stems = was.vocabulary.stems.stems_of(every.words, every.was)
    now = every.places_of(reading.words)
    let_go(reading.words)
    fresh = _renumbered(reading.rows, now)
    rows = renewed(came_from, _renumbered(was.rows, every.now), fresh)
    moves = Moves.of(places, every.now) if learnt_before else None
    texts = [renamed(entries, now) for entries in _taken_out(reading.texts)]
    facets = [renamed(entries, now) for entries in _taken_out(reading.facets)]
    if moves is None:
        # Other acronyms may be implied anywhere.
        texts.append(kept(was.texts.columns, places, every.now))
        facets.append(kept(was.facets.columns, places, every.now))
        in_texts, in_facets = implied(rows, learnt, every.more, stems)
    else:
        in_texts, in_facets = implied(fresh, learnt, every.more, stems)
        papers = np.flatnonzero(came_from < 0)
        in_texts, in_facets = (
            in_texts._replace(entries=of_papers(in_texts.entries, papers)),
            of_papers(in_facets, papers),
        )
    lengths = title_lengths(rows)
    made = (
        _texts(_with(merged(texts), in_texts.entries), in_texts, lengths, len(every.words)),
        _facets(_with(merged(facets), in_facets), len(lengths), len(every.words)),
    )
    if moves is not None:
        made = (
            renewed_postings(was.texts, moves, made[0], len(lengths)),
            renewed_postings(was.facets, moves, made[1], len(lengths)),
        )
    used = (np.diff(made[0].columns.bounds) + np.diff(made[1].columns.bounds)) > 0
    kept_words, renumbering = every.having(used)
    if not used.all():
        stems = stems[used]
        rows = _renumbered(rows, renumbering)
        made = (_of_words(made[0], used), _of_words(made[1], used))
    empty(every.more)
    return was.vocabulary.renewed(kept_words.words, kept_words.was, stems), rows, *made


def _taken_out(parts: list[T]) -> Iterator[T]:
    """Yield parts, and let go of each once it was used."""
    parts.reverse()
    while parts:
        yield parts.pop()


def _texts(entries: Longs, saying: Implied, title_lengths: Ints, words: int) -> Postings:
    """Return the postings of texts for so many words, of which some are implied."""
    at = np.searchsorted(entries, saying.entries)
    made = columns(entries, words)
    del entries
    return Postings(len(title_lengths), made, all_text_worths(made.marks, title_lengths[made.items], at, saying))


def _facets(entries: Longs, papers: int, words: int) -> Postings:
    """Return the postings of so many papers' facets for so many words."""
    made = columns(entries, words)
    return Postings(papers, made, facet_worths(made.marks))


def _renumbered(rows: Rows, numbers: Ints) -> Rows:
    """Return rows with other numbers for their words; the ends of fields stay."""
    if np.array_equal(numbers, np.arange(len(numbers))):
        return rows
    ends = np.arange(-len(Field), 0, dtype=np.int32)
    return Rows(rows.bounds, np.concatenate([numbers, ends])[rows.values])


def _with(entries: Longs, implied_entries: Longs) -> Longs:
    """Return entries with those that are only implied, which have no marks."""
    at = np.searchsorted(entries, implied_entries)
    is_missing = np.ones(len(at), np.bool_)
    within = at < len(entries)
    is_missing[within] = places_of(entries[at[within]]) != places_of(implied_entries[within])
    return put_between(entries, at[is_missing], implied_entries[is_missing])


def _of_words(had: Postings, used: NDArray[np.bool_]) -> Postings:
    """Return postings without the words that are not used, which nothing has."""
    bounds = bounds_of(np.diff(had.columns.bounds)[used])
    return had.of_words(bounds)


def _titles(rows: Rows, vocabulary: Vocabulary, fresh: Sequence[int]) -> list[tuple[str, int]]:
    """Return the titles of papers as folded words, with their places."""
    lengths = title_lengths(rows)
    words = vocabulary.words
    return [(" ".join([words[word] for word in rows.of(place)[: lengths[place]].tolist()]), place) for place in fresh]
