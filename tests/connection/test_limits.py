"""Discord makes the bot wait; whoever asked stops waiting earlier, and nothing else is held up for that."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.announcing import review, sent_messages
from bot.connection import http
from tests.support.process import TOKEN
from tests.support.running import running_bot, until
from tests.support.server import config_in
from tests.support.stand_in import Exchange, Guild, StandIn, discord_stand_in, faults

ANNOUNCEMENTS: dict[str, Any] = {
    "discord": {"organizers": ["Organizers"], "welcome": False},
    "announcements": {"channels": ["announcements"], "roles": ["Attendees"]},
}


class Hall:
    """A server with an organizer and a role that announcements may ping."""

    def __init__(self) -> None:
        self.guild = Guild("announcements")
        self.attendees = self.guild.role("Attendees", held=40)
        self.olga = self.guild.person("olga", "Organizers")

    async def preview(self, discord: StandIn) -> Exchange:
        opened = await discord.command(self.olga, "announce post", role=self.attendees)
        await until(lambda: opened.form)
        preview = await discord.submit(self.olga, opened, title="Lunch", text="Lunch is in hall B.", when="now")
        await until(lambda: preview.shown)
        return preview


async def test_a_limit_for_everything_met_while_people_are_counted_holds_nothing_up_once_it_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(review, "_COUNTING", 0.1)
    hall = Hall()
    async with (
        discord_stand_in(TOKEN, hall.guild) as discord,
        running_bot(discord, config_in(tmp_path, **ANNOUNCEMENTS)),
    ):
        limited = discord.fail(faults.MEMBER_COUNTS, faults.limited(1.0, everywhere=True), times=1)
        preview = await hall.preview(discord)
        assert limited.met == 1
        await discord.press(hall.olga, preview, "Send")
        await until(lambda: hall.guild.messages)
    assert hall.guild.first.texts == [f"<@&{hall.attendees.id}>\nLunch\nLunch is in hall B."]


async def test_whoever_is_cut_off_during_a_limit_for_everything_leaves_the_others_free(tmp_path: Path) -> None:
    guild = Guild("announcements")
    async with discord_stand_in(TOKEN, guild) as discord, running_bot(discord, config_in(tmp_path)) as bot:
        limited = discord.fail(faults.MEMBER_COUNTS, faults.limited(3600, everywhere=True), times=1)
        counting = asyncio.create_task(bot.guilds[0].role_member_counts())
        await limited.struck.wait()
        await asyncio.sleep(0.05)
        counting.cancel()
        await asyncio.gather(counting, return_exceptions=True)
        async with asyncio.timeout(30):
            assert await bot.guilds[0].role_member_counts()


async def test_an_answer_that_does_not_come_is_given_up_and_a_limit_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "ANSWER_WITHIN", 0.3)
    guild = Guild("announcements")
    async with discord_stand_in(TOKEN, guild) as discord, running_bot(discord, config_in(tmp_path)) as bot:
        discord.fail(faults.MEMBER_COUNTS, faults.slow(3600), times=1)
        with pytest.raises(TimeoutError):
            await bot.guilds[0].role_member_counts()
        discord.heal()
        discord.fail(faults.MEMBER_COUNTS, faults.limited(1.0), times=1)
        assert await bot.guilds[0].role_member_counts()


async def test_a_correction_that_meets_a_limit_is_made_when_the_limit_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sent_messages, "PATIENCE", 0.1)
    hall = Hall()
    async with (
        discord_stand_in(TOKEN, hall.guild) as discord,
        running_bot(discord, config_in(tmp_path, **ANNOUNCEMENTS)),
    ):
        sent = await discord.press(hall.olga, await hall.preview(discord), "Send")
        await until(lambda: "the message" in str(sent.shown))
        discord.fail(faults.EDITS, faults.limited(1.0), times=1)
        opened = await discord.command(hall.olga, "announce correct", announcement="1")
        await until(lambda: opened.form)
        preview = await discord.submit(hall.olga, opened, text="Lunch is in hall C.")
        await until(lambda: preview.shown)
        corrected = await discord.press(hall.olga, preview, "Send correction")
        await until(lambda: "Discord makes me wait" in str(corrected.shown))
        await until(lambda: "hall C" in hall.guild.first.texts[0])
