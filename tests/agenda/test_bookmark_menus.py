"""The menus that bookmark several papers of a list at once: on every list, for each reader alone."""

import pytest
from simcord.actors import MemberActor
from simcord.results import InteractionResult, ResponseMessage

import bot.agenda.agendas
from bot.ui.menus import BOOKMARK_SEVERAL
from tests.support.messages import assert_within_limits, embed_of, menu_id, menus_of, shown
from tests.support.planning import (
    agenda,
    alone,
    bold_lines,
    description_of,
    forge,
    mark,
    pick,
    public_messages,
    said,
    state,
)
from tests.support.server import Server

pytestmark = pytest.mark.asyncio(loop_scope="module")

LISTS = {
    "search": {"query": "study", "session": "evening-posters"},
    "session": {"session": "evening-posters"},
    "author": {"name": "ada-lovelace"},
}


def offered(message: ResponseMessage) -> list[str]:
    return [option["label"].partition(":")[0] for option in menus_of(message)[BOOKMARK_SEVERAL]]


def ticked(message: ResponseMessage) -> list[str]:
    options = menus_of(message)[BOOKMARK_SEVERAL]
    return [option["label"].partition(":")[0] for option in options if option.get("default")]


def starred(result: InteractionResult) -> list[str]:
    lines = [line for line in description_of(result).splitlines() if line.startswith("★ ")]
    return [line.removeprefix("★ **").partition(":")[0] for line in lines]


async def leave(who: MemberActor, message: ResponseMessage, *names: str) -> InteractionResult:
    """Pick from the menu so that exactly these are ticked."""
    options = menus_of(message)[BOOKMARK_SEVERAL]
    values = [option["value"] for option in options if option["label"].partition(":")[0] in names]
    assert len(values) == len(names)
    result = await who.select(message, values, custom_id=menu_id(message, BOOKMARK_SEVERAL))
    assert isinstance(result, InteractionResult)
    return result


@pytest.mark.parametrize("command", LISTS)
async def test_five_papers_of_a_list_are_bookmarked_in_one_go_and_the_list_says_so(
    server: Server, command: str
) -> None:
    ann = server.member("ann")
    result = await ann.slash(server.channel, command, **LISTS[command])
    five = offered(shown(result))[:5]
    assert ticked(shown(result)) == starred(result) == []

    marked = await leave(ann, shown(result), *five)

    assert shown(marked).id == shown(result).id
    assert embed_of(marked).title == embed_of(result).title
    assert starred(marked) == ticked(shown(marked)) == five
    assert sorted(await agenda(ann, server.channel)) == sorted(five)
    assert_within_limits(shown(marked))


async def test_similar_papers_can_be_bookmarked_too(server: Server) -> None:
    ann = server.member("ann")
    answer = await ann.slash(server.channel, "paper", paper="apple")
    similar = await ann.click(shown(answer), label="Similar papers")
    two = offered(shown(similar))[:2]

    marked = await leave(ann, shown(similar), *two)

    assert embed_of(marked).title == "Similar papers"
    assert starred(marked) == two
    assert sorted(await agenda(ann, server.channel)) == sorted(two)


async def test_a_tick_that_is_taken_away_removes_the_bookmark_and_no_other(server: Server) -> None:
    ann = server.member("ann")
    await mark(ann, server.channel, "Kiwi", "Mango", "Apple")
    listed = await ann.slash(server.channel, "session", session="evening-posters")
    assert ticked(shown(listed)) == starred(listed) == ["Kiwi", "Mango"]

    left = await leave(ann, shown(listed), "Mango", "Peach")

    assert ticked(shown(left)) == ["Mango", "Peach"]
    assert sorted(await agenda(ann, server.channel)) == ["Apple", "Mango", "Peach"]
    none = await leave(ann, shown(left))
    assert ticked(shown(none)) == []
    assert await agenda(ann, server.channel) == ["Apple"]


async def test_what_was_bookmarked_elsewhere_meanwhile_is_not_lost(server: Server) -> None:
    ann = server.member("ann")
    listed = await ann.slash(server.channel, "session", session="evening-posters")
    await mark(ann, server.channel, "Kiwi")

    marked = await leave(ann, shown(listed), "Mango")

    assert sorted(await agenda(ann, server.channel)) == ["Kiwi", "Mango"]
    assert starred(marked) == ["Kiwi", "Mango"]


async def test_the_second_page_stays_the_second_page(server: Server) -> None:
    ann = server.member("ann")
    first = await ann.slash(server.channel, "session", session="evening-posters")
    second = await ann.click(shown(first), label="Next")
    name = offered(shown(second))[0]

    marked = await leave(ann, shown(second), name)

    assert embed_of(marked).footer.text == "Page 2 of 2"
    assert starred(marked) == [name]


@pytest.mark.parametrize("command", LISTS)
async def test_on_a_public_list_everybody_bookmarks_for_themselves_and_it_stays_as_it_is(
    server: Server, command: str
) -> None:
    ann, bob = server.member("ann"), server.member("bob")
    await mark(ann, server.channel, "Kiwi")
    posters = server.guild.channels["posters"]
    public = shown(await ann.slash(posters, command, **LISTS[command]))
    assert ticked(public) == []
    before, messages = state(public), len(public_messages(server, posters))
    two = [name for name in offered(public) if name != "Kiwi"][:2]

    told = await leave(bob, public, *two)

    assert shown(told).ephemeral
    assert embed_of(told).title == "Bookmarked"
    assert [line.partition(":")[0] for line in bold_lines(description_of(told))] == two
    assert sorted(await agenda(bob, server.channel)) == sorted(two)
    assert await agenda(ann, server.channel) == ["Kiwi"]
    assert state(public) == before
    assert len(public_messages(server, posters)) == messages


async def test_a_private_list_that_another_presses_changes_nothing_of_either(server: Server) -> None:
    ann, bob = server.member("ann"), server.member("bob")
    await mark(ann, server.channel, "Kiwi")
    await mark(bob, server.channel, "Kiwi")
    listed = shown(await ann.slash(server.channel, "session", session="evening-posters"))
    before = state(listed)

    told = await forge(
        server,
        bob,
        listed,
        custom_id=menu_id(listed, BOOKMARK_SEVERAL),
        component_type=3,
        values=["mango", "no-such-paper"],
    )

    assert state(listed) == before
    assert shown(told).id != listed.id
    assert sorted(await agenda(bob, server.channel)) == ["Kiwi", "Mango"]
    assert await agenda(ann, server.channel) == ["Kiwi"]


async def test_more_than_may_be_kept_are_refused_whole(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot.agenda.agendas, "LIMIT", 3)
    ann = server.member("ann")
    await mark(ann, server.channel, "Kiwi")
    listed = await ann.slash(server.channel, "session", session="evening-posters")

    refused = await leave(ann, shown(listed), "Kiwi", "Mango", "Peach", "Guava")

    assert "You have 1 bookmark and picked 3 more, and 3 is as many as I keep" in said(refused)
    assert await agenda(ann, server.channel) == ["Kiwi"]
    exchanged = await leave(ann, shown(listed), "Mango", "Peach", "Guava")
    assert starred(exchanged) == ["Mango", "Peach", "Guava"]


async def test_several_are_removed_from_the_agenda_at_once(server: Server) -> None:
    ann = server.member("ann")
    await mark(ann, server.channel, "Kiwi", "Mango", "Apple")
    listed = shown(await ann.slash(server.channel, "agenda"))
    options = menus_of(listed)["Remove bookmarks"]
    gone = [option["value"] for option in options if option["label"].partition(":")[0] != "Mango"]

    await ann.select(listed, gone, custom_id=menu_id(listed, "Remove bookmarks"))

    assert await agenda(ann, server.channel) == ["Mango"]


@alone
async def test_the_menus_outlive_a_restart(own: Server) -> None:
    ann = own.member("ann")
    listed = await ann.slash(own.channel, "search", query="study")
    await leave(ann, shown(listed), "Kiwi")
    await own.restart()

    left = await leave(ann, shown(listed), "Mango", "Apple")

    assert sorted(await agenda(ann, own.channel)) == ["Apple", "Mango"]
    assert starred(left) == ticked(shown(left))
    await pick(ann, shown(left), "Open a paper", "Kiwi")
