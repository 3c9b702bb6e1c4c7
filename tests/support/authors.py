"""What the tests about authors share: a conference with namesakes, and what authors and moderators do."""

import base64
import json
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import discord
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle
from simcord.results import InteractionResult, ResponseMessage

from bot.authors.codes import Codes
from bot.authors.model import slots_of
from tests.support.messages import embed_of, shown
from tests.support.moderating import paper, posters
from tests.support.server import Server

SECRET = "what nobody but the organizers of this conference knows"  # noqa: S105
MODERATORS = "moderators"

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)

CACHES = paper("Caches", authors=["Ann Apple", "Wei Wang", "Wei Wang"])
BATCHES = paper("Batches", authors=["Wei Wang", "Émile Noël"])
TREES = paper("Trees", authors=["Bo Birch"])
PROGRAMME = posters(CACHES, BATCHES, TREES)

StartAuthors = Callable[..., Awaitable[Server]]


def code_of(server: Server, key: str, author: int, secret: str = SECRET) -> str:
    """Return the code of an author of a paper, by their place on it."""
    papers = server.services.library.edition.programme.papers
    return Codes(secret).of(list(slots_of(papers[key]))[author])


async def claimed_by_code(who: MemberActor, server: Server, key: str, author: int) -> InteractionResult:
    """Claim a paper by the code of one of its authors."""
    return await who.slash(server.channel, "mypapers", code=code_of(server, key, author))


async def opened(who: MemberActor, server: Server, key: str) -> ResponseMessage:
    """Press "I am an author" below a paper, and return what is shown then."""
    answer = await who.slash(server.channel, "paper", paper=key)
    return shown(await who.click(shown(answer), label="I am an author"))


async def asked(who: MemberActor, server: Server, key: str, name: str, note: str = "") -> InteractionResult:
    """Ask the moderators to confirm that somebody is an author."""
    form = await who.click(await opened(who, server, key), label="Ask the moderators")
    return await who.submit_modal(form, {"name": name, "note": note})


async def said(
    who: MemberActor, server: Server, key: str, text: str = "", links: str = "", picture: Any = None
) -> InteractionResult:
    """Fill in the form of what an author says."""
    form = await who.click(await opened(who, server, key), label="Edit what I say")
    return await who.submit_modal(form, {"text": text, "links": links, **({"picture": picture} if picture else {})})


def text_shown(result: InteractionResult | ResponseMessage | discord.Message) -> str:
    """Return all that an answer or a message says."""
    message = shown(result) if isinstance(result, InteractionResult) else result
    parts = [message.content]
    for embed in message.embeds:
        parts += [embed.title or "", embed.description or "", *(f"{one.name}\n{one.value}" for one in embed.fields)]
    return "\n".join(parts)


async def on_paper(who: MemberActor, server: Server, key: str) -> str:
    """Return what everybody sees of a paper's authors; nothing for nothing."""
    embed = embed_of(await who.slash(server.channel, "paper", paper=key))
    return next((one.value or "" for one in embed.fields if one.name == "From the authors"), "")


def in_channel(channel: ChannelHandle) -> Sequence[discord.Message]:
    """Return the messages of a channel, the oldest first."""
    return channel.history()


def received(who: MemberActor) -> Sequence[discord.Message]:
    """Return the direct messages that somebody got, the oldest first."""
    return who.user.dm_channel.history()


def tickets_in(folder: Path, *lines: str, header: str = "Name;Discord;Company") -> Path:
    """Write a file of ticket holders."""
    path = folder / "tickets.csv"
    path.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
    return path


def exported(files: dict[str, bytes]) -> Any:
    """Return what is handed out for programs."""
    return json.loads(next(data for name, data in files.items() if name.endswith(".json")))
