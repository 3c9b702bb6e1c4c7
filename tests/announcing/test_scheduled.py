"""Announcements that go out later, or take several tries; and the list of all."""

import re
import sqlite3
from datetime import timedelta

import pytest

from bot.announcing.model import Announcement
from bot.delivery.dispatcher import LEASE
from tests.support.announcing import FORM, RECORD, Hall, deny, fail, for_ever, note, posts, states, texts
from tests.support.messages import assert_within_limits, shown


async def test_a_scheduled_one_goes_out_at_its_time_and_not_before(hall: Hall) -> None:
    preview = await hall.preview({"when": "in 20 minutes"})
    due = int(hall.server.env.now().timestamp()) + 1200
    shown_at = re.search(r"\*\*When:\*\* Wed 31 Dec, 16:\d\d PST \(for you <t:(\d+):f>\), <t:\d+:R>", note(preview))
    assert shown_at
    assert abs(int(shown_at[1]) - due) <= 1

    await hall.olga.click(preview, label="Schedule")

    assert preview.embeds[0].title == "Scheduled"
    assert f"<t:{shown_at[1]}:f>" in note(preview)
    await hall.server.advance(1190)
    assert posts(hall.server) == []
    await hall.server.advance(15)
    assert texts(hall.news) == [FORM["text"]]
    await hall.server.advance(1800)
    assert len(hall.news.history()) == 1


async def test_a_time_is_shown_on_the_conferences_clock_as_it_was_typed(hall: Hall) -> None:
    preview = await hall.preview({"when": "tomorrow 9:00"})
    assert "**When:** Thu 1 Jan, 09:00 PST (for you <t:1767286800:f>), <t:1767286800:R>" in note(preview)


async def test_a_scheduled_one_survives_restarts_and_is_there_once(hall: Hall) -> None:
    await hall.announce({"when": "in 20 minutes"}, role=hall.attendees)

    await hall.server.restart()
    await hall.server.advance(1210)
    assert len(hall.news.history()) == 1
    assert hall.news.history()[0].content == hall.attendees.mention
    await hall.server.restart()
    await hall.server.advance(600)
    assert len(hall.news.history()) == 1


async def test_one_that_was_sent_before_the_bot_died_is_recognised(hall: Hall) -> None:
    await hall.announce()
    # As it is when the bot dies between sending and writing that down.
    with sqlite3.connect(hall.server.config.database.path) as database:
        database.execute("UPDATE delivery SET state = 'claimed', message_id = NULL WHERE state = 'sent'")
    database.close()

    await hall.server.restart()
    await hall.server.advance(LEASE.total_seconds() + 60)

    assert len(hall.news.history()) == 1
    assert states(hall.server) == ["sent"]


async def test_one_that_was_missed_is_listed_as_missed(hall: Hall) -> None:
    await hall.announce({"when": "in 20 minutes"})
    with sqlite3.connect(hall.server.config.database.path) as database:
        database.execute("UPDATE delivery SET useful_until = due_at, due_at = datetime('2020-01-01')")
        database.execute("UPDATE delivery SET useful_until = due_at")
    database.close()

    await hall.server.restart()
    await hall.server.env.settle()

    assert hall.news.history() == []
    assert "missed, it could not be sent in time" in (await hall.listed())["Never went out"]
    refused = await hall.olga.slash(hall.channel, "announce edit", announcement="1")
    assert "It never went out" in shown(refused).content


async def test_the_list_tells_how_far_everything_is(hall: Hall) -> None:
    assert await hall.listed() == {}
    await hall.announce({"title": "Later *one*", "when": "tomorrow 9:00"})
    await hall.announce({"title": "Sooner", "text": "x", "when": "in 2 hours"})
    await hall.announce({"title": "Said", "text": "y"})
    closed = hall.server.guild.create_text_channel("closed")
    deny(hall.server, closed, send_messages=True)
    await hall.announce({"title": "Unsaid", "text": "z"}, channel=closed)

    listed = await hall.listed()

    assert list(listed) == ["Scheduled", "Never went out", "Sent"]
    sooner, later = listed["Scheduled"].splitlines()
    assert sooner.startswith("**Sooner**, Wed 31 Dec, 18:")
    assert later.startswith(r"**Later \*one\***, Thu 1 Jan, 09:00 PST (for you <t:")
    assert f"🕑 {hall.news.mention}" in later
    assert listed["Sent"].startswith("**Said**")
    assert "❌" in listed["Never went out"]
    assert "Missing Permissions" in listed["Never went out"]


async def test_many_long_ones_are_listed_within_the_limits(hall: Hall) -> None:
    channels = [hall.server.guild.create_text_channel(f"channel-{number}").id for number in range(30)]
    await hall.server.env.settle()
    now = hall.server.env.now()
    for number in range(30):
        due_at = now + timedelta(hours=number + 1)
        new = Announcement(0, "😀*" * 80, "text", None, None, None, due_at, hall.olga.id, now)
        await hall.store.add(new, channels, RECORD)

    assert re.search(r"… and \d+ more$", (await hall.listed())["Scheduled"])
    choices = await hall.olga.autocomplete(hall.channel, "announce edit", "announcement", "")
    assert len(choices) == 25
    assert_within_limits(shown(await hall.olga.slash(hall.channel, "announce cancel", announcement="1")))


async def test_nobody_waits_for_ever_for_one_that_is_not_sent(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.announcing.service._PATIENCE", 0.05)
    monkeypatch.setattr("bot.delivery.dispatcher.Dispatcher.next_settled", for_ever)
    preview = await hall.preview()
    await hall.server.bot.services.dispatcher.close()

    await hall.olga.click(preview, label="Send")

    assert f"🕑 {hall.news.mention}: to be sent" in note(preview)
    await hall.server.restart()
    await hall.server.env.settle()
    assert len(hall.news.history()) == 1


async def test_one_that_is_gone_from_the_database_is_given_up(hall: Hall) -> None:
    await hall.announce({"when": "in 20 minutes"})
    with sqlite3.connect(hall.server.config.database.path) as database:
        database.execute("DELETE FROM announcement")
    database.close()

    await hall.server.advance(1210)

    assert posts(hall.server) == []
    assert states(hall.server) == ["failed"]


async def test_one_that_discord_takes_later_is_there_once(hall: Hall) -> None:
    fail(hall, hall.news)
    outcome = await hall.announce()
    assert "I keep trying (409" in note(outcome)
    assert hall.news.history() == []

    hall.server.env.backend.faults.clear()
    await hall.server.advance(60)

    assert len(hall.news.history()) == 1
    assert "✅" in (await hall.listed())["Sent"]
