"""Direct messages before the sessions that hold one's bookmarks: wished for, paced, sent once, ended in one press."""

import sqlite3
from typing import Any

import discord
from simcord.actors import MemberActor

from tests.support.messages import embed_of, shown
from tests.support.server import Server, StartServer

SESSION = "poster-session-1-opening"
THREE = {SESSION: {"start": "2026-01-01T03:00:00Z", "end": "2026-01-01T05:00:00Z"}}


async def wishing(server: Server, person: MemberActor, *papers: str, **options: Any) -> None:
    """Have somebody bookmark some papers and wish for direct messages."""
    for paper in papers:
        answer = await person.slash(server.channel, "paper", paper=paper)
        await person.click(shown(answer), label="Bookmark")
    await person.slash(server.channel, "remindme", **options)


def received(person: MemberActor) -> list[discord.Message]:
    return person.user.dm_channel.history()


async def test_the_message_comes_when_wished_and_names_the_posters_and_where_they_are(
    start_server: StartServer,
) -> None:
    server = await start_server(sessions=THREE)
    ann, bob = server.member("ann"), server.member("bob")
    await wishing(server, ann, "tidar", "helios")
    await wishing(server, bob, "matrix", before=60)

    await server.advance(2 * 3600 - 120)
    assert (received(ann), received(bob)) == ([], [])
    await server.advance(180)
    assert len(received(bob)) == 1
    await server.advance(45 * 60)

    (message,) = received(ann)
    (embed,) = message.embeds
    assert embed.title == "Poster Session 1 & Opening Reception opens in 15 minutes"
    assert "Evergreen Ballroom" in (embed.description or "")
    posters = embed.fields[0].value or ""
    assert posters.index("**HELIOS") < posters.index("**TiDAR")
    assert len(received(bob)) == 1


async def test_one_press_in_the_message_ends_them(start_server: StartServer) -> None:
    server = await start_server(sessions=THREE)
    ann = server.member("ann")
    await wishing(server, ann, "tidar")
    await server.advance(2 * 3600 + 46 * 60)

    result = await ann.user.click(received(ann)[0], label="Stop reminding me")

    assert "no reminders any more" in (embed_of(result).description or "")
    assert "Nothing." not in (embed_of(await ann.slash(server.channel, "mydata")).description or "")
    assert server.bot.services.agenda.agendas.wishes == {}


async def test_who_takes_the_bookmark_or_the_wish_back_gets_none(start_server: StartServer) -> None:
    server = await start_server(sessions=THREE)
    ann, bob = server.member("ann"), server.member("bob")
    await wishing(server, ann, "tidar")
    await wishing(server, bob, "tidar")
    again = await ann.slash(server.channel, "paper", paper="tidar")
    await ann.click(shown(again), label="Remove bookmark")
    await bob.slash(server.channel, "remindme", before=0)

    await server.advance(4 * 3600)

    assert (received(ann), received(bob)) == ([], [])


async def test_a_restart_neither_doubles_nor_loses_them(start_server: StartServer) -> None:
    server = await start_server(sessions=THREE)
    ann = server.member("ann")
    await wishing(server, ann, "tidar")
    await server.restart()
    await server.advance(2 * 3600 + 46 * 60)
    await server.restart()
    await server.advance(1200)

    assert len(received(ann)) == 1


async def test_closed_direct_messages_are_noticed_told_once_and_not_tried_until_wished_again(
    start_server: StartServer,
) -> None:
    server = await start_server(sessions=THREE)
    ann = server.member("ann")
    await wishing(server, ann, "tidar", before=60)
    closed = f"/channels/{ann.user.dm_channel.id}/messages"
    server.env.inject_error("POST", closed, status=403, code=50007, message="Cannot send messages to this user")
    await server.advance(2 * 3600 + 60)
    assert received(ann) == []

    await server.restart()
    first = await ann.slash(server.channel, "next")
    second = await ann.slash(server.channel, "next")
    assert [message.content for message in first.followups if "closed to me" in message.content]
    assert all(message.ephemeral for message in first.followups)
    assert second.followups == []

    await server.advance(600)
    assert received(ann) == []


async def test_my_data_shows_the_wish_and_deletes_it_with_all_traces(start_server: StartServer) -> None:
    server = await start_server(sessions=THREE)
    ann = server.member("ann")
    await wishing(server, ann, "tidar", before=30)

    answer = await ann.slash(server.channel, "mydata")
    assert "30 minutes before" in (embed_of(answer).description or "")
    question = await ann.click(shown(answer), label="Delete everything")
    await ann.click(shown(question), label="Yes, delete everything")

    with sqlite3.connect(server.config.database.path) as database:
        rows = database.execute("SELECT user_id FROM bookmark UNION SELECT user_id FROM wish").fetchall()
        rows += database.execute("SELECT target_id FROM delivery").fetchall()
    assert rows == []
    database.close()
    await server.advance(4 * 3600)
    assert received(ann) == []
