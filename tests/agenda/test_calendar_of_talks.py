"""The calendar file of a programme with talks: each is an event of its own, beside the sessions of the posters."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.agenda.calendar import calendar_of
from bot.programme.model import Programme
from tests.support.calendar import read
from tests.support.programmes import at, paper, programme_of, session

NINE = datetime(2026, 5, 18, 9, tzinfo=UTC)
HOUR, QUARTER = timedelta(hours=1), timedelta(minutes=15)


def events_of(programme: Programme, keys: Iterable[str] | None = None) -> dict[str, Any]:
    """Return the events of the file by their UIDs, without what follows the at sign; without keys, of all papers."""
    wanted = programme.papers if keys is None else keys
    data = calendar_of(
        programme, wanted, conference="MLSys 2026", zone=ZoneInfo("UTC"), revision=1, now=NINE - 24 * HOUR
    )
    assert data is not None
    events: list[Any] = list(read(data).walk("VEVENT"))
    assert {str(event["UID"]).partition("@")[2] for event in events} == {"mlsys-2026.conference-bot"}
    found = {str(event["UID"]).partition("@")[0]: event for event in events}
    assert len(found) == len(events)
    return found


def test_a_talk_is_an_event_with_its_own_time_and_room() -> None:
    programme = programme_of(
        session(
            "Orals",
            at(paper("First", "Ann Lee", "Bob Roy"), NINE + QUARTER, NINE + 2 * QUARTER, room="Attic"),
            at(paper("Second", "Cy Fox"), NINE + 2 * QUARTER),
            room="Hall",
            starts_at=NINE,
            ends_at=NINE + HOUR,
        )
    )

    events = events_of(programme)

    assert list(events) == ["orals/first", "orals/second"]
    first, second = events.values()
    assert (str(first["SUMMARY"]), str(first["LOCATION"])) == ("First", "Attic")
    assert (first["DTSTART"].dt, first["DTEND"].dt) == (NINE + QUARTER, NINE + 2 * QUARTER)
    assert str(first["DESCRIPTION"]) == "Ann Lee, Bob Roy\nOrals"
    assert str(second["LOCATION"]) == "Hall"
    assert "DTEND" not in second


def test_an_oral_that_is_a_poster_too_is_in_two_events_and_only_what_is_bookmarked_is_there() -> None:
    both, other = paper("Both"), paper("Other")
    programme = programme_of(
        session("Posters", at(both, board="7"), other, starts_at=NINE + 5 * HOUR),
        session("Orals", at(both, NINE), at(other, NINE + QUARTER), starts_at=NINE),
    )

    events = events_of(programme, ["both", "gone"])

    assert list(events) == ["orals/both", "posters"]
    assert str(events["posters"]["DESCRIPTION"]) == "#7 Both"


def test_a_talk_that_is_given_twice_in_a_session_is_two_events() -> None:
    twice = paper("Twice")
    programme = programme_of(session("Orals", at(twice, NINE), at(twice, NINE + HOUR), starts_at=NINE))

    events = events_of(programme)

    assert [event["DTSTART"].dt for event in events.values()] == [NINE, NINE + HOUR]
    assert next(iter(events)) == "orals/twice"


def test_a_talk_keeps_its_uid_when_it_moves_within_its_session() -> None:
    before = programme_of(session("Orals", at("First", NINE), at("Second", NINE + QUARTER), starts_at=NINE))
    after = programme_of(session("Orals", at("First", NINE + HOUR), at("Second", NINE), starts_at=NINE))

    assert set(events_of(before)) == set(events_of(after)) == {"orals/first", "orals/second"}


def test_a_talk_has_an_event_also_where_its_session_has_no_time_and_a_paper_in_no_session_has_none() -> None:
    programme = programme_of(session("Orals", at("First", NINE)), unscheduled=[paper("Later")])

    assert list(events_of(programme)) == ["orals/first"]
