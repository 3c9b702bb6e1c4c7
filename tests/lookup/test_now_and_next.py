"""/now and /next, as the day goes by."""

from datetime import datetime, timedelta

import pytest
from simcord.results import InteractionResult

from tests.support.messages import embed_of, menus_of, shown
from tests.support.planning import MORNING, alone, at, description_of, own, pick, rest, server, sessions_in, start
from tests.support.server import StartServer

__all__ = ["own", "rest", "server", "start"]

pytestmark = pytest.mark.asyncio(loop_scope="module")


def names_in(result: InteractionResult, beginning: str) -> list[str]:
    """Return the names in the lines that begin like this."""
    lines = description_of(result).splitlines()
    return [line.split("**")[1] for line in lines if line.startswith(beginning)]


@alone
async def test_what_is_on_and_what_is_next_as_the_day_goes_by(start: StartServer) -> None:
    # The simulation begins at four in the afternoon in Los Angeles, on the last day of the year.
    server = await start(
        ("Party", "Roof", "Melon"),
        ("First", "Hall", "Apple"),
        ("Open End", "Foyer", "Banana"),
        ("Left", "East", "Citron"),
        ("Right", "West", "Date"),
        ("Some Day", None, "Fig"),
        times={
            "first": ("2025-12-31T16:30", "2025-12-31T17:30"),
            "open-end": ("2025-12-31T17:00", None),
            "party": ("2025-12-31T23:30", "2026-01-01T00:30"),
            "left": ("2026-01-01T10:00", "2026-01-01T11:00"),
            "right": ("2026-01-01T10:00", "2026-01-01T12:00"),
        },
    )
    ann = server.member("ann")
    # In the order of the rooms: East, Foyer, Hall, Roof, West.
    day: list[tuple[str, list[str], list[str], list[str]]] = [
        ("00:00:00", [], ["Open End", "First", "Party"], ["First"]),
        ("00:29:59", [], ["Open End", "First", "Party"], ["First"]),
        ("00:30:00", ["First"], ["Open End", "Party"], ["Open End"]),
        ("01:00:00", ["Open End", "First"], ["Party"], ["Party"]),
        ("01:29:59", ["Open End", "First"], ["Party"], ["Party"]),
        ("01:30:00", ["Open End"], ["Party"], ["Party"]),
        ("07:29:59", [], ["Party"], ["Party"]),
        ("07:30:00", ["Party"], [], ["Left", "Right"]),
        ("08:00:00", ["Party"], ["Left", "Right"], ["Left", "Right"]),
        ("08:29:59", ["Party"], ["Left", "Right"], ["Left", "Right"]),
        ("08:30:00", [], ["Left", "Right"], ["Left", "Right"]),
        ("18:00:00", ["Left", "Right"], [], []),
        ("19:00:00", ["Right"], [], []),
        ("20:00:00", [], [], []),
    ]

    for time, on, later, coming in day:
        await at(server, datetime.fromisoformat(f"2026-01-01T{time}+00:00"))
        now, following = await ann.slash(server.channel, "now"), await ann.slash(server.channel, "next")
        assert shown(now).ephemeral
        assert shown(following).ephemeral
        assert sessions_in(following) == coming, time
        assert ("Nothing more is announced." in description_of(following)) == (not coming), time
        assert ("Nothing is on right now." in description_of(now)) == (not on), time
        assert names_in(now, "**") == on, time
        assert names_in(now, "Next: ") == later, time
    assert description_of(await ann.slash(server.channel, "next")).splitlines() == [
        "Nothing more is announced.",
        "",
        "1 session has no announced time: see `/schedule`.",
    ]


@alone
async def test_a_session_that_is_on_or_next_can_be_opened(start: StartServer) -> None:
    server = await start(
        ("Posters", "Hall", "Apple"),
        ("Demos", "Foyer", "Kiwi"),
        times={"posters": ("2025-12-31T16:00", None), "demos": ("2025-12-31T17:00", None)},
    )
    ann = server.member("ann")

    now, following = await ann.slash(server.channel, "now"), await ann.slash(server.channel, "next")

    assert embed_of(await pick(ann, shown(now), "Open a session", "Posters")).title == "Posters"
    assert embed_of(await pick(ann, shown(following), "Open a session", "Demos")).title == "Demos"


@alone
async def test_more_than_a_page_can_be_on_and_next(start: StartServer) -> None:
    names = [f"Workshop {letter}" for letter in "ABCDEFGHIJKL"]
    server = await start(
        *((name, f"Room {name}", f"Work{name[-1]}") for name in names),
        times={name.lower().replace(" ", "-"): ("2025-12-31T16:10", None) for name in names},
    )
    ann = server.member("ann")

    for command in ("next", "now"):
        first = await ann.slash(server.channel, command)
        listed = names_in(first, "**")
        second = await ann.click(shown(first), label="Next")
        assert embed_of(second).footer.text == "Page 2 of 2"
        assert names_in(second, "**")
        assert [*listed, *names_in(second, "**")] == names
        await at(server, MORNING + timedelta(minutes=10))


@alone
async def test_what_is_next_on_another_day_is_told_when_nothing_more_is_on_today(start: StartServer) -> None:
    server = await start(("Posters", "Hall", "Apple"), times={"posters": ("2026-01-02T10:00", None)})

    now = await server.member("ann").slash(server.channel, "now")

    assert description_of(now).startswith(
        "Nothing is on right now.\n\nNext:\n**Posters**\nHall\nFri 2 Jan, 10:00 PST · "
    )
    assert [option["label"] for option in menus_of(shown(now))["Open a session"]] == ["Posters"]


@alone
async def test_a_page_of_what_was_on_turns_into_what_is_on(start: StartServer) -> None:
    names = [f"Workshop {letter}" for letter in "ABCDEFGHIJKL"]
    server = await start(
        *((name, "Hall", f"Work{name[-1]}") for name in names),
        times={name.lower().replace(" ", "-"): ("2025-12-31T16:00", "2025-12-31T17:00") for name in names},
    )
    ann = server.member("ann")
    first = await ann.slash(server.channel, "now")
    await at(server, MORNING + timedelta(hours=1))

    turned = await ann.click(shown(first), label="Next")

    assert "Nothing is on right now." in description_of(turned)
    assert "Next:" not in description_of(turned)


@alone
async def test_where_nothing_has_a_time_next_says_why_there_is_nothing(start: StartServer) -> None:
    server = await start(("Posters", "Hall", "Apple"), ("Demos", None, "Kiwi"))
    ann = server.member("ann")

    following, now = await ann.slash(server.channel, "next"), await ann.slash(server.channel, "now")

    assert "Nothing more is announced." in description_of(following)
    assert "2 sessions have no announced time: see `/schedule`." in description_of(following)
    assert "Nothing is on right now." in description_of(now)
    assert menus_of(shown(now)) == {}
