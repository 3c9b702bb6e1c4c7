"""What has changed in the programme is told to the channel: once, also across restarts, and nothing else."""

from pathlib import Path

import pytest

from tests.support.messages import assert_within_limits, displayed, markdown_of, shown
from tests.support.moderating import (
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
from tests.support.news import BALLROOM, CHANNEL, LATER, at, break_channel, mend_channel, received, told, wishing

__all__ = ["start"]


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
    assert f"**Another time**\n**Mornings**: now {at(1)}, not {at(0)}, Hall" in said
    assert "**Another room**\n**Noons**: now in Garden, not Hall" in said
    assert f"**Cancelled**\n**Nights**: was planned for {at(0)}" in said
    assert f"**New**\n**Suppers**: {at(0)}, Kitchen" in said
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
    name = server.bot.services.library.edition.programme.sessions[0].name
    data = posters("Apple", name="@everyone **now** <@1> [x](https://x.example)", room="`Hall` <@&2>")
    await change(moderator(server), server, data)
    (message,) = told(server)
    assert_within_limits(message)
    assert name in "".join(displayed(text)[0] for text in markdown_of(message))
    assert message.mentions == []
    assert not message.mention_everyone


async def test_a_restart_between_the_change_and_its_plan_loses_and_doubles_nothing(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = await start(reminders=CHANNEL)
    mo, ann = moderator(server), server.member("ann")
    await wishing(ann, server, "apple")
    monkeypatch.setattr(server.bot.services.library, "changed", lambda: None)  # as when the bot dies just then
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
