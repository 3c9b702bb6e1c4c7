"""/foryou: what fits somebody's bookmarks and their day, with the reasons, to be bookmarked at once."""

import pytest
from simcord.results import InteractionResult

from tests.support.messages import assert_within_limits, buttons_of, displayed, embed_of, menu_id, menus_of, shown
from tests.support.planning import agenda, alone, description_of, in_file, mark, pick
from tests.support.server import Server, StartServer

pytestmark = pytest.mark.asyncio(loop_scope="module")


def suggested(text: str) -> list[str]:
    return [line.removeprefix("**").split(":")[0] for line in text.splitlines() if line.startswith("**")]


async def test_suggestions_fit_the_agenda_and_say_why(server: Server) -> None:
    ann = server.member("ann")
    await mark(ann, server.channel, "Kiwi")

    result = await ann.slash(server.channel, "foryou")

    text = description_of(result)
    assert embed_of(result).title == "For you"
    assert shown(result).ephemeral
    assert len(suggested(text)) == 6
    assert "Kiwi" not in suggested(text)
    assert not {"Tomato", "Pepper"} & set(suggested(text)), "at the same time in another room"
    assert text.count("By Ada Lovelace, Bo Li, as is “Kiwi: All about Kiwi”.") == 6
    assert text.count("Few have bookmarked it.") == 2
    assert_within_limits(shown(result))
    displayed(text)


async def test_several_are_bookmarked_at_once_and_others_come(server: Server) -> None:
    ann = server.member("ann")
    await mark(ann, server.channel, "Kiwi")
    result = await ann.slash(server.channel, "foryou")
    before = suggested(description_of(result))
    values = [option["value"] for option in menus_of(shown(result))["Bookmark one or more"][:2]]

    after = await ann.select(shown(result), values, custom_id=menu_id(shown(result), "Bookmark one or more"))

    assert isinstance(after, InteractionResult)
    assert set(before[:2]) < set(await agenda(ann, server.channel))
    assert not set(before[:2]) & set(suggested(description_of(after)))
    assert embed_of(after).title == "For you"


async def test_pages_turn_in_place_and_lead_to_the_papers(server: Server) -> None:
    ann = server.member("ann")
    await mark(ann, server.channel, "WorkA")
    first = await ann.slash(server.channel, "foryou")
    assert embed_of(first).footer.text == "Page 1 of 3"
    before = suggested(description_of(first))

    second = await ann.click(shown(first), label="Next")
    assert embed_of(second).footer.text == "Page 2 of 3"
    assert not set(before) & set(suggested(description_of(second)))

    name = suggested(description_of(second))[0]
    opened = await pick(ann, shown(second), "Open a paper", name)
    assert (embed_of(opened).title or "").startswith(name)


async def test_without_bookmarks_what_was_looked_at_tells_and_else_the_answer_says_what_to_do(server: Server) -> None:
    ann = server.member("ann")
    result = await ann.slash(server.channel, "foryou")
    assert "You have no bookmarks yet, so these are some that few have bookmarked." in description_of(result)
    assert len(suggested(description_of(result))) == 6

    await ann.slash(server.channel, "paper", paper="kiwi")
    result = await ann.slash(server.channel, "foryou")
    assert "near what you looked at last" in description_of(result)
    assert "as is “Kiwi: All about Kiwi”" in description_of(result)


@alone
async def test_when_nothing_fits_the_answer_says_so(start: StartServer) -> None:
    server = await start(
        ("Posters", "Hall", "Apple"),
        ("Demos", "Foyer", "Banana"),
        times={"posters": ("2026-05-18T10:00", "2026-05-18T12:00"), "demos": ("2026-05-18T11:00", "2026-05-18T13:00")},
    )
    ann = server.member("ann")
    await mark(ann, server.channel, "Apple")

    result = await ann.slash(server.channel, "foryou")

    assert description_of(result) == "Nothing that is still to come fits into your agenda."
    assert list(buttons_of(shown(result))) == ["My agenda"]


@alone
async def test_asking_writes_nothing_and_what_many_have_is_not_called_seldom(start: StartServer) -> None:
    names = "Apple Banana Citron Kiwi Mango Peach Guava Lemon"
    server = await start(("Posters", "Hall", names), times={"posters": ("2026-05-18T10:00", "2026-05-18T12:00")})
    for number in range(3):
        await mark(server.member(f"fan{number}"), server.channel, "Banana", "Citron", "Kiwi", "Mango")
    ann = server.member("ann")
    await mark(ann, server.channel, "Apple")
    before = in_file(server, "SELECT count(*) FROM bookmark")

    text = description_of(await ann.slash(server.channel, "foryou"))

    seldom = [block for block in text.split("\n\n") if "Few have bookmarked it." in block]
    assert len(seldom) == 2
    assert {suggested(block)[0] for block in seldom} <= {"Peach", "Guava", "Lemon"}
    assert in_file(server, "SELECT count(*) FROM bookmark") == before


@alone
async def test_a_paper_without_a_time_says_where_it_is_and_one_with_a_time_tells_the_conferences_own_clock(
    start: StartServer,
) -> None:
    blocks = (("Posters", "Hall", "Apple Banana"), ("Demos", "Foyer", "Citron"))
    server = await start(*blocks, times={"posters": ("2026-05-18T10:00", "2026-05-18T12:00")})
    ann = server.member("ann")
    await mark(ann, server.channel, "Apple")

    text = description_of(await ann.slash(server.channel, "foryou"))

    of = {suggested(block)[0]: block.splitlines()[1] for block in text.split("\n\n") if suggested(block)}
    assert of["Banana"] == "Posters · Hall · Mon 18 May, 10:00 PDT (for you <t:1779123600:f>)"
    assert of["Citron"] == "Demos · Foyer · time not announced"
