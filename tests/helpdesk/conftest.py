"""A server with a help desk and a conduct team, and what people do there."""

from collections.abc import Awaitable, Callable
from typing import Any

import discord
import pytest
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle, UserHandle
from simcord.results import InteractionResult, ResponseMessage

from bot.helpdesk.answers import ABOUTS
from bot.helpdesk.model import About
from tests.support.messages import embed_of, shown
from tests.support.server import Server, StartServer

HELP, CONDUCT = ABOUTS[About.HELP], ABOUTS[About.CONDUCT]
CONFIG = {
    "channel": "help-desk",
    "helpers": ["Helpers"],
    "conduct_channel": "conduct",
    "conduct": ["Conduct team"],
    "contact": "conduct@example.org",
}
SHOW, HIDE = discord.PermissionOverwrite(view_channel=True), discord.PermissionOverwrite(view_channel=False)


class Desk:
    """A server with all that the help desk needs."""

    def __init__(self, server: Server) -> None:
        self.server = server
        guild = server.guild
        self.helpers = guild.create_role("Helpers", mentionable=True)
        self.team = guild.create_role("Conduct team", mentionable=True)
        self.bot_role = guild.roles[server.env.backend.bot_user.name]
        # Whom Discord adds to a private thread by calling their role, SimCord does not; who manages threads sees all.
        seeing: dict[Any, discord.PermissionOverwrite] = {
            self.helpers: discord.PermissionOverwrite(manage_threads=True)
        }
        self.help = guild.create_text_channel("help-desk", overwrites=seeing)
        private: dict[Any, discord.PermissionOverwrite] = {
            guild.default_role: HIDE,
            self.team: SHOW,
            self.bot_role: SHOW,
        }
        self.conduct = guild.create_text_channel("conduct", overwrites=private)
        self.organizers = guild.create_text_channel("organizers")
        self.hugo = server.member("hugo", "Helpers")
        self.carla = server.member("carla", "Conduct team")
        self.ann = server.member("ann")

    @property
    def channel(self) -> ChannelHandle:
        return self.server.channel

    async def ask(self, who: MemberActor, text: str, about: str = HELP, **values: str) -> InteractionResult:
        """Fill in the form of /help-desk."""
        opened = await who.slash(self.channel, "help-desk")
        return await who.submit_modal(opened, typed(text, about, **values))

    async def report(
        self, who: MemberActor, message: discord.Message, text: str = "", about: str = CONDUCT, **values: str
    ) -> InteractionResult:
        """Fill in the form of Report this message."""
        opened = await who.context_menu(self.channel, "Report this message", message)
        return await who.submit_modal(opened, typed(text, about, **values))

    async def write(self, who: MemberActor | UserHandle, message: Any, button: str, text: str) -> InteractionResult:
        """Press a button, and fill in the form that it opens."""
        opened = await who.click(message, label=button)
        result: InteractionResult = await who.submit_modal(opened, {"what": text})
        return result

    @property
    def thread(self) -> ChannelHandle:
        """The only thread there is."""
        (thread,) = self.help.threads
        return thread

    async def status(self) -> str:
        """Return what /status finds wrong."""
        manager = discord.Permissions(manage_guild=True)
        role = self.server.guild.roles.get("Moderators") or self.server.guild.create_role(
            "Moderators", permissions=manager
        )
        mo = self.server.guild.add_member(self.server.env.create_user("mo"), roles=[role])
        (found,) = (
            field.value
            for field in embed_of(await mo.slash(self.channel, "status")).fields
            if field.name == "Permission problems"
        )
        return found or ""


def typed(text: str, about: str, **values: str) -> dict[str, Any]:
    return {"about": [about], "what": text, **{name: [value] for name, value in values.items()}}


def answer_of(result: InteractionResult) -> str:
    """Return what somebody is told, which only they see."""
    message: ResponseMessage = result.followups[-1] if result.followups else shown(result)
    assert message.ephemeral
    return "\n".join([message.content, *(f"{embed.title}\n{embed.description or ''}" for embed in message.embeds)])


def text_of(message: discord.Message | ResponseMessage) -> str:
    """Return all that a message says."""
    parts = [message.content]
    for embed in message.embeds:
        parts += [embed.title or "", embed.description or ""]
        parts += [f"{field.name}: {field.value}" for field in embed.fields]
    return "\n".join(parts)


def told(person: MemberActor) -> list[str]:
    """Return what the bot wrote to somebody directly."""
    return [text_of(message) for message in person.user.dm_channel.history()]


OpenDesk = Callable[..., Awaitable[Desk]]


@pytest.fixture
def open_desk(start_server: StartServer) -> OpenDesk:
    """Start a server with a help desk; keywords replace what is configured of it."""

    async def begin(*, check_errors: bool = True, **changed: Any) -> Desk:
        tables = {"discord": {"moderators": ["Moderators"], "organizers_channel": "organizers"}}
        config = {name: value for name, value in {**CONFIG, **changed}.items() if value is not None}
        return Desk(await start_server(check_errors=check_errors, help_desk=config, **tables))

    return begin


@pytest.fixture
async def desk(open_desk: OpenDesk) -> Desk:
    return await open_desk()
