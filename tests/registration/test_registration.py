"""The commands are registered with Discord when they have changed, and only then."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import discord
import pytest
from discord import app_commands
from discord.ext import commands

from bot.client import ConferenceBot
from bot.registration.model import fingerprint_of
from tests.support.messages import shown
from tests.support.process import TOKEN, Running, started
from tests.support.running import running_bot, until
from tests.support.server import Server, config_in
from tests.support.stand_in import Guild, discord_stand_in, faults

COMMANDS = "/applications/900000000000000001/commands"


def test_the_order_in_which_commands_are_found_does_not_count_and_everything_else_does() -> None:
    paper: dict[str, Any] = {"name": "paper", "options": [{"name": "paper"}, {"name": "session"}]}
    author: dict[str, Any] = {"name": "author"}
    assert fingerprint_of([paper, author]) == fingerprint_of([author, paper])
    assert fingerprint_of([paper]) != fingerprint_of([paper, author])
    assert fingerprint_of([{**paper, "options": paper["options"][::-1]}]) != fingerprint_of([paper])


class Countdown(commands.Cog):
    """A command that a new version of the bot brings."""

    @app_commands.command()
    async def countdown(self, interaction: discord.Interaction[ConferenceBot]) -> None:
        """Say how far away the conference is."""
        await interaction.response.send_message("One day")


def _with_countdown(load: Callable[[ConferenceBot], Awaitable[None]]) -> Callable[[ConferenceBot], Awaitable[None]]:
    async def load_more(bot: ConferenceBot) -> None:
        await load(bot)
        await bot.add_cog(Countdown())

    return load_more


@pytest.fixture
def server(small_server: Server) -> Server:
    return small_server


@pytest.fixture
def registered(server: Server, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many commands Discord was told of, each time it was."""
    told: list[int] = []
    sync = app_commands.CommandTree.sync

    async def counted(tree: app_commands.CommandTree[Any], **options: Any) -> list[app_commands.AppCommand]:
        answer = await sync(tree, **options)
        told.append(len(answer))
        return answer

    monkeypatch.setattr(app_commands.CommandTree, "sync", counted)
    return told


async def test_a_restart_registers_nothing_and_still_names_the_commands_ready_to_be_pressed(
    server: Server, registered: list[int]
) -> None:
    before = dict(server.services.commands.ids)
    await server.restart()
    assert registered == []
    assert server.services.commands.ids == before
    assert server.services.commands.of("paper") == f"</paper:{before['paper']}>"


async def test_a_version_with_another_command_registers_them(
    server: Server, registered: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ConferenceBot, "load_cogs", _with_countdown(ConferenceBot.load_cogs))
    number = len(server.bot.tree.get_commands())
    await server.restart()
    assert registered == [number + 1]
    result = await server.member("ann").slash(server.channel, "countdown")
    assert shown(result).content == "One day"
    await server.restart()
    assert registered == [number + 1]


async def test_a_registration_that_fails_is_made_again_and_the_commands_that_stay_keep_their_ids(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = config_in(tmp_path, discord={"welcome": False, "events": False})
    async with discord_stand_in(TOKEN, Guild("general")) as discord:
        puts = discord.requests.count
        async with running_bot(discord, config) as bot:
            before = dict(bot.services.commands.ids)
        assert puts(("PUT", COMMANDS)) == 1

        monkeypatch.setattr(ConferenceBot, "load_cogs", _with_countdown(ConferenceBot.load_cogs))
        failing = discord.fail(faults.COMMANDS, faults.unavailable(503), times=2)
        async with running_bot(discord, config, hurry=0.01) as bot:
            assert {name: bot.services.commands.ids[name] for name in before} == before
            await until(lambda: "countdown" in bot.services.commands.ids)
        assert failing.met == 2
        assert puts(("PUT", COMMANDS)) == 4

        async with running_bot(discord, config) as bot:
            assert "countdown" in bot.services.commands.ids
        assert puts(("PUT", COMMANDS)) == 4


async def test_a_command_the_bot_does_not_have_is_explained_and_mended_once(
    server: Server, registered: list[int]
) -> None:
    """Somebody else has registered others with the same token, which the bot was not told."""
    await server.bot.add_cog(Countdown())
    await server.bot.tree.sync()
    await server.bot.remove_cog("Countdown")
    registered.clear()
    ann = server.member("ann")

    result = await ann.slash(server.channel, "countdown")

    assert shown(result).content.startswith("This command has changed.")
    await server.env.settle()
    assert registered == [len(server.bot.tree.get_commands())]
    assert "countdown" not in server.services.commands.ids
    (error,) = server.env.errors
    assert isinstance(error, app_commands.CommandNotFound)


async def asked_for(bot: Running) -> list[tuple[str, str]]:
    await bot.connected()
    bot.process.terminate()
    ended = await bot.ended()
    assert ended.status == 0, ended.errors
    return [request for request in bot.stand_in.requests if request[1] == COMMANDS]


async def test_processes_one_after_the_other_register_once_unless_told_to(tmp_path: Path) -> None:
    async with started(tmp_path) as first:
        assert await asked_for(first) == [("PUT", COMMANDS)]
    async with started(tmp_path) as second:
        assert await asked_for(second) == []
    async with started(tmp_path, arguments=("--register",)) as third:
        assert await asked_for(third) == [("PUT", COMMANDS)]
