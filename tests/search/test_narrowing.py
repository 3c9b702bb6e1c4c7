"""Searches narrowed down to a session, an author, a topic or an affiliation."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.search import Index
from tests.support.programmes import at, programme_of, session
from tests.support.searching import found, of

NINE = datetime(2026, 5, 18, 9, tzinfo=UTC)
TWICE = of("Caching Tokens", "Bob Roe (Acme Labs);Ann Lee", topics=("Systems", "Agents"))
PROGRAMME = programme_of(
    session("Posters", of("Caching Plans", "Ann Lee (MIT)", "Private.", track="systems"), TWICE, starts_at=NINE),
    session(
        "Talks",
        at(of("Caching Retrieval", "Ann Lee (M.I.T.)", topics=("Agents",)), NINE - timedelta(hours=1)),
        at(of("Other", "Ann Lee", "Private.", track="Sécurity"), NINE - timedelta(hours=2)),
        at(TWICE, NINE - timedelta(minutes=90)),
        starts_at=NINE - timedelta(hours=2),
        chairs=of("", "Cy Poe").authors,
    ),
    unscheduled=[of("Caching Nothing", "Di Fu (ACME  labs)")],
)
index = Index(PROGRAMME)


def test_a_search_can_be_narrowed_to_a_session() -> None:
    assert len(found(index, "caching")) == 4
    assert set(found(index, "caching", session="posters")) == {"Caching Plans", "Caching Tokens"}
    assert set(found(index, "caching", session="talks")) == {"Caching Retrieval", "Caching Tokens"}
    assert found(index, "other", session="posters") == []
    assert found(index, "caching", session="gone") == []


def test_a_search_can_be_narrowed_to_an_author() -> None:
    assert found(index, "caching", author="bob-roe") == ["Caching Tokens"]
    assert set(found(index, "caching", author="ann-lee")) == {"Caching Plans", "Caching Tokens", "Caching Retrieval"}
    assert found(index, "caching", author="cy-poe") == [], "somebody who chairs and has no paper"
    assert found(index, "caching", author="nobody") == []


def test_a_search_can_be_narrowed_to_a_topic_or_a_track() -> None:
    assert set(found(index, "caching", topic="systems")) == {"Caching Plans", "Caching Tokens"}
    assert set(found(index, "caching", topic="agents")) == {"Caching Tokens", "Caching Retrieval"}
    assert found(index, "private", topic="security") == ["Other"]
    assert found(index, "caching", topic="security") == found(index, "caching", topic="agent") == []


def test_a_search_can_be_narrowed_to_an_affiliation() -> None:
    assert set(found(index, "caching", affiliation="acme labs")) == {"Caching Tokens", "Caching Nothing"}
    assert found(index, "caching", affiliation="acme") == []


def test_a_search_can_be_narrowed_to_several_things_at_once() -> None:
    assert found(index, "caching", author="ann-lee", session="posters", topic="agents") == ["Caching Tokens"]
    assert found(index, "caching", author="ann-lee", affiliation="mit") == ["Caching Plans"]
    assert found(index, "tokens", author="di-fu") == []


def test_an_exact_title_that_is_elsewhere_is_not_found() -> None:
    assert found(index, "caching plans", session="talks")[0] != "Caching Plans"
    assert found(index, "other", topic="systems") == []


@pytest.mark.parametrize("words", ["", " ", "?!", "-nothing"])
def test_without_words_all_that_is_narrowed_down_to_is_listed_by_time(words: str) -> None:
    assert found(index, words, author="ann-lee") == ["Other", "Caching Tokens", "Caching Retrieval", "Caching Plans"]
    assert found(index, words, topic="systems") == ["Caching Tokens", "Caching Plans"]
    assert found(index, words, session="talks") == ["Other", "Caching Tokens", "Caching Retrieval"]
    assert found(index, words, session="posters") == ["Caching Plans", "Caching Tokens"], "those of one time as printed"
    assert found(index, words, session="posters", topic="agents") == ["Caching Tokens"]
    assert found(index, words, session="gone") == found(index, words, author="cy-poe") == []
    assert found(index, words) == []


def test_what_has_no_time_is_listed_last_and_what_is_left_out_not_at_all() -> None:
    assert found(index, "", affiliation="acme labs") == ["Caching Tokens", "Caching Nothing"]
    assert found(index, "-private", author="ann-lee") == ["Caching Tokens", "Caching Retrieval"]
