"""Moderators load the programme from an address, wherever the bot may go and nowhere else."""

import asyncio
from contextlib import suppress
from typing import Any

import pytest
from simcord.actors import MemberActor
from simcord.results import ResponseMessage

from bot.sources.fetch import Limits
from tests.support.messages import shown
from tests.support.moderating import FRUIT, GROWN, Start, moderator, press, text_of, titles
from tests.support.server import Server
from tests.support.site import HOST, LOOPBACK, Site, authority, certificate, listening, site, trust

__all__ = ["authority", "certificate", "site", "trust"]


async def from_address(server: Server, who: MemberActor, address: str) -> ResponseMessage:
    message = shown(await who.slash(server.channel, "programme reload", source=address))
    assert message.ephemeral
    return message


async def test_a_good_address_loads(start: Start, site: Site) -> None:
    server = await start()
    server.services.fetcher = site.fetcher()
    site.serve(GROWN)
    mo = moderator(server)
    preview = await from_address(server, mo, site.url())
    assert "1 paper added" in text_of(preview)
    await press(mo, preview, "Apply")
    assert titles(server) == [*FRUIT, "Grape"]
    history = shown(await mo.slash(server.channel, "programme history"))
    assert f"{HOST}/page.txt, by its address" in text_of(history).replace("\\", "")


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://{host}:{port}/x", "must begin with https://"),
        ("file:///etc/passwd", "must begin with https://"),
        ("https://localhost:{port}/x", "not the name of a public server"),
        ("https://10.0.0.1:{port}/x", "leads into a private or reserved network"),
        ("https://192.168.1.1:{port}/x", "leads into a private or reserved network"),
        ("https://[::1]:{port}/x", "leads into a private or reserved network"),
        ("https://169.254.169.254:{port}/latest/meta-data", "leads into a private or reserved network"),
        ("https://{host}:22/x", "port 22 is not allowed"),
        ("nonsense", "must begin with https://"),
    ],
)
async def test_an_address_where_the_bot_must_not_go_is_refused(
    address: str, reason: str, start: Start, site: Site
) -> None:
    server = await start()
    server.services.fetcher = site.fetcher()
    answer = await from_address(server, moderator(server), address.format(host=HOST, port=site.port))
    assert reason in answer.content
    assert site.requests == []
    assert titles(server) == list(FRUIT)


@pytest.mark.parametrize(
    "target", ["http://{host}:{port}/x", "https://10.0.0.1:{port}/x", "https://localhost:{port}/x"]
)
async def test_a_redirect_to_where_the_bot_must_not_go_is_not_followed(target: str, start: Start, site: Site) -> None:
    server = await start()
    server.services.fetcher = site.fetcher()
    site.redirect(target.format(host=HOST, port=site.port))
    answer = await from_address(server, moderator(server), site.url())
    assert f"{HOST}/page.txt, redirected to " in answer.content
    assert len(site.requests) == 1
    assert titles(server) == list(FRUIT)


async def test_an_endless_stream_is_cut_off(start: Start, site: Site, certificate: Any) -> None:
    server = await start()

    async def pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
        with suppress(OSError):
            while True:
                writer.write(b"Session\n" * 1_000)
                await writer.drain()

    async with listening(pour, certificate) as port:
        server.services.fetcher = site.fetcher(limits=Limits(size=100_000), ports=frozenset({port}))
        answer = await from_address(server, moderator(server), f"https://{HOST}:{port}/x")
    assert "larger than 0.0954 MiB, and was not read further" in answer.content
    assert titles(server) == list(FRUIT)


async def test_a_server_that_takes_its_time_is_given_up(start: Start, site: Site, certificate: Any) -> None:
    server = await start()

    async def dawdle(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        server.env.backend.advance_clock(21)
        await reader.read()

    async with listening(dawdle, certificate) as port:
        server.services.fetcher = site.fetcher(ports=frozenset({port}))
        answer = await from_address(server, moderator(server), f"https://{HOST}:{port}/x")
    assert "it was not there after 20 seconds" in answer.content
    assert titles(server) == list(FRUIT)


async def test_what_is_at_an_address_is_refused_like_a_file(start: Start, site: Site) -> None:
    server = await start()
    server.services.fetcher = site.fetcher()
    site.serve(b"<!doctype html><title>Sign in</title>", Content_Type="text/html")
    answer = await from_address(server, moderator(server), site.url())
    assert answer.content.startswith(f"{HOST}/page.txt: ")
    assert titles(server) == list(FRUIT)
    assert LOOPBACK not in answer.content
