"""What has changed in the programme is told to the channel and to whom it concerns: once, folded, and nothing else."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import discord
import pytest
from simcord.actors import MemberActor

from bot.delivery.post import DiscordPost
from bot.store.ledger import Batch
from tests.conftest import Server, assert_within_limits, buttons_of, displayed, embed_of, markdown_of, shown
from tests.moderating import (
    BASE,
    BEGIN,
    FRUIT,
    Start,
    change,
    fix,
    moderator,
    moment,
    posters,
    press,
    programme,
    session,
    start,
    text_of,
)

__all__ = ["start"]

CHANNEL = {"channel": "general"}
BALLROOM, GARDEN = (posters(*FRUIT, room=room) for room in ("Ballroom", "Garden"))
LATER = posters(*FRUIT, starts_at=moment(1), ends_at=moment(3))


def news_in(messages: list[discord.Message]) -> list[discord.Message]:
    return [message for message in messages if "The programme has changed" in text_of(message)]


def told(server: Server) -> list[discord.Message]:
    """What the channel has heard of changes."""
    return news_in(server.channel.history())


def received(person: MemberActor) -> list[discord.Message]:
    """What somebody has heard of changes by direct message."""
    return news_in(person.user.dm_channel.history())


async def bookmark(person: MemberActor, server: Server, key: str) -> None:
    await person.click(shown(await person.slash(server.channel, "paper", paper=key)), label="Bookmark")


async def wishing(person: MemberActor, server: Server, *keys: str) -> None:
    for key in keys:
        await bookmark(person, server, key)
    await person.slash(server.channel, "remindme")


def break_channel(server: Server, times: int | None = None, place: int = 0) -> None:
    """Let what is posted into the channel fail."""
    path = f"/channels/{place or server.channel.id}/messages"
    server.env.inject_error("POST", path, status=503, times=times)


def mend_channel(server: Server) -> None:
    server.env.backend.faults.clear()


def at(hours: float, style: str = "F") -> str:
    return f"<t:{int(BEGIN.timestamp() + hours * 3600)}:{style}>"


# --- the channel


async def test_the_channel_hears_once_what_moved_was_cancelled_and_was_added(start: Start) -> None:
    before = programme(
        session("Apple", name="Mornings"), session("Banana", name="Noons"), session("Cherry", name="Nights")
    )
    after = programme(
        session("Apple", name="Mornings", starts_at=moment(1), ends_at=moment(3)),
        session("Banana", name="Noons", room="Garden"),
        session("Quince", name="Suppers", room="Kitchen"),
    )
    server = await start(before, reminders=CHANNEL)
    mo = moderator(server)
    assert told(server) == []

    applied = await change(mo, server, after)

    assert "are told now" in text_of(applied)
    (message,) = told(server)
    assert_within_limits(message)
    said = text_of(message)
    assert f"**Another time**\n**Mornings**: now {at(1)} – {at(3, 't')}, not {at(0)} – {at(2, 't')}, Hall" in said
    assert "**Another room**\n**Noons**: now in Garden, not Hall" in said
    assert f"**Cancelled**\n**Nights**: was planned for {at(0)}" in said
    assert f"**New**\n**Suppers**: {at(0)} – {at(2, 't')}, Kitchen" in said
    assert message.content == ""
    await server.restart()
    await server.advance(3600)
    assert len(told(server)) == 1


async def test_its_button_shows_the_schedule(start: Start) -> None:
    server = await start(reminders=CHANNEL)
    await change(moderator(server), server, BALLROOM)
    answer = await server.member("ann").click(told(server)[0], label="See the schedule")
    assert "Posters" in text_of(shown(answer))
    assert shown(answer).ephemeral


async def test_other_changes_are_told_to_nobody(start: Start) -> None:
    server = await start(reminders=CHANNEL)
    mo, ann = moderator(server), server.member("ann")
    await wishing(ann, server, "apple")
    applied = await change(mo, server, posters(*FRUIT[1:], "Grape", name="Poster Session"))
    assert "are told now" not in text_of(applied)
    assert (told(server), received(ann)) == ([], [])


async def test_the_first_programme_is_no_news(start: Start) -> None:
    server = await start(reminders=CHANNEL)
    await server.advance(60)
    assert told(server) == []


async def test_what_is_over_already_is_told_to_nobody(start: Start) -> None:
    past = {"starts_at": moment(-60), "ends_at": moment(-58)}
    server = await start(posters("Apple", **past), reminders=CHANNEL)
    await change(moderator(server), server, posters("Apple", room="Garden", **past))
    await server.advance(60)
    assert told(server) == []


async def test_without_a_channel_only_people_hear(start: Start) -> None:
    server = await start()
    ann = server.member("ann")
    await wishing(ann, server, "apple")
    await change(moderator(server), server, BALLROOM)
    assert (len(told(server)), len(received(ann))) == (0, 1)


async def test_a_corrected_time_is_told_like_any_other(start: Start) -> None:
    server = await start(reminders=CHANNEL)
    mo = moderator(server)
    await press(mo, await fix(mo, server, "session", "posters", room="Garden"), "Apply")
    assert "now in Garden, not Hall" in text_of(told(server)[0])


async def test_what_was_told_and_is_taken_back_is_told_again(start: Start) -> None:
    server = await start(reminders=CHANNEL)
    mo = moderator(server)
    await change(mo, server, BALLROOM)
    await press(mo, shown(await mo.slash(server.channel, "programme undo")), "Apply")
    assert ["now in Hall, not Ballroom" in text_of(one) for one in told(server)] == [False, True]


async def test_names_that_ping_or_format_are_shown_as_they_are(start: Start) -> None:
    server = await start(posters("Apple", name="@everyone **now** <@1> [x](https://x.example)"), reminders=CHANNEL)
    name = server.bot.library.edition.programme.sessions[0].name
    data = posters("Apple", name="@everyone **now** <@1> [x](https://x.example)", room="`Hall` <@&2>")
    await change(moderator(server), server, data)
    (message,) = told(server)
    assert_within_limits(message)
    assert name in "".join(displayed(text)[0] for text in markdown_of(message))
    assert message.mentions == []
    assert not message.mention_everyone


# --- folded


async def test_two_changes_while_the_channel_could_not_be_reached_are_told_as_one(start: Start) -> None:
    server = await start(reminders=CHANNEL)
    mo = moderator(server)
    break_channel(server)
    await change(mo, server, BALLROOM)
    await change(mo, server, GARDEN)
    assert told(server) == []

    mend_channel(server)
    await server.advance(600)

    (message,) = told(server)
    assert "now in Garden, not Hall" in text_of(message)
    assert "Ballroom" not in text_of(message)
    assert open_deliveries(server) == 0


@pytest.mark.parametrize("pause", [0, 7, 20, 60, 200])
async def test_what_is_changed_back_before_it_was_told_is_told_to_nobody(pause: float, start: Start) -> None:
    server = await start(reminders=CHANNEL)
    mo, ann = moderator(server), server.member("ann")
    await wishing(ann, server, "apple")
    break_channel(server)
    break_channel(server, place=ann.user.dm_channel.id)
    await change(mo, server, BALLROOM)
    await server.advance(pause)
    await change(mo, server, BASE)

    mend_channel(server)
    await server.advance(1200)

    assert (told(server), received(ann)) == ([], [])
    assert open_deliveries(server) == 0


async def test_a_message_that_arrived_though_its_answer_was_lost_is_not_told_again_with_the_next(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = await start(reminders=CHANNEL)
    mo = moderator(server)
    send = DiscordPost.send

    async def lose_the_answer(post: DiscordPost, batch: Batch) -> int:
        await send(post, batch)
        raise ConnectionError("the answer was lost")

    monkeypatch.setattr(DiscordPost, "send", lose_the_answer)
    await change(mo, server, BALLROOM)
    monkeypatch.setattr(DiscordPost, "send", send)
    await change(mo, server, GARDEN)
    await server.advance(600)

    assert ["now in Ballroom, not Hall" in text_of(one) for one in told(server)] == [True, False]
    assert ["now in Garden, not Ballroom" in text_of(one) for one in told(server)] == [False, True]
    assert open_deliveries(server) == 0


async def test_many_changes_while_the_channel_is_away_for_hours_are_still_one_message(start: Start) -> None:
    server = await start(reminders=CHANNEL)
    mo = moderator(server)
    break_channel(server)
    for number in range(5):
        await change(mo, server, posters(*FRUIT, room=f"Room {number}"))
        await server.advance(400)
        await server.rest()
    await server.restart()
    mend_channel(server)
    await server.advance(900)

    (message,) = told(server)
    assert "now in Room 4, not Hall" in text_of(message)


def open_deliveries(server: Server) -> int:
    with closing(sqlite3.connect(server.config.database.path)) as database:
        statement = "SELECT count(*) FROM delivery WHERE kind LIKE '%news' AND state IN ('planned', 'claimed')"
        (number,) = database.execute(statement).fetchone()
    return int(number)


# --- restarts


async def test_a_restart_between_the_change_and_its_plan_loses_and_doubles_nothing(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = await start(reminders=CHANNEL)
    mo, ann = moderator(server), server.member("ann")
    await wishing(ann, server, "apple")
    monkeypatch.setattr(server.bot.library, "changed", lambda: None)  # as when the bot dies just then
    await change(mo, server, BALLROOM)
    assert told(server) == []

    await server.restart()
    await server.restart()
    await server.advance(120)

    assert (len(told(server)), len(received(ann))) == (1, 1)


async def test_a_restart_between_the_plan_and_the_sending_loses_and_doubles_nothing(start: Start) -> None:
    server = await start(reminders=CHANNEL)
    mo, ann = moderator(server), server.member("ann")
    await wishing(ann, server, "apple")
    break_channel(server)
    break_channel(server, place=ann.user.dm_channel.id)
    await change(mo, server, BALLROOM)
    await server.restart()
    mend_channel(server)
    await server.advance(600)
    await server.restart()
    await server.advance(600)

    assert (len(told(server)), len(received(ann))) == (1, 1)


async def test_what_changed_at_the_bots_start_is_told_once(start: Start, tmp_path: Path) -> None:
    server = await start(reminders=CHANNEL)
    ann = server.member("ann")
    await wishing(ann, server, "apple")
    (tmp_path / "base.json").write_bytes(LATER)
    await server.restart()
    await server.restart()
    await server.advance(60)

    (message,) = told(server)
    assert f"now {at(1)}" in text_of(message)
    assert len(received(ann)) == 1


# --- people


async def test_only_who_bookmarked_in_it_and_wishes_to_hear_gets_a_direct_message(start: Start) -> None:
    two = {"Posters": "Hall", "Talks": "Hall"}

    def both(**rooms: str) -> bytes:
        first, second = (two | rooms).values()
        return programme(session("Apple", room=first), session("Quark", name="Talks", room=second))

    server = await start(both(), reminders=CHANNEL)
    mo = moderator(server)
    wishes, bookmarks, elsewhere, both_places, neither = (
        server.member(name) for name in ("wishes", "bookmarks", "elsewhere", "both", "neither")
    )
    await wishing(wishes, server, "apple")
    await bookmark(bookmarks, server, "apple")
    await wishing(elsewhere, server, "quark")
    await wishing(both_places, server, "apple", "quark")
    await wishing(neither, server)

    await change(mo, server, both(Posters="Garden"))
    await server.advance(120)

    counts = [len(received(person)) for person in (wishes, bookmarks, elsewhere, both_places, neither)]
    assert counts == [1, 0, 0, 1, 0]
    (message,) = received(both_places)
    assert "Posters" in text_of(message)
    assert "Talks" not in text_of(message)
    assert set(buttons_of(message)) == {"See the schedule", "Stop reminding me"}


async def test_who_takes_wish_or_bookmark_back_before_it_is_sent_hears_nothing(start: Start) -> None:
    server = await start()
    mo, ann, bob = moderator(server), server.member("ann"), server.member("bob")
    for person in (ann, bob):
        await wishing(person, server, "apple")
        break_channel(server, place=person.user.dm_channel.id)
    await change(mo, server, BALLROOM)
    await ann.slash(server.channel, "remindme", before=0)
    await bob.click(shown(await bob.slash(server.channel, "paper", paper="apple")), label="Remove bookmark")

    mend_channel(server)
    await server.advance(900)

    assert (received(ann), received(bob)) == ([], [])
    assert open_deliveries(server) == 0


async def test_one_press_in_the_message_ends_them(start: Start) -> None:
    server = await start()
    mo, ann = moderator(server), server.member("ann")
    await wishing(ann, server, "apple")
    await change(mo, server, BALLROOM)
    answer = await ann.user.click(received(ann)[0], label="Stop reminding me")
    assert "no reminders any more" in (embed_of(answer).description or "")
    await change(mo, server, GARDEN)
    await server.advance(120)
    assert len(received(ann)) == 1


async def test_who_bookmarked_what_is_cancelled_hears_it(start: Start) -> None:
    data: list[Any] = [session(*FRUIT), session("Quark", name="Talks")]
    server = await start(programme(*data))
    mo, ann = moderator(server), server.member("ann")
    await wishing(ann, server, "quark")
    await change(mo, server, programme(data[0]))
    (message,) = received(ann)
    assert "**Cancelled**\n**Talks**" in text_of(message)


async def test_direct_messages_keep_the_configured_pace(start: Start) -> None:
    server = await start(reminders={"direct_per_minute": 1})
    mo = moderator(server)
    people = [server.member(f"person{number}") for number in range(3)]
    for person in people:
        await wishing(person, server, "apple")
    await change(mo, server, BALLROOM)
    assert sum(len(received(person)) for person in people) == 1
    await server.advance(61)
    assert sum(len(received(person)) for person in people) == 2
    await server.advance(60)
    assert [len(received(person)) for person in people] == [1, 1, 1]


async def test_who_waits_for_their_turn_when_the_next_change_comes_hears_both_as_one(start: Start) -> None:
    server = await start(reminders={"direct_per_minute": 1})
    mo = moderator(server)
    people = [server.member(f"person{number}") for number in range(3)]
    for person in people:
        await wishing(person, server, "apple")
    await change(mo, server, BALLROOM)
    await server.advance(10)
    await change(mo, server, GARDEN)
    await server.advance(300)

    first, *others = sorted((received(person) for person in people), key=len, reverse=True)
    assert ["now in Ballroom, not Hall" in text_of(one) for one in first] == [True, False]
    for messages in others:
        (message,) = messages
        assert "now in Garden, not Hall" in text_of(message)
        # At their turn of the first change, not of the second.
        assert message.created_at.second == first[0].created_at.second
