"""Moderators correct what the source has wrong, and take corrections back."""

from datetime import datetime

import pytest

from bot.programme.corrections import LIMITS
from bot.programme.kinds import Kind
from tests.support.messages import buttons_of, embed_of, shown
from tests.support.moderating import (
    FRUIT,
    Start,
    change,
    filled_in,
    fix,
    moderator,
    paper,
    pick,
    posters,
    press,
    programme,
    session,
    text_of,
    titles,
)
from tests.support.server import StartServer


async def test_the_papers_without_titles_are_the_first_to_be_fixed(start_server: StartServer) -> None:
    server = await start_server()
    mo = moderator(server)
    choices = await mo.autocomplete(server.channel, "programme fix paper", "paper", "")
    untitled = [one.key for one in server.services.library.edition.programme.papers.values() if one.title is None]
    assert len(untitled) == 2
    assert [choice["value"] for choice in choices[:2]] == untitled

    for number, key in enumerate(untitled):
        preview = await fix(mo, server, "paper", key, title=f"A Title After All {number}")
        assert f"title nothing → “A Title After All {number}”" in text_of(preview)
        await press(mo, preview, "Apply")

    answer = await server.member("ann").slash(server.channel, "paper", paper="A Title After All 1")
    assert "A Title After All 1" in (embed_of(answer).title or "")
    assert all(one.title for one in server.services.library.edition.programme.papers.values())


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
        "kind": "Session",
        "room": "Hall",
        "starts_at": "2026-01-02 10:00",
        "ends_at": "2026-01-02 12:00",
    }
    unchanged = shown(await mo.submit_modal(form, filled_in(form.modal)))
    assert "Nothing was changed" in text_of(unchanged)
    assert buttons_of(unchanged) == {}

    await press(mo, await fix(mo, server, "session", "posters", room="Ballroom"), "Apply")
    (kept,) = server.services.library.edition.corrections
    assert (kept.correction.field, kept.correction.value, kept.correction.was) == ("room", "Ballroom", "Hall")


async def test_a_papers_board_and_topics_and_a_sessions_kind_can_be_fixed(start: Start) -> None:
    server = await start(posters(paper("Apple", topics=["Trees", "Pips"]), "Fig"))
    mo = moderator(server)
    form = await mo.slash(server.channel, "programme fix paper", paper="apple")
    assert (filled_in(form.modal)["board"], filled_in(form.modal)["topics"]) == ("", "Trees\nPips")

    preview = await fix(mo, server, "paper", "apple", board="12", topics="Trees; Juice")
    assert "topics “Trees, Pips” → “Trees, Juice”; board nothing → “12”" in text_of(preview)
    await press(mo, preview, "Apply")
    preview = await fix(mo, server, "session", "posters", kind="Keynote")
    assert "kind “Session” → “Keynote”" in text_of(preview)
    await press(mo, preview, "Apply")

    for _ in range(2):
        edition = server.services.library.edition
        assert (edition.programme.papers["apple"].board, edition.programme.papers["fig"].board) == ("12", None)
        assert edition.programme.papers["apple"].topics == ("Trees", "Juice")
        assert edition.programme.sessions[0].kind is Kind.KEYNOTE
        await server.restart()
    answer = await server.member("ann").slash(server.channel, "paper", paper="#12")
    assert "Apple" in (embed_of(answer).title or "")

    fixes = shown(await mo.slash(server.channel, "programme fixes"))
    await press(mo, await pick(mo, fixes, "Remove a fix", "Remove: board of Apple"), "Apply")
    assert server.services.library.edition.programme.papers["apple"].board is None


async def test_typing_the_sources_own_value_takes_the_fix_away(start: Start) -> None:
    server = await start()
    mo = moderator(server)
    applied = await press(mo, await fix(mo, server, "session", "posters", room="Ballroom"), "Apply")
    assert set(buttons_of(applied)) == {"Undo…", "All fixes"}
    assert "room: “Ballroom”" in text_of(await press(mo, applied, "All fixes"))
    await press(mo, await fix(mo, server, "session", "posters", room="Hall"), "Apply")
    assert server.services.library.edition.corrections == ()
    assert server.services.library.edition.programme.sessions[0].room == "Hall"


async def test_a_fixed_time_beats_the_configured_one(start: Start) -> None:
    times = {"posters": {"start": "2026-01-02T20:00:00Z", "end": "2026-01-02T22:00:00Z"}}
    server = await start(sessions=times)
    mo = moderator(server)
    preview = await fix(mo, server, "session", "posters", starts_at="2026-01-02 13:00", ends_at="2026-01-02 15:00")
    await press(mo, preview, "Apply")
    for _ in range(2):
        (one,) = server.services.library.edition.programme.sessions
        assert one.starts_at == datetime.fromisoformat("2026-01-02T21:00:00+00:00")
        await server.restart()


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"starts_at": "soon"}, "I don't understand “soon” as a date and a time"),
        ({"starts_at": "2026-03-08 02:30"}, "02:30 does not exist on 8 March 2026"),
        ({"starts_at": "01/06/2026 10:00"}, "can't tell the day from the month"),
        ({"ends_at": "9:30"}, "would end (Fri 2 Jan, 09:30 PST) before it begins (Fri 2 Jan, 10:00 PST)"),
        ({"starts_at": "13:00"}, "Change both times, or leave the end empty"),
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
    assert server.services.library.edition.corrections == ()


async def test_a_form_that_can_not_be_used_keeps_what_was_typed(start: Start) -> None:
    server = await start()
    mo = moderator(server)
    form = await mo.slash(server.channel, "programme fix session", session="posters")
    typed = filled_in(form.modal) | {"room": "Ballroom", "ends_at": "9:30"}
    answer = shown(await mo.submit_modal(form, typed))
    again = await mo.click(answer, label="Edit")
    assert filled_in(again.modal) == typed

    await mo.submit_modal(again, typed | {"ends_at": "noon"})
    assert "room “Hall” → “Ballroom”" in text_of(answer)
    await press(mo, answer, "Apply")
    (one,) = server.services.library.edition.programme.sessions
    assert (one.room, one.ends_at) == ("Ballroom", datetime.fromisoformat("2026-01-02T20:00:00+00:00"))


@pytest.mark.parametrize(
    ("typed", "authors"),
    [
        ("Di Wu, Ed Fox", ["Di Wu", "Ed Fox"]),
        ("Di Wu, Ed Fox and Flo Ng", ["Di Wu", "Ed Fox", "Flo Ng"]),
        ("Di Wu and Ed Fox", ["Di Wu", "Ed Fox"]),
        ("Di Wu, Ed Fox\nFlo Ng; Gil Ito", ["Di Wu", "Ed Fox", "Flo Ng", "Gil Ito"]),
        ("Martin King, Jr., Di Wu", ["Martin King, Jr.", "Di Wu"]),
        ("Plato, Socrates, Sappho", ["Plato", "Socrates", "Sappho"]),
        ("Wu, Di", ["Wu, Di"]),
        ("Wu, Di; Fox, Ed", ["Wu, Di", "Fox, Ed"]),
    ],
)
async def test_authors_are_told_apart_as_people_type_them_and_counted(
    typed: str, authors: list[str], start: Start
) -> None:
    server = await start()
    mo = moderator(server)
    preview = await fix(mo, server, "paper", "apple", authors=typed)
    assert f"({len(authors)} author{'s' if len(authors) > 1 else ''})" in text_of(preview)
    await press(mo, preview, "Apply")
    assert [one.name for one in server.services.library.edition.programme.papers["apple"].authors] == authors


async def test_what_a_form_can_not_hold_is_not_offered_rather_than_cut(start: Start) -> None:
    long = "An abstract that goes on. " * 200
    server = await start(posters(paper("Apple", abstract=long), paper("Fig", board="Board 17 by the window")))
    mo = moderator(server)
    form = await mo.slash(server.channel, "programme fix paper", paper="apple")
    assert set(filled_in(form.modal)) == {"title", "authors", "board", "topics"}
    form = await mo.slash(server.channel, "programme fix paper", paper="fig")
    assert set(filled_in(form.modal)) == {"title", "authors", "abstract", "topics"}

    await press(mo, await fix(mo, server, "paper", "apple", title="Apples"), "Apply")
    abstract = server.services.library.edition.programme.papers["apple"].abstract
    assert abstract is not None
    assert abstract.plain == long.strip()


async def test_where_nothing_fits_into_a_form_it_says_so(start: Start) -> None:
    huge = {field: "word " * LIMITS[field] for field in ("title", "abstract", "board")}
    server = await start(
        posters("Apple", paper("Fig") | huge | {"authors": ["Ann Fig"] * 700, "topics": ["trees"] * 200})
    )
    answer = shown(await moderator(server).slash(server.channel, "programme fix paper", paper="Ann Fig"))
    assert "longer than a form takes" in answer.content


async def test_what_lacks_its_title_can_be_fixed_elsewhere_without_giving_it_one(start: Start) -> None:
    server = await start(posters("Apple", paper(None, abstract="Introducing FRUIT9: a basket for everybody to use.")))
    mo = moderator(server)
    (key,) = set(server.services.library.edition.programme.papers) - {"apple"}
    await press(mo, await fix(mo, server, "paper", key, board="9"), "Apply")
    fixed = server.services.library.edition.programme.papers[key]
    assert (fixed.title, fixed.board) == (None, "9")


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
    await press(mo, await fix(mo, server, "paper", "apple", title="Apples", board="7"), "Apply")

    fixes = shown(await mo.slash(server.channel, "programme fixes"))
    assert "**Apples**, title: “Apples” (source: “Apple”; " in text_of(fixes)
    assert f"<@{mo.id}>" in text_of(fixes)
    stale = shown(await mo.slash(server.channel, "programme fixes"))
    preview = await pick(mo, fixes, "Remove a fix", "Remove: title")
    assert "title “Apples” → “Apple”" in text_of(preview)
    assert titles(server)[0] == "Apples"
    await press(mo, preview, "Apply")

    assert titles(server)[0] == "Apple"
    assert [kept.correction.field for kept in server.services.library.edition.corrections] == ["board"]
    (menu,) = [c for row in stale.components for c in row["components"]]
    again = await mo.select(stale, [menu["options"][0]["value"]], custom_id=menu["custom_id"])
    assert "There is no such fix any more" in again.followups[0].content
    await server.restart()
    assert titles(server)[0] == "Apple"
