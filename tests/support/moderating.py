"""What the tests of the moderators' commands share: small programmes, a server, and what a moderator does."""

import json
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import discord
import pytest
from discord import app_commands
from simcord.actors import MemberActor
from simcord.results import ResponseMessage

from bot.editions.model import Edition
from bot.errors import UserError
from tests.support.messages import assert_within_limits, menu_id, menus_of, shown
from tests.support.server import MakeConfig, Server, StartServer

MANAGER = discord.Permissions(manage_guild=True)
FRUIT = ("Apple", "Banana", "Cherry", "Damson", "Elderberry", "Fig")
BEGIN = datetime.fromisoformat("2026-01-02T18:00:00+00:00")
"""When the session of these programmes begins: the simulation's time begins on the first of that January."""

Start = Callable[..., Awaitable[Server]]
Message = TypeVar("Message", ResponseMessage, discord.Message)


def paper(name: str | None, **fields: Any) -> dict[str, Any]:
    """Make a paper; by its first author it is known again under another title."""
    return {"title": name, "authors": [f"Ann {name}", "Bo Li"], "abstract": f"All about {name}.", **fields}


def session(*papers: str | dict[str, Any], **fields: Any) -> dict[str, Any]:
    """Make a session with papers, or with titles of papers."""
    made = [paper(one) if isinstance(one, str) else one for one in papers]
    times = {"starts_at": moment(0), "ends_at": moment(2)}
    return {"kind": "Session", "name": "Posters", "room": "Hall", **times, **fields, "papers": made}


def moment(hours: float) -> str:
    """Return so many hours after the session's usual begin."""
    return (BEGIN + timedelta(hours=hours)).isoformat()


def programme(*sessions: dict[str, Any]) -> bytes:
    """Make a programme, as JSON."""
    return json.dumps({"form": "conference-programme/1", "sessions": list(sessions)}).encode()


def posters(*papers: str | dict[str, Any], **fields: Any) -> bytes:
    """Make a programme of a single session."""
    return programme(session(*papers, **fields))


BASE = posters(*FRUIT)
GROWN = posters(*FRUIT, "Grape")


@pytest.fixture
def start(start_server: StartServer, make_config: MakeConfig, tmp_path: Path) -> Iterator[Start]:
    """Start the bot on the programme `BASE`, or on other data, in the configured file `base.json`.

    What somebody is told when a command can't be carried out, or is not theirs, is no failure of the bot's.
    """
    servers: list[Server] = []

    async def begin(data: bytes = BASE, **tables: Any) -> Server:
        path = tmp_path / "base.json"
        path.write_bytes(data)
        servers.append(await start_server(make_config(programme={"source": path}, **tables)))
        return servers[-1]

    yield begin
    for server in servers:
        for error in server.env.errors:
            refused = isinstance(error, app_commands.CommandInvokeError | app_commands.CheckFailure)
            if not refused or not isinstance(error.__cause__, UserError):
                raise error


def moderator(server: Server, name: str = "mo") -> MemberActor:
    """Add a moderator who sees the commands: what Discord shows depends on permissions, not on the bot's roles."""
    role = server.guild.roles.get("Moderators") or server.guild.create_role("Moderators", permissions=MANAGER)
    return server.guild.add_member(server.env.create_user(name), roles=[role])


async def reload(
    who: MemberActor, server: Server, data: bytes | None = None, name: str = "next.json"
) -> ResponseMessage:
    """Ask for a file to be loaded, or for the configured source, and return the difference."""
    options = {} if data is None else {"file": (name, data)}
    message = shown(await who.slash(server.channel, "programme reload", **options))
    assert_within_limits(message)
    return message


async def press(who: MemberActor, message: ResponseMessage, label: str) -> ResponseMessage:
    """Press a button of somebody's own private answer, and return what it shows then."""
    result = await who.click(message, label=label)
    assert result.followups == [], text_of(result.followups[0])
    assert_within_limits(message)
    return message


async def refused(who: MemberActor, message: ResponseMessage | discord.Message, label: str) -> str:
    """Press a button that does nothing, and return why."""
    result = await who.click(message, label=label)
    answers = [*result.followups, *([result.response] if result.response and result.response.id != message.id else [])]
    (answer,) = answers
    assert answer.ephemeral
    return answer.content


async def change(who: MemberActor, server: Server, data: bytes, name: str = "next.json") -> ResponseMessage:
    """Load a file and apply it."""
    return await press(who, await reload(who, server, data, name), "Apply")


async def pick(who: MemberActor, message: Message, placeholder: str, *labels: str) -> Message:
    """Pick options of a menu by how their labels begin."""
    (options,) = (options for holder, options in menus_of(message).items() if holder.startswith(placeholder))
    (holder,) = (holder for holder in menus_of(message) if holder.startswith(placeholder))
    values = [next(o["value"] for o in options if o["label"].startswith(label)) for label in labels]
    await who.select(message, values, custom_id=menu_id(message, holder))
    assert_within_limits(message)
    return message


async def fix(who: MemberActor, server: Server, about: str, key: str, **typed: str) -> ResponseMessage:
    """Fill in the form of a paper or a session: what is not typed stays as the form shows it."""
    form = await who.slash(server.channel, f"programme fix {about}", **{about: key})
    message = shown(await who.submit_modal(form, {**filled_in(form.modal), **typed}))
    assert_within_limits(message)
    return message


def filled_in(modal: dict[str, Any] | None) -> dict[str, str]:
    """Return what the fields of a form hold when it opens."""
    assert modal is not None, "no form was opened"
    inputs = [row["component"] for row in modal["components"]]
    return {field["custom_id"]: field.get("value") or "" for field in inputs}


def text_of(message: ResponseMessage | discord.Message) -> str:
    """Return all that a message says."""
    parts = [message.content]
    for embed in message.embeds:
        parts += [embed.title or "", embed.description or "", *(f"{one.name}\n{one.value}" for one in embed.fields)]
    return "\n".join(parts)


def titles(server: Server) -> list[str]:
    """Return the titles of the programme in use."""
    return titles_of(server.services.library.edition)


def titles_of(edition: Edition) -> list[str]:
    """Return the titles of an edition."""
    return [one.label for one in edition.programme.papers.values()]


def audit(server: Server) -> list[tuple[Any, ...]]:
    """Return what is on record: who, what, about what, and how it was before and after."""
    with closing(sqlite3.connect(server.config.database.path)) as database:
        return database.execute("SELECT user_id, action, about, before, after FROM audit ORDER BY id").fetchall()
