"""The conference that the preview shows: in the middle of it, with something to show for everything in /help."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import discord
import pytest
from discord import app_commands
from simcord.actors import MemberActor

from bot.cli import main
from bot.config import load
from bot.permissions import Audience, audiences_of
from bot.preview import example
from bot.preview.furnishing import furnish
from bot.preview.world import World, simulated

OF_CHAIRS = ("questions chair", "questions screen")
TYPED = {"query": "cache"}
"""What is typed where nothing is suggested."""


@asynccontextmanager
async def shown() -> AsyncIterator[World]:
    async with simulated(load(example.CONFIGURATION), example.BEGINS) as world:
        await furnish(world)
        yield world


async def test_it_has_what_a_conference_can_have_and_the_real_session_in_it() -> None:
    async with shown() as world:
        programme = world.bot.services.library.edition.programme
    real = programme.session("poster-session-1-opening")
    assert real
    assert len(real.papers) == 34
    papers = programme.papers.values()
    assert len({one.starts_at.date() for one in programme.sessions if one.starts_at}) >= 4
    assert all(one.starts_at for one in programme.sessions)
    assert len({one.room for one in programme.sessions}) >= 6
    assert len({one.track for one in papers if one.track}) >= 6
    assert len({one.kind for one in programme.sessions}) >= 8
    assert len({topic for one in papers for topic in one.topics}) >= 20
    assert sum(bool(one.board) for one in papers) >= 10
    assert {link.label for one in papers for link in one.links} >= {"Page", "PDF", "Code", "Video", "Slides", "DOI"}
    # Some are talks and posters, and some people have several papers.
    assert any(len(one.appearances) > 1 for one in papers)
    assert max(len(person.papers) for person in programme.people.values()) >= 4


async def test_it_begins_while_much_is_on_and_the_real_session_is_next() -> None:
    async with shown() as world:
        now, programme = world.env.now(), world.bot.services.library.edition.programme
    assert now == example.BEGINS
    timed = [(one.starts_at, one.ends_at, one) for one in programme.sessions if one.starts_at and one.ends_at]
    on = {one.room for start, end, one in timed if start <= now < end}
    assert len(on) >= 3
    assert [one.key for start, _, one in timed if now < start <= now + timedelta(minutes=15)] == [
        "poster-session-1-opening"
    ]
    assert any(end < now - timedelta(days=1) for _, end, _ in timed)
    assert any(start > now + timedelta(days=1) for start, _, _ in timed)


async def test_every_command_of_an_attendee_has_something_to_show() -> None:
    async with shown() as world:
        person = world.people[Audience.ATTENDEE]
        commands = {
            one.qualified_name: one for one in world.bot.tree.walk_commands() if isinstance(one, app_commands.Command)
        }
        await person.slash(world.meetups, "meetup open", topic="Benchmarks", when="in 2 hours", where="Foyer")
        for name in person.available_commands(world.channel):
            if Audience.ATTENDEE not in audiences_of(commands[name]) or name in OF_CHAIRS:
                continue  # Discord hides a command with all that is below it, or nothing of it
            given: dict[str, object] = {}
            for option in commands[name].parameters:
                if option.required and option.type is discord.AppCommandOptionType.user:
                    given[option.name] = person
                asked = option.required or option.name == "session"
                if asked and option.type is discord.AppCommandOptionType.string:
                    given[option.name] = await _suggested(world, person, name, option) or TYPED.get(option.name, "none")
            result = await person.slash(world.channel, name, **given)
            assert result.modal or result.response, name
        assert world.env.errors == []


async def _suggested(world: World, person: MemberActor, name: str, option: app_commands.Parameter) -> str | None:
    if not option.autocomplete:
        return None
    choices = await person.autocomplete(world.channel, name, option.name, "")
    return str(choices[0]["value"]) if choices else None


def test_it_is_shown_where_nothing_else_is_configured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = Path(__file__).parents[2]
    shutil.copytree(root / "data", tmp_path / "data")
    shutil.copy(root / "config.example.toml", tmp_path)
    monkeypatch.chdir(tmp_path)
    assert main(["ask", "/now", "/paper paper:warm-caches"]) == 0
    output = capsys.readouterr().out
    assert "Demonstrations" in output
    assert "Warm Caches on Cold Mornings" in output
    # Who has a configuration of their own sees their own conference.
    (tmp_path / "config.toml").write_bytes((tmp_path / "config.example.toml").read_bytes())
    assert main(["ask", "/now"]) == 0
    assert "Demonstrations" not in capsys.readouterr().out
