"""Nobody but moderators changes the programme, nothing half done is ever seen, and bad sources do no harm."""

import asyncio
import json
import logging
import re
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

import discord
import pytest
from simcord.actors import MemberActor
from simcord.results import ResponseMessage

import bot.library
from bot.clock import SystemClock
from bot.errors import Trouble
from bot.fetching import Limits
from bot.library import Library
from bot.moderation import Moderation
from bot.programme.build import build
from bot.programme.corrections import lay_over
from bot.questions import About, Question
from bot.store import Store
from tests.conftest import (
    SESSION_PAGE,
    Server,
    assert_within_limits,
    buttons_of,
    displayed,
    markdown_of,
    menus_of,
    shown,
)
from tests.killed_in_apply import FIX
from tests.moderating import (
    BASE,
    FRUIT,
    MANAGER,
    Start,
    change,
    fix,
    moderator,
    paper,
    pick,
    posters,
    press,
    programme,
    refused,
    reload,
    session,
    start,
    text_of,
    titles,
    titles_of,
)
from tests.test_fetching import HOST, LOOPBACK, Site, authority, certificate, listening, site, trust

__all__ = ["authority", "certificate", "site", "start", "trust"]

GROWN = posters(*FRUIT, "Grape")
COMMANDS: dict[str, dict[str, Any]] = {
    "programme reload": {"file": ("next.json", GROWN)},
    "programme undo": {},
    "programme history": {},
    "programme fixes": {},
    "programme fix paper": {"paper": "apple"},
    "programme fix session": {"session": "posters"},
    "programme export": {},
}


def everybody_sees_the_commands(server: Server) -> None:
    """Let Discord show the commands to all, as whoever manages a server can: the bot must refuse by itself."""
    everyone = server.guild.roles["@everyone"]
    server.guild.set_command_permissions(server.bot.command_ids["programme"], {everyone: True})


def desk_of(server: Server) -> Moderation:
    """Return what answers the moderators' presses, for what the simulation can't do: two at once, or with another's."""
    cog: Any = server.bot.get_cog("programme")
    assert isinstance(cog.moderation, Moderation)
    return cog.moderation


def take_role(server: Server, who: MemberActor) -> None:
    server.env.backend.remove_member_role(server.guild.id, who.id, server.guild.roles["Moderators"].id)


def audit(server: Server) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(server.config.database.path)) as database:
        return database.execute("SELECT user_id, action, about, before, after FROM audit ORDER BY id").fetchall()


# --- who may


@pytest.mark.parametrize("roles", [(), ("Organizers",)], ids=["attendee", "organizer"])
async def test_everybody_else_is_refused_politely_privately_and_on_record(
    roles: tuple[str, ...], start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    server = await start()
    everybody_sees_the_commands(server)
    ann = server.member("ann", *roles)

    for command, options in COMMANDS.items():
        caplog.clear()
        with caplog.at_level(logging.WARNING, "bot.gate"):
            result = await ann.slash(server.channel, command, **options)
        answer = shown(result)
        assert "This is for moderators only. If you should be one, ask whoever manages this server" in answer.content
        assert answer.ephemeral
        assert result.modal is None
        assert answer.attachments == []
        assert f"user {ann.id} may not use {command}" in caplog.text
    for option, about in (("paper", "programme fix paper"), ("session", "programme fix session")):
        assert await ann.autocomplete(server.channel, about, option, "") == []
    assert titles(server) == list(FRUIT)
    assert audit(server) == []


async def test_discord_offers_the_commands_to_managers_only_and_not_in_direct_messages(start: Start) -> None:
    server = await start()
    mo, ann = moderator(server), server.member("ann")
    offered = {name for name in mo.available_commands(server.channel) if name.startswith("programme ")}
    assert offered == set(COMMANDS)
    assert [name for name in ann.available_commands(server.channel) if name.startswith("programme")] == []
    assert [name for name in mo.user.available_commands() if name.startswith("programme")] == []


async def test_where_no_roles_are_configured_managing_the_server_counts(start: Start) -> None:
    server = await start(discord={})
    role = server.guild.create_role("Chairs", permissions=MANAGER)
    chair = server.guild.add_member(server.env.create_user("chair"), roles=[role])
    everybody_sees_the_commands(server)
    answer = shown(await server.member("mo", "Moderators").slash(server.channel, "programme history"))
    assert "moderators only" in answer.content
    await change(chair, server, GROWN)
    assert titles(server) == [*FRUIT, "Grape"]


@pytest.mark.parametrize("label", ["Apply", "Cancel", "Next"])
async def test_who_lost_the_role_since_the_preview_is_refused_at_the_press(label: str, start: Start) -> None:
    server = await start()
    mo = moderator(server)
    edition = server.bot.library.edition
    preview = await reload(mo, server, posters(*FRUIT, *(f"Paper number {n} of many" for n in range(120))))
    before = text_of(preview)
    take_role(server, mo)

    assert "This is for moderators only" in await refused(mo, preview, label)

    assert server.bot.library.edition is edition
    assert text_of(preview) == before
    assert audit(server) == []


async def test_who_lost_the_role_is_refused_the_second_confirmation_too(start: Start) -> None:
    server = await start()
    mo = moderator(server)
    asked = await press(mo, await reload(mo, server, posters("Quark")), "Apply")
    take_role(server, mo)
    assert "This is for moderators only" in await refused(mo, asked, "Yes, use this programme")
    assert titles(server) == list(FRUIT)


async def test_who_lost_the_role_is_refused_menus_and_forms(start: Start) -> None:
    server = await start()
    mo = moderator(server)
    await change(mo, server, GROWN)
    await press(mo, await fix(mo, server, "paper", "apple", title="Apples"), "Apply")
    history = shown(await mo.slash(server.channel, "programme history"))
    fixes = shown(await mo.slash(server.channel, "programme fixes"))
    conflict = await reload(mo, server, posters(paper("Apple", title="Apple Pie"), *FRUIT[1:]))
    form = await mo.slash(server.channel, "programme fix paper", paper="banana")
    before = server.bot.library.edition, len(audit(server))
    take_role(server, mo)

    for message in (history, fixes, conflict):
        ((holder, options),) = menus_of(message).items()
        menu = next(c for row in message.components for c in row["components"] if c.get("placeholder") == holder)
        result = await mo.select(message, [options[-1]["value"]], custom_id=menu["custom_id"])
        answers = [*result.followups, *([result.response] if result.response else [])]
        assert any("This is for moderators only" in answer.content and answer.ephemeral for answer in answers)
    answer = shown(await mo.submit_modal(form, {"title": "Bananas"}))
    assert "This is for moderators only" in answer.content
    assert answer.ephemeral
    assert (server.bot.library.edition, len(audit(server))) == before


async def test_nobody_applies_the_draft_of_another(start: Start) -> None:
    server = await start()
    mo, max_ = moderator(server), moderator(server, "max")
    preview = await reload(mo, server, GROWN)
    token = buttons_of(preview)["Apply"]["custom_id"].rpartition(":")[2]
    desk = desk_of(server)
    for attempt in (
        desk.apply(max_.id, token, sure=True),
        desk.cancel(max_.id, token),
        desk.turn(max_.id, token, 0),
        desk.take(max_.id, token, [0]),
    ):
        with pytest.raises(Trouble, match="Nothing was changed"):
            await attempt
    assert titles(server) == list(FRUIT)
    await press(mo, preview, "Apply")


async def test_a_draft_from_before_a_restart_changes_nothing_and_says_so(start: Start) -> None:
    server = await start()
    mo = moderator(server)
    preview = await reload(mo, server, GROWN)
    await server.restart()
    assert "Nothing was changed; use the command again." in await refused(mo, preview, "Apply")
    assert titles(server) == list(FRUIT)


async def test_of_two_proposals_the_second_is_refused_once_the_first_was_applied(start: Start) -> None:
    server = await start()
    mo, max_ = moderator(server), moderator(server, "max")
    first, second = await reload(mo, server, GROWN), await reload(max_, server, posters(*FRUIT[1:]))
    third = await fix(max_, server, "paper", "apple", title="Apples")
    await press(mo, first, "Apply")
    for preview in (second, third):
        answer = await refused(max_, preview, "Apply")
        assert answer == "The programme was changed meanwhile. Nothing was done; look at the difference again."
    assert titles(server) == [*FRUIT, "Grape"]
    assert len(audit(server)) == 1


async def test_of_two_presses_at_the_same_moment_one_counts(start: Start) -> None:
    server = await start()
    mo = moderator(server)
    preview = await reload(mo, server, GROWN)
    token = buttons_of(preview)["Apply"]["custom_id"].rpartition(":")[2]
    desk = desk_of(server)
    attempts = (desk.apply(mo.id, token, sure=False) for _ in range(3))
    results = await asyncio.gather(*attempts, return_exceptions=True)
    assert sum(isinstance(result, Trouble) for result in results) == 2
    assert len(audit(server)) == 1


async def test_a_press_of_apply_waits_for_the_choice_made_before_it(start: Start) -> None:
    server = await start()
    mo = moderator(server)
    await press(mo, await fix(mo, server, "paper", "apple", title="Apples"), "Apply")
    preview = await reload(mo, server, posters(paper("Apple", title="Apple Pie"), *FRUIT[1:]))
    token = buttons_of(preview)["Apply"]["custom_id"].rpartition(":")[2]
    desk = desk_of(server)
    await asyncio.gather(desk.take(mo.id, token, [0]), desk.apply(mo.id, token, sure=False))
    assert titles(server)[0] == "Apple Pie"


# --- the record


async def test_every_change_is_on_record_with_who_what_before_and_after(start: Start) -> None:
    server = await start(discord={"moderators": ["Moderators"], "log_channel": "log"})
    log = server.guild.create_text_channel("log")
    mo = moderator(server)
    await change(mo, server, GROWN)
    await press(mo, shown(await mo.slash(server.channel, "programme undo")), "Apply")
    await press(mo, await fix(mo, server, "paper", "apple", title="Apples"), "Apply")
    fixes = shown(await mo.slash(server.channel, "programme fixes"))
    await press(mo, await pick(mo, fixes, "Remove a fix", "Remove: title"), "Apply")

    fixed = "version 1 with these fixes:\npaper apple, title: Apples"
    assert audit(server) == [
        (mo.id, "programme reload", "next.json, uploaded", "version 1", "version 2"),
        (mo.id, "programme undo", "back to version 1", "version 2", "version 1"),
        (mo.id, "programme fix paper", "title of apple", "version 1", fixed),
        (mo.id, "programme fix removed", "title of apple", fixed, "version 1"),
    ]
    copies = log.history()
    assert len(copies) == 4
    for message in copies:
        assert_within_limits(message)
        assert f"<@{mo.id}>" in text_of(message)
        assert message.mentions == []
    assert "Apples" in text_of(copies[-1])


async def test_what_was_cancelled_refused_or_not_confirmed_is_not_on_record(start: Start) -> None:
    server = await start(discord={"moderators": ["Moderators"], "log_channel": "log"})
    log = server.guild.create_text_channel("log")
    mo = moderator(server)
    await press(mo, await reload(mo, server, GROWN), "Cancel")
    await press(mo, await reload(mo, server, posters("Quark")), "Apply")
    await mo.slash(server.channel, "programme reload", file=("empty.json", b""))
    await reload(mo, server, BASE)
    await mo.slash(server.channel, "programme export")
    assert audit(server) == []
    assert log.history() == []


# --- nothing half done


async def test_questions_asked_all_the_while_are_answered_from_one_version_or_the_other(start: Start) -> None:
    # Each version says in every title and in its room which one it is.
    versions = [
        posters(*(paper(name, title=f"{name} {colour}") for name in FRUIT), room=f"Hall {colour}")
        for colour in ("Red", "Blue")
    ]
    server = await start(versions[0])
    mo = moderator(server)
    seen: list[str] = []
    running = True

    async def ask() -> None:
        desk = server.bot.desk
        while running:
            answer = await desk.answer(Question(About.SESSION, "posters"), mo.id)
            said = f"{answer.embed.title}\n{answer.embed.description}\n" + "\n".join(
                f"{one.name} {one.value}" for one in answer.embed.fields
            )
            colours = [colour for colour in ("Red", "Blue") if colour in said]
            assert len(colours) == 1, said
            assert said.count(colours[0]) >= len(FRUIT) + 1
            edition = desk.edition
            assert {one.key for one in edition.index.suggest("", 100)} <= set(edition.programme.papers)
            assert all(colours[0] in title or desk.edition is not edition for title in titles_of(edition))
            seen.append(colours[0])
            await asyncio.sleep(0.002)

    asking = asyncio.create_task(ask())
    for number in range(6):
        preview = await reload(mo, server, versions[(number + 1) % 2])
        await press(mo, preview, "Apply")
        if number == 2:
            await press(mo, shown(await mo.slash(server.channel, "programme undo")), "Apply")
            await press(mo, shown(await mo.slash(server.channel, "programme undo")), "Apply")
    running = False
    await asking

    changes = sum(one != other for one, other in pairwise(seen))
    assert changes == 8
    assert len(seen) > 50


@pytest.mark.parametrize(
    "step",
    [
        "read",
        "recognise",
        "lay_over",
        "build",
        "compare",
        "suspicions",
        "conflicts",
        "news_text",
        "Index",
    ],
)
async def test_no_slow_step_of_a_change_runs_where_it_would_hold_up_others(
    step: str, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = await start()
    mo = moderator(server)
    threads: list[int] = []
    done: Callable[..., Any] = getattr(bot.library, step)

    def noted(*args: Any, **kwargs: Any) -> Any:
        threads.append(threading.get_ident())
        return done(*args, **kwargs)

    monkeypatch.setattr(bot.library, step, noted)
    await press(mo, await fix(mo, server, "paper", "apple", title="Apples"), "Apply")
    threads.clear()
    preview = await reload(mo, server, posters(paper("Apple", title="Apple Pie"), *FRUIT[1:], room="Garden"))
    await pick(mo, preview, "The source has new values", "Take")
    await press(mo, preview, "Apply")
    await press(mo, shown(await mo.slash(server.channel, "programme undo")), "Apply")
    assert threads
    assert threading.get_ident() not in threads


async def test_a_kill_at_any_step_of_a_change_leaves_the_old_version_or_the_new_one(tmp_path: Path) -> None:
    database, data, folder = tmp_path / "base.sqlite3", tmp_path / "next.json", tmp_path / "killed"
    folder.mkdir()
    store = await Store.open(database)
    await Library(store, SystemClock(), {}).load(BASE, "base.json")
    await store.close()
    after = [*FRUIT, "Grape"]
    data.write_bytes(posters(*after, room="Garden"))

    ran = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "tests.killed_in_apply", str(database), str(data), str(folder)],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    steps = [line.split("\t")[1] for line in ran.stdout.splitlines()]
    assert steps[-4:] == ["COMMIT", "the swap", "after the swap", "the end"]
    assert len(steps) > 12
    for number, step in enumerate(steps):
        store = await Store.open(folder / f"{number}.sqlite3")
        library = Library(store, SystemClock(), {})
        await library.open()
        edition = library.edition
        assert edition.version is not None
        is_new = number > steps.index("COMMIT")
        assert titles_of(edition) == (after if is_new else list(FRUIT)), step
        assert [kept.correction for kept in edition.corrections] == ([FIX] if is_new else []), step
        assert len(await store.versions.unplanned_news()) == is_new, step
        assert len(await store.versions.history()) == 1 + is_new, step
        assert edition.programme == build(lay_over(edition.version.source, [FIX] if is_new else [])), step
        await library.apply(await library.propose(posters("Quince"), "again.json", 1))
        assert titles_of(library.edition) == ["Quince"], step
        await store.close()


async def test_a_database_that_fails_leaves_the_programme_in_use(
    start: Start, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    server = await start()
    mo = moderator(server)
    preview = await reload(mo, server, GROWN)

    async def fail(*_: Any) -> int | None:
        raise OSError("disk full")

    versions = server.bot.library._versions
    monkeypatch.setattr(versions, "revise", fail)
    with caplog.at_level(logging.CRITICAL, "bot"):
        assert "Something went wrong" in await refused(mo, preview, "Apply")
    monkeypatch.undo()
    assert titles(server) == list(FRUIT)
    assert audit(server) == []
    await change(mo, server, GROWN)
    assert titles(server) == [*FRUIT, "Grape"]


# --- bad sources

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
    edition = server.bot.library.edition
    answer = shown(await moderator(server).slash(server.channel, "programme reload", file=("next.json", data)))
    assert answer.content.startswith("next.json: "), answer.content
    assert reason in answer.content
    assert "Something went wrong" not in answer.content
    assert answer.ephemeral
    assert_within_limits_of_text(answer)
    assert server.bot.library.edition is edition
    assert len(await server.bot.store.versions.history()) == 1


def assert_within_limits_of_text(message: ResponseMessage) -> None:
    assert 1 <= len(message.content) <= 2000
    assert message.embeds == []


async def test_a_file_that_says_it_is_huge_is_not_even_fetched(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    server = await start()

    async def read(_: discord.Attachment) -> bytes:
        raise AssertionError("it was fetched")

    monkeypatch.setattr(sys.modules["cogs.programme"], "SIZE_LIMIT", 2**20)
    monkeypatch.setattr(discord.Attachment, "read", read)
    huge = ("huge.json", bytes(2**20 + 1))
    answer = shown(await moderator(server).slash(server.channel, "programme reload", file=huge))
    assert answer.content == "huge.json: the file is larger than 1 MiB."


async def test_a_file_that_discord_does_not_hand_out_is_an_error_with_what_to_do(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = await start()

    async def read(_: discord.Attachment) -> bytes:
        raise discord.HTTPException(SimpleResponse(), "gone")

    class SimpleResponse:
        status, reason = 404, "Not Found"

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
    key = next(iter(server.bot.library.edition.programme.papers))
    await press(mo, await fix(mo, server, "paper", key, number="9"), "Apply")
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
    desk = desk_of(server)
    data = json.dumps({"form": "conference-programme/1", "sessions": sessions}).encode()

    answer = await desk.reload(1, data, "huge.json", "huge.json, uploaded")

    assert "100000 papers added, 6 papers removed" in (answer.embed.description or "")
    action = next(button.action for row in answer.rows if isinstance(row, tuple) for button in row)  # type: ignore[union-attr]
    await desk.apply(1, action.rpartition(":")[2], sure=True)
    assert len(titles(server)) == 100_000


# --- addresses


async def from_address(server: Server, who: MemberActor, address: str) -> ResponseMessage:
    message = shown(await who.slash(server.channel, "programme reload", source=address))
    assert message.ephemeral
    return message


async def test_a_good_address_loads(start: Start, site: Site) -> None:
    server = await start()
    server.bot.fetcher = site.fetcher()
    site.serve(GROWN)
    mo = moderator(server)
    preview = await from_address(server, mo, site.url())
    assert "1 paper added" in text_of(preview)
    await press(mo, preview, "Apply")
    assert titles(server) == [*FRUIT, "Grape"]
    history = shown(await mo.slash(server.channel, "programme history"))
    assert f"{HOST}/page.txt, by its address" in text_of(history).replace("\\", "")


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://{host}:{port}/x", "must begin with https://"),
        ("file:///etc/passwd", "must begin with https://"),
        ("https://localhost:{port}/x", "not the name of a public server"),
        ("https://10.0.0.1:{port}/x", "leads into a private or reserved network"),
        ("https://192.168.1.1:{port}/x", "leads into a private or reserved network"),
        ("https://[::1]:{port}/x", "leads into a private or reserved network"),
        ("https://169.254.169.254:{port}/latest/meta-data", "leads into a private or reserved network"),
        ("https://{host}:22/x", "port 22 is not allowed"),
        ("nonsense", "must begin with https://"),
    ],
)
async def test_an_address_where_the_bot_must_not_go_is_refused(
    address: str, reason: str, start: Start, site: Site
) -> None:
    server = await start()
    server.bot.fetcher = site.fetcher()
    answer = await from_address(server, moderator(server), address.format(host=HOST, port=site.port))
    assert reason in answer.content
    assert site.requests == []
    assert titles(server) == list(FRUIT)


@pytest.mark.parametrize(
    "target", ["http://{host}:{port}/x", "https://10.0.0.1:{port}/x", "https://localhost:{port}/x"]
)
async def test_a_redirect_to_where_the_bot_must_not_go_is_not_followed(target: str, start: Start, site: Site) -> None:
    server = await start()
    server.bot.fetcher = site.fetcher()
    site.redirect(target.format(host=HOST, port=site.port))
    answer = await from_address(server, moderator(server), site.url())
    assert f"{HOST}/page.txt, redirected to " in answer.content
    assert len(site.requests) == 1
    assert titles(server) == list(FRUIT)


async def test_an_endless_stream_is_cut_off(start: Start, site: Site, certificate: Any) -> None:
    server = await start()

    async def pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
        with suppress(OSError):
            while True:
                writer.write(b"Session\n" * 1_000)
                await writer.drain()

    async with listening(pour, certificate) as port:
        server.bot.fetcher = site.fetcher(limits=Limits(size=100_000), ports=frozenset({port}))
        answer = await from_address(server, moderator(server), f"https://{HOST}:{port}/x")
    assert "larger than 0.0954 MiB, and was not read further" in answer.content
    assert titles(server) == list(FRUIT)


async def test_a_server_that_takes_its_time_is_given_up(start: Start, site: Site, certificate: Any) -> None:
    server = await start()

    async def dawdle(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        server.env.backend.advance_clock(21)
        await reader.read()

    async with listening(dawdle, certificate) as port:
        server.bot.fetcher = site.fetcher(ports=frozenset({port}))
        answer = await from_address(server, moderator(server), f"https://{HOST}:{port}/x")
    assert "it was not there after 20 seconds" in answer.content
    assert titles(server) == list(FRUIT)


async def test_what_is_at_an_address_is_refused_like_a_file(start: Start, site: Site) -> None:
    server = await start()
    server.bot.fetcher = site.fetcher()
    site.serve(b"<!doctype html><title>Sign in</title>", Content_Type="text/html")
    answer = await from_address(server, moderator(server), site.url())
    assert answer.content.startswith(f"{HOST}/page.txt: ")
    assert titles(server) == list(FRUIT)
    assert LOOPBACK not in answer.content
