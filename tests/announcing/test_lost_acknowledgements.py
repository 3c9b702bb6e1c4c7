"""Discord loses an acknowledgement or an answer: no announcement is lost, none goes out twice, nobody is misled.

Against the stand-in for Discord, over real HTTP and WebSocket.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.client import ConferenceBot
from tests.support.announcing import CONFIGURED, DISCORD
from tests.support.process import TOKEN
from tests.support.record import AuditStore
from tests.support.running import running_bot, until
from tests.support.server import config_in
from tests.support.stand_in import Exchange, Guild, Person, StandIn, discord_stand_in, faults

TEXT = {"title": "Lunch", "text": "Lunch is in hall B.", "when": "now"}
HURRY = 0.02
"""discord.py waits between its tries; nobody needs that here."""


@dataclass
class Desk:
    """An organizer in front of the bot."""

    discord: StandIn
    guild: Guild
    bot: ConferenceBot
    olga: Person

    async def form(self) -> Exchange:
        opened = await self.discord.command(self.olga, "announce post")
        await until(lambda: opened.form)
        return opened

    async def preview(self, **typed: str) -> Exchange:
        preview = await self.discord.submit(self.olga, await self.form(), **{**TEXT, **typed})
        await until(lambda: preview.shown)
        return preview

    async def press(self, shown: Exchange, label: str) -> Exchange:
        return await self.discord.press(self.olga, shown, label)

    async def record(self) -> list[str]:
        return [entry.action for entry in await AuditStore(self.bot.services.database).latest()]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    guild = Guild("announcements")
    olga = guild.person("olga", "Organizers")
    config = config_in(tmp_path, announcements=CONFIGURED, discord={**DISCORD, "log_channel": None})
    async with discord_stand_in(TOKEN, guild) as discord, running_bot(discord, config, hurry=HURRY) as bot:
        yield Desk(discord, guild, bot, olga)


def text_of(exchange: Exchange) -> str:
    return json.dumps(list(exchange.messages), ensure_ascii=False)


# A fault, and how many requests the bot makes, the one to tell of it included, before it gives a press up: discord.py
# repeats five times what is answered with 5xx, and the bot once what is cut off.
NEVER_ARRIVES = {
    "too late": (faults.error(10062, 404), 1),
    "cut off": (faults.reset(), 4),
    "refused": (faults.error(50035, 400), 2),
    "a proxy's page": (faults.html(503), 10),
}
ARRIVES = {
    "confirmed as 502": faults.done(faults.unavailable(502)),
    "cut off once it is there": faults.done(faults.reset()),
    "cut off before it is there": faults.reset(),
}


@pytest.mark.parametrize("case", NEVER_ARRIVES)
async def test_an_announcement_whose_acknowledgement_is_lost_waits_for_the_next_press(desk: Desk, case: str) -> None:
    fault, times = NEVER_ARRIVES[case]
    preview = await desk.preview()
    failing = desk.discord.fail(faults.ACKNOWLEDGEMENTS, fault, times=times)
    await desk.press(preview, "Send")
    await until(lambda: failing.met == times)
    desk.discord.heal()
    assert desk.guild.messages == []
    assert "Send" in text_of(preview), "the buttons are still there"

    sent = await desk.press(preview, "Send")
    await until(lambda: "What became of it" in text_of(sent))
    assert len(desk.guild.messages) == 1
    assert await desk.record() == ["announcement sent"]


@pytest.mark.parametrize("case", ARRIVES)
async def test_an_acknowledgement_that_is_there_is_as_good_as_a_confirmed_one(desk: Desk, case: str) -> None:
    preview = await desk.preview()
    failing = desk.discord.fail(faults.ACKNOWLEDGEMENTS, ARRIVES[case], times=1)
    sent = await desk.press(preview, "Send")
    await until(lambda: "What became of it" in text_of(sent))
    assert failing.met == 1
    assert "✅" in text_of(sent)
    assert "went wrong" not in text_of(sent)
    assert len(desk.guild.messages) == 1


async def test_pressing_twice_at_once_sends_once(desk: Desk) -> None:
    preview = await desk.preview()
    desk.discord.fail(faults.ACKNOWLEDGEMENTS, faults.slow(0.3), times=2)
    first, second = await asyncio.gather(desk.press(preview, "Send"), desk.press(preview, "Send"))
    await until(lambda: "What became of it" in text_of(first) and second.acknowledged)
    assert len(desk.guild.messages) == 1
    assert await desk.record() == ["announcement sent"]


@pytest.mark.parametrize("case", [*NEVER_ARRIVES])
async def test_a_form_that_is_handed_back_again_is_answered(desk: Desk, case: str) -> None:
    fault, times = NEVER_ARRIVES[case]
    form = await desk.form()
    failing = desk.discord.fail(faults.ACKNOWLEDGEMENTS, fault, times=times)
    await desk.discord.submit(desk.olga, form, **TEXT)
    await until(lambda: failing.met == times)
    desk.discord.heal()

    again = await desk.discord.submit(desk.olga, form, **TEXT)
    await until(lambda: "Preview: nothing is posted yet" in text_of(again))
    await desk.press(again, "Send")
    await until(lambda: desk.guild.messages)


async def test_an_edited_draft_is_not_lost_with_the_acknowledgement_of_its_form(desk: Desk) -> None:
    preview = await desk.preview()
    opened = await desk.press(preview, "Edit")
    await until(lambda: opened.form)
    failing = desk.discord.fail(faults.ACKNOWLEDGEMENTS, faults.error(10062, 404), times=1)
    await desk.discord.submit(desk.olga, opened, text="Lunch is in hall C.")
    await until(lambda: failing.met)

    again = await desk.discord.submit(desk.olga, opened, text="Lunch is in hall C.")
    await until(lambda: "hall C" in text_of(again))
    await desk.press(again, "Send")
    await until(lambda: desk.guild.messages)
    assert "hall C" in json.dumps(desk.guild.messages)


@pytest.mark.parametrize("fault", [faults.unavailable(502), faults.html(503), faults.reset(), faults.error(50027, 401)])
async def test_when_only_the_last_edit_fails_the_organizer_is_told_that_it_is_out(
    desk: Desk, fault: faults.Fault
) -> None:
    preview = await desk.preview()
    desk.discord.fail(faults.ANSWER_EDITS, fault)
    sent = await desk.press(preview, "Send")
    await until(lambda: sent.followups)
    assert len(desk.guild.messages) == 1
    assert "What became of it" in text_of(sent)
    assert "✅" in text_of(sent)
    assert "Try again" not in text_of(sent)


async def test_who_was_told_nothing_presses_again_and_hears_that_it_is_out(desk: Desk) -> None:
    preview = await desk.preview()
    for route in (faults.ANSWER_EDITS, faults.FOLLOWUPS):
        desk.discord.fail(route, faults.error(50027, 401))
    await desk.press(preview, "Send")
    await until(lambda: desk.guild.messages)
    await until(lambda: desk.discord.requests[-1][1].startswith("/webhooks/"))
    desk.discord.heal()

    again = await desk.press(preview, "Send")
    await until(lambda: "What became of it" in text_of(again))
    assert "✅" in text_of(again)
    assert len(desk.guild.messages) == 1
    assert await desk.record() == ["announcement sent"]


async def test_a_cancellation_that_was_not_acknowledged_can_be_pressed_again(desk: Desk) -> None:
    preview = await desk.preview(when="in 3 hours")
    await until(lambda: "Schedule" in text_of(preview))
    scheduled = await desk.press(preview, "Schedule")
    await until(lambda: "Scheduled" in text_of(scheduled))
    asked = await desk.discord.command(desk.olga, "announce cancel", announcement="1")
    await until(lambda: asked.shown)
    failing = desk.discord.fail(faults.ACKNOWLEDGEMENTS, faults.error(10062, 404), times=1)
    await desk.press(asked, "Cancel it")
    await until(lambda: failing.met)

    desk.discord.fail(faults.ANSWER_EDITS, faults.unavailable(502))
    done = await desk.press(asked, "Cancel it")
    await until(lambda: done.followups)
    assert "Cancelled" in text_of(done)
    assert "Try again" not in text_of(done)
    assert await desk.record() == ["announcement cancelled", "announcement scheduled"]
