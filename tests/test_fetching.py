"""Fetching: from a real server on loopback, over TLS, everything a server or an address may try."""

import asyncio
import gzip
import logging
import socket
import ssl
import traceback
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from ipaddress import IPv4Address, ip_address
from typing import Any

import pytest
import trustme
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from hypothesis import example, given
from hypothesis import strategies as st

from bot.errors import Trouble
from bot.fetching import Fetched, Fetcher, Limits, is_public
from bot.programme.formats import SIZE_LIMIT

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
        with pytest.raises(Trouble) as caught:
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


# What is fetched


async def test_a_programme_comes_as_it_is_with_a_name_for_messages(site: Site) -> None:
    site.serve(path="/2026/page%20one.txt")
    site.pages["/2026/page one.txt"] = site.pages["/2026/page%20one.txt"]
    fetched = await site.fetch(site.url("/2026/page%20one.txt?token=S3CRET#part"))
    assert fetched == Fetched(BODY, f"{HOST}/page one.txt")
    assert site.requests[0].query_string == "token=S3CRET"


async def test_an_address_may_be_copied_with_the_space_around_it(site: Site) -> None:
    site.serve()
    assert (await site.fetch(f"\n {site.url()} \n")).data == BODY


async def test_the_defaults_are_the_limits_of_a_programme_and_of_patience() -> None:
    assert Limits() == Limits(size=SIZE_LIMIT, total=20, connect=5, redirects=5)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://example.com", "example.com"),
        ("https://example.com/", "example.com"),
        ("https://EXAMPLE.com/a/b/c.json?key=1", "example.com/c.json"),
        ("https://example.com/a/b/", "example.com"),
        ("https://user:S3CRET@example.com/x", "example.com/x"),
        ("https://bücher.example/x", "xn--bcher-kva.example/x"),
        ("https://[::1]/x", "[::1]/x"),
        ("https://example.com/%E2%80%AEtxt.exe%0A", "example.com/?txt.exe?"),
        (f"https://example.com/{'x' * 200}", f"example.com/{'x' * 67}…"),
        (f"https://{'a.' * 60}example.com/{'x' * 50}", f"…{('a.' * 60 + 'example.com')[-49:]}/{'x' * 28}…"),
        ("example.com/x", "an address without a server"),
        ("file:///etc/passwd", "an address without a server"),
    ],
)
async def test_the_name_shows_where_and_nothing_secret(address: str, name: str) -> None:
    with pytest.raises(Trouble) as caught:
        await Fetcher(resolver=Names()).fetch(address)
    shown, _, _ = str(caught.value).partition(": ")
    assert shown == name
    assert len(shown) <= 80


async def test_a_request_tells_only_what_it_must(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://{LOOPBACK}:9")
    site.serve(b"", 302, "/start", Location="/page.txt", Set_Cookie="session=1; Path=/")
    site.serve()
    await site.fetch(site.url("/start?token=1"))
    assert [request.path_qs for request in site.requests] == ["/start?token=1", "/page.txt"]
    for request in site.requests:
        assert request.headers["User-Agent"] == "conference-bot"
        assert set(request.headers) <= {"Host", "User-Agent", "Accept", "Accept-Encoding", "Connection"}


@pytest.mark.parametrize("status", [200, 404, 302])
async def test_a_secret_in_an_address_is_neither_logged_nor_told(
    site: Site, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    secret = "S3CRET"  # noqa: S105 - it opens nothing
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.CRITICAL, "aiohttp.access")
    site.serve(status=status, Location=f"https://10.0.0.1/x?token={secret}")
    try:
        said = (await site.fetch(site.url(f"/page.txt?token={secret}"))).name
    except Trouble as trouble:
        said = "".join(traceback.format_exception(trouble))
    assert HOST in said
    assert site.requests[0].query["token"] == secret
    assert secret not in said + caplog.text


async def test_a_secret_in_an_address_that_makes_no_sense_is_not_told() -> None:
    secret = "S3CRET"  # noqa: S105 - it opens nothing
    with pytest.raises(Trouble) as caught:
        await Fetcher().fetch(f"https://name:{secret}/x")
    assert secret not in "".join(traceback.format_exception(caught.value))


# Which addresses


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://{host}:{port}/x", "must begin with https://, and this one begins with http:"),
        ("ftp://{host}:{port}/x", "must begin with https://, and this one begins with ftp:"),
        ("gopher://{host}:{port}/x", "must begin with https://, and this one begins with gopher:"),
        ("wss://{host}:{port}/x", "must begin with https://, and this one begins with wss:"),
        ("file:///etc/passwd", "must begin with https://, and this one begins with file:"),
        ("data:text/plain,x", "must begin with https://, and this one begins with data:"),
        ("{host}/x", "must begin with https://. "),
        ("//{host}:{port}/x", "must begin with https://. "),
        ("", "must begin with https://. "),
        ("https://", "port 443 is not allowed"),
        ("https://:{port}/x", "can't be read"),
        ("https://{host}:99999/x", "can't be read"),
        ("https://[::1/x", "can't be read"),
        ("https://u@[]@/x", "can't be read"),
        ("//:", "must begin with https://. "),
        ("https://user:pass@{host}:{port}/x", "must hold no user name and no password"),
        ("https://user@{host}:{port}/x", "must hold no user name and no password"),
        ("https://:pass@{host}:{port}/x", "must hold no user name and no password"),
        ("https://{host}:22/x", "port 22 is not allowed"),
        ("https://{host}:0/x", "port 0 is not allowed"),
    ],
)
async def test_an_address_is_https_without_credentials(site: Site, address: str, reason: str) -> None:
    assert reason in await site.refusal(address.format(host=HOST, port=site.port))
    assert site.names.asked == []


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost.",
        "LOCALHOST",
        "ｌocalhost",
        "intranet",
        f"{HOST}.",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "127.1",
        "127.0.1",
        "127.0.0.1.",
        "0177.0.0.1",
        "127.0.0.0x1",
        "127.00.0.1",
        "%31.example.org",
        "a..example.org",
        "a b.example.org",
        f"{'a' * 64}.example.org",
        f"{'a.' * 130}example.org",
    ],
)
async def test_a_host_is_a_whole_name_in_the_usual_spelling(site: Site, host: str) -> None:
    site.serve()
    refusal = await site.refusal(site.url(host=host))
    assert "not the name of a public server" in refusal or "can't be read" in refusal
    assert site.names.asked == site.requests == []


PUBLIC = ["1.1.1.1", "93.184.215.14", "192.88.98.1", "2606:4700::1111", "2a00:1450:4001::1", "64:ff9b::101:101"]
NOT_PUBLIC = [
    *("127.0.0.1", "127.255.255.254", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.1", "192.168.1.1"),
    "0.0.0.0",  # noqa: S104 - nothing is bound to it
    *("169.254.169.254", "100.64.0.1", "100.100.100.200", "192.0.0.192", "192.0.0.9", "192.0.2.1", "198.18.0.1"),
    *("192.88.99.1", "203.0.113.9", "224.0.0.1", "239.1.2.3", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "ff0e::1", "100::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:1.1.1.1", "::127.0.0.1"),
    *("2002:7f00:1::", "2002:a00:1::1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1"),
    *(
        "2001:0:a00:1::1",
        "2001:0:4136:e378:8000:63bf:f5ff:fffe",
        "2001:1::1",
        "2001:20::1",
        "2001:db8::1",
        "3fff::1",
        "5f00::1",
    ),
    *("2606:4700::1111%eth0", "4000::1"),
]


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_of_the_public_internet_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_an_address_of_any_other_network_is_not(address: str) -> None:
    assert not is_public(ip_address(address))


@given(st.ip_addresses(v=4))
def test_wrapping_an_address_in_another_never_makes_it_public(address: IPv4Address) -> None:
    number = int(address)
    for wrapped in (f"::ffff:{address}", f"64:ff9b::{number >> 16:x}:{number & 0xFFFF:x}", f"::{address}"):
        assert is_public(address) or not is_public(ip_address(wrapped))


async def test_an_address_in_a_url_is_checked_although_no_resolver_sees_it(site: Site) -> None:
    for address in NOT_PUBLIC:
        host = f"[{address.replace('%', '%25')}]" if ":" in address else address
        with pytest.raises(Trouble, match="private or reserved network"):
            await site.fetcher(allowed=is_public).fetch(site.url(host=host))
    assert site.requests == []


async def test_an_address_in_a_url_that_is_allowed_is_fetched(site: Site) -> None:
    site.serve()
    assert (await site.fetch(site.url(host=LOOPBACK))).data == BODY
    assert (await site.fetch(site.url(host="127。0。0。1"))).name == "127.0.0.1/page.txt"


async def test_a_name_that_leads_into_another_network_is_refused(site: Site) -> None:
    for address in NOT_PUBLIC:
        site.names.known[HOST] = [address]
        with pytest.raises(Trouble, match="private or reserved network") as caught:
            await site.fetcher(allowed=is_public).fetch(site.url())
        assert address not in str(caught.value).split(": ")[1]
    assert site.names.asked == [HOST] * len(NOT_PUBLIC)


@pytest.mark.parametrize("addresses", [[LOOPBACK, "10.0.0.1"], ["10.0.0.1", LOOPBACK], [LOOPBACK, "::1"]])
async def test_one_refused_address_is_enough_to_refuse_a_name(site: Site, addresses: list[str]) -> None:
    site.serve()
    site.names.known[HOST] = addresses
    assert "private or reserved network" in await site.refusal()
    assert site.requests == []


async def test_what_was_checked_is_what_is_connected_to(site: Site) -> None:
    site.redirect("/again")
    site.serve(path="/again")
    answers = iter([[LOOPBACK], ["10.0.0.1"]])

    class Rebinding(Names):
        async def resolve(self, *args: Any, **options: Any) -> list[ResolveResult]:
            self.known[HOST] = next(answers)
            return await super().resolve(*args, **options)

    site.names = Rebinding()
    refusal = await site.refusal()
    assert "private or reserved network" in refusal
    assert site.names.asked == [HOST, HOST]
    assert [request.path for request in site.requests] == ["/page.txt"]


async def test_what_the_system_resolves_is_checked_as_well(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.serve()
    real = socket.getaddrinfo

    def getaddrinfo(host: str, *args: Any, **options: Any) -> Any:
        return real(LOOPBACK if host == HOST else host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    assert (await site.fetcher(resolver=None).fetch(site.url())).data == BODY
    with pytest.raises(Trouble, match="private or reserved network"):
        await Fetcher(ssl=site.trust, ports=frozenset({site.port})).fetch(site.url())
    assert len(site.requests) == 1


@pytest.mark.parametrize(
    ("port", "asked"), [("", 1), (":443", 1), (":8443", 1), (":80", 0), (":8080", 0), (":6379", 0)]
)
async def test_two_ports_are_connected_to_unless_told_otherwise(port: str, asked: int) -> None:
    names = Names()
    reason = "no server of this name" if asked else "only 443 and 8443"
    with pytest.raises(Trouble, match=reason):
        await Fetcher(resolver=names).fetch(f"https://{HOST}{port}/x")
    assert len(names.asked) == asked


def test_whatever_is_given_as_an_address_nothing_is_connected_to() -> None:
    """Every name leads to a server on loopback, and so do many of the hosts."""
    connected = []

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connected.append(writer.get_extra_info("peername"))

    with asyncio.Runner() as runner:
        server = runner.run(asyncio.start_server(answer, LOOPBACK, 0))
        port = server.sockets[0].getsockname()[1]

        class AllOnLoopback(Names):
            async def resolve(self, host: str, *args: Any, **options: Any) -> list[ResolveResult]:
                self.known[host] = [LOOPBACK]
                return await super().resolve(host, *args, **options)

        names = AllOnLoopback()
        fetcher = Fetcher(
            resolver=names,
            allowed=lambda address: is_public(address) and address.is_loopback,
            ports=frozenset({443, port}),
            limits=Limits(connect=2),
        )
        # The literal addresses that lead to the server's machine, and names, of which every one does.
        odd = ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "127.1", "localhost", HOST, f"u:p@{HOST}"]
        schemes = st.sampled_from(["https://", "https:", "https:\\\\", "http://", "HTTPS://", "//", "file://", ""])
        hosts = st.one_of(st.sampled_from(odd), st.text(), st.ip_addresses().map(str), st.from_regex(r"\A[a-z.]+\Z"))
        ports = st.sampled_from(["", f":{port}", ":443", ":", ":x"])
        ends = st.one_of(st.just("/"), st.text())

        @given(st.one_of(st.text(), st.tuples(schemes, hosts, ports, ends).map("".join)))
        @example("x" * 500 + "://example.org/")
        @example(f"https://127.0.0.1:{port}/")
        @example(f"https://{HOST}:{port}/")
        @example(f"https://[::ffff:127.0.0.1]:{port}/")
        def attempt(address: str) -> None:
            with pytest.raises(Trouble) as caught:
                runner.run(fetcher.fetch(address))
            assert str(caught.value).isprintable()
            assert len(str(caught.value)) < 300

        try:
            attempt()
        finally:
            server.close()
            runner.run(server.wait_closed())
    assert connected == []
    assert HOST in names.asked


# Redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("target", ["/there.txt", "there.txt?x=1", "//{other}/there.txt", "https://{other}/there.txt"])
async def test_a_redirect_is_followed(site: Site, status: int, target: str) -> None:
    site.redirect(target.format(other=f"{OTHER}:{site.port}"), status=status)
    site.serve(path="/there.txt")
    assert await site.fetch() == Fetched(BODY, f"{HOST}/page.txt")
    assert [request.path for request in site.requests] == ["/page.txt", "/there.txt"]
    assert site.requests[1].method == "GET"


@pytest.mark.parametrize(
    ("target", "shown", "reason"),
    [
        ("http://{host}:{port}/there", f"{HOST}/there", "must begin with https://, and this one begins with http:"),
        ("file:///etc/passwd", "an address without a server", "begins with file:"),
        ("data:text/plain,x", "an address without a server", "begins with data:"),
        ("https://u:S3CRET@{host}:{port}/there", f"{HOST}/there", "no user name and no password"),
        ("https://{host}:22/there", f"{HOST}/there", "port 22 is not allowed"),
        ("https://10.0.0.1:{port}/there", "10.0.0.1/there", "private or reserved network"),
        ("https://[::ffff:127.0.0.1]:{port}/there", "[::ffff:7f00:1]/there", "private or reserved network"),
        ("https://private.example.org:{port}/there", "private.example.org/there", "private or reserved network"),
        ("https://localhost:{port}/there", "localhost/there", "not the name of a public server"),
        ("https://2130706433:{port}/there", "2130706433/there", "not the name of a public server"),
        ("https://missing.example.org:{port}/there", "missing.example.org/there", "no server of this name was found"),
    ],
)
async def test_where_a_redirect_leads_is_checked_as_if_it_were_given(
    site: Site, target: str, shown: str, reason: str
) -> None:
    site.serve(path="/there")
    site.names.known["private.example.org"] = ["169.254.169.254"]
    site.redirect(target.format(host=HOST, port=site.port))
    refusal = await site.refusal()
    assert refusal.startswith(f"{HOST}/page.txt, redirected to {shown}: ")
    assert reason in refusal
    assert "S3CRET" not in refusal
    assert len(site.requests) == 1


async def test_five_redirects_are_followed_and_no_sixth(site: Site) -> None:
    for step in range(6):
        site.redirect(f"/{step + 1}", path=f"/{step}")
    site.serve(path="/6")
    assert (await site.fetch(site.url("/1"))).data == BODY
    site.requests.clear()
    assert "redirects more than 5 times" in await site.refusal(site.url("/0"))
    assert [request.path for request in site.requests] == [f"/{step}" for step in range(6)]


async def test_a_circle_of_redirects_ends(site: Site) -> None:
    site.redirect("/page.txt")
    assert "perhaps in a circle" in await site.refusal()
    assert len(site.requests) == 6


@pytest.mark.parametrize("target", [None, "https://[::1/", 'https://u@[:""=:1]:80/x', "https://u@[]@/x"])
async def test_a_redirect_to_nowhere_is_refused(site: Site, target: str | None) -> None:
    site.serve(b"", 302, **({} if target is None else {"Location": target}))
    assert "redirects without saying where to (status 302 (Found))" in await site.refusal()


# How much and how long


async def test_a_programme_may_be_as_large_as_the_limit(site: Site) -> None:
    site.serve(b"x" * 1000)
    assert len((await site.fetch(size=1000)).data) == 1000
    refusal = await site.refusal(size=999)
    assert "larger than 0.000953 MiB" in refusal


async def test_a_length_that_is_too_large_is_refused_before_anything_is_read(site: Site) -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/plain", "Content-Length": str(SIZE_LIMIT + 1)})
        await response.prepare(request)
        await asyncio.sleep(3600)
        return response

    site.pages["/page.txt"] = endless
    assert "larger than 32 MiB" in await site.refusal(total=5)


async def stream(request: web.Request, pieces: Callable[[], bytes], pause: float = 0, **headers: str) -> web.Response:
    """Send pieces without an end and without saying how many there will be."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    response = web.StreamResponse(headers={"Content-Type": "text/plain"} | named)
    response.enable_chunked_encoding()
    await response.prepare(request)
    while True:
        await response.write(pieces())
        await asyncio.sleep(pause)


async def test_a_stream_without_an_end_is_cut_off_at_the_limit(site: Site) -> None:
    site.pages["/page.txt"] = lambda request: stream(request, lambda: b"x" * 10000)
    assert "larger than 0.5 MiB" in await site.refusal(size=MIB // 2)


async def test_a_stream_of_nothing_compressed_is_cut_off_at_the_limit(site: Site) -> None:
    """Each gzip member is empty, so what was decompressed never grows."""
    nothing = gzip.compress(b"") * 500
    site.pages["/page.txt"] = lambda request: stream(request, lambda: nothing, Content_Encoding="gzip")
    assert "larger than 0.25 MiB" in await site.refusal(size=MIB // 4)


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_a_bomb_is_never_decompressed_beyond_the_limit(site: Site, encoding: str) -> None:
    bomb = gzip.compress(bytes(64 * MIB), 9) if encoding == "gzip" else zlib.compress(bytes(64 * MIB), 9)
    assert len(bomb) < MIB // 8
    site.serve(bomb, Content_Encoding=encoding)
    tracemalloc.start()
    try:
        refusal = await site.refusal(size=MIB)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert "larger than 1 MiB" in refusal
    assert peak < 4 * MIB


async def test_a_programme_that_grows_in_utf_8_is_measured_as_it_is_kept(site: Site) -> None:
    site.serve(b"\xe4" * 1000, Content_Type="text/plain; charset=latin-1")
    assert len((await site.fetch(size=2000)).data) == 2000
    assert "larger than" in await site.refusal(size=1999)


async def test_a_slow_drip_is_cut_off(site: Site) -> None:
    site.pages["/page.txt"] = lambda request: stream(request, lambda: b"x", pause=0.01)
    refusal = await site.refusal(total=0.2)
    assert "it was not there after 0.2 seconds" in refusal


async def test_a_server_that_never_answers_is_given_up(site: Site) -> None:
    async def silent(_: web.Request) -> web.StreamResponse:
        await asyncio.sleep(3600)
        raise AssertionError

    site.pages["/page.txt"] = silent
    assert "it was not there after 0.2 seconds" in await site.refusal(total=0.2)


async def test_all_redirects_together_have_the_time_of_one_fetch(site: Site) -> None:
    async def slow(_: web.Request) -> web.Response:
        await asyncio.sleep(0.1)
        return web.Response(status=302, headers={"Location": "/page.txt"})

    site.pages["/page.txt"] = slow
    assert "it was not there after 0.25 seconds" in await site.refusal(total=0.25)
    assert 1 < len(site.requests) < 5


async def test_a_name_that_takes_too_long_to_find_is_given_up(site: Site) -> None:
    class Slow(Names):
        async def resolve(self, *_: Any, **__: Any) -> list[ResolveResult]:
            await asyncio.sleep(3600)
            raise AssertionError

    site.names = Slow()
    assert "did not answer within 0.05 seconds" in await site.refusal(connect=0.05)


async def test_a_server_that_takes_the_call_and_says_nothing_is_given_up(site: Site) -> None:
    async def answer(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()

    async with listening(answer, None) as port:
        fetcher = site.fetcher(ports=frozenset({port}), limits=Limits(connect=0.05))
        with pytest.raises(Trouble, match=r"did not answer within 0\.05 seconds"):
            await fetcher.fetch(f"https://{HOST}:{port}/x")


async def test_who_cancels_a_fetch_sees_it_cancelled(site: Site) -> None:
    site.pages["/page.txt"] = lambda request: stream(request, lambda: b"x", pause=0.01)
    fetching = asyncio.create_task(site.fetch())
    await site.asked.wait()
    fetching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await fetching
    await site.left()


# What is there


@pytest.mark.parametrize(
    ("status", "shown"),
    [
        *((404, "404 (Not Found)"), (403, "403 (Forbidden)"), (500, "500 (Internal Server Error)"), (799, "799")),
        *((204, "204 (No Content)"), (206, "206 (Partial Content)"), (304, "304 (Not Modified)")),
    ],
)
async def test_only_a_whole_answer_is_taken(site: Site, status: int, shown: str) -> None:
    site.serve(status=status)
    assert f"{HOST}/page.txt: its server answered with status {shown}. " in await site.refusal()


@pytest.mark.parametrize(
    "kind",
    [
        *("text/plain", "text/html", "text/csv; charset=utf-8", "TEXT/Plain", "application/json", "application/csv"),
        *("application/vnd.ms-excel", "application/octet-stream", "application/json;charset=US-ASCII", "text/x; a=b"),
    ],
)
async def test_what_may_be_a_programme_is_taken_as_it_is(site: Site, kind: str) -> None:
    site.serve(Content_Type=kind)
    assert (await site.fetch()).data == BODY


@pytest.mark.parametrize(
    "kind", ["image/png", "application/zip", "application/pdf", "application/xhtml+xml", "nonsense", "x/text/plain"]
)
async def test_what_is_no_programme_is_refused(site: Site, kind: str) -> None:
    site.serve(Content_Type=kind)
    assert f"of the type {kind}, which is no programme" in await site.refusal()


async def spoken(site: Site, certificate: ssl.SSLContext, answer: bytes) -> Fetched:
    """Fetch from a server that answers with these bytes, whatever they are."""

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()

    async with listening(speak, certificate) as port:
        fetcher = site.fetcher(ports=frozenset({port}), limits=Limits(total=5))
        return await fetcher.fetch(f"https://{HOST}:{port}/page.txt")


@pytest.mark.parametrize("kind", [b"", b"Content-Type:\r\n", b"Content-Type: ; charset=utf-8\r\n"])
async def test_a_programme_needs_no_type(site: Site, certificate: ssl.SSLContext, kind: bytes) -> None:
    answer = b"HTTP/1.1 200 OK\r\n%sContent-Length: %d\r\n\r\n%s" % (kind, len(BODY), BODY)
    assert (await spoken(site, certificate, answer)).data == BODY


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"SSH-2.0-OpenSSH\r\n\r\n", "something that is not HTTP"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n", "something that is not HTTP"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n", "something that is not HTTP"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", "the connection broke"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n", "the connection broke"),
        (b"HTTP/1.1 200 OK\r\n", "the connection broke"),
        (b"", "the connection broke"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: \xff\xfe\r\nContent-Length: 0\r\n\r\n", "of the type ??, which"),
        (b"HTTP/1.1 302 Found\r\nLocation: https://\xff\xfe/\r\nContent-Length: 0\r\n\r\n", "without saying where to"),
    ],
)
async def test_whatever_a_server_answers_is_told_in_plain_words(
    site: Site, certificate: ssl.SSLContext, answer: bytes, reason: str
) -> None:
    with pytest.raises(Trouble) as caught:
        await spoken(site, certificate, answer)
    assert reason in str(caught.value)
    assert str(caught.value).isprintable()


# Compression


def raw_deflate(data: bytes) -> bytes:
    return zlib.compress(data, wbits=-zlib.MAX_WBITS)


ZEROS = bytes(64 * 1024 + 257)
"""So many that raw deflate has them all read when some do not fit into what is decompressed at once."""
NOISE = zlib.compress(bytes(range(256)) * 4000, 0)


@pytest.mark.parametrize("data", [b"", BODY, NOISE, ZEROS], ids=["nothing", "text", "noise", "zeros"])
@pytest.mark.parametrize(
    ("encoding", "compress"),
    [("gzip", gzip.compress), ("GZIP", gzip.compress), ("deflate", zlib.compress), ("deflate", raw_deflate)],
)
async def test_a_compressed_programme_is_decompressed(
    site: Site, encoding: str, compress: Callable[[bytes], bytes], data: bytes
) -> None:
    site.serve(compress(data), Content_Encoding=encoding)
    assert (await site.fetch()).data == data
    assert site.requests[0].headers["Accept-Encoding"] == "gzip, deflate"


async def test_gzip_may_have_several_members(site: Site) -> None:
    site.serve(gzip.compress(BODY) + gzip.compress(b"") + gzip.compress(NOISE), Content_Encoding="gzip")
    assert (await site.fetch()).data == BODY + NOISE


async def test_nothing_compressed_to_nothing_is_nothing(site: Site) -> None:
    site.serve(b"", Content_Encoding="gzip")
    assert (await site.fetch()).data == b""


@pytest.mark.parametrize(
    "damaged",
    [gzip.compress(BODY)[:-1], gzip.compress(BODY)[:5], BODY, gzip.compress(BODY) + b"rest", gzip.compress(NOISE)[:-9]],
)
async def test_damaged_compression_is_noticed(site: Site, damaged: bytes) -> None:
    site.serve(damaged, Content_Encoding="gzip")
    assert "its compression is damaged" in await site.refusal()


@pytest.mark.parametrize("encoding", ["br", "zstd", "compress", "gzip, gzip", "gzip, br"])
async def test_other_compression_is_refused(site: Site, encoding: str) -> None:
    site.serve(gzip.compress(BODY), Content_Encoding=encoding)
    assert f"compressed as {encoding}, which the bot can't read" in await site.refusal()


async def test_compression_said_in_two_headers_is_refused(site: Site, certificate: ssl.SSLContext) -> None:
    both = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Encoding: br\r\nContent-Length: 0\r\n\r\n"
    with pytest.raises(Trouble):
        await spoken(site, certificate, both)


# Encodings


@pytest.mark.parametrize(
    "charset", ["latin-1", "ISO-8859-1", '"windows-1252"', "utf-16", "utf-16-le", "utf-7", "cp850"]
)
async def test_another_encoding_becomes_utf_8(site: Site, charset: str) -> None:
    site.serve(BODY.decode().encode(charset.strip('"')), Content_Type=f"text/plain; x=y; Charset={charset}")
    assert (await site.fetch()).data == BODY


async def test_letters_of_several_bytes_may_lie_across_what_is_read_at_once(site: Site) -> None:
    text = "x" + "会議" * 50_000
    site.serve(
        gzip.compress(text.encode("shift_jis")), Content_Type="text/csv;charset=shift_jis", Content_Encoding="gzip"
    )
    assert (await site.fetch()).data == text.encode()


@pytest.mark.parametrize("charset", ["utf-8", "UTF8", "us-ascii", "ascii"])
async def test_utf_8_is_left_for_the_reader_to_judge(site: Site, charset: str) -> None:
    site.serve(b"\xff\xfe", Content_Type=f"text/plain; charset={charset}")
    assert (await site.fetch()).data == b"\xff\xfe"


@pytest.mark.parametrize(
    "charset",
    ["klingon", "hex", "zlib", "bz2", "rot13", "undefined", "idna", "punycode", "unicode_escape", "raw_unicode_escape"],
)
async def test_an_encoding_nobody_publishes_in_is_refused(site: Site, charset: str) -> None:
    site.serve(Content_Type=f"text/plain; charset={charset}")
    assert f"an encoding that is not known, {charset}. " in await site.refusal()


@pytest.mark.parametrize(
    ("charset", "data"),
    [("shift_jis", b"\x81"), ("utf-16", b"x"), ("gb18030", b"ok \xff"), ("utf-7", b"+2AA-"), ("cp1252", b"\x81")],
)
async def test_a_programme_in_another_encoding_than_said_is_refused(site: Site, charset: str, data: bytes) -> None:
    site.serve(data, Content_Type=f"text/plain; charset={charset}")
    assert f"not in the encoding its server names, {charset}" in await site.refusal()


async def test_a_long_name_of_an_encoding_is_shortened(site: Site) -> None:
    site.serve(b"x", Content_Type=f"text/plain; charset=utf{'-' * 200}16")
    assert f"its server names, utf{'-' * 76}…. Publish" in await site.refusal()


# Whether it is the right server


async def test_a_name_nobody_knows_is_told(site: Site) -> None:
    refusal = await site.refusal(site.url(host="missing.example.org"))
    assert refusal.startswith("missing.example.org/page.txt: no server of this name was found. ")


async def test_a_name_without_an_address_is_told(site: Site) -> None:
    site.names.known[HOST] = []
    assert "no server of this name was found" in await site.refusal()


async def test_a_server_that_is_not_there_is_told(site: Site) -> None:
    with socket.socket() as unused:
        unused.bind((LOOPBACK, 0))
        port = unused.getsockname()[1]
        with pytest.raises(Trouble, match="no connection to its server can be made"):
            await site.fetcher(ports=frozenset({port})).fetch(f"https://{HOST}:{port}/x")


async def test_a_certificate_nobody_vouches_for_is_refused(site: Site) -> None:
    site.serve()
    with pytest.raises(Trouble, match="no valid certificate"):
        await site.fetcher(ssl=None).fetch(site.url())
    assert site.requests == []


async def test_a_certificate_for_somebody_else_is_refused(site: Site) -> None:
    site.serve()
    site.names.known["third.example.org"] = [LOOPBACK]
    assert "no valid certificate" in await site.refusal(site.url(host="third.example.org"))
    assert site.requests == []


async def test_a_server_without_tls_is_refused(site: Site) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    async with listening(answer, None) as port:
        with pytest.raises(Trouble, match="no secure connection"):
            await site.fetcher(ports=frozenset({port})).fetch(f"https://{HOST}:{port}/x")


async def test_a_fetcher_may_fetch_twice_at_once(site: Site) -> None:
    site.serve()
    site.serve(b"other", path="/other.txt")
    fetcher = site.fetcher()
    first, second = await asyncio.gather(fetcher.fetch(site.url()), fetcher.fetch(site.url("/other.txt")))
    assert (first.data, second.data) == (BODY, b"other")
