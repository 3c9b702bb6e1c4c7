"""Finding a person by a name as somebody remembers it."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.programme.source import Credit
from bot.search import Index
from bot.search.people import NOBODY
from bot.search.vocabulary import EXACT
from tests.support.programmes import programme_of, session
from tests.support.searching import (
    INDEX,
    PROGRAMME,
    any_text,
    of,
    programme_with,
)

NAMES = (
    "G. Edward Suh",
    "Yiying Zhang",
    "Minjia Zhang",
    "Thierry Tambe",
    "Gamze Gürsoy",
    "Jean-Pierre O'Brien",
    "Luka Grbčić",
    "Carole-Jean Wu",
    "Yuheng Wu",
    "Qi Qi",
    "Ludwig van Beethoven",
    "李明",
    "Ngô Bảo Châu",
    "Eric Xing",
)
people = NOBODY.renewed(
    programme_with([of(f"Paper {number}", name) for number, name in enumerate(NAMES)]).people.values()
)


def who(text: str, *, unfinished: bool = False) -> list[str]:
    return [hit.person.name for hit in people.find(text, unfinished=unfinished)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        *((name, name) for name in NAMES),
        ("YIYING ZHANG", "Yiying Zhang"),
        ("zhang yiying", "Yiying Zhang"),
        ("Zhang, Yiying", "Yiying Zhang"),
        ("Zhang, Y.", "Yiying Zhang"),
        ("Y. Zhang", "Yiying Zhang"),
        ("Y Zhang", "Yiying Zhang"),
        ("G. E. Suh", "G. Edward Suh"),
        ("G. Suh", "G. Edward Suh"),
        ("Edward Suh", "G. Edward Suh"),
        ("E. Suh", "G. Edward Suh"),
        ("C.-J. Wu", "Carole-Jean Wu"),
        ("carole jean wu", "Carole-Jean Wu"),
        ("Thierry J. Tambe", "Thierry Tambe"),
        ("Thierry E. Tambe", "Thierry Tambe"),
        ("Yiying Q. Zhang", "Yiying Zhang"),
        ("gamze gursoy", "Gamze Gürsoy"),
        ("gürsoy", "Gamze Gürsoy"),
        ("Gu\u0308rsoy", "Gamze Gürsoy"),
        ("grbcic", "Luka Grbčić"),
        ("ngo bao chau", "Ngô Bảo Châu"),
        ("jean pierre obrien", "Jean-Pierre O'Brien"),
        ("O’Brien", "Jean-Pierre O'Brien"),
        ("van beethoven", "Ludwig van Beethoven"),
        ("Tamb", "Thierry Tambe"),
        ("Tammbe", "Thierry Tambe"),
        ("Tmabe", "Thierry Tambe"),
        ("Thiery Tambee", "Thierry Tambe"),
        ("Beethofen", "Ludwig van Beethoven"),
        ("yiyng zhagn", "Yiying Zhang"),
        ("xing eric", "Eric Xing"),
    ],
)
def test_a_person_is_found_by_any_way_of_writing_the_name(text: str, name: str) -> None:
    assert who(text)[:1] == [name]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("yiyi", "Yiying Zhang"),
        ("zhang yi", "Yiying Zhang"),
        ("beeth", "Ludwig van Beethoven"),
        ("li", None),
        ("gurs", "Gamze Gürsoy"),
    ],
)
def test_a_name_may_be_unfinished(text: str, name: str | None) -> None:
    assert who(text, unfinished=True)[:1] == ([name] if name else [])
    assert name not in who(text)


@pytest.mark.parametrize(
    "text", ["", " ", "?", "Grace Hopper", "Tambe Zhang", "Yiying Tambe", "xyzzy", "…" * 6000, "q " * 3000, "z" * 6000]
)
def test_nobody_is_found_where_a_word_fits_nobody(text: str) -> None:
    assert set(who(text)) <= {"Qi Qi"}
    assert not text.strip("q ") or not who(text)


def test_several_of_a_name_are_all_found_and_a_whole_name_is_surest() -> None:
    assert set(who("zhang")) == {"Yiying Zhang", "Minjia Zhang"}
    assert set(who("wu")) == {"Carole-Jean Wu", "Yuheng Wu"}
    hits = people.find("Qi Qi")
    assert hits[0].sureness == EXACT
    assert all(hit.sureness < EXACT for hit in people.find("zhang"))
    assert len(people.find("zhang", limit=1)) == 1


@pytest.mark.parametrize("text", ["", "z", "a", "w", "yi", "zhang m", "l b", "carole wu", "x", "hopper"])
@pytest.mark.parametrize("limit", [1, 2, 5, 25])
def test_fewer_people_are_the_best_of_more_and_the_same_at_each_keystroke(text: str, limit: int) -> None:
    def told() -> list[tuple[Any, ...]]:
        hits = INDEX.people(text, unfinished=True, limit=limit)
        return [(-hit.sureness, -len(hit.person.papers), hit.person.name) for hit in hits]

    everybody = INDEX.people(text, unfinished=True, limit=len(PROGRAMME.people))
    best = sorted((-hit.sureness, -len(hit.person.papers), hit.person.name) for hit in everybody)[:limit]
    INDEX.people(text, unfinished=True, limit=limit).clear()
    assert told() == told() == best


def test_a_name_may_be_told_with_an_affiliation() -> None:
    staff = NOBODY.renewed(
        programme_with(
            [
                of("One", "Yoon Kim (Massachusetts Institute of Technology);Ann Kim (KAIST)"),
                of("Two", "Bob Roe (MIT);Ann Kim (Kimchi Labs)"),
            ]
        ).people.values()
    )

    def who(text: str, *, unfinished: bool = False) -> list[str]:
        return [hit.person.name for hit in staff.find(text, unfinished=unfinished)]

    assert who("Kim MIT") == who("massachusetts kim") == who("kim, massachusets") == ["Yoon Kim"]
    assert who("roe mit") == ["Bob Roe"]
    assert who("ann kim kaist") == who("Kim labs") == ["Ann Kim"]
    assert who("kim tech", unfinished=True) == ["Yoon Kim"]
    assert who("mit") == who("mit technology") == who("roe kaist") == [], "a name must be told"
    assert set(who("kim")) == {"Yoon Kim", "Ann Kim"}
    assert all(hit.sureness < EXACT for hit in staff.find("Yoon Kim MIT"))


def test_who_chairs_or_speaks_without_a_paper_is_found() -> None:
    programme = programme_of(
        session("Opening", chairs=(Credit("Grace Hopper", ("Navy",)),)), session("Talks", of("One", "Ann Lee"))
    )
    index = Index(programme)

    (hit,) = index.people("hoper grace")
    assert hit.person.name == "Grace Hopper"
    assert [chaired.name for chaired in hit.person.chaired] == ["Opening"]
    assert [hit.person.name for hit in index.people("hopper navy")] == ["Grace Hopper"]


@given(any_text, st.booleans())
def test_any_text_may_be_somebodys_name(text: str, unfinished: bool) -> None:
    hits = people.find(text, unfinished=unfinished)

    assert [hit.sureness for hit in hits] == sorted((hit.sureness for hit in hits), reverse=True)
    assert all(0 < hit.sureness <= 1 and math.isfinite(hit.sureness) for hit in hits)


@pytest.mark.parametrize("person", PROGRAMME.people.values(), ids=lambda person: person.key)
def test_everybody_of_the_session_is_found_by_name_backwards_and_by_initial(person: Any) -> None:
    def first(text: str) -> str:
        return INDEX.people(text)[0].person.key

    words = person.name.split()
    assert first(person.name) == first(person.name.upper()) == first(" ".join(reversed(words))) == person.key
    assert first(f"{words[-1]}, {' '.join(words[:-1])}") == person.key
    assert person.key in {hit.person.key for hit in INDEX.people(f"{words[0][0]}. {words[-1]}")}
