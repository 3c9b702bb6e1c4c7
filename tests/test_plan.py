"""Planning one's day, as an attendee does it: the schedule, bookmarks, the agenda, its calendar file, one's data."""

import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import discord
import pytest
import pytest_asyncio
from icalendar import Calendar
from simcord.actors import MemberActor, _component_interaction
from simcord.builders import ChannelHandle, UserHandle
from simcord.results import InteractionResult, ResponseMessage

import bot.agendas
from bot.config import Config
from bot.errors import Trouble
from tests.conftest import (
    MakeConfig,
    Server,
    StartServer,
    assert_within_limits,
    buttons_of,
    config_in,
    displayed,
    embed_of,
    markdown_of,
    menu_id,
    menus_of,
    running,
    shown,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")
alone = pytest.mark.asyncio(loop_scope="function")
"""For the tests that need a server of their own."""

Block = tuple[str, str | None, str]
"""A session's name, its room, and the names of its papers' systems."""

BLOCKS: tuple[Block, ...] = (
    ("Some Day", "Attic", "Quince"),
    ("Evening Posters", "Hall", "Kiwi Mango Peach Guava Lemon Olive Grape Melon Plum Cherry Date Fig"),
    ("Opening Posters", "Hall", "Apple Banana Citron"),
    ("Night Posters", None, "Nectarine"),
    *((f"Workshop {letter}", f"Room {letter}", f"Work{letter}") for letter in "ABCDEFGHIJK"),
    ("Foyer Demos", "Foyer", "Tomato Pepper"),
    ("Hall Demos", "Hall", "Carrot"),
    ("Closing", "Hall", "Walnut"),
)
TIMES: dict[str, tuple[str, str | None]] = {
    "opening-posters": ("2026-05-18T10:00", "2026-05-18T12:00"),
    "evening-posters": ("2026-05-18T18:00", "2026-05-18T20:00"),
    "night-posters": ("2026-05-18T23:30", "2026-05-19T00:30"),
    **{
        f"workshop-{letter.lower()}": (f"2026-05-19T{hour:02}:00", f"2026-05-19T{hour:02}:45")
        for hour, letter in enumerate("ABCDEFGHIJK", 8)
    },
    "foyer-demos": ("2026-05-18T18:30", "2026-05-18T19:00"),
    "hall-demos": ("2026-05-18T20:00", None),
    "closing": ("2026-05-20T17:00", None),
}
"""Los Angeles time, in which the last session of a day is on the next one in UTC."""

DAYS = {
    "Monday, 18 May 2026": [
        "Opening Posters",
        "Evening Posters",
        "Foyer Demos",
        "Hall Demos",
        "Night Posters",
    ],
    "Tuesday, 19 May 2026": [f"Workshop {letter}" for letter in "ABCDEFGHIJK"],
    "Wednesday, 20 May 2026": ["Closing"],
    "Time not announced": ["Some Day"],
}
MORNING = datetime(2026, 1, 1, tzinfo=UTC)
"""When the simulation begins."""


def paper_lines(name: str, title: str = "") -> str:
    return f"{title or f'{name}: All about {name}'}\nAda Lovelace ⋅ Bo Li\nWe study {name.lower()}. It helps.\n"


def page(*blocks: Block) -> str:
    """Write a programme as a conference's page has it."""
    return "".join(
        f"Session\n{name}\n{room}\n{papers}" if room else f"Session\n{name}\n{papers}"
        for name, room, papers in (
            (name, room, "".join(map(paper_lines, names.split()))) for name, room, names in blocks
        )
    )


def tables(folder: Path, blocks: Sequence[Block], times: dict[str, tuple[str, str | None]]) -> dict[str, Any]:
    """Return the tables of a configuration for a programme with times."""
    source = folder / "page.txt"
    source.write_text(page(*blocks), encoding="utf-8")
    return {
        "programme": {"source": source},
        "sessions": {
            key: {"start": f"{start}", **({"end": end} if end else {})} for key, (start, end) in times.items()
        },
        "discord": {"public_channels": ["posters"]},
    }


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Server]:
    """A server whose conference is in Los Angeles in May; tests may bookmark in it, each as somebody else."""
    folder = tmp_path_factory.mktemp("plan")
    async with running(config_in(folder, **tables(folder, BLOCKS, TIMES))) as server:
        server.guild.create_text_channel("posters")
        yield server


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def rest(request: pytest.FixtureRequest) -> AsyncIterator[None]:
    yield
    if "server" in request.fixturenames:
        await request.getfixturevalue("server").rest()


@pytest.fixture
def start(start_server: StartServer, make_config: MakeConfig, tmp_path: Path) -> StartServer:
    """Start a server of the test's own with some sessions; times are Los Angeles's unless `zone` says otherwise."""

    async def start(
        *blocks: Block, times: dict[str, tuple[str, str | None]] | None = None, zone: str = "America/Los_Angeles"
    ) -> Server:
        conference = {"name": "MLSys 2026", "timezone": zone}
        return await start_server(make_config(conference=conference, **tables(tmp_path, blocks, times or {})))

    return start


@pytest.fixture
async def own(start: StartServer) -> Server:
    """A server of the test's own with three sessions, of which the last has no time."""
    server = await start(
        ("Morning", "Hall", "Apple Banana Citron"),
        ("Evening", "Foyer", "Kiwi Mango"),
        ("Some Day", "Attic", "Quince"),
        times={
            "morning": ("2026-05-18T10:00", "2026-05-18T12:00"),
            "evening": ("2026-05-18T18:00", None),
        },
    )
    server.guild.create_text_channel("posters")
    return server


async def at(server: Server, moment: datetime) -> None:
    """Let time pass until a moment."""
    server.env.backend.advance_clock((moment - server.env.now()).total_seconds())
    await server.env.settle()
    assert server.env.now() == moment


async def load(server: Server, *blocks: Block) -> None:
    assert await server.bot.library.load(page(*blocks).encode(), "another.txt")


def description_of(result: InteractionResult) -> str:
    return embed_of(result).description or ""


def field(result: InteractionResult, name: str) -> str | None:
    return next((entry.value for entry in embed_of(result).fields if entry.name == name), None)


def bold_lines(text: str) -> list[str]:
    return [line.strip("*") for line in text.splitlines() if line.startswith("**")]


def days_of(result: InteractionResult) -> dict[str, list[str]]:
    """Return the names of the sessions that an answer lists, by the headings above them."""
    days: dict[str, list[str]] = {}
    heading = ""
    for line in description_of(result).splitlines():
        if line.startswith("__"):
            heading = line.strip("_")
        elif line.startswith("**"):
            days.setdefault(heading, []).append(line.strip("*"))
    return days


def sessions_in(result: InteractionResult) -> list[str]:
    return bold_lines(description_of(result))


def papers_in(result: InteractionResult) -> list[str]:
    """Return the names of the papers that an agenda lists, in its order."""
    lines = [line for line in description_of(result).splitlines() if line.startswith("- **#")]
    return [line.split(" · ")[1].split(":")[0] for line in lines]


def said(result: InteractionResult) -> str:
    """Return an answer that is words alone."""
    assert shown(result).embeds == []
    return shown(result).content


async def mark(who: MemberActor, channel: ChannelHandle, *names: str) -> InteractionResult:
    """Bookmark papers by the button of their answers."""
    result = None
    for name in names:
        result = await who.click(shown(await who.slash(channel, "paper", paper=name.lower())), label="Bookmark")
    assert result is not None
    return result


async def agenda(who: MemberActor, channel: ChannelHandle) -> list[str]:
    """Return the names of the papers on the first page of somebody's agenda."""
    return papers_in(await who.slash(channel, "agenda"))


async def pick(
    who: MemberActor | UserHandle, message: ResponseMessage, placeholder: str, label: str
) -> InteractionResult:
    """Pick the option of a menu whose label begins like this."""
    value = next(option["value"] for option in menus_of(message)[placeholder] if option["label"].startswith(label))
    result = await who.select(message, [value], custom_id=menu_id(message, placeholder))
    assert isinstance(result, InteractionResult)
    return result


async def forge(server: Server, who: MemberActor, message: ResponseMessage, **data: Any) -> InteractionResult:
    """Press what the client of `who` does not show."""
    stored = server.env.backend.get_message(message.channel_id, message.id)
    result = await _component_interaction(who, stored, data)
    assert isinstance(result, InteractionResult)
    return result


async def forge_press(server: Server, who: MemberActor, message: ResponseMessage, label: str) -> InteractionResult:
    return await forge(
        server,
        who,
        message,
        custom_id=buttons_of(message)[label]["custom_id"],
        component_type=discord.ComponentType.button.value,
    )


def state(message: ResponseMessage) -> tuple[object, ...]:
    return message.content, [embed.to_dict() for embed in message.embeds], message.components


def public_messages(server: Server, channel: ChannelHandle) -> list[discord.Message]:
    """What somebody sees who asked nothing."""
    return channel.history(viewer=server.member("lurker"))


def in_file(server: Server, statement: str) -> list[tuple[Any, ...]]:
    """Ask the database's file, past the bot."""
    with closing(sqlite3.connect(server.config.database.path)) as connection:
        return connection.execute(statement).fetchall()


# --- /schedule


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
        f"<t:{start}:F> – <t:{end}:t> (<t:{start}:R>)",
        "12 posters",
    ]
    assert entries[4].splitlines()[:2] == ["**Night Posters**", "room not announced"]
    assert entries[4].splitlines()[3] == "1 poster"


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
    assert all(isinstance(error, Trouble) for error in errors)
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


# --- /now and /next


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
    day: list[tuple[str, list[str], list[str]]] = [
        ("00:00:00", [], ["First"]),
        ("00:29:59", [], ["First"]),
        ("00:30:00", ["First"], ["Open End"]),
        ("01:00:00", ["First", "Open End"], ["Party"]),
        ("01:29:59", ["First", "Open End"], ["Party"]),
        ("01:30:00", ["Open End"], ["Party"]),
        ("07:29:59", [], ["Party"]),
        ("07:30:00", ["Party"], ["Left", "Right"]),
        ("08:00:00", ["Party"], ["Left", "Right"]),
        ("08:29:59", ["Party"], ["Left", "Right"]),
        ("08:30:00", [], ["Left", "Right"]),
        ("18:00:00", ["Left", "Right"], []),
        ("19:00:00", ["Right"], []),
        ("20:00:00", [], []),
    ]

    for time, on, coming in day:
        await at(server, datetime.fromisoformat(f"2026-01-01T{time}+00:00"))
        now, following = await ann.slash(server.channel, "now"), await ann.slash(server.channel, "next")
        assert shown(now).ephemeral
        assert shown(following).ephemeral
        assert sessions_in(following) == coming, time
        assert ("Nothing more is announced." in description_of(following)) == (not coming), time
        assert ("Nothing is on right now." in description_of(now)) == (not on), time
        assert sessions_in(now) == (on or coming), time
        assert ("Next:" in description_of(now)) == (not on and bool(coming)), time
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
        second = await ann.click(shown(first), label="Next")
        assert embed_of(second).footer.text == "Page 2 of 2"
        assert sessions_in(second) == names[10:]
        await at(server, MORNING + timedelta(minutes=10))


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


# --- the bookmark button


async def test_on_a_private_answer_the_bookmark_turns_in_place_and_back(server: Server) -> None:
    ann = server.member("ann")
    answer = await ann.slash(server.channel, "paper", paper="apple")
    before, paper = state(shown(answer)), embed_of(answer).to_dict()
    assert "Bookmark" in buttons_of(shown(answer))

    marked = await ann.click(shown(answer), label="Bookmark")

    assert shown(marked).id == shown(answer).id
    assert embed_of(marked).to_dict() == paper
    assert list(buttons_of(shown(marked))) == [
        "Share",
        "Remove bookmark",
        "Similar papers",
        "More by an author",
        "All of this session",
    ]
    assert await agenda(ann, server.channel) == ["Apple"]

    unmarked = await ann.click(shown(marked), label="Remove bookmark")

    assert shown(unmarked).id == shown(answer).id
    assert state(shown(unmarked)) == before
    assert await agenda(ann, server.channel) == []


async def test_a_paper_that_is_opened_again_says_that_it_is_bookmarked(server: Server) -> None:
    ann = server.member("ann")
    await mark(ann, server.channel, "Apple")

    again = await ann.slash(server.channel, "paper", paper="apple")
    session = await ann.slash(server.channel, "session", session="opening-posters")
    from_menu = await pick(ann, shown(session), "Open a paper", "Apple")
    other = await pick(ann, shown(session), "Open a paper", "Banana")

    assert "Remove bookmark" in buttons_of(shown(again))
    assert "Remove bookmark" in buttons_of(shown(from_menu))
    assert "Remove bookmark" not in buttons_of(shown(other))


async def in_public(server: Server, who: MemberActor, how: str) -> tuple[ResponseMessage, ChannelHandle]:
    """Return an answer about Apple that everybody sees."""
    if how == "asked in public":
        posters = server.guild.channels["posters"]
        return shown(await who.slash(posters, "paper", paper="apple")), posters
    channel = server.guild.create_text_channel("quiet")
    answer = await who.slash(channel, "paper", paper="apple")
    return (await who.click(shown(answer), label="Share")).followups[0], channel


@pytest.mark.parametrize("how", ["asked in public", "shared"])
async def test_on_a_public_message_the_presser_alone_is_told_and_the_message_stays(server: Server, how: str) -> None:
    ann, bob = server.member("ann"), server.member("bob")
    public, channel = await in_public(server, ann, how)
    before, messages = state(public), len(public_messages(server, channel))
    assert "Bookmark" in buttons_of(public)

    for who in (bob, ann):
        told = await who.click(public, label="Bookmark")
        assert shown(told).ephemeral
        assert shown(told).id != public.id
        assert embed_of(told).title == "Bookmarked"
        assert "#1 · Apple: All about Apple" in displayed(description_of(told))[0]
        assert state(public) == before
        assert await agenda(who, server.channel) == ["Apple"]

    told = await bob.click(public, label="Bookmark")
    assert embed_of(told).title == "Bookmark removed"
    assert state(public) == before
    assert await agenda(bob, server.channel) == []
    assert await agenda(ann, server.channel) == ["Apple"]
    assert len(public_messages(server, channel)) == messages


async def test_a_public_answer_does_not_tell_what_the_asker_bookmarked(server: Server) -> None:
    ann = server.member("ann")
    await mark(ann, server.channel, "Apple")

    for how in ("asked in public", "shared"):
        public, _ = await in_public(server, ann, how)
        assert "Bookmark" in buttons_of(public)
        assert "Remove bookmark" not in buttons_of(public)


async def test_the_confirmation_takes_the_bookmark_back_and_leads_to_the_agenda(server: Server) -> None:
    ann, bob = server.member("ann"), server.member("bob")
    public, _ = await in_public(server, ann, "shared")
    told = await bob.click(public, label="Bookmark")

    opened = await bob.click(shown(told), label="My agenda")
    assert shown(opened).ephemeral
    assert papers_in(opened) == ["Apple"]
    removed = await bob.click(shown(told), label="Remove bookmark")

    assert shown(removed).id == shown(told).id
    assert "Bookmark" in buttons_of(shown(removed))
    assert "Remove bookmark" not in buttons_of(shown(removed))
    assert await agenda(bob, server.channel) == []


async def test_what_was_shared_still_says_so_after_it_was_bookmarked(server: Server) -> None:
    channel = server.guild.create_text_channel("quiet")
    ann = server.member("ann")
    answer = await ann.slash(channel, "paper", paper="apple")
    await ann.click(shown(answer), label="Share")

    marked = await ann.click(shown(answer), label="Bookmark")

    assert "Share" not in buttons_of(shown(marked))
    assert buttons_of(shown(marked))["Shared"]["disabled"]


async def test_sharing_a_bookmarked_paper_leaves_its_bookmark_on_the_private_answer(server: Server) -> None:
    channel = server.guild.create_text_channel("quiet")
    ann = server.member("ann")
    answer = await mark(ann, channel, "Apple")

    await ann.click(shown(answer), label="Share")

    assert "Remove bookmark" in buttons_of(shown(answer))
    (shared,) = public_messages(server, channel)
    assert "Remove bookmark" not in buttons_of(shared)


async def test_a_private_answer_whose_bookmark_is_pressed_by_another_is_not_changed(server: Server) -> None:
    ann, bob = server.member("ann"), server.member("bob")
    answer = shown(await ann.slash(server.channel, "paper", paper="apple"))
    before = state(answer)

    told = await forge_press(server, bob, answer, "Bookmark")

    assert state(answer) == before
    assert shown(told).ephemeral
    assert shown(told).id != answer.id
    assert await agenda(ann, server.channel) == []
    assert await agenda(bob, server.channel) == ["Apple"]


async def test_in_a_direct_message_everything_is_the_same_and_nothing_is_hidden(server: Server) -> None:
    ann = server.member("ann")
    uma = ann.user
    await mark(ann, server.channel, "Kiwi")

    answer = await uma.slash("paper", paper="apple")
    marked = await uma.click(shown(answer), label="Bookmark")

    assert shown(marked).id == shown(answer).id
    assert not shown(marked).ephemeral
    assert "Remove bookmark" in buttons_of(shown(marked))
    listed = await uma.slash("agenda")
    assert papers_in(listed) == ["Apple", "Kiwi"]
    assert not shown(listed).ephemeral
    removed = await pick(uma, shown(listed), "Remove a bookmark", "Kiwi")
    assert shown(removed).id == shown(listed).id
    assert papers_in(removed) == ["Apple"]
    assert await agenda(ann, server.channel) == ["Apple"]
    exported = await uma.click(shown(removed), label="Export calendar")
    assert [attachment.filename for attachment in shown(exported).attachments] == ["agenda.ics"]
    unmarked = await uma.click(shown(marked), label="Remove bookmark")
    assert "Bookmark" in buttons_of(shown(unmarked))
    assert sessions_in(await uma.slash("schedule", day="wednesday")) == ["Closing"]


@alone
async def test_the_button_and_the_bookmarks_outlive_a_restart(own: Server) -> None:
    ann, bob = own.member("ann"), own.member("bob")
    await mark(ann, own.channel, "Kiwi", "Apple")
    old = await ann.slash(own.channel, "paper", paper="banana")
    marked = await mark(ann, own.channel, "Mango")
    listed = await ann.slash(own.channel, "agenda")

    await own.restart()

    assert await agenda(ann, own.channel) == ["Apple", "Kiwi", "Mango"]
    assert await agenda(bob, own.channel) == []
    turned = await ann.click(shown(old), label="Bookmark")
    assert shown(turned).id == shown(old).id
    assert "Remove bookmark" in buttons_of(shown(turned))
    turned = await ann.click(shown(marked), label="Remove bookmark")
    assert "Bookmark" in buttons_of(shown(turned))
    updated = await pick(ann, shown(listed), "Remove a bookmark", "Kiwi")
    assert shown(updated).id == shown(listed).id
    assert papers_in(updated) == ["Apple", "Banana"]


async def test_the_bookmarks_of_two_people_do_not_mix(server: Server) -> None:
    ann, bob = server.member("ann"), server.member("bob")
    await mark(ann, server.channel, "Apple", "Kiwi")
    await mark(bob, server.channel, "Kiwi", "Mango")

    taken = await ann.slash(server.channel, "paper", paper="kiwi")
    await ann.click(shown(taken), label="Remove bookmark")

    assert await agenda(ann, server.channel) == ["Apple"]
    assert await agenda(bob, server.channel) == ["Kiwi", "Mango"]
    fresh = await ann.slash(server.channel, "paper", paper="mango")
    assert "Bookmark" in buttons_of(shown(fresh))


async def test_there_is_a_limit_and_it_says_what_to_do(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot.agendas, "LIMIT", 2)
    ann = server.member("ann")
    await mark(ann, server.channel, "Apple", "Kiwi")
    answer = await ann.slash(server.channel, "paper", paper="mango")

    refused = await ann.click(shown(answer), label="Bookmark")

    assert shown(refused).ephemeral
    assert "2 bookmarks" in said(refused)
    assert "/agenda" in said(refused)
    assert await agenda(ann, server.channel) == ["Apple", "Kiwi"]
    await pick(ann, shown(await ann.slash(server.channel, "agenda")), "Remove a bookmark", "Apple")
    marked = await ann.click(shown(answer), label="Bookmark")
    assert "Remove bookmark" in buttons_of(shown(marked))
    assert await agenda(ann, server.channel) == ["Kiwi", "Mango"]


# --- when the programme changes


@alone
async def test_a_paper_that_is_gone_is_counted_and_comes_back_with_the_programme(own: Server) -> None:
    ann = own.member("ann")
    await mark(ann, own.channel, "Kiwi", "Apple", "Mango")
    await load(own, ("Morning", "Hall", "Apple Banana"), ("Some Day", "Attic", "Quince"))

    without = await ann.slash(own.channel, "agenda")

    assert papers_in(without) == ["Apple"]
    assert field(without, "No longer in the programme") == "2 bookmarked papers"
    assert description_of(await ann.slash(own.channel, "mydata")).startswith("3 bookmarks")
    await load(own, ("Morning", "Hall", "Apple Banana"), ("Evening", "Foyer", "Kiwi Mango"))
    again = await ann.slash(own.channel, "agenda")
    assert papers_in(again) == ["Apple", "Kiwi", "Mango"]
    assert field(again, "No longer in the programme") is None


@alone
async def test_where_every_bookmarked_paper_is_gone_it_does_not_say_that_there_was_none(own: Server) -> None:
    ann = own.member("ann")
    await mark(ann, own.channel, "Kiwi")
    await load(own, ("Morning", "Hall", "Apple"))

    result = await ann.slash(own.channel, "agenda")

    assert field(result, "No longer in the programme") == "1 bookmarked paper"
    assert "Nothing is bookmarked yet" not in description_of(result)


@alone
async def test_a_bookmark_button_of_a_paper_that_is_gone_says_so(own: Server) -> None:
    ann = own.member("ann")
    answer = await ann.slash(own.channel, "paper", paper="kiwi")
    marked = await mark(ann, own.channel, "Mango")
    await load(own, ("Morning", "Hall", "Apple"))

    for message, label in ((shown(answer), "Bookmark"), (shown(marked), "Remove bookmark")):
        result = await ann.click(message, label=label)
        assert shown(result).ephemeral
        assert said(result) == "This paper is no longer in the programme."


@alone
async def test_removing_from_an_old_agenda_what_is_gone_still_removes_it(own: Server) -> None:
    ann = own.member("ann")
    await mark(ann, own.channel, "Kiwi", "Apple")
    listed = await ann.slash(own.channel, "agenda")
    await load(own, ("Morning", "Hall", "Apple"))

    updated = await pick(ann, shown(listed), "Remove a bookmark", "Kiwi")

    assert papers_in(updated) == ["Apple"]
    assert field(updated, "No longer in the programme") is None


@alone
async def test_a_bookmark_stays_with_its_paper_in_a_reordered_and_corrected_programme(own: Server) -> None:
    ann = own.member("ann")
    await mark(ann, own.channel, "Banana", "Mango")
    changed = (
        f"Session\nEvening\nBalcony\n{paper_lines('Mango')}{paper_lines('Kiwi')}"
        f"Session\nMorning\nHall\n{paper_lines('Citron')}{paper_lines('Apple')}"
        f"{paper_lines('Banana', 'Plantain, or What We Once Took for Something Else')}"
    )
    assert await own.bot.library.load(changed.encode(), "corrected.txt")

    result = await ann.slash(own.channel, "agenda")

    assert papers_in(result) == ["Plantain, or What We Once Took for Something Else** — Ada Lovelace et al.", "Mango"]
    assert field(result, "Your route") == "Morning: 3\nEvening: 1"
    assert "Balcony" in description_of(result)
    opened = await pick(ann, shown(result), "Open a paper", "Plantain")
    assert "Remove bookmark" in buttons_of(shown(opened))


# --- /agenda


async def test_an_empty_agenda_says_how_to_fill_it(server: Server) -> None:
    result = await server.member("ann").slash(server.channel, "agenda")

    assert embed_of(result).title == "Your agenda"
    assert "Nothing is bookmarked yet." in description_of(result)
    assert "Bookmark" in description_of(result)
    assert shown(result).components == []
    assert shown(result).ephemeral


async def test_the_agenda_is_in_the_order_of_the_day_and_then_of_the_posters(server: Server) -> None:
    ann = server.member("ann")
    await mark(ann, server.channel, "Quince", "Fig", "Walnut", "Mango", "Citron", "Apple", "Nectarine")

    result = await ann.slash(server.channel, "agenda")

    assert papers_in(result) == ["Apple", "Citron", "Mango", "Fig", "Nectarine", "Walnut", "Quince"]
    assert bold_lines(description_of(result)) == [
        "Opening Posters",
        "Evening Posters",
        "Night Posters",
        "Closing",
        "Some Day",
    ]
    start, end = (int(datetime(2026, 5, 19, hour, tzinfo=UTC).timestamp()) for hour in (1, 3))
    assert f"**Evening Posters**\nHall · <t:{start}:F> – <t:{end}:t> (<t:{start}:R>)\n- " in description_of(result)
    assert "**Night Posters**\nroom not announced · <t:" in description_of(result)
    assert "**Some Day**\nAttic · time not announced\n- " in description_of(result)
    assert_within_limits(shown(result))
    for text in markdown_of(shown(result)):
        displayed(text.replace("- **", "**"))


async def test_the_route_is_the_numbers_of_the_posters_in_each_session(server: Server) -> None:
    ann = server.member("ann")
    await mark(ann, server.channel, "Fig", "Kiwi", "Melon", "Banana")

    result = await ann.slash(server.channel, "agenda")

    assert field(result, "Your route") == "Opening Posters: 2\nEvening Posters: 1, 8, 12"


@pytest.mark.parametrize(
    ("names", "clash"),
    [
        (["Kiwi", "Tomato"], "Evening Posters and Foyer Demos"),
        (["Tomato", "Mango", "Pepper", "Kiwi"], "Evening Posters and Foyer Demos"),
        (["Kiwi", "Carrot"], None),
        (["Kiwi", "Mango"], None),
        (["Apple", "Kiwi"], None),
        (["WorkA", "WorkB"], None),
        (["Kiwi", "Quince"], None),
    ],
    ids=["at once", "at once with more", "touching", "one session", "apart", "apart in other rooms", "without a time"],
)
async def test_what_is_mine_in_two_rooms_at_once_is_noted(server: Server, names: list[str], clash: str | None) -> None:
    ann = server.member("ann")
    await mark(ann, server.channel, *names)

    assert field(await ann.slash(server.channel, "agenda"), "At the same time") == clash


@alone
async def test_two_sessions_in_one_room_do_not_clash_and_touching_ones_neither(start: StartServer) -> None:
    server = await start(
        ("Posters", "Hall", "Apple"),
        ("Demos", "Hall", "Banana"),
        ("Talks", "Foyer", "Citron"),
        times={
            "posters": ("2026-05-18T10:00", "2026-05-18T12:00"),
            "demos": ("2026-05-18T11:00", "2026-05-18T13:00"),
            "talks": ("2026-05-18T13:00", None),
        },
    )
    ann = server.member("ann")
    await mark(ann, server.channel, "Apple", "Banana", "Citron")

    assert field(await ann.slash(server.channel, "agenda"), "At the same time") is None


async def test_a_clash_is_over_when_one_of_the_two_is_removed(server: Server) -> None:
    ann = server.member("ann")
    await mark(ann, server.channel, "Kiwi", "Tomato")
    result = await ann.slash(server.channel, "agenda")

    updated = await pick(ann, shown(result), "Remove a bookmark", "Tomato")

    assert field(updated, "At the same time") is None


THIRTEEN = "Apple Kiwi Mango Peach Guava Lemon Olive Grape Melon Plum Cherry Date Fig".split()


async def test_a_long_agenda_has_pages_that_turn_in_place(server: Server) -> None:
    ann = server.member("ann")
    await mark(ann, server.channel, *THIRTEEN)
    await server.rest()

    first = await ann.slash(server.channel, "agenda")
    assert papers_in(first) == THIRTEEN[:10]
    assert embed_of(first).footer.text == "Page 1 of 2"
    assert len(menus_of(shown(first))["Open a paper"]) == 10
    second = await ann.click(shown(first), label="Next")

    assert shown(second).id == shown(first).id
    assert papers_in(second) == THIRTEEN[10:]
    assert bold_lines(description_of(second)) == ["Evening Posters"]
    assert [option["label"].partition(":")[0] for option in menus_of(shown(second))["Remove a bookmark"]] == THIRTEEN[
        10:
    ]
    # The route and the clashes are those of the whole agenda, whatever page is shown.
    assert field(second, "Your route") == field(first, "Your route")
    assert (field(second, "Your route") or "").startswith("Opening Posters: 1\nEvening Posters: 1, 2, 3")
    back = await ann.click(shown(second), label="Previous")
    assert papers_in(back) == THIRTEEN[:10]


async def test_removing_from_a_later_page_stays_on_that_page(server: Server) -> None:
    ann = server.member("ann")
    await mark(ann, server.channel, *THIRTEEN)
    await server.rest()
    second = await ann.click(shown(await ann.slash(server.channel, "agenda")), label="Next")

    updated = await pick(ann, shown(second), "Remove a bookmark", "Date")

    assert papers_in(updated) == ["Cherry", "Fig"]
    assert embed_of(updated).footer.text == "Page 2 of 2"


async def test_removing_the_last_paper_of_the_last_page_shows_the_page_before(server: Server) -> None:
    ann = server.member("ann")
    await mark(ann, server.channel, *THIRTEEN[:11])
    await server.rest()
    second = await ann.click(shown(await ann.slash(server.channel, "agenda")), label="Next")

    updated = await pick(ann, shown(second), "Remove a bookmark", "Cherry")

    assert papers_in(updated) == THIRTEEN[:10]
    assert "Next" not in buttons_of(shown(updated))


async def test_a_paper_of_the_agenda_opens_privately(server: Server) -> None:
    ann = server.member("ann")
    await mark(ann, server.channel, "Apple", "Kiwi")
    listed = await ann.slash(server.channel, "agenda")
    before = state(shown(listed))

    opened = await pick(ann, shown(listed), "Open a paper", "Kiwi")

    assert embed_of(opened).title == "#1 · Kiwi: All about Kiwi"
    assert shown(opened).ephemeral
    assert "Remove bookmark" in buttons_of(shown(opened))
    assert state(shown(listed)) == before


async def test_a_bookmark_is_removed_in_the_agenda_itself(server: Server) -> None:
    ann = server.member("ann")
    await mark(ann, server.channel, "Apple", "Kiwi")
    listed = await ann.slash(server.channel, "agenda")

    updated = await pick(ann, shown(listed), "Remove a bookmark", "Apple")
    assert shown(updated).id == shown(listed).id
    assert papers_in(updated) == ["Kiwi"]
    assert field(updated, "Your route") == "Evening Posters: 1"
    emptied = await pick(ann, shown(updated), "Remove a bookmark", "Kiwi")

    assert shown(emptied).id == shown(listed).id
    assert "Nothing is bookmarked yet." in description_of(emptied)
    assert embed_of(emptied).fields == []
    assert shown(emptied).components == []
    assert await agenda(ann, server.channel) == []


async def test_removing_twice_from_two_copies_of_the_agenda_does_not_bring_it_back(server: Server) -> None:
    ann = server.member("ann")
    await mark(ann, server.channel, "Apple", "Kiwi")
    one, two = await ann.slash(server.channel, "agenda"), await ann.slash(server.channel, "agenda")

    await pick(ann, shown(one), "Remove a bookmark", "Apple")
    updated = await pick(ann, shown(two), "Remove a bookmark", "Apple")

    assert papers_in(updated) == ["Kiwi"]
    assert await agenda(ann, server.channel) == ["Kiwi"]


@pytest.mark.parametrize("command", ["agenda", "mydata"])
async def test_what_is_ones_own_is_private_even_where_answers_are_public(server: Server, command: str) -> None:
    posters = server.guild.channels["posters"]
    ann = server.member("ann")
    await mark(ann, server.channel, "Apple")
    before = len(public_messages(server, posters))

    result = await ann.slash(posters, command)

    assert shown(result).ephemeral
    assert "Share" not in buttons_of(shown(result))
    assert len(public_messages(server, posters)) == before


async def test_an_agenda_pressed_by_another_shows_them_their_own(server: Server) -> None:
    ann, bob = server.member("ann"), server.member("bob")
    await mark(ann, server.channel, "Apple", "Kiwi")
    await mark(bob, server.channel, "Mango", "Kiwi")
    listed = shown(await ann.slash(server.channel, "agenda"))
    before = state(listed)
    options = menus_of(listed)["Remove a bookmark"]

    removed = await forge(
        server,
        bob,
        listed,
        custom_id=menu_id(listed, "Remove a bookmark"),
        component_type=discord.ComponentType.string_select.value,
        values=[next(option["value"] for option in options if option["label"].startswith("Kiwi"))],
    )
    exported = await forge_press(server, bob, listed, "Export calendar")

    assert state(listed) == before
    assert shown(removed).ephemeral
    assert papers_in(removed) == ["Mango"]
    assert await agenda(ann, server.channel) == ["Apple", "Kiwi"]
    assert await agenda(bob, server.channel) == ["Mango"]
    assert shown(exported).ephemeral
    assert [name for event in calendar_in(server, exported) for name in described(event)] == ["Mango"]


# --- suggestions


async def suggested(who: MemberActor, channel: ChannelHandle, typed: str = "") -> list[str]:
    choices = await who.autocomplete(channel, "paper", "paper", typed)
    return [choice["name"].partition(":")[0] for choice in choices]


@alone
async def test_with_nothing_typed_my_bookmarks_come_first_then_the_next_sessions_papers(start: StartServer) -> None:
    server = await start(
        ("Some Day", None, "Quince"),
        ("Evening", "Foyer", "Kiwi Mango"),
        ("Morning", "Hall", "Apple Banana Citron"),
        ("Night", "Hall", "Fig"),
        times={
            "morning": ("2025-12-31T17:00", "2025-12-31T18:00"),
            "evening": ("2025-12-31T19:00", "2025-12-31T20:00"),
            "night": ("2025-12-31T22:00", None),
        },
    )
    ann, bob = server.member("ann"), server.member("bob")
    await mark(ann, server.channel, "Mango", "Citron")

    assert await suggested(ann, server.channel) == "Mango Citron Apple Banana Kiwi Fig Quince".split()
    assert await suggested(bob, server.channel) == "Apple Banana Citron Kiwi Mango Fig Quince".split()
    assert await suggested(ann, server.channel, "  ") == "Mango Citron Apple Banana Kiwi Fig Quince".split()
    assert (await suggested(ann, server.channel, "apple"))[0] == "Apple"

    await at(server, MORNING + timedelta(hours=1, minutes=59))
    assert (await suggested(bob, server.channel))[0] == "Apple", "what is on is not over"
    await at(server, MORNING + timedelta(hours=2))
    assert await suggested(bob, server.channel) == "Kiwi Mango Fig Quince Apple Banana Citron".split()
    assert await suggested(ann, server.channel) == "Mango Citron Kiwi Fig Quince Apple Banana".split()


async def test_bookmarks_are_suggested_in_direct_messages_too(server: Server) -> None:
    ann = server.member("ann")
    await mark(ann, server.channel, "Walnut")

    choices = await ann.user.autocomplete("paper", "paper", "")

    assert choices[0]["value"] == "walnut"
    assert len(choices) == 25
    opened = await ann.user.slash("paper", paper=choices[0]["value"])
    assert "Remove bookmark" in buttons_of(shown(opened))


@alone
async def test_a_bookmarked_paper_that_is_gone_is_not_suggested(own: Server) -> None:
    ann = own.member("ann")
    await mark(ann, own.channel, "Kiwi", "Banana")
    await load(own, ("Morning", "Hall", "Apple Banana"))

    assert await suggested(ann, own.channel) == ["Banana", "Apple"]


@alone
async def test_what_i_looked_at_last_is_suggested_after_my_bookmarks(start: StartServer) -> None:
    server = await start(("Morning", "Hall", "Apple Banana Citron Fig Grape"))
    ann, bob = server.member("ann"), server.member("bob")
    await mark(ann, server.channel, "Grape")
    for name in ("Citron", "Fig", "Citron"):
        await ann.slash(server.channel, "paper", paper=name)

    assert await suggested(ann, server.channel) == "Grape Citron Fig Apple Banana".split()
    assert await suggested(bob, server.channel) == "Apple Banana Citron Fig Grape".split()

    listed = await bob.slash(server.channel, "session")
    (menu,) = menus_of(shown(listed))
    await bob.select(shown(listed), [menus_of(shown(listed))[menu][3]["value"]], custom_id=menu_id(shown(listed), menu))
    assert (await suggested(bob, server.channel))[0] == "Fig", "picking from a menu counts as well"

    kept = await bob.slash(server.channel, "mydata")
    assert "last 1 paper you looked at" in description_of(kept)
    sure = await bob.click(shown(kept), label="Delete everything")
    await bob.click(shown(sure), label="Yes, delete everything")
    assert (await suggested(bob, server.channel))[0] == "Apple"


# --- /mydata


async def test_about_whom_nothing_is_kept_hears_that(server: Server) -> None:
    result = await server.member("ann").slash(server.channel, "mydata")

    assert description_of(result) == "Nothing."
    assert shown(result).components == []
    assert shown(result).ephemeral


@alone
async def test_what_is_kept_is_deleted_only_when_it_was_asked_for_twice(own: Server) -> None:
    ann, bob = own.member("ann"), own.member("bob")
    await mark(ann, own.channel, "Apple", "Kiwi")
    await mark(bob, own.channel, "Kiwi")
    everything = in_file(own, "SELECT user_id, paper_key, made_at FROM bookmark ORDER BY 1, 2")
    data = await ann.slash(own.channel, "mydata")
    assert description_of(data).startswith("2 bookmarks")

    asked = await ann.click(shown(data), label="Delete everything")

    assert shown(asked).id == shown(data).id
    assert "gone for good" in description_of(asked)
    assert in_file(own, "SELECT user_id, paper_key, made_at FROM bookmark ORDER BY 1, 2") == everything
    assert await agenda(ann, own.channel) == ["Apple", "Kiwi"]

    done = await ann.click(shown(asked), label="Yes, delete everything")

    assert shown(done).id == shown(data).id
    assert embed_of(done).title == "Deleted"
    assert shown(done).components == []
    names = [name for (name,) in in_file(own, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    assert "bookmark" in names
    for table in names:
        assert not any(ann.id in row or str(ann.id) in row for row in in_file(own, f'SELECT * FROM "{table}"')), table  # noqa: S608
    assert in_file(own, "SELECT user_id, paper_key FROM bookmark") == [(bob.id, "kiwi")]
    assert await agenda(ann, own.channel) == []
    assert description_of(await ann.slash(own.channel, "mydata")) == "Nothing."

    await own.restart()
    assert await agenda(ann, own.channel) == []
    assert await agenda(bob, own.channel) == ["Kiwi"]
    await mark(ann, own.channel, "Apple")
    assert await agenda(ann, own.channel) == ["Apple"]


async def test_one_bookmark_is_spoken_of_as_one(server: Server) -> None:
    ann = server.member("ann")
    await mark(ann, server.channel, "Apple")

    assert description_of(await ann.slash(server.channel, "mydata")).startswith("1 bookmark:")


async def test_the_confirmation_pressed_by_another_deletes_nothing_of_mine(server: Server) -> None:
    ann, bob = server.member("ann"), server.member("bob")
    await mark(ann, server.channel, "Apple")
    data = await ann.slash(server.channel, "mydata")
    asked = shown(await ann.click(shown(data), label="Delete everything"))
    before = state(asked)

    pressed = await forge_press(server, bob, asked, "Yes, delete everything")

    assert shown(pressed).ephemeral
    assert state(asked) == before
    assert await agenda(ann, server.channel) == ["Apple"]


async def test_my_data_can_be_deleted_in_direct_messages(server: Server) -> None:
    ann = server.member("ann")
    await mark(ann, server.channel, "Apple")

    data = await ann.user.slash("mydata")
    asked = await ann.user.click(shown(data), label="Delete everything")
    done = await ann.user.click(shown(asked), label="Yes, delete everything")

    assert embed_of(done).title == "Deleted"
    assert await agenda(ann, server.channel) == []


@alone
async def test_the_database_knows_people_by_their_ids_only(own: Server) -> None:
    zoe = own.member("zoe-quartermaine")
    await mark(zoe, own.channel, "Apple", "Kiwi")
    public, _ = await in_public(own, zoe, "asked in public")
    await zoe.click(public, label="Bookmark")
    await zoe.slash(own.channel, "search", query="apple")
    await zoe.user.slash("agenda")
    await own.bot.close()

    path = own.config.database.path
    raw = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    assert b"kiwi" in raw
    assert b"quartermaine" not in raw.lower()
    columns = [row[1] for row in in_file(own, "PRAGMA table_info(bookmark)")]
    assert columns == ["user_id", "paper_key", "made_at"]


# --- the calendar file


def calendar_in(server: Server, result: InteractionResult) -> list[Any]:
    """Return the events of the calendar file that an answer brings."""
    (attachment,) = shown(result).attachments
    assert attachment.filename == "agenda.ics"
    data = server.env.backend.cdn.get(attachment.url)
    assert data is not None
    return list(Calendar.from_ical(data).walk("VEVENT"))


def described(event: Any) -> list[str]:
    """Return the names of the papers in an event."""
    return [line.split(" ", 1)[1].partition(":")[0] for line in str(event["DESCRIPTION"]).splitlines()]


async def exported(server: Server, who: MemberActor) -> dict[str, Any]:
    """Export somebody's agenda; return its events by the sessions' names."""
    listed = await who.slash(server.channel, "agenda")
    events = calendar_in(server, await who.click(shown(listed), label="Export calendar"))
    assert len({str(event["UID"]) for event in events}) == len(events)
    return {str(event["SUMMARY"]): event for event in events}


async def test_the_calendar_has_an_event_for_each_session_of_mine(server: Server) -> None:
    ann = server.member("ann")
    await mark(ann, server.channel, "Walnut", "Mango", "Kiwi", "Nectarine", "Quince")

    events = await exported(server, ann)

    assert list(events) == ["Evening Posters", "Night Posters", "Closing"]
    evening = events["Evening Posters"]
    assert described(evening) == ["Kiwi", "Mango"]
    assert evening["DTSTART"].to_ical() == b"20260518T180000"
    assert evening["DTSTART"].params["TZID"] == "America/Los_Angeles"
    assert evening["DTEND"].to_ical() == b"20260518T200000"
    assert str(evening["LOCATION"]) == "Hall"
    assert "LOCATION" not in events["Night Posters"]
    assert "DTEND" not in events["Closing"]


async def test_the_calendar_file_is_for_the_presser_alone_and_the_agenda_stays(server: Server) -> None:
    channel = server.guild.create_text_channel("quiet")
    ann = server.member("ann")
    await mark(ann, channel, "Apple")
    listed = await ann.slash(channel, "agenda")
    before = state(shown(listed))

    result = await ann.click(shown(listed), label="Export calendar")

    assert shown(result).ephemeral
    assert "calendar" in shown(result).content
    assert calendar_in(server, result)
    assert state(shown(listed)) == before
    assert public_messages(server, channel) == []


async def test_where_nothing_of_mine_has_a_time_the_export_says_so(server: Server) -> None:
    ann = server.member("ann")
    await mark(ann, server.channel, "Quince")
    listed = await ann.slash(server.channel, "agenda")

    result = await ann.click(shown(listed), label="Export calendar")

    assert shown(result).attachments == []
    assert shown(result).ephemeral
    assert "nothing to export" in said(result)


async def test_an_agenda_emptied_meanwhile_has_nothing_to_export(server: Server) -> None:
    ann = server.member("ann")
    marked = await mark(ann, server.channel, "Apple")
    listed = await ann.slash(server.channel, "agenda")
    await ann.click(shown(marked), label="Remove bookmark")

    result = await ann.click(shown(listed), label="Export calendar")

    assert shown(result).attachments == []
    assert "nothing to export" in said(result)


@alone
async def test_importing_again_after_a_reload_updates_the_same_events(own: Server) -> None:
    ann = own.member("ann")
    await mark(ann, own.channel, "Apple", "Kiwi")
    before = await exported(own, ann)
    changed = (
        f"Session\nEvening\nBalcony\n{paper_lines('Kiwi', 'Kiwi: Everything about It')}"
        f"Session\nMorning\nHall\n{paper_lines('Banana')}{paper_lines('Apple')}"
    )
    assert await own.bot.library.load(changed.encode(), "changed.txt")

    after = await exported(own, ann)

    assert {name: str(event["UID"]) for name, event in after.items()} == {
        name: str(event["UID"]) for name, event in before.items()
    }
    assert all(after[name]["SEQUENCE"] > before[name]["SEQUENCE"] for name in before)
    assert str(after["Evening"]["LOCATION"]) == "Balcony"
    assert "Everything about It" in str(after["Evening"]["DESCRIPTION"])
    assert str(after["Morning"]["DESCRIPTION"]).startswith("#2 Apple")


@alone
async def test_importing_again_after_the_time_was_changed_moves_the_same_event(own: Server) -> None:
    ann = own.member("ann")
    await mark(ann, own.channel, "Kiwi")
    before = (await exported(own, ann))["Evening"]
    await at(own, own.env.now() + timedelta(minutes=1))

    await own.restart(later(own.config))
    after = (await exported(own, ann))["Evening"]

    assert str(after["UID"]) == str(before["UID"])
    assert before["DTSTART"].to_ical() == b"20260518T180000"
    assert after["DTSTART"].to_ical() == b"20260518T190000"
    # Of two descriptions of an event with the same sequence the one with the later stamp counts (RFC 5546).
    assert (after["SEQUENCE"], after["DTSTAMP"].dt) > (before["SEQUENCE"], before["DTSTAMP"].dt)


def later(config: Config) -> Config:
    """Return the configuration with the evening session an hour later."""
    moved = config.model_dump()
    moved["sessions"]["evening"]["start"] = "2026-05-18T19:00"
    return Config.model_validate(moved)


@alone
async def test_a_conference_far_away_is_exported_in_its_own_time(start: StartServer) -> None:
    server = await start(
        ("Posters", "Hall", "Apple"),
        times={"posters": ("2026-09-27T09:00", "2026-09-27T11:00")},
        zone="Pacific/Auckland",
    )
    ann = server.member("ann")
    await mark(ann, server.channel, "Apple")

    event = (await exported(server, ann))["Posters"]

    assert event["DTSTART"].to_ical() == b"20260927T090000"
    assert event["DTSTART"].params["TZID"] == "Pacific/Auckland"
    assert event["DTSTART"].dt == datetime(2026, 9, 26, 20, tzinfo=UTC)
