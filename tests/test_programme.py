"""Moderators change the programme: with a look at it first, corrections, and a way back."""

import csv
import io
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from simcord.actors import MemberActor

from bot.programme.corrections import LIMITS
from tests.conftest import MakeConfig, Server, StartServer, buttons_of, embed_of, menus_of, shown
from tests.moderating import (
    BASE,
    FRUIT,
    Start,
    change,
    filled_in,
    fix,
    moderator,
    moment,
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
)

__all__ = ["start"]

CONFLICT = "The source has new values for fixed fields"


async def bookmark(who: MemberActor, server: Server, key: str) -> None:
    await who.click(shown(await who.slash(server.channel, "paper", paper=key)), label="Bookmark")


# --- a look first


async def test_the_difference_is_shown_field_by_field_before_anything_changes(start: Start) -> None:
    server = await start()
    mo = moderator(server)
    edition = server.bot.library.edition
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
    assert f"start <t:{int(datetime.fromisoformat(moment(0)).timestamp())}:F> → " in said
    assert "abstract changed: “All about Apple.” → “All about apples.”" in said
    assert "authors “Ann Banana, Bo Li” → “Ann Banana, Cy Twombly”" in said
    assert "title “Cherry” → “Cherry Trees”" in said
    assert "recognised although the title changed: “Cherry” → “Cherry Trees”" in said
    assert "Papers removed (1)**\n" in said
    assert "Fig" in said
    assert "Grape" in said
    assert set(buttons_of(preview)) >= {"Apply", "Cancel"}
    assert server.bot.library.edition is edition


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
    edition = server.bot.library.edition

    preview = await reload(mo, server, data)
    assert reason in text_of(preview)
    asked = await press(mo, preview, "Apply")

    assert server.bot.library.edition is edition
    assert "Apply" not in buttons_of(asked)
    assert reason in text_of(asked)
    await press(mo, asked, "Yes, use this programme")
    assert server.bot.library.edition is not edition


async def test_what_looks_right_is_applied_at_once(start: Start) -> None:
    server = await start()
    await change(moderator(server), server, posters(*FRUIT[2:]))
    assert titles(server) == list(FRUIT[2:])


async def test_a_long_difference_has_pages_that_turn_without_losing_the_draft(start: Start) -> None:
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


# --- identity


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


# --- the way back


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
    assert any("Version 1** · base.json" in line and "at the bot's start" in line for line in lines)
    assert all("<t:" in line for line in lines if line.startswith("**Version"))
    (options,) = menus_of(history).values()
    assert [option["label"] for option in options] == ["Go back to version 2", "Go back to version 1"]
    preview = await pick(mo, history, "Go back", "Go back to version 1")
    assert "1 paper removed, 1 session changed" in text_of(preview)
    await press(mo, preview, "Apply")
    assert titles(server) == list(FRUIT)
    # The one in use before is the third, not the second.
    await press(mo, shown(await mo.slash(server.channel, "programme undo")), "Apply")
    assert server.bot.library.edition.programme.sessions[0].room == "Ballroom"


async def test_a_long_history_has_pages(start: Start) -> None:
    server = await start()
    mo = moderator(server)
    for number in range(9):
        proposal = await server.bot.library.propose(posters(*FRUIT, f"Paper {number}"), "next.json", mo.id)
        await server.bot.library.apply(proposal)
    history = shown(await mo.slash(server.channel, "programme history"))
    assert "**Version 1**" not in text_of(history)
    assert "**Version 1**" in text_of(await press(mo, history, "Next"))
    await pick(mo, history, "Go back", "Go back to version 1")
    await press(mo, history, "Apply")
    assert titles(server) == list(FRUIT)


# --- fixes


async def test_the_papers_without_titles_are_the_first_to_be_fixed(start_server: StartServer) -> None:
    server = await start_server()
    mo = moderator(server)
    choices = await mo.autocomplete(server.channel, "programme fix paper", "paper", "")
    untitled = [one.key for one in server.bot.library.edition.programme.papers.values() if one.title is None]
    assert len(untitled) == 2
    assert [choice["value"] for choice in choices[:2]] == untitled

    for number, key in enumerate(untitled):
        preview = await fix(mo, server, "paper", key, title=f"A Title After All {number}")
        assert f"title nothing → “A Title After All {number}”" in text_of(preview)
        await press(mo, preview, "Apply")

    answer = await server.member("ann").slash(server.channel, "paper", paper="A Title After All 1")
    assert "A Title After All 1" in (embed_of(answer).title or "")
    assert all(one.title for one in server.bot.library.edition.programme.papers.values())


async def test_a_fix_lies_over_every_later_load_and_over_a_restart(start: Start) -> None:
    server = await start()
    mo = moderator(server)
    await press(mo, await fix(mo, server, "paper", "apple", title="Apples, Revised", authors="Di Wu; Ed Fox"), "Apply")
    assert titles(server)[0] == "Apples, Revised"

    await change(mo, server, posters(*FRUIT, "Grape"))
    assert titles(server) == ["Apples, Revised", *FRUIT[1:], "Grape"]
    await server.restart()
    assert titles(server) == ["Apples, Revised", *FRUIT[1:], "Grape"]
    await press(mo, shown(await mo.slash(server.channel, "programme undo")), "Apply")
    assert titles(server) == ["Apples, Revised", *FRUIT[1:]]
    answer = await server.member("ann").slash(server.channel, "author", name="Ed Fox")
    assert "Apples, Revised" in text_of(shown(answer))


async def test_the_form_shows_what_is_there_and_changes_only_what_was_typed(start: Start) -> None:
    server = await start()
    mo = moderator(server)
    form = await mo.slash(server.channel, "programme fix session", session="posters")
    assert filled_in(form.modal) == {
        "name": "Posters",
        "room": "Hall",
        "starts_at": "2026-01-02 10:00",
        "ends_at": "2026-01-02 12:00",
    }
    unchanged = shown(await mo.submit_modal(form, filled_in(form.modal)))
    assert "Nothing was changed" in text_of(unchanged)
    assert buttons_of(unchanged) == {}

    await press(mo, await fix(mo, server, "session", "posters", room="Ballroom"), "Apply")
    (kept,) = server.bot.library.edition.corrections
    assert (kept.correction.field, kept.correction.value, kept.correction.was) == ("room", "Ballroom", "Hall")


async def test_typing_the_sources_own_value_takes_the_fix_away(start: Start) -> None:
    server = await start()
    mo = moderator(server)
    applied = await press(mo, await fix(mo, server, "session", "posters", room="Ballroom"), "Apply")
    assert set(buttons_of(applied)) == {"All fixes"}
    assert "room: Ballroom" in text_of(await press(mo, applied, "All fixes"))
    await press(mo, await fix(mo, server, "session", "posters", room="Hall"), "Apply")
    assert server.bot.library.edition.corrections == ()
    assert server.bot.library.edition.programme.sessions[0].room == "Hall"


async def test_a_fixed_time_beats_the_configured_one(start: Start) -> None:
    times = {"posters": {"start": "2026-01-02T20:00:00Z", "end": "2026-01-02T22:00:00Z"}}
    server = await start(sessions=times)
    mo = moderator(server)
    preview = await fix(mo, server, "session", "posters", starts_at="2026-01-02 13:00", ends_at="2026-01-02 15:00")
    await press(mo, preview, "Apply")
    for _ in range(2):
        (one,) = server.bot.library.edition.programme.sessions
        assert one.starts_at == datetime.fromisoformat("2026-01-02T21:00:00+00:00")
        await server.restart()


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"starts_at": "at noon"}, "“at noon” is no date and time."),
        ({"starts_at": "2026-03-08 02:30"}, "does not exist in America/Los_Angeles"),
        ({"name": " "}, "can't be empty"),
    ],
)
async def test_what_can_not_be_used_is_refused_with_what_would_do(
    typed: dict[str, str], reason: str, start: Start
) -> None:
    server = await start()
    mo = moderator(server)
    form = await mo.slash(server.channel, "programme fix session", session="posters")
    answer = shown(await mo.submit_modal(form, {**filled_in(form.modal), **typed}))
    assert reason in answer.content
    assert answer.ephemeral
    assert server.bot.library.edition.corrections == ()


async def test_what_a_form_can_not_hold_is_not_offered_rather_than_cut(start: Start) -> None:
    long = "An abstract that goes on. " * 200
    server = await start(posters(paper("Apple", abstract=long), paper("Fig", number="Board 17 by the window")))
    mo = moderator(server)
    form = await mo.slash(server.channel, "programme fix paper", paper="apple")
    assert set(filled_in(form.modal)) == {"title", "authors", "number"}
    form = await mo.slash(server.channel, "programme fix paper", paper="fig")
    assert set(filled_in(form.modal)) == {"title", "authors", "abstract"}

    await press(mo, await fix(mo, server, "paper", "apple", title="Apples"), "Apply")
    abstract = server.bot.library.edition.programme.papers["apple"].abstract
    assert abstract is not None
    assert abstract.plain == long.strip()


async def test_where_nothing_fits_into_a_form_it_says_so(start: Start) -> None:
    huge = {field: "word " * LIMITS[field] for field in ("title", "abstract", "number")}
    server = await start(posters("Apple", paper("Fig") | huge | {"authors": ["Ann Fig"] * 700}))
    answer = shown(await moderator(server).slash(server.channel, "programme fix paper", paper="Ann Fig"))
    assert "longer than a form takes" in answer.content


async def test_what_lacks_its_title_can_be_fixed_elsewhere_without_giving_it_one(start: Start) -> None:
    server = await start(posters("Apple", paper(None, abstract="Introducing FRUIT9: a basket for everybody to use.")))
    mo = moderator(server)
    (key,) = set(server.bot.library.edition.programme.papers) - {"apple"}
    await press(mo, await fix(mo, server, "paper", key, number="9"), "Apply")
    fixed = server.bot.library.edition.programme.papers[key]
    assert (fixed.title, fixed.number) == (None, "9")


async def test_what_is_not_there_can_not_be_fixed(start: Start) -> None:
    server = await start()
    mo = moderator(server)
    for about in ("paper", "session"):
        answer = shown(await mo.slash(server.channel, f"programme fix {about}", **{about: "zzzz qqqq"}))
        assert answer.content == f"There is no such {about}. Pick one from the suggestions."


async def test_sessions_are_suggested_by_their_words(start: Start) -> None:
    server = await start(programme(session("Apple"), session("Quark", name="Physics")))
    choices = await moderator(server).autocomplete(server.channel, "programme fix session", "session", "phy")
    assert [choice["value"] for choice in choices] == ["physics"]


async def test_the_list_of_fixes_tells_who_fixed_what_and_takes_them_away(start: Start) -> None:
    server = await start()
    mo = moderator(server)
    assert "Nothing was fixed yet" in text_of(shown(await mo.slash(server.channel, "programme fixes")))
    await press(mo, await fix(mo, server, "paper", "apple", title="Apples", number="7"), "Apply")

    fixes = shown(await mo.slash(server.channel, "programme fixes"))
    assert "**Apples**, title: Apples (source: Apple; " in text_of(fixes)
    assert f"<@{mo.id}>" in text_of(fixes)
    stale = shown(await mo.slash(server.channel, "programme fixes"))
    preview = await pick(mo, fixes, "Remove a fix", "Remove: title")
    assert "title “Apples” → “Apple”" in text_of(preview)
    assert titles(server)[0] == "Apples"
    await press(mo, preview, "Apply")

    assert titles(server)[0] == "Apple"
    assert [kept.correction.field for kept in server.bot.library.edition.corrections] == ["number"]
    (menu,) = [c for row in stale.components for c in row["components"]]
    again = await mo.select(stale, [menu["options"][0]["value"]], custom_id=menu["custom_id"])
    assert "There is no such fix any more" in again.followups[0].content
    await server.restart()
    assert titles(server)[0] == "Apple"


async def conflicting(start: Start) -> tuple[Server, MemberActor]:
    server = await start()
    mo = moderator(server)
    await press(mo, await fix(mo, server, "paper", "apple", title="Apples", number="7"), "Apply")
    return server, mo


def renamed(title: str) -> bytes:
    return posters(paper("Apple", title=title), *FRUIT[1:])


async def test_a_fix_that_is_kept_against_the_sources_new_value_is_not_asked_about_again(start: Start) -> None:
    server, mo = await conflicting(start)

    preview = await reload(mo, server, renamed("Apple Pie"))
    assert "title is “Apple Pie” in the source now; the correction “Apples” stays" in text_of(preview)
    (options,) = menus_of(preview).values()
    assert [option["label"] for option in options] == ["Keep all fixes", "Take the source's title: Apple Pie"]
    await press(mo, preview, "Apply")
    assert titles(server)[0] == "Apples"

    again = await reload(mo, server, renamed("Apple Pie").replace(b"Hall", b"Ballroom"))
    assert menus_of(again) == {}
    await press(mo, again, "Apply")
    await server.restart()
    assert titles(server)[0] == "Apples"
    another = await reload(mo, server, renamed("Apple Cake"))
    assert "title is “Apple Cake” in the source now" in text_of(another)


async def test_the_sources_new_value_can_be_taken_instead_and_is_in_the_difference_then(start: Start) -> None:
    server, mo = await conflicting(start)
    preview = await reload(mo, server, renamed("Apple Pie"))

    await pick(mo, preview, CONFLICT, "Take the source's title")
    assert "title “Apples” → “Apple Pie”" in text_of(preview)
    assert "stays" not in text_of(preview)
    await pick(mo, preview, CONFLICT, "Keep all")
    assert "the correction “Apples” stays" in text_of(preview)
    await pick(mo, preview, CONFLICT, "Take the source's title")
    await press(mo, preview, "Apply")

    for _ in range(2):
        assert titles(server)[0] == "Apple Pie"
        assert [kept.correction.field for kept in server.bot.library.edition.corrections] == ["number"]
        await server.restart()
    await change(mo, server, renamed("Apple Cake"))
    assert titles(server)[0] == "Apple Cake"


async def test_a_cancelled_question_is_asked_again(start: Start) -> None:
    server, mo = await conflicting(start)
    preview = await reload(mo, server, renamed("Apple Pie"))
    await press(mo, preview, "Cancel")
    assert menus_of(await reload(mo, server, renamed("Apple Pie"))) != {}


async def test_what_the_bot_loaded_at_its_start_is_asked_about_when_a_moderator_looks(
    start: Start, tmp_path: Path
) -> None:
    server, mo = await conflicting(start)
    (tmp_path / "base.json").write_bytes(renamed("Apple Pie"))
    await server.restart()
    assert titles(server)[0] == "Apples"
    fixes = shown(await mo.slash(server.channel, "programme fixes"))
    assert "the source now says Apple Pie" in text_of(fixes)
    assert menus_of(await reload(mo, server, renamed("Apple Pie").replace(b"Hall", b"Ballroom"))) != {}


async def test_a_source_that_agrees_with_a_fix_asks_nothing(start: Start) -> None:
    server, mo = await conflicting(start)
    preview = await reload(mo, server, renamed("Apples"))
    assert menus_of(preview) == {}
    assert "Nothing changes." in text_of(preview)


# --- handing out


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
    await press(mo, await fix(mo, server, "paper", "tidar", title="TiDAR: *Fixed*", number="5"), "Apply")
    files = await exported(mo, server)
    assert set(files) == {"programme.json", "programme.csv"}
    assert b"TiDAR: *Fixed*" in files["programme.json"]
    assert len(list(csv.reader(io.StringIO(files["programme.csv"].decode())))) == 35

    for number, (name, data) in enumerate(files.items(), 2):
        preview = await reload(mo, server, data, name)
        assert text_of(preview).splitlines()[1:3] == ["What would change", "Nothing changes."]
        assert menus_of(preview) == {}
        await press(mo, preview, "Apply")
        assert server.bot.library.edition.version is not None
        assert server.bot.library.edition.version.id == number
        assert await exported(mo, server) == files


async def test_files_larger_than_the_server_takes_are_not_sent(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    server = await start()
    monkeypatch.setattr("discord.Guild.filesize_limit", 1000)
    answer = shown(await moderator(server).slash(server.channel, "programme export"))
    assert "larger than" in answer.content
    assert answer.attachments == []


async def test_the_version_is_kept_whole_in_the_database(start: Start) -> None:
    server = await start()
    await change(moderator(server), server, posters(*FRUIT, "Grape"))
    with closing(sqlite3.connect(server.config.database.path)) as database:
        rows = database.execute("SELECT version_id, count(*) FROM paper GROUP BY 1").fetchall()
    assert rows == [(1, 6), (2, 7)]
    assert server.bot.library.edition.version == await server.bot.store.versions.current()


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
