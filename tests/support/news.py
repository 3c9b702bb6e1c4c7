"""What the tests of news share: changed programmes, and who has heard of them."""

import sqlite3
from contextlib import closing

import discord
from simcord.actors import MemberActor

from tests.support.messages import shown
from tests.support.moderating import BEGIN, FRUIT, moment, posters, text_of
from tests.support.server import Server

CHANNEL = {"channel": "general"}
BALLROOM, GARDEN = (posters(*FRUIT, room=room) for room in ("Ballroom", "Garden"))
LATER = posters(*FRUIT, starts_at=moment(1), ends_at=moment(3))


def news_in(messages: list[discord.Message]) -> list[discord.Message]:
    return [message for message in messages if "The programme has changed" in text_of(message)]


def told(server: Server) -> list[discord.Message]:
    """What the channel has heard of changes."""
    return news_in(server.channel.history())


def received(person: MemberActor) -> list[discord.Message]:
    """What somebody has heard of changes by direct message."""
    return news_in(person.user.dm_channel.history())


async def bookmark(person: MemberActor, server: Server, key: str) -> None:
    await person.click(shown(await person.slash(server.channel, "paper", paper=key)), label="Bookmark")


async def wishing(person: MemberActor, server: Server, *keys: str) -> None:
    for key in keys:
        await bookmark(person, server, key)
    await person.slash(server.channel, "remindme")


def break_channel(server: Server, times: int | None = None, place: int = 0) -> None:
    """Let what is posted into the channel fail."""
    path = f"/channels/{place or server.channel.id}/messages"
    server.env.inject_error("POST", path, status=503, times=times)


def mend_channel(server: Server) -> None:
    server.env.backend.faults.clear()


def at(hours: int) -> str:
    """Return how two hours are told that begin so many hours after the session's usual begin, at 10:00."""
    start, end = (int(BEGIN.timestamp() + one * 3600) for one in (hours, hours + 2))
    return f"Fri 2 Jan, {10 + hours}:00–{12 + hours}:00 PST (for you <t:{start}:f> – <t:{end}:t>)"


def open_deliveries(server: Server) -> int:
    with closing(sqlite3.connect(server.config.database.path)) as database:
        statement = "SELECT count(*) FROM delivery WHERE kind LIKE '%news' AND state IN ('planned', 'claimed')"
        (number,) = database.execute(statement).fetchone()
    return int(number)
