"""A stand-in for Discord on the loopback address: just enough of its HTTP API and its gateway for a bot to log in."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import WSMsgType, web

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
    """

    def __init__(self, token: str) -> None:
        self.token = token
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
                return _json({"message": "404: Not Found", "code": 0}, status=404)

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
                self.identified.set()
        self.close_codes.append(socket.close_code)
        return socket

    def _ready(self) -> dict[str, Any]:
        return {
            "v": 10,
            "user": _USER,
            "guilds": [],
            "session_id": "stand-in",
            "resume_gateway_url": self.gateway,
            "application": {"id": APPLICATION_ID, "flags": 0},
        }


def _json(payload: Any, *, status: int = 200) -> web.Response:
    # discord.py parses what is exactly of this type, without a charset.
    body = json.dumps(payload).encode()
    return web.Response(body=body, status=status, headers={"Content-Type": "application/json"})


@asynccontextmanager
async def discord_stand_in(token: str) -> AsyncIterator[StandIn]:
    """Serve the stand-in on a free port."""
    stand_in = StandIn(token)
    app = web.Application()
    app.router.add_get("/gateway", stand_in.serve_gateway)
    app.router.add_get("/gateway/", stand_in.serve_gateway)
    app.router.add_route("*", "/api/v10/{path:.*}", stand_in.serve_api)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        stand_in.address = f"http://{host}:{port}"
        yield stand_in
    finally:
        await runner.cleanup()
