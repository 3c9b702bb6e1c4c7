"""A conference of three days, and what attendees do to plan theirs."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import discord
import pytest
import pytest_asyncio
from simcord.actors import MemberActor, _component_interaction
from simcord.builders import ChannelHandle, UserHandle
from simcord.results import InteractionResult, ResponseMessage

from tests.support.calendar import read
from tests.support.database import rows
from tests.support.loading import loaded
from tests.support.messages import buttons_of, embed_of, menu_id, menus_of, shown
from tests.support.server import MakeConfig, Server, StartServer, config_in, running

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
    assert await server.services.library.load(loaded(page(*blocks).encode(), "another.txt"))


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
    lines = [line for line in description_of(result).splitlines() if line.startswith("- **")]
    return [line.removeprefix("- **").split(":")[0] for line in lines]


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
    return rows(server.config.database.path, statement)


async def suggested(who: MemberActor, channel: ChannelHandle, typed: str = "") -> list[str]:
    choices = await who.autocomplete(channel, "paper", "paper", typed)
    return [choice["name"].partition(":")[0] for choice in choices]


def calendar_in(server: Server, result: InteractionResult) -> list[Any]:
    """Return the events of the calendar file that an answer brings."""
    (attachment,) = shown(result).attachments
    assert attachment.filename == "agenda.ics"
    data = server.env.backend.cdn.get(attachment.url)
    assert data is not None
    return list(read(data).walk("VEVENT"))


def described(event: Any) -> list[str]:
    """Return the names of the papers in an event."""
    return [line.partition(":")[0] for line in str(event["DESCRIPTION"]).splitlines()]


async def in_public(server: Server, who: MemberActor, how: str) -> tuple[ResponseMessage, ChannelHandle]:
    """Return an answer about Apple that everybody sees."""
    if how == "asked in public":
        posters = server.guild.channels["posters"]
        return shown(await who.slash(posters, "paper", paper="apple")), posters
    channel = server.guild.create_text_channel("quiet")
    answer = await who.slash(channel, "paper", paper="apple")
    return (await who.click(shown(answer), label="Share")).followups[0], channel
