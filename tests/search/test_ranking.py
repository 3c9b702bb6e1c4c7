"""Which paper comes first."""

import pytest

from bot.search import Query
from bot.search.words import index_words, stem, tokens
from tests.support.searching import INDEX, PROGRAMME, found, index_of, learnt_from, of, text_of

LIKELY = "kalman"
"""The word asked for; nothing else is like it."""


def filler(count: int) -> str:
    return " ".join(("beech", "oxide", "hush", "fjord", "dusty", "gypsy", "whip", "quiz")[n % 8] for n in range(count))


@pytest.mark.parametrize("length", [1, 5, 10, 20, 30])
@pytest.mark.parametrize("times", [1, 3, 20])
def test_a_title_beats_an_author_who_beats_an_abstract(length: int, times: int) -> None:
    index = index_of(
        of("Third", "Ann Lee", f"{filler(40)} {f'{LIKELY} ' * times}"),
        of("Second", f"Rudolf {LIKELY.title()}"),
        of(f"{filler(length)} {LIKELY}", "Bob Roe"),
        *(of(f"Other {number}", "Cy Poe", filler(40)) for number in range(20)),
    )

    assert found(index, LIKELY) == [f"{filler(length)} {LIKELY}", "Second", "Third"]


def test_an_author_beats_an_abstract_whatever_letters_its_title_happens_to_have() -> None:
    index = index_of(
        of("Kitchen Robots", "Ann Lee", "As Chen says. Chen was right. Chen knows. We thank Chen and Chen."),
        of("Grasping Objects", "Danqi Chen"),
    )

    assert found(index, "chen ") == ["Grasping Objects", "Kitchen Robots"]


RIVALS = (
    of("Caching Caching Caching", "C. Caching", "Caching. " * 20),
    of("Caching Plans for Agents That Plan Ahead", "", "Fast caching plans for agents that plan."),
    of("Fast Caching of Caches"),
)


@pytest.mark.parametrize("exact", ["Caching", "Cache", "Fast Caching", "Caching Plans for Agents That Plan"])
def test_an_exact_title_is_first(exact: str) -> None:
    index = index_of(*RIVALS, of(exact))

    assert found(index, exact)[0] == exact
    assert found(index, exact.upper())[0] == exact
    assert index.find(exact)[1][0].label == exact


CROWD = tuple(of(f"Sparse Tokens Number {number}", "", "Sparse tokens. " * 30) for number in range(120))


def test_a_long_title_that_has_the_words_in_a_row_is_found_among_many_that_have_them() -> None:
    long = f"Towards {filler(12)} of Sparse Tokens in the Wild {filler(12)}"
    index = index_of(*CROWD, of(long))

    assert found(index, "sparse tokens in the wild ")[0] == long
    assert long in found(index, "of sparse tokens ")[:3]


@pytest.mark.parametrize("typed", ["spare tokens in the wild", "sparse tokesn in the wild"])
def test_a_typing_error_costs_such_a_title_nothing(typed: str) -> None:
    long = f"Towards {filler(12)} of Sparse Tokens in the Wild {filler(12)}"

    assert found(index_of(*CROWD, of(long)), typed)[0] == long


def test_a_title_that_has_all_the_words_beats_one_that_has_most_of_them_in_a_row() -> None:
    index = index_of(
        *CROWD,
        of("Sparse Token Routing at Scale", "", "Sparse token routing, without any mirror."),
        of("Mirror Descent with Token Budgets for the Routing of Sparse Experts"),
    )

    assert found(index, "sparse token routing mirror")[0].startswith("Mirror Descent")
    assert found(index, "sparse token routing")[0].startswith("Sparse Token")


def test_a_word_that_says_little_tells_apart_what_is_otherwise_alike() -> None:
    index = index_of(of("Agents Plan"), of("Can Agents Plan"), of("Agents of Plan"))

    assert found(index, "agents can plan yes")[0] == "Can Agents Plan"


@pytest.mark.parametrize(
    "title", ['Explaining "Trust Me" Plans', '"Fast" Caching', "Caching -Plans", "“Caching” of Plans"]
)
def test_a_title_with_marks_of_the_query_language_is_first_when_it_is_typed(title: str) -> None:
    index = index_of(
        *RIVALS, of("Explaining Plans", "", "Trust me, trust me."), of("Of Plans", "", "Caching."), of(title)
    )
    (whole,) = index.find(title)[1]

    assert index.suggest(title)[:1] == [whole]
    assert found(index, title)[:1] == [whole.label]


def test_a_rare_word_counts_more_than_a_common_one() -> None:
    index = index_of(
        of("Serving Tokens"),
        of("Routing Zebras"),
        *(of(f"Serving Models {number}", "", "Plain.") for number in range(20)),
    )

    assert found(index, "serving zebras")[0] == "Routing Zebras"
    assert found(index, "zebras serving")[0] == "Routing Zebras"


def test_a_paper_with_all_words_beats_one_with_some_of_them() -> None:
    index = index_of(
        of("Cache Eviction", "", "Cache cache cache cache."),
        of("A Study", "Ann Lee", "How planning agents use a cache."),
        of("Planning"),
    )

    assert found(index, "cache agents planning")[0] == "A Study"


def test_every_word_of_the_session_is_taken_as_it_is_spelt() -> None:
    words = {key: set(tokens(text_of(paper))) for key, paper in PROGRAMME.papers.items()}
    stems = {
        key: {stem(word) for text in (text_of(paper), *(a.name for a in paper.authors)) for word in index_words(text)}
        for key, paper in PROGRAMME.papers.items()
    }
    acronyms = learnt_from(map(text_of, PROGRAMME.papers.values()))
    for word in sorted(word for word in set().union(*words.values()) if not word.isdigit()):
        results = INDEX.search(Query((word,)))
        assert results.corrected is None, word
        assert {key for key in words if word in words[key]} <= {paper.key for paper in results.papers(34)}, word
        first = results.papers(1)[0].key
        assert stem(word) in stems[first] or acronyms.implied([word]), word


def test_a_word_that_exists_is_not_taken_for_another_one_even_next_to_a_stranger() -> None:
    index = index_of(of("Plan Reuse"), of("Plain Text"), of("Planes"), of("Cart"), of("Chart"))

    for text in ("plan", "plan text", "plan xyzzy", "cart plain"):
        results = index.search(Query.parse(text))
        assert results.corrected is None, text
    assert found(index, "plan xyzzy")[0] == "Plan Reuse"
    assert found(index, "cart xyzzy")[0] == "Cart"


def test_a_misspelt_word_is_told_as_it_was_understood() -> None:
    assert INDEX.search(Query.parse("hipocampus")).corrected == "hippocampus"
    assert INDEX.search(Query.parse("federatd learning")).corrected == "federated learning"
    assert INDEX.search(Query.parse("agentic cache")).corrected is None
    assert INDEX.search(Query.parse("xyzzyplugh")).corrected is None


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("agent", "agents"),
        ("cache", "caches"),
        ("query", "queries"),
        ("caching", "cached"),
        ("scheduler", "scheduling"),
        ("GPU", "GPUs"),
        ("LLM", "LLMs"),
        ("SLO", "SLOs"),
        ("GCN", "GCNS"),
    ],
)
def test_an_inflected_word_is_the_same_word(one: str, many: str) -> None:
    index = index_of(of(f"Serving {many}"), of("Serving"), of("Other Matters"))

    assert found(index, f"{one} serving")[0] == f"Serving {many}"
    assert found(index, f"{one} ") == [f"Serving {many}"]
    turned = index_of(of(f"Serving {one}"), of("Serving"), of("Other Matters"))
    assert found(turned, f"{many} ") == [f"Serving {one}"]


@pytest.mark.parametrize("text", ["kv ca", "planning ca", '"planning" ca'])
def test_the_last_word_may_go_on_after_words_and_phrases(text: str) -> None:
    index = index_of(of("KV Planning"), of("KV Planning Cache"), of("Planning"), of("KV"), of("Cause and Cure"))

    assert found(index, text)[0] == "KV Planning Cache"


def test_a_word_followed_by_a_space_is_finished() -> None:
    index = index_of(of("Cat Pictures"), of("Catalogue"))

    assert found(index, "cat ") == ["Cat Pictures"]
    assert set(found(index, "cat")) == {"Cat Pictures", "Catalogue"}


def test_a_title_with_the_word_as_it_is_typed_beats_a_shorter_one_with_its_plural() -> None:
    typed = "Multilingual Models: A Hope for Low-Resource Language Translation?"
    index = index_of(
        of(typed), of("Scans Improve Translation for Low-Resource Languages"), of("Language"), of("Resource")
    )

    assert found(index, "low-resource language")[0] == typed


@pytest.mark.parametrize("typed", ["vision lengths", "lengths vision", "vision lengths "])
def test_the_word_as_it_is_typed_tells_more_than_that_a_title_is_short(typed: str) -> None:
    long = "Guarding Varies Lengths for Text of All Offline Nets"
    index = index_of(
        of("On Length Bias in Models", topics=("Vision",)),
        of(long, topics=("Vision",)),
        *(of(f"Matter {number}", topics=("Vision",)) for number in range(9)),
    )

    assert found(index, typed)[:2] == [long, "On Length Bias in Models"]


def test_a_topic_of_all_papers_makes_no_title_be_meant_that_happens_to_have_its_name() -> None:
    index = index_of(
        of("The Main Point of Plans", "", "Which models there are.", track="Main"),
        of("Large Models", track="Main"),
        *(of(f"Matter {number}", track="Main") for number in range(30)),
        *(of(f"Kinds of Models {number}", track="Main") for number in range(5)),
    )

    assert found(index, "main models")[0] == "Large Models"
    assert found(index, "main point")[0] == "The Main Point of Plans"


def test_a_topic_and_a_word_come_before_a_title_that_has_most_of_them_in_a_row() -> None:
    others = [of(f"Gradient Descent {number}", topics=("gradient descent",)) for number in range(5)]
    index = index_of(
        of("Warped Gradient Descent", "", "Gradient descent, linear or not. Gradient descent."),
        *others,
        of("On the Convergence of Deep Linear Networks", topics=("gradient descent",)),
    )

    assert found(index, "gradient descent linear")[0] == "On the Convergence of Deep Linear Networks"


def test_an_abstract_with_all_words_comes_before_a_title_with_some_of_them() -> None:
    index = index_of(
        of("A Semantic Network", "", "The network, in accordance with others, of semantic networks."),
        of("Semantic Accordance"),
        *(of(f"Number {number}", "", "Semantic, in accordance, with a network.") for number in range(9)),
        of("Far from Anything", "", "In accordance with a semantic reversal of some network or other."),
    )

    assert found(index, "semantic accordance network reversal ")[0] == "Far from Anything"
