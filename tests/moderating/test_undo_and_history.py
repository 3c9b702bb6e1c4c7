"""Moderators go back to an earlier version, and see which there were; a restart undoes none of that."""

from pathlib import Path

import pytest

from tests.support.loading import loaded
from tests.support.messages import menus_of, shown
from tests.support.moderating import (
    FRUIT,
    Start,
    change,
    fix,
    moderator,
    pick,
    posters,
    press,
    reload,
    text_of,
    titles,
)
from tests.support.server import MakeConfig


async def test_undo_goes_back_and_once_more_forward_also_after_a_restart(start: Start) -> None:
    server = await start()
    mo = moderator(server)
    await change(mo, server, posters(*FRUIT, "Grape"))

    await press(mo, shown(await mo.slash(server.channel, "programme undo")), "Apply")
    assert titles(server) == list(FRUIT)
    await server.restart()
    assert titles(server) == list(FRUIT)
    preview = shown(await mo.slash(server.channel, "programme undo"))
    assert "1 paper added" in text_of(preview)
    await press(mo, preview, "Apply")
    assert titles(server) == [*FRUIT, "Grape"]


async def test_the_button_under_a_change_takes_it_back_after_another_look(start: Start) -> None:
    server = await start()
    mo = moderator(server)
    applied = await change(mo, server, posters(*FRUIT, "Grape"))
    preview = await press(mo, applied, "Undo…")
    assert "1 paper removed" in text_of(preview)
    await press(mo, preview, "Apply")
    assert titles(server) == list(FRUIT)


async def test_the_button_under_a_change_brings_back_the_fix_that_it_dropped_and_keeps_later_ones(start: Start) -> None:
    server = await start()
    mo = moderator(server)
    await press(mo, await fix(mo, server, "session", "posters", room="Ballroom"), "Apply")
    preview = await reload(mo, server, posters(*FRUIT, "Grape", room="Foyer"))
    applied = await press(mo, await pick(mo, preview, "The source has", "Take the source's room: Foyer"), "Apply")
    assert server.services.library.edition.programme.sessions[0].room == "Foyer"
    await press(mo, await fix(mo, server, "paper", "apple", title="Apples, Revised"), "Apply")
    await server.restart()

    preview = await press(mo, applied, "Undo…")
    assert "This takes back this change: **version 2** was loaded" in preview.content
    assert "room “Foyer” → “Ballroom”" in text_of(preview).replace("\\", "")
    await press(mo, preview, "Apply")

    assert server.services.library.edition.programme.sessions[0].room == "Ballroom"
    assert titles(server) == ["Apples, Revised", *FRUIT[1:]]
    fixes = {kept.correction.field for kept in server.services.library.edition.corrections}
    assert fixes == {"room", "title"}
    await press(mo, shown(await mo.slash(server.channel, "programme undo")), "Apply")
    assert server.services.library.edition.programme.sessions[0].room == "Foyer"


async def test_undo_takes_back_a_fix_and_once_more_brings_it_back_also_after_a_restart(start: Start) -> None:
    server = await start()
    mo = moderator(server)
    await change(mo, server, posters(*FRUIT, "Grape"))
    await press(mo, await fix(mo, server, "paper", "apple", title="Apples, Revised"), "Apply")
    await press(mo, await fix(mo, server, "paper", "apple", title="Apples, Twice Revised"), "Apply")

    preview = shown(await mo.slash(server.channel, "programme undo"))
    assert "takes back the last change: **fix**: title of Apples, Twice Revised" in preview.content
    assert "title “Apples, Twice Revised” → “Apples, Revised”" in text_of(preview)
    await press(mo, preview, "Apply")
    assert titles(server) == ["Apples, Revised", *FRUIT[1:], "Grape"]
    (kept,) = server.services.library.edition.corrections
    assert (kept.correction.value, kept.made_by) == ("Apples, Revised", mo.id)

    await server.restart()
    await press(mo, shown(await mo.slash(server.channel, "programme undo")), "Apply")
    assert titles(server) == ["Apples, Twice Revised", *FRUIT[1:], "Grape"]


async def test_the_first_fix_is_taken_back_by_the_button_below_it(start: Start) -> None:
    server = await start()
    mo = moderator(server)
    applied = await press(mo, await fix(mo, server, "session", "posters", room="Ballroom"), "Apply")
    await press(mo, await press(mo, applied, "Undo…"), "Apply")
    assert server.services.library.edition.corrections == ()
    assert server.services.library.edition.programme.sessions[0].room == "Hall"


async def test_undo_brings_a_fix_back_that_was_removed_or_gave_way_to_the_source(start: Start) -> None:
    server = await start()
    mo = moderator(server)
    await press(mo, await fix(mo, server, "session", "posters", room="Ballroom"), "Apply")
    fixes = shown(await mo.slash(server.channel, "programme fixes"))
    await press(mo, await pick(mo, fixes, "Remove a fix", "Remove: room of Posters"), "Apply")
    await press(mo, shown(await mo.slash(server.channel, "programme undo")), "Apply")
    assert server.services.library.edition.programme.sessions[0].room == "Ballroom"

    preview = await reload(mo, server, posters(*FRUIT, room="Foyer"))
    preview = await pick(mo, preview, "The source has", "Take the source's room: Foyer")
    await press(mo, preview, "Apply")
    assert server.services.library.edition.programme.sessions[0].room == "Foyer"
    await press(mo, shown(await mo.slash(server.channel, "programme undo")), "Apply")
    assert server.services.library.edition.programme.sessions[0].room == "Ballroom"


async def test_the_history_lists_fixes_and_goings_back_among_the_versions(start: Start) -> None:
    server = await start()
    mo = moderator(server)
    await server.advance(60)
    await press(mo, await fix(mo, server, "session", "posters", room="Ballroom", starts_at="9:30"), "Apply")
    await server.advance(60)
    await change(mo, server, posters(*FRUIT, "Grape"))
    await server.advance(60)
    await press(mo, shown(await mo.slash(server.channel, "programme undo")), "Apply")

    history = text_of(shown(await mo.slash(server.channel, "programme history"))).replace("\\", "")
    back, second, fixed, first = history.split("\n\n")
    assert "\n**Back to version 1** · " in back
    assert second.startswith("**Version 2** · next.json")
    assert fixed.startswith("**Fixes**: ")
    assert "room of Posters, “Hall” → “Ballroom”" in fixed
    assert "start of Posters, Fri 2 Jan, 10:00 PST" in fixed
    assert "→ Fri 2 Jan, 09:30 PST" in fixed
    assert f"by <@{mo.id}>" in fixed
    assert first.startswith("**Version 1** — **in use**")


async def test_with_one_version_there_is_nothing_to_go_back_to(start: Start) -> None:
    server = await start()
    mo = moderator(server)
    for options in ({}, {"version": 1}, {"version": 99}):
        answer = shown(await mo.slash(server.channel, "programme undo", **options))
        assert "See `/programme history`." in answer.content


@pytest.mark.parametrize("configured_changes_first", [False, True])
async def test_a_restart_loads_the_unchanged_configured_file_over_nothing(
    configured_changes_first: bool, start: Start, tmp_path: Path
) -> None:
    server = await start()
    mo = moderator(server)
    if configured_changes_first:
        (tmp_path / "base.json").write_bytes(posters(*FRUIT, "Grape"))
        await press(mo, await reload(mo, server), "Apply")
        await press(mo, shown(await mo.slash(server.channel, "programme undo")), "Apply")
        expected = list(FRUIT)
    else:
        # The same name as the configured file's, as when it was taken from there and changed.
        await change(mo, server, posters(*FRUIT, "Grape"), name="base.json")
        expected = [*FRUIT, "Grape"]

    await server.restart()
    assert titles(server) == expected

    (tmp_path / "base.json").write_bytes(posters(*FRUIT, "Honeydew"))
    await server.restart()
    assert titles(server) == [*FRUIT, "Honeydew"]


async def test_another_configured_file_is_loaded_at_the_start_and_so_is_the_first_one_again(
    start: Start, make_config: MakeConfig, tmp_path: Path
) -> None:
    server = await start()
    first, other = server.config, tmp_path / "other.json"
    other.write_bytes(posters(*FRUIT, "Grape"))
    await server.restart(make_config(programme={"source": other}))
    assert titles(server) == [*FRUIT, "Grape"]
    await server.restart(first)
    assert titles(server) == list(FRUIT)


async def test_the_history_tells_when_who_from_where_and_what_and_leads_back(start: Start) -> None:
    server = await start()
    mo = moderator(server)
    await change(mo, server, posters(*FRUIT, "Grape"), name="with grapes.json")
    await server.advance(60)
    await change(mo, server, posters(*FRUIT, "Grape", room="Ballroom"), name="moved.json")

    history = shown(await mo.slash(server.channel, "programme history"))

    lines = text_of(history).replace("\\", "").splitlines()
    assert any("Version 3** — **in use** · moved.json, uploaded" in line and f"<@{mo.id}>" in line for line in lines)
    assert "1 session changed" in lines
    assert any("Version 1** · base.json" in line and "by the bot itself" in line for line in lines)
    assert all("<t:" in line for line in lines if line.startswith("**Version"))
    (options,) = menus_of(history).values()
    assert [option["label"] for option in options] == ["Go back to version 2", "Go back to version 1"]
    preview = await pick(mo, history, "Go back", "Go back to version 1")
    assert "1 paper removed, 1 session changed" in text_of(preview)
    await press(mo, preview, "Apply")
    assert titles(server) == list(FRUIT)
    # The one in use before is the third, not the second.
    await press(mo, shown(await mo.slash(server.channel, "programme undo")), "Apply")
    assert server.services.library.edition.programme.sessions[0].room == "Ballroom"


async def test_a_long_history_has_pages(start: Start) -> None:
    server = await start()
    mo = moderator(server)
    for number in range(9):
        proposal = await server.services.library.propose(loaded(posters(*FRUIT, f"Paper {number}"), "next.json"), mo.id)
        await server.services.library.apply(proposal)
    history = shown(await mo.slash(server.channel, "programme history"))
    assert "**Version 1**" not in text_of(history)
    assert "**Version 1**" in text_of(await press(mo, history, "Next"))
    await pick(mo, history, "Go back", "Go back to version 1")
    await press(mo, history, "Apply")
    assert titles(server) == list(FRUIT)
