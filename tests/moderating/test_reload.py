"""Moderators load another version of the programme: with a look first, and only when they say so."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from simcord.actors import MemberActor

from bot.editions.rows import EditionStore
from tests.support.messages import buttons_of, embed_of, shown
from tests.support.moderating import (
    BASE,
    FRUIT,
    Start,
    change,
    moderator,
    moment,
    paper,
    posters,
    press,
    refused,
    reload,
    text_of,
    titles,
)
from tests.support.server import Server


async def bookmark(who: MemberActor, server: Server, key: str) -> None:
    await who.click(shown(await who.slash(server.channel, "paper", paper=key)), label="Bookmark")


async def test_the_difference_is_shown_field_by_field_before_anything_changes(start: Start) -> None:
    server = await start()
    mo = moderator(server)
    edition = server.services.library.edition
    changed: list[str | dict[str, Any]] = [
        paper("Apple", abstract="All about apples."),
        paper("Banana", authors=["Ann Banana", "Cy Twombly"]),
        paper("Cherry") | {"title": "Cherry Trees"},
        "Damson",
        "Elderberry",
        "Grape",
    ]

    preview = await reload(mo, server, posters(*changed, room="Ballroom", starts_at=moment(1), ends_at=moment(3)))

    assert preview.ephemeral
    said = text_of(preview)
    assert "1 paper added, 1 paper removed, 3 papers changed, 1 session changed." in said
    assert "room “Hall” → “Ballroom”" in said
    assert "start Fri 2 Jan, 10:00 PST (for you <t:" in said
    assert "abstract changed: “All about Apple.” → “All about apples.”" in said
    assert "authors “Ann Banana, Bo Li” → “Ann Banana, Cy Twombly”" in said
    assert "title “Cherry” → “Cherry Trees”" in said
    assert "recognised although the title changed: “Cherry” → “Cherry Trees”" in said
    assert "Papers removed (1)**\n" in said
    assert "Fig" in said
    assert "Grape" in said
    assert set(buttons_of(preview)) >= {"Apply", "Cancel"}
    assert server.services.library.edition is edition


async def test_the_difference_names_the_problems_and_whom_it_affects(start: Start) -> None:
    server = await start(reminders={"channel": "general"})
    mo, ann, bob = moderator(server), server.member("ann"), server.member("bob")
    for person in (ann, bob):
        await bookmark(person, server, "fig")
    await bookmark(ann, server, "apple")
    await ann.slash(server.channel, "remindme")

    preview = await reload(mo, server, posters(*FRUIT[:-1], paper(None), starts_at=moment(3), ends_at=moment(4)))

    said = text_of(preview)
    assert "2 people have bookmarked papers that would go." in said
    assert "4 reminders get another time." in said  # three in the channel, and Ann's
    assert "Problems in the source" in said


async def test_apply_changes_the_programme_and_cancel_does_not(start: Start) -> None:
    server = await start()
    mo = moderator(server)

    cancelled = await press(mo, await reload(mo, server, posters(*FRUIT, "Grape")), "Cancel")
    assert "Nothing was changed" in text_of(cancelled)
    assert buttons_of(cancelled) == {}
    assert titles(server) == list(FRUIT)

    applied = await change(mo, server, posters(*FRUIT, "Grape"))
    assert "Version 2 is in use: 1 session, 7 papers." in text_of(applied)
    answer = await server.member("ann").slash(server.channel, "paper", paper="grape")
    assert "Grape" in (embed_of(answer).title or "")


async def test_without_anything_named_the_configured_source_is_loaded(start: Start, tmp_path: Path) -> None:
    server = await start()
    mo = moderator(server)
    assert "base.json is the programme that is in use already" in text_of(await reload(mo, server)).replace("\\", "")

    (tmp_path / "base.json").write_bytes(posters(*FRUIT, "Grape"))
    await press(mo, await reload(mo, server), "Apply")

    assert titles(server) == [*FRUIT, "Grape"]


async def test_a_configured_source_that_is_gone_is_an_error_and_the_programme_stays(
    start: Start, tmp_path: Path
) -> None:
    server = await start()
    mo = moderator(server)
    (tmp_path / "base.json").unlink()

    answer = shown(await mo.slash(server.channel, "programme reload"))

    assert "base.json: no such file or directory. See programme.source in the configuration." in answer.content
    assert answer.ephemeral
    assert titles(server) == list(FRUIT)


async def test_a_file_and_an_address_together_are_refused(start: Start) -> None:
    server = await start()
    options: dict[str, Any] = {"file": ("next.json", BASE), "source": "https://example.org/x.json"}
    answer = shown(await moderator(server).slash(server.channel, "programme reload", **options))
    assert answer.content == "Give a file or an address, not both."


async def test_a_path_of_the_bots_machine_is_not_opened_for_a_moderator(start: Start, tmp_path: Path) -> None:
    server = await start()
    secret = tmp_path / "secret.json"
    secret.write_bytes(posters(*FRUIT, "Secret"))
    answer = shown(await moderator(server).slash(server.channel, "programme reload", source=str(secret)))
    assert "an address must begin with https://" in answer.content
    assert titles(server) == list(FRUIT)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (posters(*FRUIT[:3]), "More than a third of the papers are gone: 3 of 6."),
        (posters(), "It has no papers at all; the programme in use has 6."),
        (posters("Quark", "Gluon", name="Physics"), "It may be another conference's"),
    ],
    ids=["a third gone", "no papers", "another conference"],
)
async def test_what_looks_wrong_is_applied_only_when_confirmed_twice(data: bytes, reason: str, start: Start) -> None:
    server = await start()
    mo = moderator(server)
    edition = server.services.library.edition

    preview = await reload(mo, server, data)
    assert reason in text_of(preview)
    asked = await press(mo, preview, "Apply")

    assert server.services.library.edition is edition
    assert "Apply" not in buttons_of(asked)
    assert reason in text_of(asked)
    await press(mo, asked, "Yes, use this programme")
    assert server.services.library.edition is not edition


async def test_what_looks_right_is_applied_at_once(start: Start) -> None:
    server = await start()
    await change(moderator(server), server, posters(*FRUIT[2:]))
    assert titles(server) == list(FRUIT[2:])


async def test_a_long_difference_has_pages_that_turn_without_losing_the_change(start: Start) -> None:
    server = await start()
    mo = moderator(server)
    preview = await reload(mo, server, posters(*FRUIT, *(f"Paper number {n} of many" for n in range(120))))
    first = text_of(preview)
    second = text_of(await press(mo, preview, "Next"))
    assert second != first
    assert "continued" in second
    assert text_of(await press(mo, preview, "Previous")) == first
    await press(mo, preview, "Apply")
    assert len(titles(server)) == 126


async def test_bookmarks_and_reminders_survive_another_title_and_another_order(start: Start) -> None:
    soon = {"starts_at": moment(-41), "ends_at": moment(-40)}
    server = await start(posters(*FRUIT, **soon))
    mo, ann = moderator(server), server.member("ann")
    await bookmark(ann, server, "cherry")
    await ann.slash(server.channel, "remindme")

    preview = await reload(mo, server, posters(paper("Cherry", title="On Cherries"), *FRUIT[3:], *FRUIT[:2], **soon))
    assert "recognised although the title changed: “Cherry” → “On Cherries”" in text_of(preview)
    assert "would go" not in text_of(preview)
    await press(mo, preview, "Apply")

    assert "On Cherries" in text_of(shown(await ann.slash(server.channel, "agenda")))
    await server.advance(46 * 60)
    (message,) = [one for one in ann.user.dm_channel.history() if "opens" in text_of(one)]
    assert "On Cherries" in text_of(message)


async def test_of_the_version_only_what_is_another_is_written_and_it_is_read_whole(start: Start) -> None:
    server = await start()
    await change(moderator(server), server, posters(*FRUIT, "Grape"))
    with closing(sqlite3.connect(server.config.database.path)) as database:
        rows = database.execute("SELECT version_id, count(*) FROM contribution GROUP BY 1").fetchall()
    assert rows == [(1, 6), (2, 1)]
    store, note = EditionStore(server.services.database), server.services.library.edition.version
    assert note == await store.current_note()
    assert note is not None
    version = await store.get(note.id)
    assert version is not None
    assert [one.title for one in version.source.papers] == [*FRUIT, "Grape"]


async def test_a_used_preview_does_nothing_a_second_time(start: Start) -> None:
    server = await start()
    mo = moderator(server)
    preview = await reload(mo, server, posters(*FRUIT, "Grape"))
    token = buttons_of(preview)["Apply"]["custom_id"]
    await press(mo, preview, "Apply")
    await press(mo, preview, "Undo…")
    await press(mo, preview, "Apply")
    assert titles(server) == list(FRUIT)
    assert token not in {button["custom_id"] for button in buttons_of(preview).values()}
    other = await reload(mo, server, posters(*FRUIT, "Grape"))
    server.env.backend.advance_clock(3700)
    assert "too old" in await refused(mo, other, "Apply")
    assert titles(server) == list(FRUIT)
