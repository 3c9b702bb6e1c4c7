"""What papers say without saying it, found in all of them at once."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.search.acronyms import Acronyms
from bot.search.entries import packed
from bot.search.flat import rows_of
from bot.search.implied import implied
from bot.search.reading import Field
from bot.search.stems import StemTable

WORDS = sorted("fl federated learning learnings llm large language model models a key value store stores kvs".split())
NUMBERS = {word: number for number, word in enumerate(WORDS)}
introductions = st.lists(
    st.sampled_from(
        [
            "fl federated learning",
            "fl federated learnings",
            "fl key value",
            "llm large language models",
            "lm language model",
            "llm large language model a",
            "kvs key value stores",
            "kvs key value store",
            "store key value stores",
        ]
    ),
    max_size=6,
)
texts = st.lists(st.sampled_from(WORDS), max_size=12)
papers = st.lists(st.tuples(texts, texts, texts, st.lists(texts, max_size=3)), max_size=6)


@given(introductions, papers)
def test_the_same_is_implied_as_in_each_text_alone(
    learnt: list[str], of_papers: list[tuple[list[str], list[str], list[str], list[list[str]]]]
) -> None:
    acronyms = Acronyms(introduction for introduction in learnt if set(introduction.split()) <= set(WORDS))
    rows = []
    in_texts: Counter[tuple[int, int, Field]] = Counter()
    in_facets: set[tuple[int, int]] = set()
    for place, (title, author, abstract, topics) in enumerate(of_papers):
        fields = [(Field.TITLE, title), (Field.AUTHOR, author), (Field.ABSTRACT, abstract)]
        fields += [(Field.TOPIC, topic) for topic in topics]
        rows.append([number for field, words in fields for number in (*map(NUMBERS.__getitem__, words), field.end)])
        for field, words in fields:
            numbers = [NUMBERS[word] for other in acronyms.implied(words).values() for word in other]
            if field is Field.TOPIC:
                in_facets.update((number, place) for number in numbers)
            elif field is not Field.AUTHOR:
                in_texts.update((number, place, field) for number in numbers)

    found, facets = implied(rows_of(rows), tuple(acronyms), NUMBERS, StemTable.of(WORDS).by_word())

    pairs = sorted({(number, place) for number, place, _ in in_texts})
    assert found.entries.tolist() == entries(pairs)
    assert found.by_title.tolist() == [in_texts[*pair, Field.TITLE] for pair in pairs]
    assert found.by_abstract.tolist() == [in_texts[*pair, Field.ABSTRACT] for pair in pairs]
    assert facets.tolist() == entries(sorted(in_facets))


def entries(pairs: list[tuple[int, int]]) -> list[int]:
    words, places = np.array(pairs, np.int64).reshape(-1, 2).T
    return list(packed(words, places, 0).tolist())
