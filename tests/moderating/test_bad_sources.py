"""A source that can't be read is refused with a reason and changes nothing; odd and huge ones load cleanly."""

import json
import re
from types import SimpleNamespace
from typing import Any

import discord
import pytest
from simcord.results import ResponseMessage

from bot.editions.rows import EditionStore
from bot.sources.reading import limits
from tests.support.loading import loaded
from tests.support.messages import assert_within_limits, displayed, markdown_of, shown
from tests.support.moderating import (
    BASE,
    FRUIT,
    GROWN,
    Start,
    fix,
    moderator,
    paper,
    press,
    programme,
    reload,
    session,
    text_of,
    titles,
)
from tests.support.server import SESSION_PAGE

REAL = SESSION_PAGE.read_bytes()
BAD = {
    "empty": (b"", "the file is empty"),
    "blank": (b" \n\t\n ", "the file is empty"),
    "binary": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 20, ""),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n", ""),
    "zip": (b"PK\x03\x04" + bytes(200), ""),
    "truncated": (BASE[:-30], ""),
    "wrong encoding": (REAL + "é".encode("latin-1"), ""),
    "utf-16 cut": (REAL.decode().encode("utf-16")[:-1], ""),
    "another form": (b'{"papers": []}', ""),
    "html": (b"<!doctype html><html><body><h1>Sign in</h1></body></html>", ""),
    "deeply nested": (b"[" * 200_000 + b"]" * 200_000, ""),
    "deeply nested papers": (
        b'{"form": "conference-programme/1", "sessions": ' + b'[{"papers": ' * 50_000 + b"1",
        "",
    ),
    "not a list": (b'{"form": "conference-programme/1", "sessions": {"a": 1}}', ""),
    "a number": (b"17", ""),
    "a bell": (b"\x07", ""),
}


@pytest.mark.parametrize("case", BAD)
async def test_a_bad_source_is_refused_with_its_name_and_a_reason_and_changes_nothing(case: str, start: Start) -> None:
    data, reason = BAD[case]
    server = await start()
    edition = server.services.library.edition
    answer = shown(await moderator(server).slash(server.channel, "programme reload", file=("next.json", data)))
    assert answer.content.startswith("next.json: "), answer.content
    assert reason in answer.content
    assert "Something went wrong" not in answer.content
    assert answer.ephemeral
    assert_within_limits_of_text(answer)
    assert server.services.library.edition is edition
    assert len(await EditionStore(server.services.database).history()) == 1


def assert_within_limits_of_text(message: ResponseMessage) -> None:
    assert 1 <= len(message.content) <= 2000
    assert message.embeds == []


async def test_a_file_that_says_it_is_huge_is_not_even_fetched(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    server = await start()

    async def read(_: discord.Attachment) -> bytes:
        raise AssertionError("it was fetched")

    monkeypatch.setattr(limits, "SIZE_LIMIT", 2**20)
    monkeypatch.setattr(discord.Attachment, "read", read)
    huge = ("huge.json", bytes(2**20 + 1))
    answer = shown(await moderator(server).slash(server.channel, "programme reload", file=huge))
    assert answer.content == "huge.json: the file is larger than 1 MiB."


async def test_a_file_that_discord_does_not_hand_out_is_an_error_with_what_to_do(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = await start()
    not_found: Any = SimpleNamespace(status=404, reason="Not Found")

    async def read(_: discord.Attachment) -> bytes:
        raise discord.HTTPException(not_found, "gone")

    monkeypatch.setattr(discord.Attachment, "read", read)
    answer = shown(await moderator(server).slash(server.channel, "programme reload", file=("next.json", GROWN)))
    assert answer.content == "next.json: Discord does not hand out the file. Upload it again."


NASTY = (
    "@everyone @here <@123> <@&123> <#123> </paper:1> <t:0:R> [x](http://evil.example) **b** `f` ||h|| :smile: "
    "https://evil.example/a_b"
)
CONTROL = "left \u202eright\u202c zero\u200bwidth \u2066isolate\u2069 nul\x00 bell\x07 escape\x1b[31m \ufeff end"
ODD = {
    "long": ("word " * 2_000, {}),
    "a single long word": ("w" * 10_000, {}),
    "astral": ("😀" * 5_000, {}),
    "nasty": (NASTY, {"name": NASTY, "room": NASTY, "kind": NASTY}),
    "control": (CONTROL, {"name": CONTROL, "room": CONTROL}),
    "escapes": ("\\" * 3_000 + "*" * 3_000, {"room": "_" * 3_000}),
}


@pytest.mark.parametrize("case", ODD)
async def test_odd_texts_load_cleanly_ping_nobody_and_break_no_message(case: str, start: Start) -> None:
    title, fields = ODD[case]
    server = await start()
    mo = moderator(server)
    odd = paper("Apple", title=title, authors=[title[:200], "Ann Apple"], abstract=title)
    new = paper("Odd", title=f"{title} again", authors=[f"{title} again"], abstract=None)
    data = programme(session(odd, new, *FRUIT[1:], **{"name": "Posters", **fields}))

    preview = await reload(mo, server, data)
    pages = 1
    while True:
        assert_reads_cleanly(preview)
        if f"Page {pages} of {pages}" in f"{preview.embeds[0].footer.text or 'Page 1 of 1'}":
            break
        pages += 1
        await press(mo, preview, "Next")
    await press(mo, preview, "Apply")

    assert len(titles(server)) == 7
    history = shown(await mo.slash(server.channel, "programme history"))
    assert_reads_cleanly(history)
    key = next(iter(server.services.library.edition.programme.papers))
    await press(mo, await fix(mo, server, "paper", key, board="9"), "Apply")
    fixes = shown(await mo.slash(server.channel, "programme fixes"))
    assert_reads_cleanly(fixes)
    files = shown(await mo.slash(server.channel, "programme export")).attachments
    again = await reload(mo, server, await files[0].read(), "again.json")
    assert "Nothing changes." in text_of(again)
    assert_within_limits(shown(await mo.slash(server.channel, "session", session="posters")))


def assert_reads_cleanly(message: ResponseMessage) -> None:
    assert_within_limits(message)
    assert message.content == ""
    for text in markdown_of(message):
        displayed(re.sub(r"<@\d+>", "", text))
        assert not set(text) & set("\u202e\u2066\x00\x07\x1b")


@pytest.mark.slow(seconds=35)
async def test_a_hundred_thousand_papers_load(start: Start) -> None:
    sessions = [
        {
            "name": f"Session {number}",
            "kind": "Session",
            "papers": [{"title": f"Paper {number} {place}", "authors": [], "abstract": None} for place in range(1_000)],
        }
        for number in range(100)
    ]
    server = await start()
    moderation = server.services.moderating.service
    data = json.dumps({"form": "conference-programme/1", "sessions": sessions}).encode()

    answer = await moderation.reload(1, loaded(data, "huge.json"), "huge.json, uploaded")

    assert answer.embed
    assert "100000 papers added, 6 papers removed" in (answer.embed.description or "")
    action = next(button.action for row in answer.rows if isinstance(row, tuple) for button in row)  # type: ignore[union-attr]
    await moderation.apply(1, action.rpartition(":")[2], sure=True)
    assert len(titles(server)) == 100_000
