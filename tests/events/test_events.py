"""Discord's own events follow the programme."""

from datetime import UTC, datetime, timedelta
from typing import Any

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import Config
from bot.events.model import NativeEvent, Steps, session_key_of, steps, that_fit
from tests.support.server import Server, StartServer

SESSION = "poster-session-1-opening"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def at(hour: int) -> dict[str, Any]:
    """The session's time on the day on which the simulation begins at midnight UTC."""
    return {SESSION: {"start": f"2026-01-01T{hour:02}:00:00Z", "end": f"2026-01-01T{hour + 2:02}:00:00Z"}}


async def events(server: Server) -> list[discord.ScheduledEvent]:
    guild = server.bot.get_guild(server.guild.id)
    assert guild
    return list(await guild.fetch_scheduled_events(with_counts=False))


async def restarted(server: Server, **tables: Any) -> None:
    await server.restart(Config.model_validate({**server.config.model_dump(), **tables}))


async def with_events(start_server: StartServer, **tables: Any) -> Server:
    server = await start_server(sessions=at(3), **tables)
    await restarted(server)
    return server


async def test_a_session_with_a_time_becomes_an_event_with_room_start_and_end(start_server: StartServer) -> None:
    server = await with_events(start_server)

    (event,) = await events(server)

    assert event.name == "Poster Session 1 & Opening Reception"
    assert event.location == "Evergreen Ballroom"
    assert event.entity_type is discord.EntityType.external
    assert (event.start_time, event.end_time) == (NOW + timedelta(hours=3), NOW + timedelta(hours=5))
    assert (event.description or "").startswith("34 posters")


async def test_a_restart_makes_no_second_event(start_server: StartServer) -> None:
    server = await with_events(start_server)
    before = [event.id for event in await events(server)]

    await restarted(server)

    assert [event.id for event in await events(server)] == before


async def test_a_moved_session_moves_its_event_and_a_cancelled_one_cancels_it(start_server: StartServer) -> None:
    server = await with_events(start_server)
    (before,) = await events(server)

    await restarted(server, sessions=at(7))
    (moved,) = await events(server)
    assert (moved.id, moved.start_time) == (before.id, NOW + timedelta(hours=7))

    await restarted(server, sessions={})
    assert [event.status for event in await events(server)] in ([], [discord.EventStatus.cancelled])


async def test_events_of_others_are_left_alone(start_server: StartServer) -> None:
    server = await start_server(sessions={})
    start = (NOW + timedelta(days=1)).isoformat()
    other = server.guild.create_scheduled_event(
        "Picnic", start_time=start, entity_type=3, end_time=start, location="Park", description="Bring food"
    )

    await restarted(server)

    (event,) = await events(server)
    assert (event.id, event.status) == (other.id, discord.EventStatus.scheduled)


async def test_events_can_be_turned_off(start_server: StartServer) -> None:
    server = await start_server(sessions=at(3), discord={"events": False})

    await restarted(server)

    assert await events(server) == []


async def test_where_discord_refuses_the_log_says_so_once_and_the_rest_works(
    start_server: StartServer, caplog: pytest.LogCaptureFixture
) -> None:
    server = await start_server(sessions=at(3))
    server.env.inject_error(
        "POST", "/guilds/*/scheduled-events", status=403, code=50013, message="Missing Permissions", times=None
    )

    await restarted(server)

    assert caplog.text.count("the bot keeps no events in server") == 1
    ann = server.member("ann")
    assert (await ann.slash(server.channel, "next")).ephemeral


# --- pure

moments = st.integers(-48, 48).map(lambda hours: NOW + timedelta(hours=hours))
native = st.builds(
    lambda key, name, start, hours: NativeEvent(
        key, name, "Hall", f"x\nSession {key}", start, start + hours * timedelta(hours=1)
    ),
    st.sampled_from("abc"),
    st.sampled_from(["One", "Two"]),
    moments,
    st.integers(1, 3),
)
lists = st.lists(native, unique_by=lambda event: event.session_key)


@given(lists, lists)
def test_taking_the_steps_leaves_nothing_to_do(want: list[NativeEvent], have: list[NativeEvent]) -> None:
    todo = steps(want, have, NOW)
    after = {event.session_key: event for event in have if event.session_key not in todo.cancel}
    after |= {event.session_key: event for event in (*todo.create, *todo.edit)}

    assert steps(want, after.values(), NOW) == Steps([], [], [])
    assert all(event.starts_at > NOW for event in (*todo.create, *todo.edit))


@given(st.text())
def test_only_a_marked_description_names_a_session(text: str) -> None:
    assert session_key_of(f"{text}\nSession key-1") == "key-1"
    last = text.rpartition("\n")[2]
    assert (session_key_of(text) is None) == (not last.startswith("Session "))


@given(lists, lists, st.integers(0, 120))
def test_what_fits_is_what_has_begun_and_the_next_ones(
    want: list[NativeEvent], have: list[NativeEvent], others: int
) -> None:
    fitting = that_fit(want, have, others, NOW)
    todo = steps(fitting, have, NOW)
    kept = {event.session_key for event in have} - set(todo.cancel) | {event.session_key for event in todo.create}

    assert len(kept) <= max(100 - others, len(have) - len(todo.cancel)), "no more than there is room for"
    left_out = [event for event in want if event not in fitting]
    if left_out:
        soonest = min(event.starts_at for event in left_out)
        coming = [event.starts_at for event in fitting if event.starts_at > NOW and event.session_key not in kept]
        assert all(moment <= soonest for moment in coming)
        assert len(fitting) + others >= 100 or soonest > NOW
