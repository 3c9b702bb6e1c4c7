"""Which papers are suggested before anything is typed: one's bookmarks, what one looked at, what comes next."""

from datetime import timedelta

import pytest

from tests.support.messages import buttons_of, menu_id, menus_of, shown
from tests.support.planning import MORNING, alone, at, description_of, load, mark, own, rest, server, start, suggested
from tests.support.server import Server, StartServer

__all__ = ["own", "rest", "server", "start"]

pytestmark = pytest.mark.asyncio(loop_scope="module")


@alone
async def test_with_nothing_typed_my_bookmarks_come_first_then_the_next_sessions_papers(start: StartServer) -> None:
    server = await start(
        ("Some Day", None, "Quince"),
        ("Evening", "Foyer", "Kiwi Mango"),
        ("Morning", "Hall", "Apple Banana Citron"),
        ("Night", "Hall", "Fig"),
        times={
            "morning": ("2025-12-31T17:00", "2025-12-31T18:00"),
            "evening": ("2025-12-31T19:00", "2025-12-31T20:00"),
            "night": ("2025-12-31T22:00", None),
        },
    )
    ann, bob = server.member("ann"), server.member("bob")
    await mark(ann, server.channel, "Mango", "Citron")

    assert await suggested(ann, server.channel) == "Mango Citron Apple Banana Kiwi Fig Quince".split()
    assert await suggested(bob, server.channel) == "Apple Banana Citron Kiwi Mango Fig Quince".split()
    assert await suggested(ann, server.channel, "  ") == "Mango Citron Apple Banana Kiwi Fig Quince".split()
    assert (await suggested(ann, server.channel, "apple"))[0] == "Apple"

    await at(server, MORNING + timedelta(hours=1, minutes=59))
    assert (await suggested(bob, server.channel))[0] == "Apple", "what is on is not over"
    await at(server, MORNING + timedelta(hours=2))
    assert await suggested(bob, server.channel) == "Kiwi Mango Fig Quince Apple Banana Citron".split()
    assert await suggested(ann, server.channel) == "Mango Citron Kiwi Fig Quince Apple Banana".split()


async def test_bookmarks_are_suggested_in_direct_messages_too(server: Server) -> None:
    ann = server.member("ann")
    await mark(ann, server.channel, "Walnut")

    choices = await ann.user.autocomplete("paper", "paper", "")

    assert choices[0]["value"] == "walnut"
    assert len(choices) == 25
    opened = await ann.user.slash("paper", paper=choices[0]["value"])
    assert "Remove bookmark" in buttons_of(shown(opened))


@alone
async def test_a_bookmarked_paper_that_is_gone_is_not_suggested(own: Server) -> None:
    ann = own.member("ann")
    await mark(ann, own.channel, "Kiwi", "Banana")
    await load(own, ("Morning", "Hall", "Apple Banana"))

    assert await suggested(ann, own.channel) == ["Banana", "Apple"]


@alone
async def test_what_i_looked_at_last_is_suggested_after_my_bookmarks(start: StartServer) -> None:
    server = await start(("Morning", "Hall", "Apple Banana Citron Fig Grape"))
    ann, bob = server.member("ann"), server.member("bob")
    await mark(ann, server.channel, "Grape")
    for name in ("Citron", "Fig", "Citron"):
        await ann.slash(server.channel, "paper", paper=name)

    assert await suggested(ann, server.channel) == "Grape Citron Fig Apple Banana".split()
    assert await suggested(bob, server.channel) == "Apple Banana Citron Fig Grape".split()

    listed = await bob.slash(server.channel, "session")
    menu = "Open a paper"
    await bob.select(shown(listed), [menus_of(shown(listed))[menu][3]["value"]], custom_id=menu_id(shown(listed), menu))
    assert (await suggested(bob, server.channel))[0] == "Fig", "picking from a menu counts as well"

    kept = await bob.slash(server.channel, "mydata")
    assert "The last paper you looked at, to suggest it again" in description_of(kept)
    sure = await bob.click(shown(kept), label="Delete everything")
    await bob.click(shown(sure), label="Yes, delete everything")
    assert (await suggested(bob, server.channel))[0] == "Apple"
