"""Discord, or the line to it, fails while the bot starts or is connected; it tries again until all is well."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.process import TOKEN, started
from tests.support.running import running_bot, until
from tests.support.server import config_in
from tests.support.stand_in import Guild, StandIn, discord_stand_in, faults

GATEWAY_ADDRESS = "GET /gateway/bot"
QUICK = 0.02

HICCUPS: dict[str, tuple[str, faults.Fault, float]] = {
    "the login gets 503": (faults.LOGIN, faults.unavailable(503), 4),
    "the login gets 502 for a while": (faults.LOGIN, faults.unavailable(502), 11),
    "the login gets a proxy's 403": (faults.LOGIN, faults.html(403), 2),
    "the login is banned by Cloudflare": (faults.LOGIN, faults.banned(1), 2),
    "the login is cut off": (faults.LOGIN, faults.reset(), 2),
    "the application gets 503": ("GET /oauth2/applications/@me", faults.unavailable(503), 2),
    "the commands get 503": (faults.COMMANDS, faults.unavailable(503), 3),
    "the commands get a proxy's 403": (faults.COMMANDS, faults.html(403), 2),
    "the commands are banned by Cloudflare": (faults.COMMANDS, faults.banned(1), 2),
    "the commands are limited": (faults.COMMANDS, faults.limited(1), 2),
    "the gateway gets 503": (faults.GATEWAY, faults.unavailable(503), 4),
    "the gateway is cut off": (faults.GATEWAY, faults.reset(), 3),
}


@pytest.mark.parametrize("hiccup", HICCUPS)
async def test_a_hiccup_while_the_bot_starts_only_delays_it(
    hiccup: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    route, fault, times = HICCUPS[hiccup]
    async with discord_stand_in(TOKEN, Guild("general")) as discord:
        met = discord.fail(route, fault, times=times)
        async with running_bot(discord, config_in(tmp_path), hurry=QUICK) as bot:
            await until(lambda: discord.commands)
            await until(lambda: bot.guilds)
    assert met.met == times
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR or record.exc_info]


async def test_commands_that_discord_refuses_for_good_leave_the_bot_connected(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with discord_stand_in(TOKEN, Guild("general")) as discord:
        discord.fail(faults.COMMANDS, faults.error(50035))
        async with running_bot(discord, config_in(tmp_path), hurry=QUICK) as bot:
            await until(lambda: bot.guilds)
    assert "Discord does not take the commands" in caplog.text


async def test_a_bot_that_starts_while_discord_is_away_says_so_and_connects_once_it_is_back(tmp_path: Path) -> None:
    async with discord_stand_in(TOKEN, Guild("general")) as discord:
        away = discord.fail(faults.EVERYTHING, faults.html(503))
        async with started(tmp_path, level="warning", stand_in=discord) as bot:
            await away.struck.wait()
            discord.heal()
            await bot.connected()
            bot.process.terminate()
            ended = await bot.ended()
    assert ended.status == 0
    assert "Traceback" not in ended.errors
    assert "logging in: Discord can't be reached: it answers 503; trying again in 1 s" in ended.errors
    assert "<html>" not in ended.errors


def _withdrawn(discord: StandIn) -> None:
    discord.gateway.admits = False


def _invalid(discord: StandIn) -> None:
    discord.gateway.resumes = False


LOSSES: dict[str, Callable[[StandIn], object]] = {
    "cut off": lambda _: None,
    "and the session is gone": _invalid,
    "and the gateway is down for a while": lambda discord: discord.fail(
        faults.GATEWAY, faults.unavailable(503), times=12
    ),
    "and the gateway cuts every connection for a while": lambda discord: discord.fail(
        faults.GATEWAY, faults.reset(), times=12
    ),
}


@pytest.mark.parametrize("loss", LOSSES)
async def test_a_bot_that_lost_its_connection_comes_back(loss: str, tmp_path: Path) -> None:
    guild = Guild("general")
    async with (
        discord_stand_in(TOKEN, guild) as discord,
        running_bot(discord, config_in(tmp_path), hurry=QUICK),
    ):
        LOSSES[loss](discord)
        await discord.gateway.cut()
        await until(lambda: discord.gateway.connected)
        helped = await discord.command(guild.attendee, "help")
        await until(lambda: helped.shown)


async def test_however_long_the_gateway_was_down_the_next_try_comes_within_two_minutes(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    guild = Guild("general")
    async with (
        discord_stand_in(TOKEN, guild) as discord,
        running_bot(discord, config_in(tmp_path), hurry=0.0),
    ):
        down = discord.fail(faults.GATEWAY, faults.unavailable(503))
        await discord.gateway.cut()
        await until(lambda: down.met >= 40)
        discord.heal()
        await until(lambda: discord.gateway.connected)
    pauses = [
        int(record.getMessage().split()[-2]) for record in caplog.records if "trying again in" in record.getMessage()
    ]
    assert len(pauses) >= 40
    assert max(pauses) <= 60
    assert pauses[0] <= 2


async def test_a_token_that_is_withdrawn_while_the_bot_runs_ends_it(tmp_path: Path) -> None:
    async with discord_stand_in(TOKEN, Guild("general")) as discord, started(tmp_path, stand_in=discord) as bot:
        await bot.connected()
        _withdrawn(discord)
        await discord.gateway.cut()
        ended = await bot.ended()
    assert ended.status == 2
    assert ended.errors.splitlines()[-1].startswith("DISCORD_TOKEN: Discord refuses this token")
