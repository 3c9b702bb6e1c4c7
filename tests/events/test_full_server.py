"""A server holds a hundred events that are not over; a programme may have more sessions."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from simcord.backend.errors import BackendError

from bot.config import Config
from tests.admin.test_status import status
from tests.support.moderating import change, moderator
from tests.support.process import TOKEN
from tests.support.running import running_bot, until
from tests.support.server import Server, StartServer, config_in
from tests.support.stand_in import Guild, discord_stand_in, faults
from tests.support.stand_in.api import MOST_EVENTS

HOUR = timedelta(hours=1)
BEGIN = datetime(2026, 1, 1, 1, tzinfo=UTC)
"""An hour after the simulation's time begins."""

OPEN = (1, 2)
DISCORD = {"moderators": ["Moderators"], "welcome": False}


def programme(first: datetime, numbers: range) -> bytes:
    """Sessions of an hour, one each hour; number 0 is the first one's."""
    sessions = [
        {
            "kind": "Session",
            "name": f"Session {number:03}",
            "room": "Hall",
            "starts_at": (first + number * HOUR).isoformat(),
            "ends_at": (first + (number + 1) * HOUR).isoformat(),
            "papers": [{"title": f"Paper {number}", "authors": [f"Ann {number}"], "abstract": f"About {number}."}],
        }
        for number in numbers
    ]
    return json.dumps({"form": "conference-programme/1", "sessions": sessions}).encode()


def names(numbers: range) -> list[str]:
    return [f"Session {number:03}" for number in numbers]


Begin = Callable[..., Awaitable[Server]]


@pytest.fixture
def begin(start_server: StartServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Begin:
    """Start the bot with a programme in a server that holds as many events as Discord's do, some of them others'."""

    async def start(sessions: range, others: int = 0) -> Server:
        page = tmp_path / "programme.json"
        page.write_bytes(programme(BEGIN, sessions))
        server = await start_server(programme={"source": page}, discord={**DISCORD, "events": False})
        backend, create = server.env.backend, server.env.backend.create_scheduled_event

        def create_if_there_is_room(guild_id: int, **fields: Any) -> Any:
            if sum(one.status in OPEN for one in backend.get_guild(guild_id).scheduled_events.values()) >= MOST_EVENTS:
                raise BackendError(400, 30038, "Maximum number of uncompleted guild scheduled events reached (100)")
            return create(guild_id, **fields)

        monkeypatch.setattr(backend, "create_scheduled_event", create_if_there_is_room)
        late = (server.env.now() + timedelta(days=300)).isoformat()
        for number in range(others):
            server.guild.create_scheduled_event(
                f"Picnic {number}", start_time=late, entity_type=3, end_time=late, location="Park", description="Eat"
            )
        await server.restart(Config.model_validate({**server.config.model_dump(), "discord": DISCORD}))
        await server.env.settle()
        return server

    return start


def kept(server: Server) -> list[str]:
    """The names of the bot's events that are not over, by their begin."""
    events = server.env.backend.get_guild(server.guild.id).scheduled_events.values()
    own = [one for one in events if one.status in OPEN and one.name.startswith("Session")]
    return [one.name for one in sorted(own, key=lambda one: one.scheduled_start_time)]


async def test_the_next_sessions_have_their_events_and_the_others_follow_as_those_are_over(
    begin: Begin, caplog: pytest.LogCaptureFixture
) -> None:
    server = await begin(range(30), others=90)
    assert kept(server) == names(range(10))
    missing = (await status(moderator(server), server))["Permission problems"]
    assert "20 sessions to come have no event here yet: a server holds 100" in missing

    await server.advance(5.5 * 3600)
    assert kept(server) == names(range(4, 14)), "what is on, and the next ones"

    await server.advance(22 * 3600)
    assert kept(server) == names(range(26, 30))
    assert "no event here" not in (await status(moderator(server, "mia"), server))["Permission problems"]
    assert caplog.text.count("the bot keeps not all events in server") == 1


async def test_what_is_cancelled_and_moved_makes_room_first(begin: Begin) -> None:
    server = await begin(range(20, 140))
    assert kept(server) == names(range(20, 120))

    await change(moderator(server), server, programme(BEGIN, range(5, 125)))
    assert kept(server) == names(range(5, 105)), "sooner ones take the place of later ones"

    await change(moderator(server, "mia"), server, programme(BEGIN + 3 * HOUR, range(6, 125)))
    events = [one for one in server.env.backend.get_guild(server.guild.id).scheduled_events.values() if one.status == 1]
    assert kept(server) == names(range(6, 106))
    assert min(one.scheduled_start_time for one in events) == (BEGIN + 9 * HOUR).isoformat()


async def test_one_event_that_is_refused_or_gone_holds_up_no_other(begin: Begin) -> None:
    server = await begin(range(10))
    first = min(server.env.backend.get_guild(server.guild.id).scheduled_events)
    for hours, code, http_status in ((2, 10070, 404), (4, 50035, 400)):
        server.env.inject_error("PATCH", f"/guilds/*/scheduled-events/{first}", status=http_status, code=code)
        mo = moderator(server, f"mo{code}")
        await change(mo, server, programme(BEGIN + hours * HOUR, range(10)))
    starts = [
        one.scheduled_start_time for one in server.env.backend.get_guild(server.guild.id).scheduled_events.values()
    ]
    assert len(starts) == 10
    assert sum(start.startswith("2026-01-01") for start in starts) == 10


async def test_discord_says_by_itself_that_there_is_no_room(tmp_path: Path) -> None:
    """Others may have made events since the bot looked; what is there stays, and the rest follows later."""
    page, guild = tmp_path / "programme.json", Guild("general")
    page.write_bytes(programme(datetime.now(UTC).replace(microsecond=0) + HOUR, range(130)))
    config = config_in(tmp_path, programme={"source": page}, discord=DISCORD)
    async with discord_stand_in(TOKEN, guild) as discord:
        discord.fail("POST /guilds/*/scheduled-events", faults.error(30038), skip=93)
        async with running_bot(discord, config) as bot:
            await until(lambda: bot.services.events.service.left_out(int(guild.id)))
            assert bot.services.events.service.left_out(int(guild.id)) == 37
    assert [event["name"] for event in guild.events.values()] == names(range(93))


async def test_more_sessions_than_a_server_holds_are_never_asked_for(tmp_path: Path) -> None:
    page, guild = tmp_path / "programme.json", Guild("general")
    page.write_bytes(programme(datetime.now(UTC).replace(microsecond=0) + HOUR, range(130)))
    config = config_in(tmp_path, programme={"source": page}, discord=DISCORD)
    async with discord_stand_in(TOKEN, guild) as discord, running_bot(discord, config) as bot:
        await until(lambda: bot.services.events.service.left_out(int(guild.id)))
    assert [event["name"] for event in guild.events.values()] == names(range(100))
    assert discord.requests.count(("POST", f"/guilds/{guild.id}/scheduled-events")) == 100
