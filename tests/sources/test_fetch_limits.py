"""How much is fetched, and for how long."""

import asyncio
import gzip
import tracemalloc
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import web
from aiohttp.abc import ResolveResult

from bot.errors import UserError
from bot.sources.fetch import Limits
from bot.sources.reading.limits import SIZE_LIMIT
from tests.support.site import (
    HOST,
    MIB,
    Names,
    Site,
    authority,
    certificate,
    listening,
    site,
    trust,
)

__all__ = ["authority", "certificate", "site", "trust"]


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
    assert "larger than 224 MiB" in await site.refusal(total=5)


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
    nothing = gzip.compress(b"", mtime=0) * 500
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
        with pytest.raises(UserError, match=r"did not answer within 0\.05 seconds"):
            await fetcher.fetch(f"https://{HOST}:{port}/x")


async def test_who_cancels_a_fetch_sees_it_cancelled(site: Site) -> None:
    site.pages["/page.txt"] = lambda request: stream(request, lambda: b"x", pause=0.01)
    fetching = asyncio.create_task(site.fetch())
    await site.asked.wait()
    fetching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await fetching
    await site.left()
