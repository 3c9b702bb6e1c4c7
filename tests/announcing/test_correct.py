"""Correcting what has gone out."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import discord
import pytest
from simcord.builders import ChannelHandle

from tests.support.announcing import FORM, Hall, fail, fields, for_ever, note, posts, texts
from tests.support.messages import buttons_of, shown
from tests.support.running import until


async def test_a_sent_one_is_corrected_everywhere_and_marked(hall: Hall) -> None:
    other = await hall.another_server()
    await hall.announce(role=hall.attendees)
    await hall.server.advance(3600)
    (choice,) = await hall.olga.autocomplete(hall.channel, "announce correct", "announcement", "")
    assert choice["value"] == "1"
    opened = await hall.olga.slash(hall.channel, "announce correct", announcement="1")
    assert fields(opened) == {"title": "Lunch", "text": FORM["text"], "link": "", "image": ""}
    assert opened.modal
    assert opened.modal["title"] == "Correct the announcement"

    preview = shown(await hall.olga.submit_modal(opened, {"title": "Lunch", "text": "In hall C."}))
    assert preview.embeds[1].title == "Preview: nothing is corrected yet"
    assert "nobody; a correction is silent" in note(preview)
    assert texts(hall.news) == [FORM["text"]]
    before = len(posts(hall.server))
    await hall.olga.click(preview, label="Send correction")

    for channel in (hall.news, other.channels["announcements"]):
        (message,) = channel.history()
        assert message.embeds[0].description == "In hall C."
        assert message.embeds[0].footer.text == "Corrected"
        assert message.embeds[0].timestamp is not None
        assert list(buttons_of(message)) == ["See the schedule"]
        assert f"corrected: [the message](<{message.jump_url}>)" in note(preview)
    assert hall.news.history()[0].content == hall.attendees.mention
    assert len(posts(hall.server)) == before
    assert "(corrected)" in (await hall.listed())["Sent"]


async def test_a_message_that_can_not_be_corrected_is_told(hall: Hall) -> None:
    second, third = (hall.server.guild.create_text_channel(name) for name in ("second", "third"))
    await hall.announce({"channels": f"{second.id} {third.id}"}, everywhere=True)
    hall.server.env.backend.delete_message(hall.news.id, hall.news.history()[0].id)
    hall.server.env.inject_error(
        "PATCH", f"/channels/{third.id}/messages/*", status=403, code=50001, message="Missing Access", times=None
    )

    preview = await hall.edited("correct", {"text": "In hall C."})
    await hall.olga.click(preview, label="Send correction")

    assert f"✅ {hall.news.mention}: not corrected: the message was deleted there" in note(preview)
    assert f"✅ {third.mention}: not corrected: Discord refuses: Missing Access" in note(preview)
    assert f"✅ {second.mention}: corrected" in note(preview)
    assert texts(second) == ["In hall C."]
    assert texts(third) == [FORM["text"]]


async def test_a_correction_that_takes_discord_long_is_told(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    await hall.announce()
    preview = await hall.edited("correct", {"text": "In hall C."})
    monkeypatch.setattr("bot.announcing.sent_messages.PATIENCE", 0.05)
    monkeypatch.setattr(discord.PartialMessage, "edit", for_ever)

    await hall.olga.click(preview, label="Send correction")

    assert "not corrected yet: Discord makes me wait; look there in a few minutes" in note(preview)


async def test_a_channel_that_is_gone_is_told_when_it_is_corrected(hall: Hall) -> None:
    second = hall.server.guild.create_text_channel("second")
    await hall.announce(channel=second, everywhere=True)
    hall.server.env.backend.delete_channel(second.id)
    await hall.server.env.settle()

    preview = await hall.edited("correct", {"text": "In hall C."})
    await hall.olga.click(preview, label="Send correction")

    assert "a channel that is gone: not corrected: the channel is gone" in note(preview)
    assert texts(hall.news) == ["In hall C."]


async def test_one_that_arrives_while_it_is_corrected_is_corrected_too(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    await hall.announce()
    (message,) = hall.news.history()

    def write_down(statement: str, *values: object) -> None:
        with sqlite3.connect(hall.server.config.database.path) as database:
            database.execute(statement, values)
        database.close()

    # As it is while it is sent.
    later = (hall.server.env.now() + timedelta(hours=1)).strftime("%Y-%m-%d %H:%M:%S")
    write_down("UPDATE delivery SET state = 'claimed', message_id = NULL, claimed_until = ?", later)

    async def arrive(_dispatcher: object) -> None:
        write_down("UPDATE delivery SET state = 'sent', message_id = ?", message.id)

    monkeypatch.setattr("bot.delivery.dispatcher.Dispatcher.next_settled", arrive)
    preview = await hall.edited("correct", {"text": "In hall C."})
    assert "on its way" in note(preview)
    await hall.olga.click(preview, label="Send correction")

    assert texts(hall.news) == ["In hall C."]


async def test_what_has_not_arrived_yet_says_what_it_was_corrected_to(hall: Hall) -> None:
    second = hall.server.guild.create_text_channel("second")
    fail(hall, second)
    await hall.announce(channel=second, everywhere=True)
    refused = await hall.olga.slash(hall.channel, "announce edit", announcement="1")
    assert "has arrived in part" in shown(refused).content

    preview = await hall.edited("correct", {"text": "In hall C."})
    await hall.olga.click(preview, label="Send correction")
    assert texts(hall.news) == ["In hall C."]
    assert texts(second) == []
    hall.server.env.backend.faults.clear()
    await hall.server.advance(120)

    assert texts(second) == ["In hall C."]
    assert second.history()[0].embeds[0].footer.text == "Corrected"


async def test_what_is_scheduled_is_edited_and_not_corrected(hall: Hall) -> None:
    await hall.announce({"when": "tomorrow 9:00"})

    refused = await hall.olga.slash(hall.channel, "announce correct", announcement="1")

    assert "It has not gone out yet: use </announce edit:" in shown(refused).content
    assert await hall.olga.autocomplete(hall.channel, "announce correct", "announcement", "") == []


async def test_a_correction_that_was_kept_when_the_bot_died_is_carried_to_its_messages_at_the_next_start(
    hall: Hall,
) -> None:
    """It died between keeping the correction and changing the messages."""
    other = await hall.another_server()
    await hall.announce()
    await hall.server.advance(3600)
    with closing(sqlite3.connect(hall.server.config.database.path)) as database, database:
        database.execute("UPDATE announcement SET text = 'In hall C.', corrected_at = '2026-01-01 02:00:00.000000'")
        database.execute("INSERT INTO correction_underway VALUES (1, '2026-01-01 02:00:00.000000')")

    await hall.server.restart()
    await hall.server.env.settle()

    for channel in (hall.news, other.channels["announcements"]):
        (message,) = channel.history()
        assert message.embeds[0].description == "In hall C."
    with closing(sqlite3.connect(hall.server.config.database.path)) as database:
        assert database.execute("SELECT * FROM correction_underway").fetchall() == []


async def test_a_correction_that_discord_fails_is_carried_out_when_it_works_again(hall: Hall) -> None:
    """Nobody presses anything again, and the bot need not be started anew."""
    other = await hall.another_server()
    await hall.announce()
    await hall.server.advance(3600)
    route = f"/channels/{hall.news.id}/messages/*"
    hall.server.env.inject_error("PATCH", route, status=503, times=None)
    preview = await hall.edited("correct", {"text": "In hall C."})
    await hall.olga.click(preview, label="Send correction")
    assert f"✅ {hall.news.mention} in MLSys 2026: not corrected yet: it answers 503; I keep trying" in note(preview)
    assert texts(hall.news) == [FORM["text"]]
    assert texts(other.channels["announcements"]) == ["In hall C."]
    edits = edited(hall, other.channels["announcements"])

    hall.server.env.backend.faults.clear()
    await hall.server.advance(60)

    assert texts(hall.news) == ["In hall C."]
    assert underway(hall) == []
    assert edited(hall, other.channels["announcements"]) == edits


async def test_a_correction_that_the_bot_may_not_make_is_made_once_it_may(hall: Hall) -> None:
    await hall.announce()
    await hall.server.advance(3600)
    hall.server.env.inject_error(
        "PATCH", f"/channels/{hall.news.id}/messages/*", status=403, code=50001, message="Missing Access", times=None
    )
    preview = await hall.edited("correct", {"text": "In hall C."})
    await hall.olga.click(preview, label="Send correction")
    assert "not corrected: Discord refuses: Missing Access" in note(preview)

    hall.server.env.backend.faults.clear()
    hall.server.bot.services.permissions_changed()
    await until(lambda: texts(hall.news) == ["In hall C."] and not underway(hall))


def underway(hall: Hall) -> list[object]:
    with closing(sqlite3.connect(hall.server.config.database.path)) as database:
        return database.execute("SELECT * FROM correction_underway").fetchall()


def edited(hall: Hall, channel: ChannelHandle) -> int:
    """Return how often messages of a channel were edited."""
    folder = f"/channels/{channel.id}/messages/"
    return sum(entry.method == "PATCH" and folder in entry.path for entry in hall.server.env.http_requests)
