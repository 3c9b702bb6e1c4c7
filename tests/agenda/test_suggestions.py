"""What somebody may want to see: near what they like, free in their day, and some that few have seen."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.agenda.suggestions import Suggestion, suggestions
from bot.programme.kinds import Kind
from bot.search import Index
from tests.support.programmes import Made, at, paper, programme_of, session
from tests.support.searching import INDEX, PROGRAMME


def moment(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 5, day, hour, minute, tzinfo=UTC)


BEFORE = moment(1, 9)
HALL = {"room": "Hall", "starts_at": moment(18, 10), "ends_at": moment(18, 12)}


def asked(index: Index, chosen: Sequence[str], **given: Any) -> list[Suggestion]:
    """Ask for suggestions long before the conference, with the chosen papers as the agenda."""
    options = {
        "agenda": chosen,
        "seen_by": Counter[str]().__getitem__,
        "reader": 1,
        "now": BEFORE,
        "limit": 10,
        **given,
    }
    return suggestions(index, chosen, **options)


def near(found: Sequence[Suggestion]) -> list[str]:
    """Return the keys of those that are near something chosen, and not there since few have seen them alone."""
    return [one.paper.key for one in found if one.to]


def keys(found: Sequence[Suggestion]) -> list[str]:
    return [one.paper.key for one in found]


def index_of(*sessions: Made) -> Index:
    """Return an index in which a word that several of a test's papers have is a rare one."""
    over = session("Yesterday", *(f"Else {n}" for n in range(60)), starts_at=moment(1, 7), ends_at=moment(1, 8))
    return Index(programme_of(*sessions, over))


def of_planning(*shown: Any) -> Index:
    """Return an index of two sessions at different times with papers about planning and about cooking."""
    return index_of(
        session("Posters", *shown, **HALL),
        session(
            "Later Posters",
            paper("Planning Routes", "Ann Lee", abstract="Tree search over maps."),
            paper("Cooking Rice", "Bo Chen", abstract="Water and steam."),
            room="Hall",
            starts_at=moment(19, 10),
            ends_at=moment(19, 12),
        ),
    )


def test_what_shares_rare_words_or_an_author_comes_first_and_says_so() -> None:
    index = of_planning(
        paper("Robots That Plan", "Cy Ito", abstract="They use tree search."),
        paper("Frying Eggs", "Bo Chen", abstract="Oil and heat."),
        paper("Salads", "Di Roe", abstract="Leaves."),
    )

    (first, *_) = asked(index, ["robots-that-plan"])
    assert first.paper.key == "planning-routes"
    assert first.to
    assert first.to.key == "robots-that-plan"
    assert "tree search" in first.shared
    assert first.authors == ()

    (first, *_) = asked(index, ["frying-eggs"])
    assert first.paper.key == "cooking-rice"
    assert [author.name for author in first.authors] == ["Bo Chen"]
    assert first.to
    assert first.to.key == "frying-eggs"


def test_an_author_of_one_bookmark_among_many_counts_less_than_one_of_several() -> None:
    abstract = "Flour, milk, sugar, eggs, butter."
    cooked = {"Crepes": "Bo Chen", "Blini": "Bo Chen", "Dosa": "Cy Ito", "Injera": "Di Roe"}
    index = index_of(
        session("Posters", *(paper(title, author, abstract=abstract) for title, author in cooked.items())),
        session("Iron", paper("Waffles", "Ed Fox", abstract="Flour and milk.")),
        session("More", paper("Chess", "Bo Chen", abstract="Openings."), paper("Go", "Hu Li", abstract="Endings.")),
    )

    one_by_bo, both_by_bo = ["blini", "dosa", "injera"], ["crepes", "blini"]
    assert [one.key for one in index.near(one_by_bo).papers] == ["crepes", "waffles", "chess"]
    assert [one.key for one in index.near(both_by_bo).papers][-2:] == ["chess", "waffles"]
    assert "go" not in near(asked(index, both_by_bo))


def test_nothing_is_at_the_same_time_as_the_agenda_in_another_room() -> None:
    talks = {"room": "Aula", "kind": Kind.TALK}
    index = index_of(
        session("Posters", paper("Tree Search", abstract="Tree search."), **HALL),
        session("Beside", paper("Search Trees", abstract="Tree search."), **{**HALL, "room": "Foyer"}),
        session("In the Hall", paper("Forest Search", abstract="Tree search."), **HALL),
        session(
            "Talks",
            at(paper("Tree Talk", abstract="Tree search."), moment(18, 11), moment(18, 12)),
            at(paper("Late Tree Talk", abstract="Tree search."), moment(18, 12), moment(18, 13)),
            starts_at=moment(18, 11),
            ends_at=moment(18, 13),
            **talks,
        ),
        session("Some Day", paper("Undated Trees", abstract="Tree search.")),
    )

    found = asked(index, ["tree-search"])
    assert set(keys(found)) == {"forest-search", "late-tree-talk", "undated-trees"}
    assert {one.paper.key: one.shown and one.shown.room for one in found} == {
        "forest-search": "Hall",
        "late-tree-talk": "Aula",
        "undated-trees": None,
    }
    assert set(keys(asked(index, ["tree-search"], agenda=()))) > {"search-trees", "tree-talk"}


def test_a_paper_shown_twice_is_suggested_at_the_time_that_is_free() -> None:
    twice = paper("Forest Search", abstract="Tree search.")
    index = index_of(
        session("Posters", paper("Tree Search", abstract="Tree search."), **HALL),
        session("Talks", twice, **{**HALL, "room": "Aula"}),
        session("Again", twice, room="Aula", starts_at=moment(18, 14), ends_at=moment(18, 15)),
    )

    (found,) = asked(index, ["tree-search"])
    assert found.paper.key == "forest-search"
    assert found.shown
    assert found.shown.starts_at == moment(18, 14)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (moment(18, 9), {"poster-trees", "first-tree-talk", "last-tree-talk"}),
        (moment(18, 10, 30), {"poster-trees", "last-tree-talk"}),
        (moment(18, 11, 30), {"poster-trees"}),
        (moment(18, 12), {"poster-trees", "first-tree-talk", "last-tree-talk"}),
    ],
    ids=["before", "after one talk began", "posters still hang", "when all is over, what to read"],
)
def test_what_is_over_is_not_suggested(now: datetime, expected: set[str]) -> None:
    index = index_of(
        session("Posters", paper("Poster Trees", abstract="Tree search."), **HALL),
        session(
            "Talks",
            at(paper("First Tree Talk", abstract="Tree search."), moment(18, 10), moment(18, 11)),
            at(paper("Last Tree Talk", abstract="Tree search."), moment(18, 11), moment(18, 12)),
            **{**HALL, "room": "Aula"},
        ),
        session("Some Day Before", paper("Old Trees", abstract="Tree search."), starts_at=moment(2, 8)),
    )

    assert set(near(asked(index, ["old-trees"], now=now))) == expected


def test_of_three_suggestions_the_last_is_one_that_few_have_seen() -> None:
    index = of_planning(*(paper(f"Planning {n}", abstract="Tree search.") for n in range(8)))
    popular = {"planning-1", "planning-2", "planning-3", "planning-4", "planning-5"}

    found = asked(index, ["planning-0"], seen_by=lambda key: 9 if key in popular else 0, limit=3)

    assert [one.seldom for one in found] == [False, False, True]
    assert found[2].paper.key in {"planning-6", "planning-7", "planning-routes"}
    assert len(set(keys(found))) == 3


def test_people_of_the_same_taste_are_sent_to_different_papers_that_few_have_seen() -> None:
    index = of_planning(*(paper(f"Planning {n}", abstract="Tree search.") for n in range(40)))
    sent = Counter(
        one.paper.key
        for reader in range(300)
        for one in asked(index, ["planning-0"], reader=reader, limit=3)
        if one.seldom
    )

    assert sum(sent.values()) == 300
    assert len(sent) >= 30
    assert max(sent.values()) < 30


def test_without_bookmarks_people_get_what_few_have_seen_and_not_all_the_same() -> None:
    index = of_planning(*(paper(f"Planning {n}", abstract="Tree search.") for n in range(20)))

    mine, yours = (
        asked(index, (), reader=reader, seen_by=lambda key: key != "planning-7", limit=5) for reader in (1, 2)
    )

    assert mine[0].paper.key == yours[0].paper.key == "planning-7"
    assert keys(mine) != keys(yours)
    assert all(one.seldom and one.to is None for one in mine)


@given(
    st.lists(st.sampled_from([*PROGRAMME.papers]), max_size=60),
    st.sets(st.sampled_from([*PROGRAMME.papers])),
    st.integers(0, 2**63),
    st.integers(0, 20),
)
def test_whatever_is_chosen_each_suggestion_is_new_and_comes_once_and_again(
    chosen: list[str], without: set[str], reader: int, limit: int
) -> None:
    def ask(limit: int) -> list[Suggestion]:
        seen: Callable[[str], int] = len
        return asked(INDEX, chosen, without=without, reader=reader, limit=limit, seen_by=seen)

    found = ask(limit)
    assert len(found) <= limit
    assert len(set(keys(found))) == len(found)
    assert not {*chosen, *without} & set(keys(found))
    assert found == ask(limit), "the same again"
    assert found == ask(20)[:limit], "fewer are the first ones of more"
    left = len(PROGRAMME.papers) - len({*chosen, *without})
    assert len(ask(20)) <= left


def test_keys_that_are_gone_count_for_nothing() -> None:
    assert keys(asked(INDEX, ["gone", "ragboost"])) == keys(asked(INDEX, ["ragboost"]))
    assert asked(INDEX, ["gone"])
