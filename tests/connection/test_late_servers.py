"""Discord shows a server later than it says that the bot is there: what needs the server waits for it."""

import logging
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.config import Config
from tests.support.process import TOKEN
from tests.support.running import LeapingClock, running_bot, until
from tests.support.server import config_in
from tests.support.stand_in import Guild, discord_stand_in

SESSION = "poster-session-1-opening"
NOW = datetime(2026, 1, 1, 1, 59, 0, tzinfo=UTC)
MINUTE = 60
TABLES: dict[str, Any] = {
    "discord": {"organizers": ["Organizers"], "welcome": False, "events": True},
    "announcements": {"channels": ["announcements"], "roles": ["Attendees"]},
    "sessions": {SESSION: {"start": "2026-01-01T03:00:00Z", "end": "2026-01-01T05:00:00Z"}},
    "reminders": {"channel": "announcements", "ping": "Attendees"},
}
"""A session whose first reminder is due a minute from now."""


def states(config: Config) -> dict[str, str]:
    with sqlite3.connect(config.database.path) as database:
        return dict(database.execute("SELECT key, state FROM delivery").fetchall())


class World:
    """A server, a clock, and a configuration."""

    def __init__(self, folder: Path, **tables: Any) -> None:
        self.clock = LeapingClock(NOW)
        self.guild = Guild("announcements", clock=self.clock.now)
        self.attendees = self.guild.role("Attendees")
        self.olga = self.guild.person("olga", "Organizers")
        self.config = config_in(folder, **{**TABLES, **tables})


async def test_a_scheduled_announcement_waits_for_the_role_that_it_pings(tmp_path: Path) -> None:
    world = World(tmp_path, reminders={})
    async with discord_stand_in(TOKEN, world.guild) as discord:
        async with running_bot(discord, world.config, world.clock):
            opened = await discord.command(world.olga, "announce post", role=world.attendees)
            await until(lambda: opened.form)
            typed = {"title": "Lunch", "text": "Lunch is in hall B.", "when": "in 2 minutes"}
            preview = await discord.submit(world.olga, opened, **typed)
            await until(lambda: preview.shown)
            done = await discord.press(world.olga, preview, "Schedule")
            await until(lambda: done.acknowledged and states(world.config))
        world.clock.leap(3 * MINUTE)
        discord.gateway.holds_guilds = True
        discord.requests.clear()
        async with running_bot(discord, world.config, world.clock) as bot:
            await until(lambda: ("GET", f"/channels/{world.guild.first.id}") in discord.requests)
            await until(lambda: set(states(world.config).values()) == {"claimed"})
            await discord.gateway.show_guilds()
            await until(lambda: bot.guilds[0].roles)
            world.clock.leap(MINUTE)
            bot.services.dispatcher.wake()
            await until(lambda: world.guild.messages)
    assert world.guild.messages[0]["content"] == f"<@&{world.attendees.id}>"


async def test_reminders_stay_planned_and_go_out_once_the_server_is_shown(tmp_path: Path) -> None:
    world = World(tmp_path)
    async with discord_stand_in(TOKEN, world.guild) as discord:
        async with running_bot(discord, world.config, world.clock):
            await until(lambda: len(states(world.config)) == 3)
        discord.gateway.holds_guilds = True
        async with running_bot(discord, world.config, world.clock) as bot:
            await bot.services.reminders.planner.replan()
            assert set(states(world.config).values()) == {"planned"}
            world.clock.leap(2 * MINUTE)
            bot.services.dispatcher.wake()
            await until(lambda: "claimed" in states(world.config).values())
            await discord.gateway.show_guilds()
            await until(lambda: bot.guilds[0].roles)
            world.clock.leap(MINUTE)
            bot.services.dispatcher.wake()
            await until(lambda: world.guild.messages)
            await until(lambda: "sent" in states(world.config).values())
    assert world.guild.messages[0]["content"] == f"<@&{world.attendees.id}>"
    assert sorted(states(world.config).values()) == ["planned", "planned", "sent"]


async def test_a_server_that_is_late_holds_up_no_other(tmp_path: Path) -> None:
    world = World(tmp_path, discord={"welcome": False, "servers": [920000000000000001, 920000000000000002]})
    late = Guild("announcements", clock=world.clock.now, number=2)
    late.available = False
    async with (
        discord_stand_in(TOKEN, world.guild, late) as discord,
        running_bot(discord, world.config, world.clock) as bot,
    ):
        await until(lambda: len(states(world.config)) == 3)
        world.clock.leap(2 * MINUTE)
        bot.services.dispatcher.wake()
        await until(lambda: world.guild.messages)
        await discord.gateway.show_guilds()
        await until(lambda: len(states(world.config)) >= 5)


async def test_a_server_that_is_late_gets_its_events_and_its_welcome_when_it_is_shown(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    world = World(tmp_path, discord={"events": True})
    async with discord_stand_in(TOKEN, world.guild) as discord:
        discord.gateway.holds_guilds = True
        async with running_bot(discord, world.config, world.clock):
            await discord.gateway.show_guilds()
            await until(lambda: world.guild.events)
            await until(lambda: "Welcome" in "".join(world.guild.first.texts))
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
