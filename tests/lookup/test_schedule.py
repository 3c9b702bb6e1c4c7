"""/schedule: the sessions by the conference's own days."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.errors import UserError
from tests.support.messages import assert_within_limits, buttons_of, embed_of, shown
from tests.support.planning import (
    DAYS,
    alone,
    days_of,
    description_of,
    own,
    pick,
    public_messages,
    rest,
    said,
    server,
    sessions_in,
    start,
)
from tests.support.server import Server, StartServer

__all__ = ["own", "rest", "server", "start"]

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_schedule_is_by_days_in_order_with_the_sessions_without_a_time_last(server: Server) -> None:
    ann = server.member("ann")

    first = await ann.slash(server.channel, "schedule")
    assert embed_of(first).title == "Schedule"
    assert embed_of(first).footer.text == "Page 1 of 2"
    assert_within_limits(shown(first))
    days = days_of(first)
    assert sum(map(len, days.values())) == 10
    second = await ann.click(shown(first), label="Next")

    assert shown(second).id == shown(first).id
    assert embed_of(second).footer.text == "Page 2 of 2"
    assert buttons_of(shown(second))["Next"]["disabled"]
    for heading, sessions in days_of(second).items():
        days.setdefault(heading, []).extend(sessions)
    assert days == DAYS
    assert list(days) == list(DAYS)


async def test_a_session_is_listed_with_its_room_its_time_and_its_posters(server: Server) -> None:
    result = await server.member("ann").slash(server.channel, "schedule", day="Monday")

    entries = description_of(result).split("\n\n")[1:]
    start, end = (int(datetime(2026, 5, 19, hour, tzinfo=UTC).timestamp()) for hour in (1, 3))
    assert entries[1].splitlines() == [
        "**Evening Posters**",
        "Hall",
        f"Mon 18 May, 18:00–20:00 PDT · for you <t:{start}:f> – <t:{end}:t> (<t:{start}:R>)",
        "12 posters",
    ]
    assert entries[4].splitlines()[:2] == ["**Night Posters**", "room not announced"]
    assert entries[4].splitlines()[3] == "1 poster"


async def test_every_session_shows_the_day_below_which_it_is_listed(server: Server) -> None:
    """At 18:00 in California it is the next day in UTC already, and in Europe."""
    ann = server.member("ann")
    first = await ann.slash(server.channel, "schedule")
    pages = [description_of(first), description_of(await ann.click(shown(first), label="Next"))]

    lines = [(day, line) for page in pages for day, below in under_days(page) for line in below]
    listed = [(day, line) for day, line in lines if " · for you <t:" in line]
    assert len(listed) >= 8
    assert [(day, line) for day, line in listed if not line.startswith(day[:3])] == []
    assert any(line.startswith("Mon 18 May, 18:00–20:00 PDT") for _, line in listed)


def under_days(page: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the days of a page with the lines below each."""
    for part in re.split(r"^__", page, flags=re.MULTILINE)[1:]:
        day, _, rest = part.partition("__")
        yield day, rest.splitlines()


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-05-18", "Monday, 18 May 2026"),
        ("2026-05-20", "Wednesday, 20 May 2026"),
        ("Monday, 18 May 2026", "Monday, 18 May 2026"),
        ("Wednesday", "Wednesday, 20 May 2026"),
        ("WEDNES", "Wednesday, 20 May 2026"),
        ("18 may", "Monday, 18 May 2026"),
        ("May 18", "Monday, 18 May 2026"),
        ("monday 18 may", "Monday, 18 May 2026"),
    ],
)
async def test_a_day_may_be_named_in_many_ways(server: Server, typed: str, day: str) -> None:
    result = await server.member("ann").slash(server.channel, "schedule", day=typed)

    assert days_of(result) == {day: DAYS[day]}
    assert shown(result).ephemeral


async def refused_day(server: Server, typed: str) -> str:
    """Return what is said about a day that the conference does not have."""
    result = await server.member("ann").slash(server.channel, "schedule", day=typed)
    assert shown(result).ephemeral
    errors = [getattr(error, "original", error) for error in server.env.errors]
    assert all(isinstance(error, UserError) for error in errors)
    return said(result)


@alone
@pytest.mark.parametrize("typed", ["2026-05-19", "Sunday", "8 May", "1 May 2026", "2026-05-1", "banquet", "*", "🦜"])
async def test_a_day_that_the_conference_does_not_have_is_answered_with_those_it_has(own: Server, typed: str) -> None:
    assert await refused_day(own, typed) == "The conference has no such day. Its days: Monday, 18 May 2026."


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ("", ["2026-05-18", "2026-05-19", "2026-05-20"]),
        (" ", ["2026-05-18", "2026-05-19", "2026-05-20"]),
        ("tue", ["2026-05-19"]),
        ("TUESDAY", ["2026-05-19"]),
        ("2026-05-2", ["2026-05-20"]),
        ("20", ["2026-05-18", "2026-05-19", "2026-05-20"]),
        ("19 May", ["2026-05-19"]),
        ("banquet", []),
    ],
)
async def test_days_are_suggested_by_name_and_date(server: Server, typed: str, values: list[str]) -> None:
    choices = await server.member("ann").autocomplete(server.channel, "schedule", "day", typed)

    assert [choice["value"] for choice in choices] == values
    names = {"2026-05-18": "Monday, 18 May 2026", "2026-05-19": "Tuesday, 19 May 2026"}
    assert all(choice["name"] == names.get(choice["value"], "Wednesday, 20 May 2026") for choice in choices)


async def test_a_suggested_day_is_that_day(server: Server) -> None:
    ann = server.member("ann")

    for choice in await ann.autocomplete(server.channel, "schedule", "day", ""):
        result = await ann.slash(server.channel, "schedule", day=choice["value"])
        assert list(days_of(result)) == [choice["name"]]


async def test_turning_the_page_of_a_day_stays_on_that_day(server: Server) -> None:
    ann = server.member("ann")
    first = await ann.slash(server.channel, "schedule", day="tuesday")
    assert len(sessions_in(first)) == 10

    second = await ann.click(shown(first), label="Next")

    assert days_of(second) == {"Tuesday, 19 May 2026": ["Workshop K"]}
    back = await ann.click(shown(second), label="Previous")
    assert sessions_in(back)[0] == "Workshop A"


async def test_a_session_of_the_schedule_opens(server: Server) -> None:
    ann = server.member("ann")
    schedule = await ann.slash(server.channel, "schedule", day="wednesday")

    opened = await pick(ann, shown(schedule), "Open a session", "Closing")

    assert embed_of(opened).title == "Closing"
    assert "Walnut" in description_of(opened)


async def test_the_page_of_the_schedule_that_is_shown_is_the_page_that_is_shared(server: Server) -> None:
    channel = server.guild.create_text_channel("quiet")
    ann = server.member("ann")
    second = await ann.click(shown(await ann.slash(channel, "schedule", day="tuesday")), label="Next")

    await ann.click(shown(second), label="Share")

    (shared,) = public_messages(server, channel)
    assert shared.embeds[0].to_dict() == embed_of(second).to_dict()


async def test_the_schedule_is_public_where_answers_are(server: Server) -> None:
    posters = server.guild.channels["posters"]
    ann = server.member("ann")

    for command in ("schedule", "now", "next"):
        result = await ann.slash(posters, command)
        assert not shown(result).ephemeral
        assert "Share" not in buttons_of(shown(result))


@pytest.mark.parametrize("custom_id", ["ask:schedule:0:monday", "turn:schedule:1:2026-02-30", "share:schedule:0:x"])
async def test_a_schedule_button_of_another_version_of_the_bot_gets_a_plain_answer(
    server: Server, custom_id: str
) -> None:
    ann = server.member("ann")
    answer = shown(await ann.slash(server.channel, "schedule"))
    stored = server.env.backend.get_message(answer.channel_id, answer.id)
    stored.components[0]["components"][0]["custom_id"] = custom_id

    result = await ann.click(answer, custom_id=custom_id)

    assert result.acknowledged
    assert "went wrong" not in shown(result).content


@alone
@pytest.mark.parametrize(
    ("zone", "start_at", "day", "day_in_utc"),
    [
        ("America/Los_Angeles", "2026-03-07T23:30", "Saturday, 7 March 2026", "Sunday"),
        ("America/Los_Angeles", "2026-03-08T23:30", "Sunday, 8 March 2026", "Monday"),
        ("America/Los_Angeles", "2026-11-01T00:30", "Sunday, 1 November 2026", "Saturday"),
        ("America/Los_Angeles", "2026-11-01T23:30", "Sunday, 1 November 2026", "Monday"),
        ("Europe/Lisbon", "2026-06-15T00:30", "Monday, 15 June 2026", "Sunday"),
        ("Asia/Kolkata", "2026-05-18T05:00", "Monday, 18 May 2026", "Sunday"),
        ("Pacific/Auckland", "2026-09-27T09:00", "Sunday, 27 September 2026", "Saturday"),
    ],
)
async def test_a_day_is_the_conferences_own(
    start: StartServer, zone: str, start_at: str, day: str, day_in_utc: str
) -> None:
    server = await start(("Posters", "Hall", "Apple"), times={"posters": (start_at, None)}, zone=zone)
    ann = server.member("ann")

    assert [choice["name"] for choice in await ann.autocomplete(server.channel, "schedule", "day", "")] == [day]
    assert days_of(await ann.slash(server.channel, "schedule", day=day.partition(",")[0])) == {day: ["Posters"]}
    if day_in_utc not in day:
        assert "no such day" in await refused_day(server, day_in_utc)


@alone
async def test_where_no_time_is_announced_the_schedule_still_lists_the_sessions(start: StartServer) -> None:
    server = await start(("Posters", "Hall", "Apple"), ("Demos", None, "Kiwi"))
    ann = server.member("ann")

    assert days_of(await ann.slash(server.channel, "schedule")) == {"Time not announced": ["Posters", "Demos"]}
    assert "none has been announced" in await refused_day(server, "monday")
    assert await ann.autocomplete(server.channel, "schedule", "day", "") == []
