"""What has changed while the bot was away: loaded at its start, unless that looks wrong or the bot watches."""

from pathlib import Path

import pytest

from tests.support.messages import buttons_of
from tests.support.moderating import BASE, FRUIT, GROWN, Start, moderator, posters, text_of, titles
from tests.support.server import Server
from tests.support.site import authority, certificate, site, trust
from tests.support.watching import ROLES, StartWatching, start_watching

__all__ = ["authority", "certificate", "site", "start_watching", "trust"]

WRONG = posters("Quark", "Gluon", name="Physics")


async def restarted(server: Server, folder: Path, data: bytes) -> None:
    (folder / "base.json").write_bytes(data)
    await server.restart()
    await server.env.settle()


async def test_what_looks_wrong_is_asked_about_and_the_old_programme_stays(start: Start, tmp_path: Path) -> None:
    server = await start(discord=ROLES)
    channel = server.guild.create_text_channel("moderators")
    mo = moderator(server)
    await restarted(server, tmp_path, WRONG)

    assert titles(server) == list(FRUIT)
    (question,) = channel.history()
    assert "looks wrong" in text_of(question)
    assert "It may be another conference's" in text_of(question)
    await mo.click(question, label="Apply")
    await mo.click(channel.history()[0], label="Yes, use this programme")
    assert titles(server) == ["Quark", "Gluon"]
    await restarted(server, tmp_path, WRONG)
    assert titles(server) == ["Quark", "Gluon"]
    assert len(channel.history()) == 1


async def test_what_was_ignored_is_neither_asked_about_nor_loaded(start: Start, tmp_path: Path) -> None:
    server = await start(discord=ROLES)
    channel = server.guild.create_text_channel("moderators")
    mo = moderator(server)
    await restarted(server, tmp_path, WRONG)
    await mo.click(channel.history()[0], label="Ignore")
    await restarted(server, tmp_path, WRONG)
    assert titles(server) == list(FRUIT)
    assert len(channel.history()) == 1


async def test_without_a_channel_it_waits_for_the_command(
    start: Start, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server = await start()
    await restarted(server, tmp_path, WRONG)
    assert titles(server) == list(FRUIT)
    assert "base.json has changed: It may be another conference's" in caplog.text
    assert "no discord.moderators_channel" in caplog.text


async def test_what_looks_right_is_loaded_without_a_question(start: Start, tmp_path: Path) -> None:
    server = await start(discord=ROLES)
    channel = server.guild.create_text_channel("moderators")
    await restarted(server, tmp_path, GROWN)
    assert titles(server) == [*FRUIT, "Grape"]
    assert channel.history() == []


async def test_without_a_time_to_look_again_nothing_is_looked_at(start: Start, tmp_path: Path) -> None:
    server = await start(discord=ROLES)
    channel = server.guild.create_text_channel("moderators")
    (tmp_path / "base.json").write_bytes(GROWN)
    await server.advance(2 * 3600)
    assert titles(server) == list(FRUIT)
    assert channel.history() == []


async def test_a_bot_that_watches_asks_about_all_that_has_changed_while_it_was_away(
    start_watching: StartWatching,
) -> None:
    server = await start_watching()
    server.site.serve(GROWN)
    await server.restart()
    await server.env.settle()
    assert titles(server) == list(FRUIT)
    assert "Grape" in text_of(server.asked())


async def test_a_bot_that_watches_starts_while_its_source_is_away(start_watching: StartWatching) -> None:
    server = await start_watching()
    server.site.serve(status=503)
    await server.restart()
    await server.env.settle()
    assert titles(server) == list(FRUIT)
    await server.publish(GROWN)
    assert "Grape" in text_of(server.asked())


async def test_a_file_is_watched_too(start_watching: StartWatching, tmp_path: Path) -> None:
    path = tmp_path / "programme.json"
    path.write_bytes(BASE)
    server = await start_watching(programme={"source": path})
    mo = moderator(server)
    await server.next_look()
    assert server.moderators.history() == []
    path.write_bytes(GROWN)
    await server.next_look()
    await mo.click(server.asked(), label="Apply")
    assert titles(server) == [*FRUIT, "Grape"]
    assert set(buttons_of(server.asked())) == {"Undo…"}
    assert server.site.requests == []
