"""When and where things are, in words."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.programme.model import Paper, Programme, Session
from bot.ui import places
from bot.ui.limits import size
from tests.support.messages import displayed
from tests.support.moments import clock, stamp
from tests.support.programmes import at, paper, programme_of, session

START, END = datetime(2026, 5, 19, 1, tzinfo=UTC), datetime(2026, 5, 19, 3, tzinfo=UTC)
WHEN = "Tue 19 May, 01:00–03:00 UTC · for you <t:1779152400:f> – <t:1779159600:t> (<t:1779152400:R>)"


def only_paper(programme: Programme) -> Paper:
    (only,) = programme.papers.values()
    return only


def test_times_are_written_for_each_reader() -> None:
    assert places.when(Session("s", "S", starts_at=START, ends_at=END)) == WHEN
    assert places.when(Session("s", "S", starts_at=START)) == (
        "Tue 19 May, 01:00 UTC · for you <t:1779152400:f> (<t:1779152400:R>)"
    )
    assert places.when(Session("s", "S")) == "time not announced"
    assert places.where(Session("s", "S")) == "room not announced"


def test_what_lasts_for_days_tells_the_day_on_which_it_ends() -> None:
    exhibition = Session("s", "S", starts_at=START, ends_at=END + timedelta(days=2))

    assert places.when(exhibition).startswith("Tue 19 May, 01:00 – Thu 21 May, 03:00 UTC · ")
    assert f"– {stamp(END + timedelta(days=2), 'f')} (" in places.when(exhibition)


@pytest.mark.parametrize(
    ("name", "kind", "shown", "about"),
    [
        ("Poster Session 1", "Session", ["A", "B"], "2 posters"),
        ("Oral Session 2A", "", ["A"], "1 talk"),
        ("Models", "", ["A", "B"], "2 papers"),
        ("Opening the Black Box", "Keynote", ["A"], "Keynote · 1 talk"),
        ("Keynote: Ada Lovelace", "Keynote", [], ""),
        ("Lunch", "Break", [], ""),
        ("Models", "tutorial", [], "Tutorial"),
    ],
)
def test_a_session_says_what_it_holds_by_its_kind_and_nothing_for_none(
    name: str, kind: str, shown: list[str], about: str
) -> None:
    (made,) = programme_of(session(name, *shown, kind=kind, room="Hall")).sessions

    assert places.about(made) == about
    assert places.session_summary(made) == "\n".join(filter(None, (f"**{name}**", "Hall", "time not announced", about)))


def test_a_session_says_its_track() -> None:
    (made,) = programme_of(session("Posters 1", "A", track="Systems *and* more")).sessions

    assert displayed(places.about(made))[0] == "1 poster · Systems *and* more"


def test_a_poster_is_where_and_when_its_session_is_and_on_its_board_if_there_is_one() -> None:
    hung, loose = paper("Hung"), paper("Loose")
    programme = programme_of(session("Posters", at(hung, board="12"), loose, room="Hall", starts_at=START, ends_at=END))
    first, second = programme.papers.values()

    assert places.places(programme, first) == f"**Posters**\nHall\n{WHEN}\nPoster 12"
    assert places.places(programme, second) == f"**Posters**\nHall\n{WHEN}"


def test_a_talk_has_its_own_time_and_room_and_its_poster_is_told_too() -> None:
    both, quarter = paper("Both"), timedelta(minutes=15)
    programme = programme_of(
        session("Posters", at(both, board="7"), room="Foyer", starts_at=START + timedelta(days=1)),
        session("Orals", at(both, START + quarter, START + 2 * quarter, room="Room 5"), room="Hall", starts_at=START),
    )

    oral, poster = places.places(programme, only_paper(programme)).split("\n**Posters**\n")
    assert oral.splitlines()[:2] == ["**Orals**", "Room 5"]
    assert stamp(START + quarter, "f") in oral
    assert stamp(START + 2 * quarter, "t") in oral
    assert poster.splitlines()[0] == "Foyer"
    assert stamp(START + timedelta(days=1), "f") in poster
    assert poster.splitlines()[-1] == "Poster 7"
    assert places.short_places(programme, only_paper(programme), 300).splitlines() == [
        f"Orals · Room 5 · {clock(START + quarter, 'f')}",
        f"Posters · Foyer · {clock(START + timedelta(days=1), 'f')}",
    ]


def test_a_paper_that_is_in_no_session_says_so() -> None:
    programme = programme_of(unscheduled=[paper("Later")])

    assert places.places(programme, only_paper(programme)) == "time and place not announced"
    assert places.short_places(programme, only_paper(programme), 300) == "time and place not announced"


def test_what_is_shown_many_times_is_told_some_times_and_counted() -> None:
    everywhere = paper("Everywhere")
    programme = programme_of(*(session(f"Posters {number}", everywhere) for number in range(9)))

    told = places.places(programme, only_paper(programme))

    assert told.count("**Posters") == 4
    assert told.endswith("… and 5 more")


def test_the_longest_names_fit_into_a_field() -> None:
    everywhere = paper("Everywhere")
    programme = programme_of(
        *(
            session(
                "n" * 500 + str(number), at(everywhere, board="b" * 99), room="*" * 500, starts_at=START, ends_at=END
            )
            for number in range(4)
        )
    )

    assert size(places.places(programme, only_paper(programme))) <= 1024
    assert size(places.short_places(programme, only_paper(programme), 175)) <= 175
    assert all(size(places.about(one)) <= 80 for one in programme.sessions)


def test_a_talk_is_listed_with_its_time_of_day_in_its_session_and_with_its_day_elsewhere() -> None:
    programme = programme_of(
        session(
            "Orals", at(paper("A Talk", "Ann Lee"), START), at(paper("Far", "Bo"), START, room="Attic"), room="Hall"
        ),
        session("Posters", at(paper("A Poster", "Cy"), board="3"), starts_at=START),
    )
    orals, posters = programme.sessions
    talk, far, poster = programme.papers.values()

    assert places.entry_in(orals, talk, 200) == f"**A Talk** — Ann Lee · {clock(START, 't')}"
    assert places.entry_in(orals, far, 200) == f"**Far** — Bo · {clock(START, 't')} · Attic"
    assert places.dated_entry(talk, 200) == f"**A Talk** — Ann Lee · {clock(START, 'f')}"
    assert places.entry_in(posters, poster, 200) == places.dated_entry(poster, 200) == "**#3 · A Poster** — Cy"
