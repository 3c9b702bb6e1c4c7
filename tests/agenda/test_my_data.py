"""/mydata: what is kept about somebody, and how it is deleted."""

import discord
import pytest

from tests.support.messages import buttons_of, embed_of, shown
from tests.support.planning import agenda, alone, description_of, forge_press, in_file, in_public, mark, state
from tests.support.server import Server

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_about_whom_nothing_is_kept_hears_that(server: Server) -> None:
    result = await server.member("ann").slash(server.channel, "mydata")

    assert description_of(result) == "Nothing."
    assert shown(result).components == []
    assert shown(result).ephemeral


@alone
async def test_what_is_kept_is_deleted_only_when_it_was_asked_for_twice(own: Server) -> None:
    ann, bob = own.member("ann"), own.member("bob")
    await mark(ann, own.channel, "Apple", "Kiwi")
    await mark(bob, own.channel, "Kiwi")
    everything = in_file(own, "SELECT user_id, paper_key, made_at FROM bookmark ORDER BY 1, 2")
    data = await ann.slash(own.channel, "mydata")
    assert description_of(data).startswith("2 bookmarks")

    asked = await ann.click(shown(data), label="Delete everything")

    assert shown(asked).id == shown(data).id
    assert "gone for good" in description_of(asked)
    assert in_file(own, "SELECT user_id, paper_key, made_at FROM bookmark ORDER BY 1, 2") == everything
    assert await agenda(ann, own.channel) == ["Apple", "Kiwi"]

    assert buttons_of(shown(asked))["Yes, delete everything"]["style"] == discord.ButtonStyle.danger.value
    kept = await ann.click(shown(asked), label="Cancel")
    assert description_of(kept).startswith("2 bookmarks")
    assert await agenda(ann, own.channel) == ["Apple", "Kiwi"]
    asked = await ann.click(shown(kept), label="Delete everything")

    done = await ann.click(shown(asked), label="Yes, delete everything")

    assert shown(done).id == shown(data).id
    assert embed_of(done).title == "Deleted"
    assert shown(done).components == []
    names = [name for (name,) in in_file(own, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    assert "bookmark" in names
    for table in names:
        assert not any(ann.id in row or str(ann.id) in row for row in in_file(own, f'SELECT * FROM "{table}"')), table  # noqa: S608
    assert in_file(own, "SELECT user_id, paper_key FROM bookmark") == [(bob.id, "kiwi")]
    assert await agenda(ann, own.channel) == []
    assert description_of(await ann.slash(own.channel, "mydata")) == "Nothing."

    await own.restart()
    assert await agenda(ann, own.channel) == []
    assert await agenda(bob, own.channel) == ["Kiwi"]
    await mark(ann, own.channel, "Apple")
    assert await agenda(ann, own.channel) == ["Apple"]


async def test_one_bookmark_is_spoken_of_as_one(server: Server) -> None:
    ann = server.member("ann")
    await mark(ann, server.channel, "Apple")

    assert description_of(await ann.slash(server.channel, "mydata")).startswith("1 bookmark:")


async def test_the_confirmation_pressed_by_another_deletes_nothing_of_mine(server: Server) -> None:
    ann, bob = server.member("ann"), server.member("bob")
    await mark(ann, server.channel, "Apple")
    data = await ann.slash(server.channel, "mydata")
    asked = shown(await ann.click(shown(data), label="Delete everything"))
    before = state(asked)

    pressed = await forge_press(server, bob, asked, "Yes, delete everything")

    assert shown(pressed).ephemeral
    assert state(asked) == before
    assert await agenda(ann, server.channel) == ["Apple"]


async def test_my_data_can_be_deleted_in_direct_messages(server: Server) -> None:
    ann = server.member("ann")
    await mark(ann, server.channel, "Apple")

    data = await ann.user.slash("mydata")
    asked = await ann.user.click(shown(data), label="Delete everything")
    done = await ann.user.click(shown(asked), label="Yes, delete everything")

    assert embed_of(done).title == "Deleted"
    assert await agenda(ann, server.channel) == []


@alone
async def test_the_database_knows_people_by_their_ids_only(own: Server) -> None:
    zoe = own.member("zoe-quartermaine")
    await mark(zoe, own.channel, "Apple", "Kiwi")
    public, _ = await in_public(own, zoe, "asked in public")
    await zoe.click(public, label="Bookmark")
    await zoe.slash(own.channel, "search", query="apple")
    await zoe.user.slash("agenda")
    await own.bot.close()

    path = own.config.database.path
    raw = b"".join(file.read_bytes() for file in path.parent.rglob("*") if file.is_file())
    assert b"kiwi" in raw
    assert b"quartermaine" not in raw.lower()
    columns = [row[1] for row in in_file(own, "PRAGMA table_info(bookmark)")]
    assert columns == ["user_id", "paper_key", "made_at"]
