"""The words that answer a query: the same whatever was asked before, and as if each word were looked at by itself."""

from collections.abc import Sequence
from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from bot.search import Index, Query
from bot.search.acronyms import Acronyms
from bot.search.matching import Matching, PaperTexts
from bot.search.papers import abstract_of, searched
from bot.search.snippet import marks_of, whole_words
from bot.search.vocabulary import Meanings
from bot.search.words import forms
from tests.support.searching import INDEX, PROGRAMME

PAPERS = tuple(PROGRAMME.papers.values())
TEXTS = [searched(paper, PROGRAMME).texts for paper in PAPERS]
VOCABULARY = INDEX.contents.vocabulary
ASKED = (
    "kv cache caching gpus gpu prefill pre early-exit earlyexit tokenblend sparse attention keutzer llm a the".split()
)


def one_by_one(texts: Sequence[str], meanings: Sequence[Meanings]) -> set[str]:
    """Return the words that answer, looking at each word of the texts."""

    def answers(word: str) -> bool:
        number = VOCABULARY.id(word)
        return any(number in meaning.words or number in meaning.longer for meaning in meanings)

    matched: set[str] = set()
    for text in texts:
        for words, others in forms(text):
            if any(map(answers, others)):
                matched |= {*words, "".join(words)}
            matched |= set(filter(answers, words))
    return matched


@given(
    st.lists(st.lists(st.sampled_from(ASKED), min_size=1, max_size=3), min_size=1, max_size=4),
    st.lists(
        st.tuples(st.integers(0, 3), st.lists(st.integers(0, len(PAPERS) - 1), max_size=4, unique=True)), max_size=6
    ),
    st.booleans(),
)
def test_the_words_that_answer_are_the_same_in_any_order(
    queries: list[list[str]], looks: list[tuple[int, list[int]]], unfinished: bool
) -> None:
    matching = Matching(VOCABULARY, Acronyms(INDEX.contents.introductions.texts))
    meant = [[VOCABULARY.meanings(word, unfinished=unfinished) for word in words] for words in queries]
    for number, places in looks:
        asked = meant[number % len(queries)]
        found = matching.looks(
            asked,
            [
                PaperTexts(PAPERS[place].key, abstract_of(PAPERS[place]), partial(TEXTS.__getitem__, place))
                for place in places
            ],
        )
        for place, look in zip(places, found, strict=True):
            abstract = abstract_of(PAPERS[place])
            if right := one_by_one(TEXTS[place], asked):
                assert look.matched == right
            assert look.marks == whole_words(abstract, marks_of(abstract, look.matched))


def test_after_reading_ahead_the_same_is_found() -> None:
    ready = Index(PROGRAMME, contents=INDEX.contents)
    assert sum(1 for _ in ready.read_ahead()) == len(PAPERS)
    for text in ("kv cache", "early-exit", "gpus for prefill", "keutzer"):
        assert list(ready.search(Query.parse(text))) == list(INDEX.search(Query.parse(text)))
