"""Questions over real HTTP and WebSocket: a bot that is killed, and a list that Discord lets be edited no more."""

import asyncio
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.client import ConferenceBot
from bot.config import Config
from bot.delivery import nap, standing
from tests.support.database import rows
from tests.support.moderating import posters
from tests.support.process import TOKEN
from tests.support.running import LeapingClock, running_bot, until
from tests.support.server import config_in
from tests.support.stand_in import Channel, Exchange, Guild, StandIn, discord_stand_in, faults

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
QUICK = 0.02


class World:
    """A server with a forum, and two attendees."""

    def __init__(self, folder: Path) -> None:
        source = folder / "programme.json"
        source.write_bytes(posters("Apple"))
        self.clock = LeapingClock(NOW)
        self.guild = Guild("general", clock=self.clock.now)
        self.forum = self.guild.channel("papers", forum=True)
        self.ann, self.bob = self.guild.person("ann"), self.guild.person("bob")
        self.config: Config = config_in(
            folder,
            programme={"source": source},
            discord={"organizers": ["Organizers"], "welcome": False, "events": False},
            discussion={"forum": "papers", "tags": False},
            questions={"enabled": True},
        )

    def bot(self, discord: StandIn) -> AbstractAsyncContextManager[ConferenceBot]:
        return running_bot(discord, self.config, self.clock, hurry=QUICK)

    async def ask(self, discord: StandIn, text: str) -> Exchange:
        opened = await discord.command(self.ann, "questions ask", session="Posters")
        await until(lambda: opened.form)
        return await discord.submit(self.ann, opened, text=text)

    async def vote(self, discord: StandIn) -> Exchange:
        thread, message = self.listed
        (button,) = [one for one in message["components"][0]["components"] if one["label"] == "▲ 1"]
        return await discord.press_on(self.bob, thread, button["custom_id"], message)

    @property
    def lists(self) -> list[tuple[Channel, dict[str, Any]]]:
        return [
            (thread, message)
            for thread in self.forum.threads
            for message in thread.messages
            if any(embed.get("title", "").startswith("Questions to") for embed in message["embeds"])
        ]

    @property
    def listed(self) -> tuple[Channel, dict[str, Any]]:
        (found,) = self.lists
        return found

    def says(self, text: str) -> bool:
        """Whether there is one list, and it says this; a moment passes where that is not so."""
        if len(self.lists) == 1 and text in self.listed[1]["embeds"][0]["description"]:
            return True
        self.clock.leap(0.2)
        return False

    async def change(self, statement: str) -> None:
        """Change the database past the bot, whose transactions need this thread to come to their end."""
        await asyncio.to_thread(rows, self.config.database.path, statement)

    @property
    def votes(self) -> list[tuple[int, int]]:
        asked = "SELECT number, user_id FROM session_vote JOIN session_question ON id = question_id"
        return rows(self.config.database.path, asked)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(nap, "LONGEST_NAP", QUICK)
    return World(tmp_path)


async def test_a_bot_that_dies_before_it_confirms_has_kept_it_and_once_more_changes_nothing(
    world: World, abandoning: None
) -> None:
    async with discord_stand_in(TOKEN, world.guild) as discord:
        async with world.bot(discord):
            met = discord.fail(faults.ACKNOWLEDGEMENTS, faults.slow(60), skip=1, times=1)
            await world.ask(discord, "Why?")
            await met.struck.wait()
        discord.heal()
        async with world.bot(discord):
            again = await world.ask(discord, "Why?")
            await until(lambda: again.shown)
            assert again.shown
            assert again.shown["embeds"][0]["title"] == "You have asked this already"
            await until(lambda: world.says("**1** · 0 votes"))
            met = discord.fail(faults.ACKNOWLEDGEMENTS, faults.slow(60), times=1)
            await world.vote(discord)
            await met.struck.wait()
        discord.heal()
        assert world.votes == [(1, int(world.bob.id))]
        async with world.bot(discord):
            await until(lambda: world.says("**1** · 1 vote "))
            voted = await world.vote(discord)
            await until(lambda: voted.acknowledged)
            assert "You have voted for this already" in str(voted.acknowledged)
        assert world.votes == [(1, int(world.bob.id))]
        assert len(world.lists) == 1


OLD: dict[str, faults.Fault] = {
    "too many edits of an old message": faults.error(
        30046, 429, "Maximum number of edits to messages older than 1 hour"
    ),
    "a limit that lasts": faults.limited(3600.0),
}


@pytest.mark.parametrize("why", OLD)
async def test_a_list_that_may_not_be_edited_now_is_replaced(
    why: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "_PATIENCE", 0.3)
    async with discord_stand_in(TOKEN, world.guild) as discord, world.bot(discord):
        await world.ask(discord, "Why?")
        await until(lambda: world.says("**1** · 0 votes"))
        thread, first = world.listed
        met = discord.fail(f"PATCH /channels/*/messages/{first['id']}", OLD[why])

        await world.vote(discord)
        await until(lambda: world.says("**1** · 1 vote "))

        assert met.met >= 1
        assert world.listed[1]["id"] != first["id"]
        assert ("DELETE", f"/channels/{thread.id}/messages/{first['id']}") in discord.requests


async def test_the_place_is_woken_for_what_has_changed(world: World) -> None:
    async with discord_stand_in(TOKEN, world.guild) as discord, world.bot(discord):
        await world.ask(discord, "Why?")
        await until(lambda: world.says("**1** · 0 votes"))
        thread, first = world.listed
        thread.archived = True
        await discord.gateway.tell("THREAD_UPDATE", thread.describe())
        discord.fail(f"PATCH /channels/*/messages/{first['id']}", faults.error(50083), times=1)

        await world.vote(discord)
        await until(lambda: world.says("**1** · 1 vote "))

        assert world.listed[1]["id"] == first["id"]
        assert not thread.archived


async def test_a_vote_that_the_disk_refuses_is_not_confirmed(world: World) -> None:
    async with discord_stand_in(TOKEN, world.guild) as discord, world.bot(discord) as bot:
        await world.ask(discord, "Why?")
        await until(lambda: world.says("**1** · 0 votes"))
        await world.change("CREATE TRIGGER full BEFORE INSERT ON session_vote BEGIN SELECT RAISE(FAIL, 'full'); END")

        refused = await world.vote(discord)
        await until(lambda: refused.acknowledged)
        assert "Something went wrong" in str(refused.acknowledged)
        (question,) = bot.services.session_questions.service.open_ones("posters")
        assert question.votes == 0

        await world.change("DROP TRIGGER full")
        kept = await world.vote(discord)
        await until(lambda: kept.acknowledged)
        assert "Your vote counts" in str(kept.acknowledged)
        assert world.votes == [(1, int(world.bob.id))]
