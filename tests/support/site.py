"""A web server on loopback, over TLS, for what is fetched."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from ipaddress import IPv4Address
from typing import Any

import pytest
import trustme
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.errors import UserError
from bot.sources.fetch import Fetched, Fetcher, Limits

HOST = "programme.example.org"
OTHER = "other.example.org"
LOOPBACK = "127.0.0.1"
BODY = "Session\nPosters\nHalle für Züge\n".encode()
MIB = 2**20

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Names(AbstractResolver):
    """A resolver that knows some names, and remembers what it was asked."""

    def __init__(self, **known: list[str]) -> None:
        self.known = known
        self.asked: list[str] = []

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_INET,  # noqa: ARG002
    ) -> list[ResolveResult]:
        self.asked.append(host)
        if host not in self.known:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in self.known[host]
        ]

    async def close(self) -> None:
        pass


class Site:
    """A web server on loopback with the pages a test gives it, and fetchers that may go there."""

    def __init__(self, trust: ssl.SSLContext) -> None:
        self.trust = trust
        self.pages: dict[str, Handler] = {}
        self.requests: list[web.Request] = []
        self.asked = asyncio.Event()
        self.names = Names(**{HOST: [LOOPBACK], OTHER: [LOOPBACK]})
        self.port = 0
        self.server: web.Server | None = None

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        self.asked.set()
        return await self.pages[request.path](request)

    def url(self, path: str = "/page.txt", host: str = HOST) -> str:
        return f"https://{host}:{self.port}{path}"

    def serve(self, body: bytes = BODY, status: int = 200, path: str = "/page.txt", **headers: str) -> None:
        """Give a path a page; keywords are headers, with _ for -."""
        named = {"Content-Type": "text/plain"} | {name.replace("_", "-"): value for name, value in headers.items()}

        async def page(_: web.Request) -> web.Response:
            return web.Response(body=body, status=status, headers=named)

        self.pages[path] = page

    def redirect(self, target: str, path: str = "/page.txt", status: int = 302) -> None:
        self.serve(b"", status, path, Location=target)

    def fetcher(self, **changes: Any) -> Fetcher:
        """A fetcher that may go to 127.0.0.1 and nowhere else."""
        allowed = frozenset({IPv4Address(LOOPBACK)}).__contains__
        options: dict[str, Any] = {
            "resolver": self.names,
            "ssl": self.trust,
            "allowed": allowed,
            "ports": frozenset({self.port}),
        }
        return Fetcher(**(options | changes))

    async def fetch(self, address: str | None = None, **limits: Any) -> Fetched:
        return await self.fetcher(limits=Limits(**limits)).fetch(self.url() if address is None else address)

    async def refusal(self, address: str | None = None, **limits: Any) -> str:
        """What is said when an address is refused, by a fetcher that may go to the server."""
        with pytest.raises(UserError) as caught:
            await self.fetch(address, **limits)
        return str(caught.value)

    async def left(self) -> None:
        """Wait until every connection is closed."""
        assert self.server is not None
        async with asyncio.timeout(2):
            while self.server.connections:  # noqa: ASYNC110 - it tells nobody when one ends
                await asyncio.sleep(0.005)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def certificate(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST, OTHER, LOOPBACK).configure_cert(context)
    return context


@pytest.fixture(scope="module")
def trust(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@pytest.fixture
async def site(trust: ssl.SSLContext, certificate: ssl.SSLContext) -> AsyncIterator[Site]:
    site = Site(trust)
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", site.answer)
    runner = web.AppRunner(application, shutdown_timeout=0.05, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, LOOPBACK, 0, ssl_context=certificate).start()
    site.port = runner.addresses[0][1]
    site.server = runner.server
    yield site
    await site.left()
    await runner.cleanup()


@asynccontextmanager
async def listening(
    answer: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]], context: ssl.SSLContext | None
) -> AsyncIterator[int]:
    """Listen on a port of loopback for as long as the block lasts."""
    ended = []

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await answer(reader, writer)
        finally:
            writer.close()
            ended.append(writer)

    server = await asyncio.start_server(connected, LOOPBACK, 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()
        await asyncio.gather(*(writer.wait_closed() for writer in ended), return_exceptions=True)
