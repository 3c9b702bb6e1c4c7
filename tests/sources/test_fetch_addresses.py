"""Where fetching goes, and where it does not."""

import asyncio
import socket
from ipaddress import IPv4Address, ip_address
from typing import Any

import pytest
from aiohttp.abc import ResolveResult
from hypothesis import example, given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.sources.fetch import Fetcher, Limits, is_public
from tests.support.site import (
    BODY,
    HOST,
    LOOPBACK,
    Names,
    Site,
    authority,
    certificate,
    site,
    trust,
)

__all__ = ["authority", "certificate", "site", "trust"]


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
        with pytest.raises(UserError, match="private or reserved network"):
            await site.fetcher(allowed=is_public).fetch(site.url(host=host))
    assert site.requests == []


async def test_an_address_in_a_url_that_is_allowed_is_fetched(site: Site) -> None:
    site.serve()
    assert (await site.fetch(site.url(host=LOOPBACK))).data == BODY
    assert (await site.fetch(site.url(host="127。0。0。1"))).name == "127.0.0.1/page.txt"


async def test_a_name_that_leads_into_another_network_is_refused(site: Site) -> None:
    for address in NOT_PUBLIC:
        site.names.known[HOST] = [address]
        with pytest.raises(UserError, match="private or reserved network") as caught:
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
    with pytest.raises(UserError, match="private or reserved network"):
        await Fetcher(ssl=site.trust, ports=frozenset({site.port})).fetch(site.url())
    assert len(site.requests) == 1


@pytest.mark.parametrize(
    ("port", "asked"), [("", 1), (":443", 1), (":8443", 1), (":80", 0), (":8080", 0), (":6379", 0)]
)
async def test_two_ports_are_connected_to_unless_told_otherwise(port: str, asked: int) -> None:
    names = Names()
    reason = "no server of this name" if asked else "only 443 and 8443"
    with pytest.raises(UserError, match=reason):
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
            with pytest.raises(UserError) as caught:
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
