"""Which papers have which words."""

from collections.abc import Mapping, Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.search.entries import columns, packed
from bot.search.postings import Postings

worths = st.integers(1, 800).map(lambda number: number / 8)


@given(st.lists(st.dictionaries(st.sampled_from("abcdefgh"), worths), max_size=12), st.data())
def test_postings_are_what_was_added(papers: list[dict[str, float]], data: st.DataObject) -> None:
    words, postings = posted(papers)

    for number, word in enumerate(words):
        oracle = [(paper, worths[word]) for paper, worths in enumerate(papers) if word in worths]
        ids, values = postings.of(number)
        assert list(zip(ids.tolist(), values.tolist(), strict=True)) == oracle
        assert postings.spread(number) == len(oracle)

    start = data.draw(st.integers(0, len(words)))
    longer = range(start, data.draw(st.integers(start, len(words))))
    sure = data.draw(st.dictionaries(st.integers(0, len(words) - 1), worths)) if words else {}
    ids, values = postings.of_all(longer)
    assert sorted(zip(ids.tolist(), values.tolist(), strict=True)) == sorted(
        (paper, entries[words[number]])
        for number in longer
        for paper, entries in enumerate(papers)
        if words[number] in entries
    )
    best = [
        max(
            [entries[words[n]] * 0.5 for n in longer if words[n] in entries]
            + [entries[words[n]] * times for n, times in sure.items() if words[n] in entries],
            default=0.0,
        )
        for entries in papers
    ]
    found = postings.best(sure, longer, 0.5)
    assert (found is None) == (not any(best))
    assert found is None or found.tolist() == best


def posted(papers: Sequence[Mapping[str, float]]) -> tuple[list[str], Postings]:
    words = sorted({word for paper in papers for word in paper})
    having = [
        (number, place) for number, word in enumerate(words) for place, paper in enumerate(papers) if word in paper
    ]
    numbers, places = np.array(having, np.int64).reshape(-1, 2).T
    values = np.array([papers[place][words[number]] for number, place in having], np.float32)
    return words, Postings(len(papers), columns(packed(numbers, places, 1), len(words)), values)
