"""A stand-in for Discord on the loopback address: just enough of its HTTP API and its gateway for a bot to log in.

Given a guild, it also has a text channel to write in, which keeps its history when the bot is gone.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import WSMsgType, web
from discord.utils import time_snowflake

APPLICATION_ID = "900000000000000001"
_USER: dict[str, Any] = {
    "id": APPLICATION_ID,
    "username": "conference-bot",
    "discriminator": "0",
    "global_name": None,
    "avatar": None,
    "bot": True,
    "verified": True,
    "mfa_enabled": False,
    "flags": 0,
    "locale": "en-US",
}
_APPLICATION: dict[str, Any] = {
    "id": APPLICATION_ID,
    "name": "conference-bot",
    "icon": None,
    "description": "",
    "bot_public": True,
    "bot_require_code_grant": False,
    "owner": _USER,
    "team": None,
    "verify_key": "",
    "flags": 0,
    "rpc_origins": [],
    "interactions_endpoint_url": None,
}
_HELLO, _HEARTBEAT, _HEARTBEAT_ACK, _IDENTIFY = 10, 1, 11, 2
_AUTHENTICATION_FAILED = 4004
_PAGE = 100
"""The most messages that one request for a channel's history gets."""

_EVERYTHING = str((1 << 50) - 1)
_ATTENDEE: dict[str, Any] = {
    "id": "910000000000000001",
    "username": "attendee",
    "discriminator": "0",
    "global_name": None,
    "avatar": None,
}

Intervene = Callable[[str], Awaitable[int | None]]
"""Called when a message was "received" and when it was "stored"; a status is answered in place of going on."""


async def _never(_point: str) -> int | None:
    return None


@dataclass
class Guild:
    """A server with one text channel, in which the bot may do everything.

    Attributes:
        channel: the channel's name.
        clock: the time by which messages are dated.
        nonce_window: for how long the same nonce gets the message that is there already; Discord: a few minutes.
        intervene: what happens to messages on their way.
        messages: the channel's history, the oldest first.
    """

    channel: str
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    nonce_window: timedelta = timedelta(minutes=5)
    intervene: Intervene = _never
    messages: list[dict[str, Any]] = field(default_factory=list)

    ID = "920000000000000001"
    CHANNEL_ID = "930000000000000001"

    def describe(self) -> dict[str, Any]:
        """Return the guild as the gateway sends it."""
        everyone = {
            "id": self.ID,
            "name": "@everyone",
            "permissions": _EVERYTHING,
            "position": 0,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "managed": False,
            "mentionable": False,
            "flags": 0,
        }
        me = {"user": _USER, "roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "deaf": False, "mute": False}
        return {
            "id": self.ID,
            "name": "The conference",
            "owner_id": _ATTENDEE["id"],
            "unavailable": False,
            "member_count": 2,
            "roles": [everyone],
            "channels": [self.describe_channel()],
            "members": [{**me, "flags": 0}],
            "emojis": [],
            "stickers": [],
            "features": [],
            "threads": [],
            "voice_states": [],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "verification_level": 0,
            "default_message_notifications": 0,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "nsfw_level": 0,
            "premium_tier": 0,
            "preferred_locale": "en-US",
            "afk_timeout": 300,
            "large": False,
        }

    def describe_channel(self) -> dict[str, Any]:
        """Return the channel as Discord describes it."""
        return {
            "id": self.CHANNEL_ID,
            "type": 0,
            "guild_id": self.ID,
            "name": self.channel,
            "position": 0,
            "permission_overwrites": [],
            "parent_id": None,
            "topic": None,
            "nsfw": False,
            "last_message_id": self.messages[-1]["id"] if self.messages else None,
            "rate_limit_per_user": 0,
        }

    def chat(self, text: str) -> None:
        """Let an attendee write something."""
        self._store({"content": text}, _ATTENDEE)

    async def post(self, payload: dict[str, Any]) -> web.Response:
        """Take a message of the bot's."""
        if status := await self.intervene("received"):
            return _failure(status)
        message = self._repeated(payload) or self._store(payload, _USER)
        if status := await self.intervene("stored"):
            return _failure(status)
        return _json(message)

    def history(self, query: dict[str, str]) -> list[dict[str, Any]]:
        """Return a page of the history, the newest message first, whichever way it was asked for."""
        limit = min(int(query.get("limit", 50)), _PAGE)
        newest_first = self.messages[::-1]
        if "around" in query:
            middle = int(query["around"])
            older = [message for message in newest_first if int(message["id"]) <= middle][: limit // 2 + 1]
            newer = [message for message in newest_first if int(message["id"]) > middle][-(limit // 2) :]
            return newer + older
        if "before" in query:
            return [message for message in newest_first if int(message["id"]) < int(query["before"])][:limit]
        if "after" in query:
            return [message for message in newest_first if int(message["id"]) > int(query["after"])][-limit:]
        return newest_first[:limit]

    def _repeated(self, payload: dict[str, Any]) -> dict[str, Any] | None:
        since = self.clock() - self.nonce_window
        if not payload.get("enforce_nonce") or payload.get("nonce") is None:
            return None
        return next(
            (
                message
                for message in reversed(self.messages)
                if message.get("nonce") == payload["nonce"] and datetime.fromisoformat(message["timestamp"]) > since
            ),
            None,
        )

    def _store(self, payload: dict[str, Any], author: dict[str, Any]) -> dict[str, Any]:
        now = self.clock()
        last = int(self.messages[-1]["id"]) if self.messages else 0
        message = {
            "id": str(max(time_snowflake(now), last + 1)),
            "channel_id": self.CHANNEL_ID,
            "author": author,
            "content": payload.get("content") or "",
            "timestamp": now.isoformat(),
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "attachments": [],
            "embeds": payload.get("embeds") or [],
            "components": payload.get("components") or [],
            "pinned": False,
            "type": 0,
            "flags": 0,
        }
        if payload.get("nonce") is not None:
            message["nonce"] = payload["nonce"]
        self.messages.append(message)
        return message


class StandIn:
    """What a bot did to the stand-in.

    Attributes:
        token: the token that is accepted; every other one is refused.
        admits: whether the gateway accepts the token too; Discord withdraws one that was leaked.
        requests: every request: its method and its path.
        asked: set once a bot has asked for anything.
        commands: the commands the bot registered.
        intents: the intents the bot asked for at the gateway.
        identified: set once a bot has logged in at the gateway.
        close_codes: how each connection to the gateway was closed by the bot; None when it was cut off.
        guild: the server the bot is in, if it is in one.
    """

    def __init__(self, token: str, guild: Guild | None = None) -> None:
        self.token = token
        self.guild = guild
        self.admits = True
        self.address = ""
        self.requests: list[tuple[str, str]] = []
        self.commands: list[dict[str, Any]] = []
        self.asked = asyncio.Event()
        self.identified = asyncio.Event()
        self.intents = 0
        self.close_codes: list[int | None] = []

    @property
    def api(self) -> str:
        """The address that stands in for https://discord.com/api/v10."""
        return f"{self.address}/api/v10"

    @property
    def gateway(self) -> str:
        """The address that stands in for wss://gateway.discord.gg."""
        return f"{self.address.replace('http', 'ws', 1)}/gateway"

    async def serve_api(self, request: web.Request) -> web.Response:
        path = request.path.removeprefix("/api/v10")
        self.requests.append((request.method, path))
        self.asked.set()
        if request.headers.get("Authorization") != f"Bot {self.token}":
            return _json({"message": "401: Unauthorized", "code": 0}, status=401)
        match request.method, path:
            case "GET", "/users/@me":
                return _json(_USER)
            case "GET", "/oauth2/applications/@me" | "/applications/@me":
                return _json(_APPLICATION)
            case "GET", "/gateway/bot":
                limits = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
                return _json({"url": self.gateway, "shards": 1, "session_start_limit": limits})
            case "PUT", _ if path == f"/applications/{APPLICATION_ID}/commands":
                self.commands = [
                    {
                        **command,
                        "id": str(int(APPLICATION_ID) + number),
                        "application_id": APPLICATION_ID,
                        "version": "1",
                    }
                    for number, command in enumerate(await request.json(), start=1)
                ]
                return _json(self.commands)
            case _:
                return await self._serve_guild(request, path)

    async def _serve_guild(self, request: web.Request, path: str) -> web.Response:
        guild = self.guild
        if guild is None:
            return _failure(404)
        match request.method, path.split("/")[1:]:
            case "GET", ["guilds", guild.ID]:
                return _json(guild.describe())
            case "GET", ["channels", guild.CHANNEL_ID]:
                return _json(guild.describe_channel())
            case "GET", ["channels", guild.CHANNEL_ID, "messages"]:
                return _json(guild.history(dict(request.query)))
            case "POST", ["channels", guild.CHANNEL_ID, "messages"]:
                return await guild.post(await request.json())
            case _:
                return _failure(404)

    async def serve_gateway(self, request: web.Request) -> web.WebSocketResponse:
        # Text frames are what Discord sends without compression; discord.py unpacks binary ones only.
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": _HELLO, "d": {"heartbeat_interval": 1000}, "s": None, "t": None})
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                continue
            payload = json.loads(message.data)
            if payload["op"] == _HEARTBEAT:
                await socket.send_json({"op": _HEARTBEAT_ACK, "d": None, "s": None, "t": None})
            elif payload["op"] == _IDENTIFY:
                if not self.admits or payload["d"]["token"] != self.token:
                    await socket.close(code=_AUTHENTICATION_FAILED)
                    break
                self.intents = payload["d"]["intents"]
                await socket.send_json({"op": 0, "t": "READY", "s": 1, "d": self._ready()})
                if self.guild:
                    await socket.send_json({"op": 0, "t": "GUILD_CREATE", "s": 2, "d": self.guild.describe()})
                self.identified.set()
        self.close_codes.append(socket.close_code)
        return socket

    def _ready(self) -> dict[str, Any]:
        return {
            "v": 10,
            "user": _USER,
            "guilds": [{"id": self.guild.ID, "unavailable": True}] if self.guild else [],
            "session_id": "stand-in",
            "resume_gateway_url": self.gateway,
            "application": {"id": APPLICATION_ID, "flags": 0},
        }


def _json(payload: Any, *, status: int = 200) -> web.Response:
    # discord.py parses what is exactly of this type, without a charset.
    body = json.dumps(payload).encode()
    return web.Response(body=body, status=status, headers={"Content-Type": "application/json"})


def _failure(status: int) -> web.Response:
    return _json({"message": f"{status}: failed", "code": 0}, status=status)


@asynccontextmanager
async def discord_stand_in(token: str, guild: Guild | None = None) -> AsyncIterator[StandIn]:
    """Serve the stand-in on a free port."""
    stand_in = StandIn(token, guild)
    app = web.Application()
    app.router.add_get("/gateway", stand_in.serve_gateway)
    app.router.add_get("/gateway/", stand_in.serve_gateway)
    app.router.add_route("*", "/api/v10/{path:.*}", stand_in.serve_api)
    runner = web.AppRunner(app, shutdown_timeout=1, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        stand_in.address = f"http://{host}:{port}"
        yield stand_in
    finally:
        await runner.cleanup()
