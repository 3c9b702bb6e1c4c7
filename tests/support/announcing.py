"""What the tests of announcements share: a server with an organizer, and reading what became of what they did."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import discord
from simcord.actors import MemberActor, _component_interaction
from simcord.backend.models import Overwrite
from simcord.builders import ChannelHandle, GuildHandle, RoleHandle
from simcord.enums import OverwriteType
from simcord.results import InteractionResult, ResponseMessage

from bot.announcing.model import Announcement, Draft, Purpose
from bot.announcing.rows import AnnouncementStore
from bot.store.audit import AuditEntry
from tests.support.messages import assert_within_limits, buttons_of, embed_of, shown
from tests.support.record import AuditStore
from tests.support.server import Server

NOW = datetime(2026, 5, 18, 19, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
LUNCH = Announcement(
    0,
    "Lunch",
    "Lunch is in **hall B**.",
    "https://example.org/lunch",
    "https://example.org/lunch.png",
    "Attendees",
    NOW + HOUR,
    7,
    NOW,
)
RECORD = AuditEntry(NOW, 7, "announcement done", "Lunch")
FORM = {"title": "Lunch", "text": "Lunch is in **hall B**, <@1> @everyone @here.", "when": "now"}
CONFIGURED = {"channels": ["announcements"], "roles": ["Attendees"]}
DISCORD = {
    "organizers": ["Organizers"],
    "moderators": ["Moderators"],
    "log_channel": "bot-log",
    "strict_roles": True,  # Discord shows the commands to those who may manage the server, whom this refuses
    "welcome": False,  # so that announcements are all that the bot writes
}


def draft(title: str = "title", text: str = "text", link: str = "", image: str = "") -> Draft:
    return Draft(Purpose.POST, 7, (11, 12), title, text, link, image, role="Attendees", due_at=NOW + HOUR)


class Hall:
    """A server with an organizer, a channel for announcements, and a role that they may ping."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.channel = server.channel
        self.manager = discord.Permissions(manage_guild=True)
        for name in ("Organizers", "Moderators", "Staff"):
            server.guild.create_role(name, permissions=self.manager)
        self.attendees: RoleHandle = server.guild.create_role("Attendees", mentionable=True)
        self.news = server.guild.create_text_channel("announcements")
        self.log = server.guild.create_text_channel("bot-log")
        self.olga = server.member("olga", "Organizers")

    async def form(self, **options: Any) -> InteractionResult:
        """Open the form of a new announcement."""
        return await self.olga.slash(self.channel, "announce post", **options)

    async def preview(self, form: dict[str, str] | None = None, **options: Any) -> ResponseMessage:
        """Fill in the form of a new announcement, and look at the preview."""
        return await self.fill_in(await self.form(**options), {**FORM, **(form or {})})

    async def fill_in(self, opened: InteractionResult, form: dict[str, str]) -> ResponseMessage:
        """Fill in an announcement's form, what has a form of its own afterwards, and look at the preview."""
        preview = await self.submit(opened, {name: text for name, text in form.items() if name in fields(opened)})
        rest = {name: text for name, text in form.items() if name not in fields(opened)}
        if any(rest.values()):
            await self.submit(await self.olga.click(preview, label="Link and image"), rest)
        return preview

    async def submit(self, opened: InteractionResult, typed: dict[str, str]) -> ResponseMessage:
        """Hand back a form with other values in some of its fields; what was picked stays, as in Discord."""
        values: dict[str, Any] = {}
        for name, text in {**fields(opened), **typed}.items():
            if name == "channels":
                values[name] = [self._channel(int(one)) for one in text.split()]
            else:
                values[name] = [text] if name == "role" and text else [] if name == "role" else text
        return shown(await self.olga.submit_modal(opened, values))

    def _channel(self, number: int) -> ChannelHandle:
        return next(one for one in self.server.guild.channels.values() if one.id == number)

    async def announce(self, form: dict[str, str] | None = None, **options: Any) -> ResponseMessage:
        """Post or schedule an announcement, and read what became of it."""
        preview = await self.preview(form, **options)
        await self.olga.click(preview, label="Schedule" if "Schedule" in buttons_of(preview) else "Send")
        return preview

    async def edited(self, command: str, form: dict[str, str], **options: Any) -> ResponseMessage:
        """Open the form of an announcement that is there already, change it, and look at the preview."""
        opened = await self.olga.slash(self.channel, f"announce {command}", announcement="1", **options)
        return await self.fill_in(opened, form)

    async def listed(self) -> dict[str, str]:
        answer = await self.olga.slash(self.channel, "announce list")
        assert answer.ephemeral
        assert_within_limits(shown(answer))
        return {field.name or "": field.value or "" for field in embed_of(answer).fields}

    @property
    def store(self) -> AnnouncementStore:
        services = self.server.bot.services
        return AnnouncementStore(services.database, services.outbox)

    async def record(self) -> list[AuditEntry]:
        return await AuditStore(self.server.bot.services.database).latest()

    async def another_server(self, name: str = "MLSys workshops", *, channel: str = "announcements") -> GuildHandle:
        return await self.server.own_server(name, channel)


OpenHall = Callable[..., Awaitable[Hall]]


def fields(opened: InteractionResult) -> dict[str, str]:
    """Return what stands in the fields of a form, or is picked in them: ids of channels, a line each."""
    assert opened.modal
    return {label["component"]["custom_id"]: _value(label["component"]) for label in opened.modal["components"]}


def _value(component: dict[str, Any]) -> str:
    chosen = [str(one["id"]) for one in component.get("default_values") or ()]
    chosen += [option["value"] for option in component.get("options") or () if option.get("default")]
    return component.get("value") or "\n".join(chosen)


def note(message: ResponseMessage) -> str:
    """Return what a preview tells beside the announcement, or what became of one."""
    return message.embeds[-1].description or ""


def texts(channel: ChannelHandle) -> list[str]:
    return [message.embeds[0].description or "" for message in channel.history()]


def allow(server: Server, channel: ChannelHandle) -> None:
    """Take back what `deny` has denied."""
    everyone = channel.guild.default_role.id if channel.guild else 0
    server.env.backend.set_overwrite(channel.id, Overwrite(everyone, OverwriteType.ROLE, 0, 0))


def deny(server: Server, channel: ChannelHandle, **permissions: bool) -> None:
    """Take permissions in a channel from everybody."""
    everyone = channel.guild.default_role.id if channel.guild else 0
    rule = Overwrite(everyone, OverwriteType.ROLE, 0, discord.Permissions(**permissions).value)
    server.env.backend.set_overwrite(channel.id, rule)


def dismiss(hall: Hall) -> None:
    """Take the organizer's role away; Discord still shows them the command."""
    guild = hall.server.guild
    hall.server.env.backend.add_member_role(guild.id, hall.olga.id, guild.roles["Staff"].id)
    hall.server.env.backend.remove_member_role(guild.id, hall.olga.id, guild.roles["Organizers"].id)


def posts(server: Server) -> list[dict[str, Any]]:
    """Return the messages that the bot sent to channels, as they went to Discord; the log is not among them."""
    log = server.guild.channels["bot-log"].id
    return [
        entry.json or {}
        for entry in server.env.http_requests
        if entry.method == "POST" and entry.path.endswith("/messages") and str(log) not in entry.path
    ]


def states(server: Server) -> list[str]:
    with sqlite3.connect(server.config.database.path) as database:
        rows = database.execute("SELECT state FROM delivery WHERE kind = 'announcement' ORDER BY key").fetchall()
    database.close()
    return [state for (state,) in rows]


async def pressed(
    who: MemberActor, message: ResponseMessage, custom_id: str, rows: list[dict[str, Any]] | None = None
) -> InteractionResult:
    """Press a button of a message as it was, or one that was never shown to them."""
    stored = who._env.backend.get_message(message.channel_id, message.id)
    now, stored.components = stored.components, rows or stored.components
    data = {"custom_id": custom_id, "component_type": discord.ComponentType.button.value}
    result = await _component_interaction(who, stored, data)
    stored.components = now
    assert isinstance(result, InteractionResult)
    return result


def fail(hall: Hall, channel: ChannelHandle) -> None:
    """Let Discord take no message in a channel, for a reason that may pass."""
    hall.server.env.inject_error(
        "POST", f"/channels/{channel.id}/messages", status=409, code=40004, message="Try again", times=None
    )


async def for_ever(*_args: object, **_options: object) -> None:
    await asyncio.sleep(3600)
