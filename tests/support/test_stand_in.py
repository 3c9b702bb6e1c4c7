"""The stand-in for Discord: what the tests of faults stand on."""

from pathlib import Path

import pytest

from tests.support.process import TOKEN
from tests.support.running import running_bot, until
from tests.support.server import config_in
from tests.support.stand_in import Guild, StandIn, discord_stand_in, faults


async def test_commands_forms_and_presses_reach_the_bot_and_their_answers_come_back(tmp_path: Path) -> None:
    guild = Guild("announcements")
    olga = guild.person("olga", "Organizers")
    config = config_in(tmp_path, announcements={"channels": ["announcements"]})
    async with discord_stand_in(TOKEN, guild) as discord, running_bot(discord, config):
        helped = await discord.command(olga, "help")
        await until(lambda: helped.shown)
        opened = await discord.command(olga, "announce post")
        await until(lambda: opened.form)
        preview = await discord.submit(olga, opened, title="Lunch", text="Lunch is in hall B.", when="now")
        await until(lambda: preview.shown)
        sent = await discord.press(olga, preview, "Send")
        await until(lambda: "Lunch" in "".join(guild.first.texts))
        await until(lambda: "the message" in str(sent.shown))
        suggested = await discord.suggest(olga, "paper", "paper", paper="attention")
        await until(lambda: suggested.acknowledged)
    assert suggested.acknowledged
    assert suggested.acknowledged["data"]["choices"]


async def ask(discord: StandIn) -> tuple[int, str]:
    import aiohttp  # noqa: PLC0415

    async with (
        aiohttp.ClientSession(headers={"Authorization": f"Bot {TOKEN}"}) as session,
        session.get(f"{discord.api}/users/@me") as response,
    ):
        return response.status, await response.text()


@pytest.mark.parametrize(
    ("fault", "status", "part"),
    [
        (faults.error(40003, 400), 400, '"code": 40003'),
        (faults.html(403), 403, "<html>"),
        (faults.unavailable(502), 502, "unavailable"),
        (faults.limited(0.5, everywhere=True), 429, '"global": true'),
        (faults.limited(0.5), 429, '"retry_after": 0.5'),
        (faults.banned(), 429, "1015"),
        (faults.unauthorized(), 401, "Unauthorized"),
        (faults.slow(0.01), 200, "conference-bot"),
        (faults.done(faults.html(502)), 502, "<html>"),
    ],
)
async def test_a_fault_meets_as_many_requests_of_its_route_as_it_is_told_to(
    fault: faults.Fault, status: int, part: str
) -> None:
    async with discord_stand_in(TOKEN, Guild("general")) as discord:
        met = discord.fail(faults.LOGIN, fault, times=1, skip=1)
        discord.fail(faults.MESSAGES, faults.reset())
        answers = [await ask(discord) for _ in range(3)]
    assert met.met == 1
    assert [answer[0] for answer in answers] == [200, status, 200]
    assert part in answers[1][1]


async def test_a_bot_that_was_cut_off_comes_back_and_hears_what_it_missed(tmp_path: Path) -> None:
    guild = Guild("announcements")
    config = config_in(tmp_path)
    async with discord_stand_in(TOKEN, guild) as discord, running_bot(discord, config, hurry=0.01) as bot:
        await discord.gateway.cut()
        channel = guild.channel("corridor")
        await discord.gateway.tell("CHANNEL_CREATE", channel.describe())
        await until(lambda: bot.get_channel(int(channel.id)))
        await discord.gateway.hide(guild)
        await until(lambda: bot.guilds[0].unavailable)
        await discord.gateway.show_guilds()
        await until(lambda: not bot.guilds[0].unavailable)
