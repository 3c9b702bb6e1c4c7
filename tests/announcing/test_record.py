"""What is recorded of announcements."""

import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.support.announcing import CONFIGURED, DISCORD, FORM, Hall, OpenHall, deny, note, posts
from tests.support.messages import assert_within_limits, shown
from tests.support.process import TOKEN
from tests.support.record import AuditStore
from tests.support.running import running_bot, until
from tests.support.server import config_in
from tests.support.stand_in import Exchange, Guild, Person, StandIn, discord_stand_in, faults

ZONE = ZoneInfo("America/Los_Angeles")


async def test_everything_that_changes_something_is_recorded_with_before_and_after(hall: Hall) -> None:
    env = hall.server.env
    await hall.announce(role=hall.attendees)
    await hall.announce({"title": "Dinner", "when": "tomorrow 9:00"})
    opened = await hall.olga.slash(hall.channel, "announce edit", announcement="2")
    edited = await hall.submit(opened, {"text": "In hall D."})
    await hall.olga.click(edited, label="Save")
    asked = await hall.olga.slash(hall.channel, "announce cancel", announcement="2")
    await hall.olga.click(shown(asked), label="Cancel it")
    corrected = await hall.edited("correct", {"text": "In hall C."})
    await hall.olga.click(corrected, label="Send correction")

    record = list(reversed(await hall.record()))

    assert [(entry.action, entry.about) for entry in record] == [
        ("announcement sent", "Lunch"),
        ("announcement scheduled", "Dinner"),
        ("announcement changed", "Dinner"),
        ("announcement cancelled", "Dinner"),
        ("announcement corrected", "Lunch"),
    ]
    assert {entry.user_id for entry in record} == {hall.olga.id}
    assert all(timedelta() <= env.now() - entry.at < timedelta(minutes=1) for entry in record)
    sent, scheduled, changed, cancelled, fixed = record
    assert sent.before is None
    assert sent.after
    assert all(part in sent.after for part in ("title: Lunch", FORM["text"], "pings: Attendees", str(hall.news.id)))
    morning = datetime(2026, 1, 1, 9, tzinfo=ZONE).astimezone(env.now().tzinfo)
    assert f"time: {morning:%Y-%m-%d %H:%M}:00 UTC" in (scheduled.after or "")
    assert (FORM["text"] in (changed.before or ""), "In hall D." in (changed.after or "")) == (True, True)
    assert ("In hall D." in (cancelled.before or ""), cancelled.after) == (True, None)
    assert (FORM["text"] in (fixed.before or ""), "In hall C." in (fixed.after or "")) == (True, True)
    assert [message.embeds[0].title for message in hall.log.history()] == [entry.action for entry in record]
    for message in hall.log.history():
        assert_within_limits(message)
        assert hall.olga.mention in (message.embeds[0].description or "")


async def test_a_log_channel_that_refuses_keeps_nobody_from_announcing(hall: Hall) -> None:
    deny(hall.server, hall.log, send_messages=True)

    outcome = await hall.announce()

    assert f"✅ {hall.news.mention}" in note(outcome)
    assert len(await hall.record()) == 1


@pytest.mark.parametrize("fault", [faults.slow(3600), faults.reset(), faults.html(502), faults.limited(3600)])
async def test_a_log_channel_that_can_not_be_written_to_looks_like_no_failed_action(
    tmp_path: Path, fault: faults.Fault
) -> None:
    guild = Guild("announcements")
    log, olga = guild.channel("bot-log"), guild.person("olga", "Organizers")
    config = config_in(tmp_path, announcements=CONFIGURED, discord=DISCORD)
    async with discord_stand_in(TOKEN, guild) as discord, running_bot(discord, config) as bot:
        discord.fail(f"POST /channels/{log.id}/messages", fault)
        preview = await discord.submit(olga, await opened_form(discord, olga), **FORM)
        await until(lambda: preview.shown)
        sent = await discord.press(olga, preview, "Send")
        await until(lambda: "What became of it" in json.dumps(sent.shown))
        record = await AuditStore(bot.services.database).latest()
    assert "✅" in json.dumps(sent.shown, ensure_ascii=False)
    assert [entry.action for entry in record] == ["announcement sent"]
    assert log.texts == []


async def opened_form(discord: StandIn, who: Person) -> Exchange:
    form = await discord.command(who, "announce post")
    await until(lambda: form.form)
    return form


async def test_a_failure_of_the_bots_own_is_answered_with_a_reference(
    open_hall: OpenHall, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = await open_hall()
    preview = await hall.preview()

    async def broken(*_args: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("bot.announcing.rows.AnnouncementStore.add", broken)
    result = await hall.olga.click(preview, label="Send")

    assert any(re.search(r"Something went wrong \(ref \w+\)", message.content) for message in result.followups)
    assert posts(hall.server) == []
