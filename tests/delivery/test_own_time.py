"""A message that may have been sent is looked for from Discord's own time, over real HTTP, whatever the clock shows."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.delivery import nap
from tests.support.dispatching import HandClock
from tests.support.outbox import HOUR, MINUTE, SECOND, states
from tests.support.process import TOKEN
from tests.support.running import running_bot, until
from tests.support.server import MakeConfig
from tests.support.stand_in import Guild, discord_stand_in, faults

START = datetime(2026, 5, 18, 12, tzinfo=UTC)


@pytest.mark.parametrize("ahead", [HOUR, -HOUR, timedelta(days=2)], ids=str)
async def test_a_message_that_was_stored_before_discord_failed_is_found_by_a_bot_whose_clock_is_wrong(
    ahead: timedelta, make_config: MakeConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nap, "LONGEST_NAP", 0.02)
    clock = HandClock(START - MINUTE)
    guild = Guild("announcements", clock=lambda: clock.moment - ahead, nonce_window=timedelta())
    config = make_config(
        sessions={"poster-session-1-opening": {"start": START.isoformat()}},
        reminders={"channel": "announcements", "minutes_before": [0]},
        discord={"welcome": False, "events": False},
    )
    async with discord_stand_in(TOKEN, guild) as discord, running_bot(discord, config, clock):
        stored = discord.fail(faults.MESSAGES, faults.done(faults.unavailable()), times=1)
        clock.moment = START
        await until(lambda: stored.met)
        # The machine's own sleep, or the time that Discord's limits take, is over much later.
        while set(states(config.database.path).values()) != {"sent"}:
            clock.moment += 10 * SECOND
            await asyncio.sleep(0.05)

    reminders = [text for text in guild.first.texts if "Poster Session" in text]
    assert len(reminders) == 1
