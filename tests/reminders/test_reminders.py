"""Reminders reach their channel on time, once, whatever happens in between."""

import asyncio
import sqlite3
import threading
from collections.abc import Iterable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import discord
import pytest
from simcord.builders import ChannelHandle

from bot.config import Config
from bot.delivery.model import Delivery
from bot.delivery.rows import Outbox
from tests.support.messages import buttons_of, menu_id, menus_of, shown
from tests.support.server import Server, StartServer

SESSION = "poster-session-1-opening"
MARK = "Bookmark one or more"
HOUR = timedelta(hours=1)
ORGANIZED = {"organizers": ["Organizers"], "moderators": ["Moderators"], "organizers_channel": "organizers"}


def at(hour: int, minute: int = 0) -> dict[str, Any]:
    """The session's time on the day on which the simulation begins at midnight UTC."""
    return {
        SESSION: {"start": f"2026-01-01T{hour:02}:{minute:02}:00Z", "end": f"2026-01-01T{hour + 2:02}:{minute:02}:00Z"}
    }


async def started(start_server: StartServer, **tables: Any) -> tuple[Server, ChannelHandle]:
    """A server whose session opens at three, and its channel for reminders."""
    tables = {"sessions": at(3), "reminders": {"channel": "announcements"}, **tables}
    server = await start_server(**tables)
    channel = server.guild.create_text_channel("announcements")
    await server.env.settle()
    return server, channel


def titles(channel: ChannelHandle) -> list[str]:
    return [message.embeds[0].title or "" for message in channel.history()]


def states(server: Server) -> dict[str, str]:
    with sqlite3.connect(server.config.database.path) as database:
        rows = database.execute("SELECT key, state FROM delivery").fetchall()
    return {key.rpartition(":")[2]: state for key, state in rows}


def sent(server: Server) -> dict[str, Any]:
    """The one message the bot posted, as it went to Discord."""
    (entry,) = [
        entry for entry in server.env.http_requests if entry.method == "POST" and entry.path.endswith("/messages")
    ]
    assert entry.json is not None
    payload: dict[str, Any] = entry.json
    return payload


async def test_the_channel_hears_an_hour_and_ten_minutes_before_and_at_the_opening(start_server: StartServer) -> None:
    server, channel = await started(start_server)

    await server.advance(2 * 3600 - 60)
    assert titles(channel) == []
    await server.advance(120)
    assert titles(channel) == ["Poster Session 1 & Opening Reception opens in 60 minutes"]
    await server.advance(3600)
    assert titles(channel) == [
        "Poster Session 1 & Opening Reception opens in 60 minutes",
        "Poster Session 1 & Opening Reception opens in 10 minutes",
        "Poster Session 1 & Opening Reception opens now",
    ]
    first = channel.history()[0]
    assert "Evergreen Ballroom" in (first.embeds[0].description or "")
    assert "34 posters" in (first.embeds[0].description or "")
    assert states(server) == {"60": "sent", "10": "sent", "0": "sent"}


async def test_the_button_shows_the_posters_privately_also_after_a_restart(start_server: StartServer) -> None:
    server, channel = await started(start_server)
    ann = server.member("ann")
    await server.advance(2 * 3600 + 1)
    await server.restart()

    result = await ann.click(channel.history()[0], label="See the posters")

    assert result.ephemeral
    assert result.response
    assert "34 posters" in (result.response.embeds[0].description or "")


async def test_posters_can_be_bookmarked_from_the_reminder(start_server: StartServer) -> None:
    server, channel = await started(start_server)
    ann = server.member("ann")
    await server.advance(2 * 3600 + 1)

    offered = await ann.click(channel.history()[0], label="Bookmark posters")
    assert offered.ephemeral
    options = {option["label"].partition(":")[0]: option["value"] for option in menus_of(shown(offered))[MARK]}
    await ann.select(
        shown(offered), [options["AgenticCache"], options["DisAgg"]], custom_id=menu_id(shown(offered), MARK)
    )

    assert server.bot.services.agenda.agendas.of(ann.id) == ("agenticcache", "disagg")
    description = shown(offered).embeds[0].description or ""
    assert [line for line in description.splitlines() if line.startswith("★")] == [
        line for line in description.splitlines() if "AgenticCache" in line or "DisAgg" in line
    ]
    ticked = [option["label"].partition(":")[0] for option in menus_of(shown(offered))[MARK] if option.get("default")]
    assert ticked == ["AgenticCache", "DisAgg"]


async def test_a_restart_neither_doubles_nor_loses(start_server: StartServer) -> None:
    server, channel = await started(start_server)

    await server.advance(2 * 3600 + 1)
    await server.restart()
    await server.advance(600)
    assert len(channel.history()) == 1

    await server.advance(3600)
    assert len(channel.history()) == 3


async def test_nobody_is_pinged_but_the_configured_role(start_server: StartServer) -> None:
    server, channel = await started(start_server, reminders={"channel": "announcements", "ping": "Poster session"})
    role = server.guild.create_role("Poster session", mentionable=True)

    await server.advance(2 * 3600 + 1)

    message = channel.history()[0]
    assert message.content == role.mention
    payload = sent(server)
    assert payload["allowed_mentions"] == {"parse": [], "roles": [role.id]}
    assert payload["enforce_nonce"] is True


async def test_without_a_role_nobody_is_pinged(start_server: StartServer) -> None:
    server, channel = await started(start_server)

    await server.advance(2 * 3600 + 1)

    assert channel.history()[0].content == ""
    assert sent(server)["allowed_mentions"] == {"parse": []}


async def test_what_was_due_while_the_bot_was_away_becomes_one_message_that_tells_the_remaining_time(
    start_server: StartServer,
) -> None:
    server = await start_server(sessions=at(0, 5), reminders={"channel": "announcements"})
    channel = server.guild.create_text_channel("announcements")
    await server.env.settle()

    assert titles(channel) == ["Poster Session 1 & Opening Reception opens in 5 minutes"]
    assert states(server) == {"60": "sent", "10": "sent", "0": "planned"}


async def test_what_no_longer_helps_is_not_sent(start_server: StartServer, caplog: pytest.LogCaptureFixture) -> None:
    server, channel = await started(start_server)
    server.env.inject_error("POST", f"/channels/{channel.id}/messages", status=409, code=40004, times=None)

    await server.advance(6 * 3600)

    assert channel.history() == []
    assert set(states(server).values()) == {"missed"}
    assert "missed: reminder:" in caplog.text


async def test_a_failure_of_discords_is_tried_again_and_the_message_is_there_once(start_server: StartServer) -> None:
    server, channel = await started(start_server)
    server.env.inject_error("POST", f"/channels/{channel.id}/messages", status=503, times=4)

    await server.advance(2 * 3600 + 600)

    assert len(channel.history()) == 1
    assert states(server)["60"] == "sent"


async def test_a_channel_that_refuses_is_given_up_and_the_organizers_hear_of_it_once(
    start_server: StartServer,
) -> None:
    server, channel = await started(
        start_server,
        discord={"organizers": ["Organizers"], "moderators": ["Moderators"], "organizers_channel": "organizers"},
    )
    organizers = server.guild.create_text_channel("organizers")
    server.env.inject_error(
        "POST", f"/channels/{channel.id}/messages", status=403, code=50013, message="Missing Permissions", times=None
    )

    await server.advance(4 * 3600)

    assert set(states(server).values()) == {"failed"}
    assert [message.content for message in organizers.history()] == [
        f"I can't send reminders to <#{channel.id}>: Discord refuses: Missing Permissions."
    ]


async def test_a_moved_session_moves_its_reminders_and_a_cancelled_one_cancels_them(start_server: StartServer) -> None:
    server, channel = await started(start_server)
    await server.advance(3600)

    tables = server.config.model_dump()
    later = type(server.config).model_validate({**tables, "sessions": at(5)})
    await server.restart(later)
    await server.advance(2 * 3600)
    assert titles(channel) == []
    await server.advance(3600 + 1)
    assert len(titles(channel)) == 1

    await server.restart(type(server.config).model_validate({**tables, "sessions": {}}))
    await server.advance(2 * 3600)
    assert len(titles(channel)) == 1
    assert states(server) == {"60": "sent", "10": "cancelled", "0": "cancelled"}


def longer(server: Server, hours: int) -> Config:
    """The configuration with a session that lasts until so many hours after midnight."""
    sessions = at(3)
    sessions[SESSION]["end"] = f"2026-01-01T{hours:02}:00:00Z"
    return type(server.config).model_validate({**server.config.model_dump(), "sessions": sessions})


@pytest.mark.parametrize("begun", [False, True], ids=["never tried", "begun before the bot died"])
async def test_a_session_that_was_made_longer_while_the_bot_was_away_is_still_reminded_of(
    begun: bool, start_server: StartServer
) -> None:
    """It would have been over at five; now it is half past five, and it goes on until seven."""
    server, channel = await started(start_server)
    await server.bot.close()
    if begun:
        with closing(sqlite3.connect(server.config.database.path)) as database, database:
            moment = "2026-01-01 02:00:00.000000"
            database.execute(
                "UPDATE delivery SET state = 'claimed', batch = 'b', attempts = 1, claimed_at = ?, claimed_until = ?",
                (moment, moment),
            )
    server.env.backend.advance_clock(5.5 * 3600)

    await server.restart(longer(server, 7))
    await server.env.settle()

    assert set(states(server).values()) == {"sent"}
    assert len(channel.history()) == 1


async def test_a_session_that_is_over_when_the_bot_is_back_is_said_to_be_missed(
    start_server: StartServer, caplog: pytest.LogCaptureFixture
) -> None:
    server, channel = await started(start_server)
    await server.bot.close()
    server.env.backend.advance_clock(5.5 * 3600)

    await server.restart()
    await server.env.settle()

    assert set(states(server).values()) == {"missed"}
    assert channel.history() == []
    assert "missed: reminder:" in caplog.text


async def test_a_message_that_was_sent_before_the_bot_died_is_recognised(start_server: StartServer) -> None:
    server, channel = await started(start_server)
    await server.advance(2 * 3600 + 1)
    assert len(channel.history()) == 1
    # As it is when the bot dies between sending and writing that down.
    with sqlite3.connect(server.config.database.path) as database:
        database.execute("UPDATE delivery SET state = 'claimed', message_id = NULL WHERE state = 'sent'")
    database.close()

    await server.restart()
    await server.advance(1200)

    assert len(channel.history()) == 1
    assert states(server)["60"] == "sent"
    assert isinstance(channel.history()[0], discord.Message)


def two_sessions(folder: Path) -> Path:
    """A programme with two sessions, each with one poster."""
    paper = "A Paper\nAda Lovelace ⋅ Bo Li\nWhat the paper is about.\n"
    page = folder / "two-sessions.txt"
    page.write_text(f"Session\nSystems\nHall A\n{paper}Session\nModels\nHall B\n{paper}", encoding="utf-8")
    return page


async def test_two_sessions_that_open_at_the_same_moment_become_one_message_with_a_button_for_each(
    start_server: StartServer, tmp_path: Path
) -> None:
    times = {"start": "2026-01-01T03:00:00Z", "end": "2026-01-01T05:00:00Z"}
    server, channel = await started(
        start_server, programme={"source": two_sessions(tmp_path)}, sessions={"systems": times, "models": times}
    )
    ann = server.member("ann")

    await server.advance(2 * 3600 + 1)

    (message,) = channel.history()
    assert titles(channel) == ["2 sessions: the first opens in 60 minutes"]
    assert list(buttons_of(message))[:2] == ["Models", "Systems"]
    for name, hall in (("Systems", "Hall A"), ("Models", "Hall B")):
        assert hall in (message.embeds[0].description or "")
        result = await ann.click(message, label=name)
        assert result.ephemeral
        assert result.response
        assert name in (result.response.embeds[0].title or "")
    await server.advance(3600)
    assert len(channel.history()) == 3


async def test_sessions_that_open_at_different_times_get_messages_of_their_own(
    start_server: StartServer, tmp_path: Path
) -> None:
    sessions = {
        key: {"start": f"2026-01-01T{hour:02}:00:00Z", "end": "2026-01-01T06:00:00Z"}
        for key, hour in (("systems", 2), ("models", 4))
    }
    server, channel = await started(start_server, programme={"source": two_sessions(tmp_path)}, sessions=sessions)

    await server.advance(4 * 3600 + 60)

    assert titles(channel) == [
        f"{name} opens {when}" for name in ("Systems", "Models") for when in ("in 60 minutes", "in 10 minutes", "now")
    ]


async def test_a_channel_that_is_deleted_is_forgotten_in_silence(
    start_server: StartServer, caplog: pytest.LogCaptureFixture
) -> None:
    server, channel = await started(start_server, discord=ORGANIZED)
    organizers = server.guild.create_text_channel("organizers")
    await server.advance(2 * 3600 + 1)

    server.env.backend.delete_channel(channel.id)
    await server.env.settle()
    await server.advance(3600)

    assert states(server) == {"60": "sent", "10": "cancelled", "0": "cancelled"}
    assert organizers.history() == []
    assert "failed: " not in caplog.text


async def test_a_channel_that_was_deleted_while_the_bot_was_away_is_cancelled_when_it_is_back(
    start_server: StartServer,
) -> None:
    server, channel = await started(start_server)
    with sqlite3.connect(server.config.database.path) as database:
        database.execute("UPDATE delivery SET target_id = 1, key = replace(key, ?, '1')", (str(channel.id),))
    database.close()

    await server.restart()
    await server.env.settle()
    with sqlite3.connect(server.config.database.path) as database:
        rows = set(database.execute("SELECT target_id, state FROM delivery").fetchall())
    database.close()
    assert rows == {(1, "cancelled"), (channel.id, "planned")}
    await server.advance(3 * 3600 + 60)

    assert len(channel.history()) == 3


async def test_a_channel_where_the_bot_may_not_write_is_given_up_and_another_server_hears(
    start_server: StartServer,
) -> None:
    server = await start_server(sessions=at(3), reminders={"channel": "announcements"}, discord=ORGANIZED)
    organizers = server.guild.create_text_channel("organizers")
    closed = server.guild.create_text_channel(
        "announcements", overwrites={server.guild.default_role: discord.PermissionOverwrite(send_messages=False)}
    )
    other = await server.own_server("Another server", "announcements")
    open_channel = other.channels["announcements"]

    await server.advance(3 * 3600 + 60)

    assert closed.history() == []
    assert len(open_channel.history()) == 3
    (message,) = organizers.history()
    assert message.content == f"I can't send reminders to <#{closed.id}>: Discord refuses: Missing Permissions."


async def test_a_channel_that_comes_later_hears_what_is_still_to_come(start_server: StartServer) -> None:
    server = await start_server(sessions=at(3), reminders={"channel": "announcements"})
    await server.advance(2 * 3600 + 1)

    channel = server.guild.create_text_channel("announcements")
    await server.env.settle()

    assert len(channel.history()) == 1
    await server.advance(3600)
    assert len(channel.history()) == 3


async def test_a_channel_that_is_renamed_hears_what_is_still_to_come(start_server: StartServer) -> None:
    server = await start_server(sessions=at(3), reminders={"channel": "announcements"})
    channel = server.guild.create_text_channel("news")
    await server.env.settle()

    server.env.backend.edit_channel(channel.id, {"name": "announcements"})
    await server.env.settle()
    await server.advance(3 * 3600 + 60)

    assert len([message for message in channel.history() if message.embeds]) == 3
    assert states(server) == {"60": "sent", "10": "sent", "0": "sent"}


async def test_every_server_hears_in_its_own_channel_and_of_its_own_role(start_server: StartServer) -> None:
    server, channel = await started(start_server, reminders={"channel": "announcements", "ping": "Poster session"})
    role = server.guild.create_role("Poster session", mentionable=True)
    other = await server.own_server("Another server", "announcements")
    second = other.channels["announcements"]

    await server.advance(2 * 3600 + 1)

    assert [message.content for message in channel.history()] == [role.mention]
    assert [message.content for message in second.history()] == [""]


async def test_a_server_that_comes_late_is_planned_for(start_server: StartServer) -> None:
    """Discord names a server at once, but may take its time to send what is in it."""
    server, channel = await started(start_server)
    state = server.bot._connection
    guild = server.bot.get_guild(server.guild.id)
    assert guild
    state._remove_guild(guild)
    server.bot.dispatch("ready")
    await server.env.settle()

    state._add_guild(guild)
    server.bot.dispatch("guild_available", guild)
    await server.env.settle()
    await server.advance(3 * 3600 + 60)

    assert len(channel.history()) == 3


async def test_plans_that_are_made_at_once_end_with_the_newest(
    start_server: StartServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first plan, which does not know the new channel yet, must not be the last that is written."""
    server = await start_server(sessions=at(3), reminders={"channel": "announcements"})
    plan, reached, released = Outbox.plan, threading.Event(), threading.Event()

    async def slow_at_first(outbox: Outbox, wanted: Iterable[Delivery], *rest: Any, **more: Any) -> None:
        if not reached.is_set():
            reached.set()
            await asyncio.to_thread(released.wait)
        await plan(outbox, wanted, *rest, **more)

    monkeypatch.setattr(Outbox, "plan", slow_at_first)
    server.bot.dispatch("ready")
    assert await asyncio.to_thread(reached.wait, 30)
    server.guild.create_text_channel("announcements")
    for _ in range(100):  # the second plan is made as far as it goes
        await asyncio.sleep(0)
    released.set()
    await server.env.settle()

    assert states(server) == {"60": "planned", "10": "planned", "0": "planned"}


async def test_a_session_that_loses_its_time_while_a_reminder_is_tried_again_is_not_reminded_of(
    start_server: StartServer,
) -> None:
    server, channel = await started(start_server, discord=ORGANIZED)
    organizers = server.guild.create_text_channel("organizers")
    server.env.inject_error("POST", f"/channels/{channel.id}/messages", status=409, code=40004, times=1)
    await server.advance(2 * 3600 + 10)
    assert states(server)["60"] == "claimed"

    await server.restart(type(server.config).model_validate({**server.config.model_dump(), "sessions": {}}))
    await server.advance(1800)

    assert titles(channel) == []
    assert organizers.history() == []


async def test_a_session_that_moves_while_a_reminder_is_tried_again_is_reminded_of_before_its_new_time_only(
    start_server: StartServer,
) -> None:
    server, channel = await started(start_server)
    server.env.inject_error("POST", f"/channels/{channel.id}/messages", status=409, code=40004, times=1)
    await server.advance(2 * 3600 + 10)
    assert states(server)["60"] == "claimed"

    await server.restart(type(server.config).model_validate({**server.config.model_dump(), "sessions": at(4)}))
    await server.advance(1800)
    assert titles(channel) == []
    await server.advance(1800)

    assert len(channel.history()) == 1


async def test_a_message_is_recognised_in_a_channel_that_was_busy_before_it_got_through(
    start_server: StartServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, channel = await started(start_server)
    ann = server.member("ann")
    http = type(server.bot.http)
    newest = http.logs_from

    async def logs_from(client: Any, channel_id: int, limit: int, after: int | None = None, **more: Any) -> Any:
        """Return what follows immediately, as Discord does, where SimCord returns what is newest."""
        if after is None:
            return await newest(client, channel_id, limit, **more)
        found = await newest(client, channel_id, 100)
        while (
            found and int(found[-1]["id"]) > after and (older := await newest(client, channel_id, 100, found[-1]["id"]))
        ):
            found += older
        return [message for message in found if int(message["id"]) > after][-limit:]

    monkeypatch.setattr(http, "logs_from", logs_from)
    server.env.inject_error("POST", f"/channels/{channel.id}/messages", status=409, code=40004, times=5)
    await server.advance(2 * 3600 + 10)
    for number in range(210):
        server.env.backend.create_message(channel.id, ann.id, f"message {number}")
    await server.env.settle()
    await server.advance(1200)
    assert states(server)["60"] == "sent"
    # As it is when the bot dies between sending and writing that down.
    with sqlite3.connect(server.config.database.path) as database:
        database.execute("UPDATE delivery SET state = 'claimed', message_id = NULL WHERE state = 'sent'")
    database.close()

    await server.restart()
    await server.advance(60)

    assert len([message for message in channel.history() if message.embeds]) == 1
