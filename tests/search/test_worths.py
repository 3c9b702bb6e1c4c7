"""What each word of each paper is worth, by where it stands."""

from bot.search import Index
from bot.search.postings import Postings
from tests.support.programmes import programme_of, session
from tests.support.searching import of

PROGRAMME = programme_of(
    session(
        "Talks",
        of(
            "Caching Plans for GPUs",
            "Ann Lee (University of Old Town);Bob Roe (MIT)",
            "Fast caching, caching of plans: key-value stores (KVS). db-SP wins.",
            topics=("Machine Learning",),
        ),
        of(
            "Key-Value Stores",
            "Ann Lee",
            "KVS are key-value stores. A KVS is fast, fast, fast.",
            topics=("KVS", "Systems"),
        ),
        track="Systems",
    ),
    session("Posters", of("Other", "Cy Plans", topics=("machine learning",)), of("日本語のRAG2Go")),
)
INDEX = Index(PROGRAMME)


def worths(postings: Postings) -> dict[str, dict[int, float]]:
    """Return what each word is worth in each paper that has it."""
    found = {}
    for number, word in enumerate(INDEX.contents.vocabulary.words):
        papers, values = postings.of(number)
        if len(papers):
            found[word] = dict(zip(papers.tolist(), [round(value, 4) for value in values.tolist()], strict=True))
    return found


def test_words_of_titles_names_and_abstracts_with_what_they_imply() -> None:
    assert worths(INDEX.contents.texts) == {
        "a": {1: 0.2941},
        "ann": {0: 0.7, 1: 0.7},
        "are": {1: 0.2941},
        "bob": {0: 0.7},
        "caching": {0: 1.5468},
        "cy": {2: 0.7},
        "db": {0: 0.2941},
        "dbsp": {0: 0.2941},
        "fast": {0: 0.2941, 1: 0.4054},
        "for": {0: 1.1765},
        "go": {3: 1.2903},
        "gp": {0: 1.1765},
        "gpus": {0: 1.1765},
        "is": {1: 0.2941},
        "key": {0: 0.3941, 1: 1.6062},
        "keyvalue": {0: 0.2941, 1: 1.5062},
        "kvs": {0: 0.3941, 1: 0.6704},
        "lee": {0: 0.7, 1: 0.7},
        "of": {0: 0.2941},
        "other": {2: 1.2903},
        "plans": {0: 1.4706, 2: 0.7},
        "rag2go": {3: 1.2903},
        "roe": {0: 0.7},
        "sp": {0: 0.2941},
        "stores": {0: 0.3941, 1: 1.6062},
        "us": {0: 1.1765},
        "value": {0: 0.3941, 1: 1.6062},
        "wins": {0: 0.2941},
        "日本": {3: 1.2903},
        "日本語のrag": {3: 1.2903},
        "日本語のrag2go": {3: 1.2903},
        "本語": {3: 1.2903},
        "語の": {3: 1.2903},
    }


def test_words_of_topics_kinds_and_affiliations() -> None:
    assert worths(INDEX.contents.facets) == {
        "key": {1: 0.2},
        "kvs": {1: 1.0},
        "learning": {0: 1.0, 2: 1.0},
        "machine": {0: 1.0, 2: 1.0},
        "mit": {0: 0.3},
        "of": {0: 0.3},
        "old": {0: 0.3},
        "stores": {1: 0.2},
        "systems": {0: 1.0, 1: 1.0},
        "town": {0: 0.3},
        "university": {0: 0.3},
        "uot": {0: 0.3},
        "value": {1: 0.2},
    }
