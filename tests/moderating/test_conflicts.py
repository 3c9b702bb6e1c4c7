"""The source has a new value of its own for what a moderator corrected: the moderator is asked once."""

from pathlib import Path

from simcord.actors import MemberActor

from tests.support.messages import menus_of, shown
from tests.support.moderating import (
    FRUIT,
    Start,
    change,
    fix,
    moderator,
    paper,
    pick,
    posters,
    press,
    reload,
    text_of,
    titles,
)
from tests.support.server import Server

CONFLICT = "The source has new values for fixed fields"


async def conflicting(start: Start) -> tuple[Server, MemberActor]:
    server = await start()
    mo = moderator(server)
    await press(mo, await fix(mo, server, "paper", "apple", title="Apples", board="7"), "Apply")
    return server, mo


def renamed(title: str) -> bytes:
    return posters(paper("Apple", title=title), *FRUIT[1:])


async def test_a_fix_that_is_kept_against_the_sources_new_value_is_not_asked_about_again(start: Start) -> None:
    server, mo = await conflicting(start)

    preview = await reload(mo, server, renamed("Apple Pie"))
    assert "**Apples**: title is “Apple Pie” in the source now; the correction “Apples” stays" in text_of(preview)
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
        assert [kept.correction.field for kept in server.services.library.edition.corrections] == ["board"]
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
    assert "the source now says “Apple Pie”" in text_of(fixes)
    assert menus_of(await reload(mo, server, renamed("Apple Pie").replace(b"Hall", b"Ballroom"))) != {}


async def test_a_source_that_agrees_with_a_fix_asks_nothing(start: Start) -> None:
    server, mo = await conflicting(start)
    preview = await reload(mo, server, renamed("Apples"))
    assert menus_of(preview) == {}
    assert "Nothing changes." in text_of(preview)


async def test_several_authors_or_topics_are_told_in_one_line(start: Start) -> None:
    server = await start()
    mo = moderator(server)
    await press(mo, await fix(mo, server, "paper", "apple", topics="Trees; Pips"), "Apply")
    preview = await reload(mo, server, posters(paper("Apple", topics=["Cider", "Juice"]), *FRUIT[1:]))
    assert "topics are “Cider; Juice” in the source now; the correction “Trees; Pips” stays" in text_of(preview)
    (options,) = menus_of(preview).values()
    assert options[1]["label"] == "Take the source's topics: Cider; Juice"
    assert options[1]["description"] == "instead of Trees; Pips"
    await press(mo, preview, "Apply")
    fixes = text_of(shown(await mo.slash(server.channel, "programme fixes")))
    assert "**Apple**, topics: “Trees; Pips” (source: “Cider; Juice”; " in fixes
