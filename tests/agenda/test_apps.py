"""What is in the menu of a message and of a person: "Bookmark", and "Their papers"."""

import pytest
from simcord.actors import MemberActor
from simcord.builders import UserHandle
from simcord.results import InteractionResult

from bot.ui.menus import BOOKMARK_SEVERAL
from tests.support.messages import embed_of, menu_id, menus_of, shown
from tests.support.planning import agenda, bold_lines, description_of, in_public, mark, sessions_in
from tests.support.server import Server

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def bookmark(who: MemberActor, server: Server, text: str) -> InteractionResult:
    """Somebody writes something, and somebody else presses Bookmark in its menu."""
    message = await server.member("writer").send(server.channel, text)
    return await who.context_menu(server.channel, "Bookmark", message)


def papers_in(result: InteractionResult) -> list[str]:
    return [line.removeprefix("★ **").partition(":")[0] for line in bold_lines(description_of(result))]


@pytest.mark.parametrize("how", ["asked in public", "shared"])
async def test_the_paper_that_the_bot_shows_is_bookmarked(server: Server, how: str) -> None:
    ann, bob = server.member("ann"), server.member("bob")
    public, channel = await in_public(server, ann, how)

    told = await bob.context_menu(channel, "Bookmark", public)

    assert shown(told).ephemeral
    assert embed_of(told).title == "Bookmarked"
    assert await agenda(bob, server.channel) == ["Apple"]
    assert await agenda(ann, server.channel) == []
    again = await bob.context_menu(channel, "Bookmark", public)
    assert embed_of(again).title == "Bookmarked"
    assert await agenda(bob, server.channel) == ["Apple"]


async def test_of_several_papers_that_the_bot_shows_one_picks(server: Server) -> None:
    ann, bob = server.member("ann"), server.member("bob")
    posters = server.guild.channels["posters"]
    public = shown(await ann.slash(posters, "session", session="opening-posters"))

    told = await bob.context_menu(posters, "Bookmark", public)

    assert embed_of(told).title == "Which of these?"
    assert papers_in(told) == ["Apple", "Banana", "Citron"]
    assert await agenda(bob, server.channel) == []
    done = await bob.select(shown(told), ["apple", "citron"], custom_id=menu_id(shown(told), BOOKMARK_SEVERAL))
    assert isinstance(done, InteractionResult)
    assert shown(done).id == shown(told).id
    assert embed_of(done).title == "Bookmarked"
    assert sorted(await agenda(bob, server.channel)) == ["Apple", "Citron"]


@pytest.mark.parametrize(
    "text",
    [
        "Has anybody seen Kiwi: All about Kiwi yet?",
        "> KIWI — all about\n> kiwi\nthat one!",
        "kiwi all about kiwi",
    ],
)
async def test_a_title_that_somebody_wrote_is_bookmarked(server: Server, text: str) -> None:
    bob = server.member("bob")

    told = await bookmark(bob, server, text)

    assert embed_of(told).title == "Bookmarked"
    assert await agenda(bob, server.channel) == ["Kiwi"]


async def test_several_titles_that_somebody_wrote_are_offered(server: Server) -> None:
    bob = server.member("bob")
    await mark(bob, server.channel, "Mango")

    told = await bookmark(bob, server, "Kiwi: All about Kiwi, then Mango: All About Mango and nothing else")

    assert papers_in(told) == ["Kiwi"]
    assert "★ **Mango" in description_of(told)
    assert await agenda(bob, server.channel) == ["Mango"]


async def test_a_few_words_of_a_title_are_asked_back(server: Server) -> None:
    bob = server.member("bob")

    told = await bookmark(bob, server, "where is the nectarine poster?")

    assert embed_of(told).title == "Did you mean one of these?"
    assert papers_in(told)[0] == "Nectarine"
    assert await agenda(bob, server.channel) == []


async def test_a_message_without_a_paper_says_so(server: Server) -> None:
    bob = server.member("bob")

    told = await bookmark(bob, server, "Zzyzx! " + "blah " * 80)

    assert embed_of(told).title == "No paper in this message"
    assert menus_of(shown(told)) == {}


@pytest.mark.parametrize("called", ["Ada Lovelace", "ADA LOVELACE", "Ada Lovelace (she/her)", "Ada Lovelace | Acme"])
async def test_the_papers_of_somebody_called_like_an_author(server: Server, called: str) -> None:
    ann, ada = server.member("ann"), named(server, called)

    told = await ann.context_menu(server.channel, "Their papers", ada)

    assert shown(told).ephemeral
    assert embed_of(told).title == "Ada Lovelace"
    assert "name alone" in shown(told).content
    assert BOOKMARK_SEVERAL in menus_of(shown(told))


@pytest.mark.parametrize("called", ["Ada", "ada_l", "Adam Lovelace-Smith", "**@everyone** Nobody"])
async def test_somebody_called_unlike_any_author_has_no_papers(server: Server, called: str) -> None:
    ann, other = server.member("ann"), named(server, called)

    told = await ann.context_menu(server.channel, "Their papers", other)

    assert embed_of(told).title == "No papers found"
    assert sessions_in(told) == []


def named(server: Server, called: str) -> MemberActor:
    user: UserHandle = server.env.create_user("somebody")
    return server.guild.add_member(user, nick=called)
