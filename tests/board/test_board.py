"""The board in a channel: what is on in each room and what comes next, kept up to date, one message, new each day."""

from pathlib import Path

import discord
import pytest
from simcord.builders import ChannelHandle

from bot.config import Board
from tests.support.announcing import allow, deny
from tests.support.database import rows
from tests.support.loading import loaded
from tests.support.messages import assert_within_limits, buttons_of
from tests.support.planning import page, tables
from tests.support.server import MakeConfig, Server, StartServer

BLOCKS = (("Posters", "Hall", "Apple Banana"), ("Demos", "Foyer", "Kiwi"), ("Closing", "Hall", "Fig"))
TIMES: dict[str, tuple[str, str | None]] = {
    "posters": ("2026-01-01T01:00", "2026-01-01T02:00"),
    "demos": ("2026-01-01T01:30", "2026-01-01T03:00"),
    "closing": ("2026-01-02T10:00", "2026-01-02T11:00"),
}
"""By the conference's own clock; the simulation begins at midnight, UTC."""


@pytest.fixture
def start(start_server: StartServer, make_config: MakeConfig, tmp_path: Path) -> StartServer:
    async def start(
        *blocks: tuple[str, str | None, str], channels: tuple[str, ...] = ("board",), zone: str = "UTC"
    ) -> Server:
        conference = {"name": "MLSys 2026", "timezone": zone}
        config = make_config(
            conference=conference, board={"channels": channels}, **tables(tmp_path, blocks or BLOCKS, TIMES)
        )
        server = await start_server(config)
        server.guild.create_text_channel("board")
        await server.env.settle()
        await server.advance(6)
        return server

    return start


def board(server: Server, name: str = "board") -> discord.Message:
    """The one message in the board's channel."""
    (message,) = server.guild.channels[name].history()
    assert_within_limits(message)
    return message


def text(server: Server, name: str = "board") -> str:
    return board(server, name).embeds[0].description or ""


def posts(server: Server, channel: ChannelHandle) -> list[dict[str, object]]:
    path = f"/channels/{channel.id}/messages"
    return [entry.json or {} for entry in server.env.http_requests if (entry.method, entry.path) == ("POST", path)]


async def test_it_says_for_each_room_what_is_on_and_what_is_next_within_a_minute_of_each_change(
    start: StartServer,
) -> None:
    server = await start()
    first = board(server)
    assert "Nothing is on right now." in text(server)
    assert "__Hall__\nNext: 01:00 UTC (for you <t:1767229200:t>) **Posters** · 2 posters" in text(server)

    await server.advance(3600)
    assert "__Hall__\n**Posters** · 2 posters · until 02:00 UTC (for you <t:1767232800:t>)" in text(server)
    assert "__Foyer__\nNext: 01:30 UTC (for you <t:1767231000:t>) **Demos** · 1 paper" in text(server)
    await server.advance(1800)
    assert "__Foyer__\n**Demos** · 1 paper" in text(server)
    await server.advance(1800)
    assert "Posters" not in text(server)
    await server.advance(3600)
    assert "Nothing is on right now.\n\nNext:\n**Closing**\nHall" in text(server)
    assert board(server).id == first.id


async def test_nobody_is_disturbed_and_its_buttons_answer_whoever_presses_also_after_a_restart(
    start: StartServer,
) -> None:
    server = await start()
    (post,) = posts(server, server.guild.channels["board"])
    assert post["flags"] == discord.MessageFlags(suppress_notifications=True).value
    await server.restart()
    ann = server.member("ann")

    answer = await ann.click(board(server), label="What is on")

    assert answer.ephemeral
    assert answer.response
    assert answer.response.embeds[0].title == "Now and next"
    assert list(buttons_of(board(server))) == ["What is on", "Coming up", "My agenda"]


async def test_a_new_one_takes_its_place_when_a_day_of_the_conference_begins(start: StartServer) -> None:
    # There the simulation begins an hour before midnight.
    server = await start(zone="Atlantic/Cape_Verde")
    first = board(server)
    assert "Nothing is on right now.\n\nNext:\n**Posters**" in text(server)
    await server.advance(3500)
    assert board(server).id == first.id

    await server.advance(120)

    assert board(server).id != first.id
    assert "__Hall__\nNext: 01:00 UTC-1 (for you <t:1767232800:t>) **Posters**" in text(server)
    assert len(posts(server, server.guild.channels["board"])) == 2


async def test_a_restart_neither_posts_a_second_one_nor_leaves_it_behind(start: StartServer) -> None:
    server = await start()
    first = board(server)

    await server.restart()
    await server.advance(3700)

    assert board(server).id == first.id
    assert "**Posters** · 2 posters · until" in text(server)


async def test_it_follows_a_change_of_the_programme_at_once(start: StartServer) -> None:
    server = await start()

    await server.services.library.load(loaded(page(("Posters", "Garden", "Apple")).encode(), "another.txt"))
    await server.advance(6)

    assert "__Garden__" in text(server)
    assert "Hall" not in text(server)


async def test_each_configured_channel_has_one_and_one_that_is_configured_no_longer_loses_it(
    start: StartServer,
) -> None:
    server = await start(channels=("board", "screens"))
    screens = server.guild.create_text_channel("screens")
    await server.env.settle()
    await server.advance(12)
    assert text(server) == text(server, "screens")

    await server.restart(server.config.model_copy(update={"board": Board(channels=("screens",))}))
    await server.advance(12)

    assert server.guild.channels["board"].history() == []
    assert len(screens.history()) == 1


async def test_what_does_not_change_is_not_edited(start: StartServer) -> None:
    server = await start()
    await server.advance(3000)

    edits = [entry for entry in server.env.http_requests if entry.method == "PATCH"]

    assert edits == []
    assert rows(server.config.database.path, "SELECT state FROM delivery") == [("sent",)]


@pytest.mark.parametrize("how", ["alone", "with what was said beside it", "just after it was posted"])
async def test_one_that_somebody_deletes_is_back_at_once(how: str, start: StartServer) -> None:
    server = await start()
    channel, ann = server.guild.channels["board"], server.member("ann")
    if how != "just after it was posted":
        await server.advance(60)
    first = board(server)
    said = await ann.send(channel, "What is on?")
    await ann.delete(said)
    assert board(server).id == first.id
    await server.advance(6)
    assert len(posts(server, channel)) == 1

    if how == "with what was said beside it":
        said = await ann.send(channel, "What is on?")
        server.env.backend.bulk_delete_messages(channel.id, [said.id, first.id])
    else:
        server.env.backend.delete_message(channel.id, first.id)
    await server.env.settle()
    await server.advance(6)

    assert board(server).id != first.id
    assert "**Posters**" in text(server)


async def test_a_channel_that_the_bot_may_not_write_in_has_it_once_it_may(start: StartServer) -> None:
    server = await start(channels=("later",))
    channel = server.guild.create_text_channel("later")
    deny(server, channel, send_messages=True)
    await server.env.settle()
    await server.advance(75)
    assert channel.history() == []
    assert len(posts(server, channel)) == 1

    allow(server, channel)
    await server.env.settle()
    await server.advance(12)

    assert "__Hall__\nNext:" in text(server, "later")


async def test_many_rooms_fit_into_one_message(
    start_server: StartServer, make_config: MakeConfig, tmp_path: Path
) -> None:
    blocks = [
        (f"Session with a long name {number} " + "x" * 80, f"Room {number}", f"Work{number}") for number in range(60)
    ]
    server = await start_server(make_config(board={"channels": ["board"]}, **tables(tmp_path, blocks, {})))
    keys = [one.key for one in server.services.library.edition.programme.sessions]
    times: dict[str, tuple[str, str | None]] = dict.fromkeys(keys, ("2026-01-01T00:00", "2026-01-01T02:00"))
    conference = {"name": "MLSys 2026", "timezone": "UTC"}
    config = make_config(conference=conference, board={"channels": ["board"]}, **tables(tmp_path, blocks, times))
    await server.restart(config)
    server.guild.create_text_channel("board")
    await server.env.settle()
    await server.advance(6)

    assert text(server).startswith("__Room 0__\n**Session with a long name 0")
    assert "more" in text(server)[-20:]
