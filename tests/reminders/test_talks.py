"""Reminders in a programme with talks: who is told of what, and how."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import discord
import pytest

from bot.agenda.model import Wish
from bot.delivery.model import Delivery
from bot.programme.model import Programme
from bot.reminders.answers import browse_buttons, direct_embeds, reminder_embed
from bot.reminders.model import Pace, audiences, plan, plan_direct, times_of
from bot.ui.questions import Question, QuestionKind
from tests.support.moments import stamp
from tests.support.programmes import Shown, at, paper, programme_of, session

NINE = datetime(2026, 5, 18, 9, tzinfo=UTC)
MINUTE, QUARTER, HOUR = timedelta(minutes=1), timedelta(minutes=15), timedelta(hours=1)
BEFORE = NINE - 24 * HOUR
LEADS = (60 * MINUTE, 10 * MINUTE, 0 * MINUTE)


def told(programme: Programme, *bookmarks: str, minutes: int = 15, now: datetime = BEFORE) -> dict[str, Delivery]:
    """Return what somebody with these bookmarks is to be told, by what it is about."""
    wishes, papers = {7: Wish(minutes)}, {7: bookmarks}
    due = plan_direct(programme, wishes, papers, Pace(60, {}), now)
    assert len({delivery.key for delivery in due}) == len(due)
    return {delivery.subject: delivery for delivery in due}


@pytest.fixture
def conference() -> Programme:
    """A session of two talks, of which the first is a poster later on; the poster session has another one."""
    first = paper("First", "Ann Lee", "Bob Roy")
    return programme_of(
        session(
            "Orals",
            at(first, NINE, NINE + QUARTER, room="Attic"),
            at("Second", NINE + QUARTER),
            room="Hall",
            starts_at=NINE,
            ends_at=NINE + HOUR,
        ),
        session("Posters", at(first, board="7"), "Third", room="Foyer", starts_at=NINE + 5 * HOUR),
    )


def test_a_bookmarked_talk_is_told_of_before_itself_and_a_poster_before_its_session(conference: Programme) -> None:
    due = told(conference, "first", "second", "third", "gone")

    assert {subject: (one.key, one.starts_at, one.due_at) for subject, one in due.items()} == {
        "orals/first": ("direct:7:orals/first", NINE, NINE - QUARTER),
        "orals/second": ("direct:7:orals/second", NINE + QUARTER, NINE),
        "posters": ("direct:7:posters", NINE + 5 * HOUR, NINE + 5 * HOUR - QUARTER),
    }
    assert due["orals/first"].useful_until == NINE + QUARTER
    assert due["orals/second"].useful_until == NINE + HOUR, "the last talk is over with its session"


def test_a_talk_that_is_over_is_told_of_no_more_and_one_that_is_on_still_is(conference: Programme) -> None:
    assert set(told(conference, "first", now=NINE + QUARTER - MINUTE)) == {"orals/first", "posters"}
    assert set(told(conference, "first", now=NINE + QUARTER)) == {"posters"}


def test_a_talk_that_is_given_twice_is_told_of_before_the_time_that_is_next() -> None:
    twice = paper("Twice")
    programme = programme_of(
        session("Talks", at(twice, NINE, NINE + QUARTER), at(twice, NINE + HOUR, NINE + HOUR + QUARTER))
    )

    assert told(programme, "twice")["talks/twice"].starts_at == NINE
    assert told(programme, "twice", now=NINE + QUARTER)["talks/twice"].starts_at == NINE + HOUR
    assert [one.starts_at for one in times_of(programme, "talks/twice")] == [NINE, NINE + HOUR]


def test_what_has_no_time_and_what_is_in_no_session_is_told_of_to_nobody() -> None:
    programme = programme_of(session("Posters", "First"), unscheduled=[paper("Later")])

    assert told(programme, "first", "later") == {}


def test_people_are_counted_by_what_they_are_told_of(conference: Programme) -> None:
    bookmarks = {1: ("first", "third"), 2: ("second",), 3: ("third", "gone"), 4: ()}

    assert audiences(conference, bookmarks) == {"orals/first": 1, "orals/second": 1, "posters": 2}


@pytest.mark.parametrize(
    ("kind", "shown", "leads"),
    [
        ("Poster session", ["Poster"], LEADS),
        ("Oral session", [at("Talk", NINE)], (0 * MINUTE,)),
        ("Oral session", [at("Talk", NINE), "Without a time"], LEADS),
        ("Keynote", [], LEADS),
        ("Coffee break", [], ()),
        ("Registration", [], ()),
        ("Banquet", [], ()),
    ],
)
def test_channels_are_told_of_sessions_and_once_of_those_of_talks(
    kind: str, shown: Iterable[Shown | str], leads: tuple[timedelta, ...]
) -> None:
    programme = programme_of(session("One", *shown, kind=kind, starts_at=NINE))

    due = plan(programme, (1,), LEADS, BEFORE)

    assert [delivery.starts_at - delivery.due_at for delivery in due] == list(leads)
    assert {delivery.subject for delivery in due} <= {"one"}


def texts(embeds: Iterable[discord.Embed]) -> list[tuple[str, str, dict[str, str]]]:
    """Return the title, the description and the fields of each embed."""
    return [
        (one.title or "", one.description or "", {field.name or "": field.value or "" for field in one.fields})
        for one in embeds
    ]


def test_a_message_about_a_talk_tells_when_and_where_it_is_and_who_gives_it(conference: Programme) -> None:
    (talk,) = times_of(conference, "orals/first")

    ((title, description, fields),) = texts(direct_embeds([talk], {"first"}, NINE - QUARTER))

    assert title == "First begins in 15 minutes"
    assert description.splitlines() == [
        "Ann Lee, Bob Roy",
        "**Orals**",
        "Attic",
        f"Mon 18 May, 09:00–09:15 UTC · for you {stamp(NINE, 'f')} – {stamp(NINE + QUARTER, 't')} ({stamp(NINE, 'R')})",
    ]
    assert fields == {}
    assert browse_buttons([talk]) == [("See the talk", Question(QuestionKind.PAPER, "first"))]
    assert direct_embeds([talk], set(), NINE)[0].title == "First begins now"
    assert direct_embeds([talk], set(), NINE + 5 * MINUTE)[0].title == "First is on"


def test_a_message_about_posters_lists_those_that_are_mine(conference: Programme) -> None:
    (posters,) = times_of(conference, "posters")

    ((title, _, fields),) = texts(direct_embeds([posters], {"first", "second"}, NINE))

    assert title == "Posters opens in 5 hours"
    assert fields == {"Your posters": "**#7 · First** — Ann Lee et al."}


def test_a_message_about_a_session_of_both_lists_what_has_no_time_of_its_own() -> None:
    programme = programme_of(session("Orals", at("A Talk", NINE + QUARTER), "Another", starts_at=NINE))
    (orals,) = times_of(programme, "orals")

    ((_, _, fields),) = texts(direct_embeds([orals], {"a-talk", "another"}, NINE))

    assert fields == {"Your talks": "**Another**"}


def test_many_talks_at_once_are_counted_where_they_are_not_told() -> None:
    programme = programme_of(session("Orals", *(at(f"Talk {number}", NINE) for number in range(8))))
    talks = [one for key in programme.papers for one in times_of(programme, f"orals/{key}")]

    embeds = direct_embeds(talks, set(), NINE)

    assert len(embeds) == 3
    assert (embeds[-1].description or "").endswith("and 5 more: see `/agenda`")
    assert [label for label, _ in browse_buttons(talks)] == [f"Talk {number}" for number in range(5)]


def test_the_longest_message_fits() -> None:
    talks = [at(paper("t" * 400 + f" {number}", *["a" * 90] * 9), NINE, room="q" * 200) for number in range(9)]
    posters = [paper("t" * 400 + f" {number}", "a" * 90) for number in range(20)]
    programme = programme_of(
        session("n" * 400, *talks, starts_at=NINE, room="r" * 200),
        session("m" * 400, *posters, starts_at=NINE, room="r" * 200, kind="poster"),
    )
    orals, hung = programme.sessions
    about = [one for key in programme.papers for one in times_of(programme, f"{orals.key}/{key}")]

    for subjects in (about, [hung, *about], [hung] * 9):
        embeds = direct_embeds(subjects, set(programme.papers), NINE)
        assert sum(map(len, embeds)) <= 6000
        assert all(len(field.value or "") <= 1024 for embed in embeds for field in embed.fields)
    assert all(len(label) <= 80 for label, _ in browse_buttons([hung, *about]))


@pytest.mark.parametrize(
    ("name", "shown", "labels"),
    [
        ("Posters 1", ["A", "B"], ["See the posters", "Bookmark posters"]),
        ("Oral Session", ["A"], ["See the talk", "Bookmark talks"]),
        ("Systems", ["A", "B"], ["See the papers", "Bookmark papers"]),
        ("Keynote", [], ["See the session"]),
    ],
)
def test_the_buttons_say_what_they_open(name: str, shown: list[str], labels: list[str]) -> None:
    (made,) = programme_of(session(name, *shown)).sessions

    assert [label for label, _ in browse_buttons([made])] == labels


def test_a_channel_hears_what_there_is_in_each_session() -> None:
    keynote, posters = programme_of(
        session("Keynote: Ada", at("On Engines", NINE), room="Hall", starts_at=NINE),
        session("Posters", "A", "B", room="Foyer", starts_at=NINE),
    ).sessions

    assert reminder_embed([keynote], NINE - HOUR).title == "Keynote: Ada begins in 60 minutes"
    assert reminder_embed([posters], NINE - HOUR).title == "Posters opens in 60 minutes"
    both = (reminder_embed([keynote, posters], NINE).description or "").split("\n\n")
    assert [entry.splitlines()[-1] for entry in both] == ["1 talk", "2 posters"]


def test_a_talk_that_is_given_in_two_sessions_has_one_button() -> None:
    twice = paper("Twice")
    programme = programme_of(session("A", at(twice, NINE)), session("B", at(twice, NINE)))
    talks = [one for key in ("a", "b") for one in times_of(programme, f"{key}/twice")]

    assert browse_buttons(talks) == [("Twice", Question(QuestionKind.PAPER, "twice"))]


@pytest.mark.parametrize(
    ("left", "told"),
    [
        (timedelta(minutes=3), "in 3 minutes"),
        (timedelta(minutes=90), "in 90 minutes"),
        (timedelta(minutes=91), "in 1 hour 31 minutes"),
        (timedelta(hours=2), "in 2 hours"),
        (timedelta(hours=47), "in 47 hours"),
        (timedelta(days=3), "in 3 days"),
    ],
)
def test_a_message_says_how_long_it_still_is(left: timedelta, told: str, conference: Programme) -> None:
    (posters,) = times_of(conference, "posters")
    assert posters.starts_at is not None
    assert direct_embeds([posters], set(), posters.starts_at - left)[0].title == f"Posters opens {told}"
