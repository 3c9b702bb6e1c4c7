"""Discord's own events over real HTTP: whatever a proxy says, they are those of the programme in the end."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.config import Config
from bot.events import service
from tests.support.process import TOKEN
from tests.support.running import LeapingClock, running_bot, until
from tests.support.server import config_in
from tests.support.stand_in import Guild, discord_stand_in, faults

NOW = datetime(2026, 1, 1, tzinfo=UTC)
QUICK = 0.02

PAGES = {
    "403 for the list": ("GET /guilds/*/scheduled-events", faults.html(403)),
    "404 for a change": ("PATCH /guilds/*/scheduled-events/*", faults.html(404)),
    "400 for a change": ("PATCH /guilds/*/scheduled-events/*", faults.html(400)),
}


def config(folder: Path, hour: int) -> Config:
    """A session that opens at an hour of the day, and is over an hour later."""
    times: dict[str, Any] = {"start": f"2026-01-01T{hour:02}:00:00Z", "end": f"2026-01-01T{hour + 1:02}:00:00Z"}
    return config_in(folder, discord={"welcome": False}, sessions={"poster-session-1-opening": times})


@pytest.mark.parametrize("page", PAGES)
async def test_an_event_that_a_proxys_page_met_is_changed_later(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "_NAP", QUICK)
    clock = LeapingClock(NOW)
    guild = Guild("general", clock=clock.now)
    async with discord_stand_in(TOKEN, guild) as discord:
        async with running_bot(discord, config(tmp_path, 12), clock, hurry=QUICK):
            await until(lambda: guild.events)
        met = discord.fail(*PAGES[page], times=1)

        def starts() -> str:
            (event,) = guild.events.values()
            return str(event["scheduled_start_time"])

        async with running_bot(discord, config(tmp_path, 21), clock, hurry=QUICK):
            await met.struck.wait()
            clock.leap(3600)
            await clock.until(lambda: starts().startswith("2026-01-01T21:00"), patience=10)
    assert met.met == 1
