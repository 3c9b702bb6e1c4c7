"""Somebody has added the bot to their own account, and uses it where nobody has invited it: privately, and no more."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.support.process import TOKEN
from tests.support.running import running_bot, until
from tests.support.server import config_in
from tests.support.stand_in import Guild, discord_stand_in
from tests.support.stand_in.guild import Channel
from tests.support.stand_in.interactions import Exchange
from tests.support.stand_in.people import ALL_PERMISSIONS, Person

TABLES: dict[str, Any] = {
    "discord": {"organizers": ["Organizers"], "moderators": ["Organizers"], "welcome": False, "events": False}
    | {"public_channels": ["posters"]}
}
EPHEMERAL = 64


class World:
    """The conference's server, and another one that the bot is not in, with somebody who is in both."""

    def __init__(self) -> None:
        self.home, self.other = Guild("posters"), Guild("posters", number=2)
        self.olga = self.home.person("olga", "Organizers")
        role = self.other.role("Organizers", ALL_PERMISSIONS)
        self.olga_there = Person(self.olga.id, "olga", (role,))
        self.there = self.other.first
        self.there.uninvited = True
        self.with_a_friend = Channel("790", "", self.home, person=self.olga, uninvited=True)

    def places(self) -> list[tuple[Person, Channel]]:
        return [(self.olga_there, self.there), (self.olga, self.with_a_friend)]


def labels_of(message: dict[str, Any]) -> list[str]:
    return [part["label"] for row in message["components"] for part in row["components"] if "label" in part]


def is_private(exchange: Exchange) -> bool:
    return all(message["flags"] & EPHEMERAL for message in exchange.messages)


async def test_answers_are_private_everywhere_and_cannot_be_shared(tmp_path: Path) -> None:
    world = World()
    async with discord_stand_in(TOKEN, world.home) as discord, running_bot(discord, config_in(tmp_path, **TABLES)):
        at_home = await discord.command(world.olga, "paper", paper="agenticcache")
        await until(lambda: at_home.shown)
        assert not is_private(at_home)
        for person, channel in world.places():
            answer = await discord.command(person, "paper", channel, paper="agenticcache")
            await until(partial(getattr, answer, "shown"))
            assert answer.shown
            assert "AgenticCache" in answer.shown["embeds"][0]["title"]
            assert is_private(answer)
            assert "Share" not in labels_of(answer.shown)
            assert "Bookmark" in labels_of(answer.shown)

            marked = await discord.press(person, answer, "Bookmark")
            await until(partial(getattr, marked, "acknowledged"))
            assert "Share" not in labels_of(answer.shown)
            assert "Remove bookmark" in labels_of(answer.shown)
            again = await discord.press(person, answer, "Remove bookmark")
            await until(partial(getattr, again, "acknowledged"))

            forged = await discord.press_on(person, channel, "share:paper:0:agenticcache", answer.shown)
            await until(partial(getattr, forged, "acknowledged"))
            assert is_private(forged)
            assert channel.messages == []


@pytest.mark.parametrize("command", ["status", "announce list", "programme history"])
async def test_nothing_that_only_organizers_may_is_done_there(tmp_path: Path, command: str) -> None:
    world = World()
    # The configuration names both servers as the conference's own; the bot is not in one of them all the same.
    config = config_in(tmp_path, discord=TABLES["discord"] | {"servers": [int(world.home.id), int(world.other.id)]})
    async with discord_stand_in(TOKEN, world.home) as discord, running_bot(discord, config):
        allowed = await discord.command(world.olga, command)
        await until(lambda: allowed.shown)
        assert allowed.shown
        assert allowed.shown["embeds"]
        for person, channel in world.places():
            refused = await discord.command(person, command, channel)
            await until(partial(getattr, refused, "shown"))
            assert refused.shown
            assert "server only" in refused.shown["content"]
            assert refused.shown["embeds"] == []
            assert is_private(refused)
        helped = await discord.command(world.olga_there, "help", world.there)
        await until(lambda: helped.shown)
        assert helped.shown
        sections = {field["name"].removesuffix(" (continued)") for field in helped.shown["embeds"][0]["fields"]}
        assert sections == {"For everyone"}


async def test_an_error_is_told_privately_too(tmp_path: Path) -> None:
    world = World()
    async with discord_stand_in(TOKEN, world.home) as discord, running_bot(discord, config_in(tmp_path, **TABLES)):
        for person, channel in world.places():
            refused = await discord.command(person, "schedule", channel, day="yesteryear")
            await until(partial(getattr, refused, "shown"))
            assert refused.shown
            assert "no such day" in refused.shown["content"]
            assert is_private(refused)


@pytest.mark.parametrize("allowed", [True, False])
async def test_discord_is_told_which_commands_people_may_have_on_their_own_accounts(
    tmp_path: Path, allowed: bool
) -> None:
    world = World()
    tables = {"discord": TABLES["discord"] | {"user_install": allowed}}
    async with discord_stand_in(TOKEN, world.home) as discord, running_bot(discord, config_in(tmp_path, **tables)):
        guild_only, anywhere = [0], [0, 1] if allowed else [0]
        for command in discord.commands:
            own = command["name"] in ("announce", "programme", "status")
            assert command["integration_types"] == (guild_only if own else anywhere), command["name"]
            assert command["contexts"] == ([0] if own else [0, 1, 2]), command["name"]
