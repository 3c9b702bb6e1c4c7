"""Moderators are handed the programme as it is, in files that can be loaded again."""

import csv
import io

import pytest
from simcord.actors import MemberActor

from tests.support.messages import menus_of, shown
from tests.support.moderating import Start, fix, moderator, press, reload, text_of
from tests.support.server import Server, StartServer


async def exported(who: MemberActor, server: Server) -> dict[str, bytes]:
    answer = shown(await who.slash(server.channel, "programme export"))
    assert answer.ephemeral
    return {file.filename: await file.read() for file in answer.attachments}


async def test_what_is_handed_out_changes_nothing_when_it_is_loaded_and_is_the_same_each_time(
    start_server: StartServer,
) -> None:
    times = {"poster-session-1-opening": {"start": "2026-01-02T20:00:00Z", "end": "2026-01-02T22:00:00Z"}}
    server = await start_server(sessions=times)
    mo = moderator(server)
    await press(mo, await fix(mo, server, "paper", "tidar", title="TiDAR: *Fixed*", board="5"), "Apply")
    files = await exported(mo, server)
    assert set(files) == {"programme.json", "programme.csv"}
    assert b"TiDAR: *Fixed*" in files["programme.json"]
    assert len(list(csv.reader(io.StringIO(files["programme.csv"].decode())))) == 35

    for number, (name, data) in enumerate(files.items(), 2):
        preview = await reload(mo, server, data, name)
        assert text_of(preview).splitlines()[1:3] == ["What would change", "Nothing changes."]
        assert menus_of(preview) == {}
        await press(mo, preview, "Apply")
        assert server.services.library.edition.version is not None
        assert server.services.library.edition.version.id == number
        assert await exported(mo, server) == files


async def test_files_larger_than_the_server_takes_are_not_sent(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    server = await start()
    monkeypatch.setattr("discord.Guild.filesize_limit", 1000)
    answer = shown(await moderator(server).slash(server.channel, "programme export"))
    assert "larger than" in answer.content
    assert answer.attachments == []
