"""Changes that follow each other before the first was told are told as one."""

import pytest

from bot.delivery.model import Batch
from bot.delivery.sender import Sender
from tests.support.moderating import BASE, FRUIT, Start, change, moderator, posters, start, text_of
from tests.support.news import (
    BALLROOM,
    CHANNEL,
    GARDEN,
    break_channel,
    mend_channel,
    open_deliveries,
    received,
    told,
    wishing,
)

__all__ = ["start"]


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
    send = Sender.send

    async def lose_the_answer(sender: Sender, batch: Batch) -> int:
        await send(sender, batch)
        raise ConnectionError("the answer was lost")

    monkeypatch.setattr(Sender, "send", lose_the_answer)
    await change(mo, server, BALLROOM)
    monkeypatch.setattr(Sender, "send", send)
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
