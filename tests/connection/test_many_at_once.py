"""Hundreds who ask at the same moment are answered over the connections there are."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest

from bot.connection.http import CONNECTIONS
from tests.support.process import TOKEN
from tests.support.running import running_bot, until
from tests.support.server import config_in
from tests.support.stand_in import Guild, discord_stand_in


@pytest.mark.usefixtures("patient_discord")
async def test_who_ask_all_at_once_get_no_connection_each(tmp_path: Path) -> None:
    guild = Guild("general")
    async with discord_stand_in(TOKEN, guild) as discord, running_bot(discord, config_in(tmp_path)):
        asked = [await discord.suggest(guild.attendee, "paper", "paper", paper="cache") for _ in range(300)]
        await until(lambda: all(exchange.acknowledged for exchange in asked))
        port = int(discord.address.rpartition(":")[2])
        held = [one for one in psutil.Process().net_connections("tcp") if getattr(one.raddr, "port", 0) == port]
    assert len(held) <= CONNECTIONS + 1  # and one for the gateway


async def test_suggestions_nobody_waits_for_any_more_are_not_worked_out(tmp_path: Path) -> None:
    guild = Guild("general")
    async with discord_stand_in(TOKEN, guild) as discord, running_bot(discord, config_in(tmp_path)):
        guild.clock = lambda: datetime.now(UTC) - timedelta(seconds=10)
        guild.newest = 0
        late = await discord.suggest(guild.attendee, "paper", "paper", paper="cache")
        guild.clock = lambda: datetime.now(UTC)
        timely = await discord.suggest(guild.attendee, "paper", "paper", paper="cache")
        await until(lambda: timely.acknowledged)
        status = await discord.command(guild.person("olga", "Organizers"), "status")
        await until(lambda: status.acknowledged)
    assert late.acknowledged is None
    assert "1 command or suggestion not answered in time" in str(status.acknowledged)


@pytest.mark.usefixtures("patient_discord")
async def test_when_many_ask_at_once_commands_are_answered_before_suggestions(tmp_path: Path) -> None:
    guild = Guild("general")
    async with discord_stand_in(TOKEN, guild) as discord, running_bot(discord, config_in(tmp_path)):
        typed = [await discord.suggest(guild.attendee, "paper", "paper", paper="cache") for _ in range(200)]
        asked = [await discord.command(guild.attendee, "paper", paper="cache") for _ in range(5)]
        await until(lambda: all(exchange.acknowledged for exchange in asked))
        waiting = [exchange for exchange in typed if not exchange.acknowledged]
        await until(lambda: all(exchange.acknowledged for exchange in typed))
    assert len(waiting) > 100
