"""What authors hear: one direct message when somebody writes about their paper, then nothing until they have looked."""

from itertools import count

from bot.authors.model import BUNDLED
from tests.support.authors import StartAuthors, claimed_by_code, opened, received, text_shown
from tests.support.messages import buttons_of, shown
from tests.support.server import Server

_MESSAGES = count(10**18)

SOON = BUNDLED.total_seconds() + 5


async def written(server: Server, key: str, writer: int) -> None:
    await server.services.authors.own.written(key, writer, next(_MESSAGES))


async def test_an_author_hears_once_and_again_only_after_looking(begin: StartAuthors) -> None:
    server = await begin()
    ann, wei, bob = (server.member(name) for name in ("ann", "wei", "bob"))
    await claimed_by_code(ann, server, "caches", 0)
    await claimed_by_code(wei, server, "caches", 1)

    for _ in range(3):
        await written(server, "caches", bob.id)
    await server.advance(SOON)
    await server.restart()
    await written(server, "caches", bob.id)
    await server.advance(SOON)

    (message,) = received(ann)
    assert "Somebody has written about your paper." in text_shown(message)
    assert "**Caches**" in text_shown(message)
    assert len(received(wei)) == 1
    assert list(buttons_of(message)) == ["My papers", "I have looked", "Don't write to me"]

    await ann.user.click(message, label="I have looked")
    await written(server, "caches", bob.id)
    await server.advance(SOON)
    assert len(received(ann)) == 2
    assert len(received(wei)) == 1


async def test_writing_there_oneself_counts_as_looking_and_tells_only_the_others(begin: StartAuthors) -> None:
    server = await begin()
    ann, wei, bob = (server.member(name) for name in ("ann", "wei", "bob"))
    await claimed_by_code(ann, server, "caches", 0)
    await claimed_by_code(wei, server, "caches", 1)
    await written(server, "caches", bob.id)
    await written(server, "caches", ann.id)
    await server.advance(SOON)
    assert received(ann) == []
    assert len(received(wei)) == 1

    await written(server, "caches", bob.id)
    await server.advance(SOON)
    assert len(received(ann)) == 1


async def test_news_of_several_papers_is_one_message(begin: StartAuthors) -> None:
    server = await begin()
    ann, bob = server.member("ann"), server.member("bob")
    for key in ("caches", "trees"):
        await claimed_by_code(ann, server, key, 0)
        await written(server, key, bob.id)
    await server.advance(SOON)

    (message,) = received(ann)
    assert "**Caches**" in text_shown(message)
    assert "**Trees**" in text_shown(message)
    await ann.user.click(message, label="I have looked")
    for key in ("caches", "trees"):
        await written(server, key, bob.id)
    await server.advance(SOON)
    assert len(received(ann)) == 2


async def test_who_wants_to_hear_nothing_hears_nothing(begin: StartAuthors) -> None:
    server = await begin()
    ann, bob = server.member("ann"), server.member("bob")
    await claimed_by_code(ann, server, "caches", 0)
    await written(server, "caches", bob.id)
    quiet = await ann.click(await opened(ann, server, "caches"), label="Don't write to me")
    assert "You hear nothing of it." in text_shown(quiet)
    await server.advance(SOON)
    await server.restart()
    await written(server, "caches", bob.id)
    await server.advance(SOON)
    assert received(ann) == []

    await ann.click(shown(quiet), label="Write to me")
    await written(server, "caches", bob.id)
    await server.advance(SOON)
    assert len(received(ann)) == 1


async def test_closed_direct_messages_are_told_once_and_not_tried_again(begin: StartAuthors) -> None:
    server = await begin()
    ann, bob = server.member("ann"), server.member("bob")
    await claimed_by_code(ann, server, "caches", 0)
    closed = f"/channels/{ann.user.dm_channel.id}/messages"
    server.env.inject_error("POST", closed, status=403, code=50007, message="Cannot send messages to this user")
    await written(server, "caches", bob.id)
    await server.advance(SOON)
    await written(server, "caches", bob.id)
    await server.advance(SOON)
    assert received(ann) == []

    first, second = await ann.slash(server.channel, "next"), await ann.slash(server.channel, "next")
    assert [one.content for one in first.followups if "about your papers" in one.content]
    assert second.followups == []
    own = await opened(ann, server, "caches")
    assert "I could not write to you" in text_shown(own)
    await ann.click(own, label="Write to me")
    await written(server, "caches", bob.id)
    await server.advance(SOON)
    assert len(received(ann)) == 1
