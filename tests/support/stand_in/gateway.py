"""The gateway: who is connected, what they are told, and how they are cut off."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aiohttp import WSMsgType, web

from tests.support.stand_in.guild import Guild
from tests.support.stand_in.people import APPLICATION_ID, BOT

_DISPATCH, _HEARTBEAT, _IDENTIFY, _RESUME, _INVALID_SESSION, _HELLO, _HEARTBEAT_ACK = 0, 1, 2, 6, 9, 10, 11
_AUTHENTICATION_FAILED = 4004


@dataclass
class Session:
    """A bot's session: what it was told, so that a connection that was lost can be taken up again."""

    id: str
    told: list[dict[str, Any]] = field(default_factory=list)
    socket: web.WebSocketResponse | None = None


class Gateway:
    """The gateway.

    Attributes:
        admits: whether the gateway accepts the token; Discord withdraws one that was leaked.
        holds_guilds: whether GUILD_CREATE is held back until `show_guilds`.
        resumes: whether a lost session can be taken up again.
        sessions: all sessions there were.
        identified: set once a bot has logged in.
        intents: the intents the bot asked for.
        close_codes: how each connection was closed by the bot; None when it was cut off.
    """

    def __init__(self, token: str, guilds: list[Guild], address: Callable[[], str]) -> None:
        self._token = token
        self._guilds = guilds
        self._address = address
        self._numbers = count(1)
        self.admits = True
        self.holds_guilds = False
        self.resumes = True
        self.sessions: dict[str, Session] = {}
        self.identified = asyncio.Event()
        self.intents = 0
        self.close_codes: list[int | None] = []

    @property
    def connected(self) -> list[Session]:
        """The sessions that somebody is connected with now."""
        return [session for session in self.sessions.values() if session.socket and not session.socket.closed]

    async def tell(self, event: str, data: dict[str, Any]) -> None:
        """Tell everybody of an event; one whose connection was lost hears of it when it comes back."""
        for session in self.sessions.values():
            await self._send(session, event, data)

    async def show_guilds(self) -> None:
        """Show the servers that were held back, or could not be shown."""
        self.holds_guilds = False
        for guild in self._guilds:
            guild.available = True
            await self.tell("GUILD_CREATE", guild.describe())

    async def hide(self, guild: Guild) -> None:
        """Let a server be unavailable, as in an outage of Discord's."""
        guild.available = False
        await self.tell("GUILD_DELETE", {"id": guild.id, "unavailable": True})

    async def cut(self, code: int = 1006) -> None:
        """End all connections: with a close code, or with 1006 cut off."""
        for session in self.connected:
            socket, session.socket = session.socket, None
            if socket and code == 1006 and socket._req and socket._req.transport:
                socket._req.transport.abort()
            elif socket:
                await socket.close(code=code)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one connection."""
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
            elif payload["op"] in (_IDENTIFY, _RESUME):
                if not self.admits or payload["d"]["token"] != self._token:
                    await socket.close(code=_AUTHENTICATION_FAILED)
                    break
                await (self._identify if payload["op"] == _IDENTIFY else self._resume)(socket, payload["d"])
        self.close_codes.append(socket.close_code)
        return socket

    async def _identify(self, socket: web.WebSocketResponse, data: dict[str, Any]) -> None:
        self.intents = data["intents"]
        session = Session(f"stand-in-{next(self._numbers)}", socket=socket)
        self.sessions[session.id] = session
        await self._send(session, "READY", self._ready(session))
        if not self.holds_guilds:
            for guild in self._guilds:
                if guild.available:
                    await self._send(session, "GUILD_CREATE", guild.describe())
        self.identified.set()

    async def _resume(self, socket: web.WebSocketResponse, data: dict[str, Any]) -> None:
        session = self.sessions.get(data["session_id"]) if self.resumes else None
        if session is None:
            await socket.send_json({"op": _INVALID_SESSION, "d": False, "s": None, "t": None})
            return
        session.socket = socket
        for event in session.told[data["seq"] or 0 :]:
            await socket.send_json(event)
        await self._send(session, "RESUMED", {})

    async def _send(self, session: Session, event: str, data: dict[str, Any]) -> None:
        payload = {"op": _DISPATCH, "t": event, "s": len(session.told) + 1, "d": data}
        session.told.append(json.loads(json.dumps(payload)))
        if session.socket and not session.socket.closed:
            await session.socket.send_json(payload)

    def _ready(self, session: Session) -> dict[str, Any]:
        return {
            "v": 10,
            "user": BOT,
            "guilds": [{"id": guild.id, "unavailable": True} for guild in self._guilds],
            "session_id": session.id,
            "resume_gateway_url": self._address(),
            "application": {"id": APPLICATION_ID, "flags": 0},
        }
