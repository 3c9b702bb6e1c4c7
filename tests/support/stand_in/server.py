"""Discord's HTTP API and its gateway on the loopback address, as far as the bot uses them."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.utils import format_datetime
from typing import Any, TypeAlias

from aiohttp import web

from tests.support.payloads import check
from tests.support.stand_in.api import Api, Refused, answered, body_of
from tests.support.stand_in.faults import Failing, Fault, unavailable
from tests.support.stand_in.gateway import Gateway
from tests.support.stand_in.guild import Channel, Guild
from tests.support.stand_in.interactions import Exchange, Interactions
from tests.support.stand_in.people import Person

_NO_SUCH_FILE = "This content is no longer available."
"""What Discord's content delivery network says, in place of JSON with a code."""

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Request:
    """A request of the bot's: what it asked for, with what, and when, by the machine's steady seconds."""

    method: str
    path: str
    body: Any = None
    query: Mapping[str, str] | None = None
    at: float = field(default_factory=time.monotonic, compare=False)


class StandIn:
    """What a bot did to the stand-in, and what is done to the bot.

    Attributes:
        token: the token that is accepted; every other one is refused.
        guilds: the servers the bot is in.
        requests: every request: its method and its path.
        bodies: every request with what was in it, in the same order.
        asked: set once a bot has asked for anything.
        gateway: who is connected, and what they are told.
        interactions: what people did with the bot.
        files: what people uploaded, by its name.
        in_hand: how many requests are not answered yet.
        routes: what is answered when all is well.
    """

    def __init__(self, token: str, *guilds: Guild) -> None:
        self.token = token
        self.guilds = list(guilds)
        self.address = ""
        self.requests: list[tuple[str, str]] = []
        self.bodies: list[Request] = []
        self.asked = asyncio.Event()
        self.gateway = Gateway(token, self.guilds, lambda: self.gateway_address)
        self.interactions = Interactions()
        self.files: dict[str, bytes] = {}
        self.in_hand = 0
        self.routes = Api(token, self.guilds, self.interactions, lambda: self.gateway_address, self.gateway.tell)
        self._failing: list[Failing] = []

    @property
    def guild(self) -> Guild:
        """The first server."""
        return self.guilds[0]

    @property
    def commands(self) -> list[dict[str, Any]]:
        """The commands the bot registered."""
        return self.routes.commands

    @property
    def api(self) -> str:
        """The address that stands in for https://discord.com/api/v10."""
        return f"{self.address}/api/v10"

    @property
    def gateway_address(self) -> str:
        """The address that stands in for wss://gateway.discord.gg."""
        return f"{self.address.replace('http', 'ws', 1)}/gateway"

    def upload(self, name: str, data: bytes) -> str:
        """Keep a file as Discord keeps what is uploaded; return its address, which a form's field for files takes."""
        self.files[name] = data
        return f"{self.address}/files/{name}"

    # What goes wrong.

    def fail(self, route: str, with_: Fault, *, times: float = float("inf"), skip: int = 0) -> Failing:
        """Let requests fail: those of a route, so many, once some have passed; see `faults`."""
        failing = Failing(route, with_, times, skip)
        self._failing.append(failing)
        return failing

    def heal(self) -> None:
        """Let everything work again."""
        self._failing.clear()

    # What people do.

    async def command(self, person: Person, name: str, channel: Channel | None = None, /, **options: Any) -> Exchange:
        """Somebody uses a command, such as "announce post"; options may be roles and channels."""
        first = name.split(maxsplit=1)[0]
        known = next(command for command in self.commands if command["name"] == first)
        place = channel or self.guild.first
        return await self._tell(self.interactions.command(person, place, {**known, "called": name}, options))

    async def suggest(self, person: Person, name: str, focused: str, /, **options: Any) -> Exchange:
        """Somebody types into an option of a command."""
        first = name.split(maxsplit=1)[0]
        known = next(command for command in self.commands if command["name"] == first)
        called = {**known, "called": name}
        return await self._tell(self.interactions.command(person, self.guild.first, called, options, focused=focused))

    async def press(self, person: Person, shown: Exchange, label: str) -> Exchange:
        """Somebody presses the button of that label on what they were shown."""
        custom_id, message = shown.button_on(label)
        return await self.press_on(person, shown.channel, custom_id, message)

    async def press_on(self, person: Person, channel: Channel, custom_id: str, message: dict[str, Any]) -> Exchange:
        """Somebody presses a button of a message."""
        return await self._tell(self.interactions.press(person, channel, custom_id, message))

    async def submit(self, person: Person, opened: Exchange, /, **typed: str) -> Exchange:
        """Somebody fills in a form and hands it back."""
        return await self._tell(self.interactions.submit(opened, person, typed))

    async def _tell(self, exchange: Exchange) -> Exchange:
        await self.gateway.tell("INTERACTION_CREATE", exchange.payload)
        return exchange

    # What the bot asks.

    async def serve_api(self, request: web.Request, serve: Handler) -> web.StreamResponse:
        """Answer a request, or let it fail."""
        path = request.path.removeprefix("/api/v10")
        self.requests.append((request.method, path))
        self.bodies.append(Request(request.method, path, await body_of(request), dict(request.query)))
        self.asked.set()

        async def go_on() -> web.StreamResponse:
            try:
                return await serve(request)
            except Refused as refused:
                return refused.response
            except web.HTTPNotFound:
                return answered(unavailable(404))

        self.in_hand += 1
        try:
            return await self._meet(request, path, go_on)
        finally:
            self.in_hand -= 1

    async def serve_file(self, request: web.Request) -> web.StreamResponse:
        """Hand out a file, which takes no token, or let that fail."""
        path = request.path
        self.requests.append((request.method, path))

        async def go_on() -> web.StreamResponse:
            data = self.files.get(path.removeprefix("/files/"))
            return web.Response(status=404, text=_NO_SUCH_FILE) if data is None else web.Response(body=data)

        return await self._meet(request, path, go_on)

    async def serve_gateway(self, request: web.Request) -> web.StreamResponse:
        """Let a bot connect to the gateway, or let that fail."""

        async def go_on() -> web.StreamResponse:
            return await self.gateway.serve(request)

        return await self._meet(request, "/gateway", go_on)

    async def _meet(self, request: web.Request, path: str, go_on: Any) -> web.StreamResponse:
        fault = next((failing.fault for failing in self._failing if failing.takes(request.method, path)), None)
        response: web.StreamResponse = await (fault.meet(request, go_on) if fault else go_on())
        return response


@asynccontextmanager
async def discord_stand_in(token: str, *guilds: Guild) -> AsyncIterator[StandIn]:
    """Serve the stand-in on a free port; in the end every request must have been one that Discord would take."""
    stand_in = StandIn(token, *guilds)

    @web.middleware
    async def api(request: web.Request, handler: Handler) -> web.StreamResponse:
        return await (stand_in.serve_api(request, handler) if request.path.startswith("/api/") else handler(request))

    async def date(_request: web.Request, response: web.StreamResponse) -> None:
        if stand_in.guilds:
            response.headers["Date"] = format_datetime(stand_in.guild.clock(), usegmt=True)

    app = web.Application(middlewares=[api])
    app.on_response_prepare.append(date)
    app.router.add_get("/gateway", stand_in.serve_gateway)
    app.router.add_get("/gateway/", stand_in.serve_gateway)
    app.router.add_get("/files/{name}", stand_in.serve_file)
    app.router.add_routes(stand_in.routes.table)
    runner = web.AppRunner(app, shutdown_timeout=1, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        stand_in.address = f"http://{host}:{port}"
        yield stand_in
        for request in stand_in.bodies:
            check(request.method, request.path, request.body)
    finally:
        await runner.cleanup()
