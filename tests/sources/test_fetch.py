"""Fetching: from a real server on loopback, over TLS, what a server may send."""

import asyncio
import gzip
import logging
import socket
import ssl
import traceback
import zlib
from collections.abc import Callable

import pytest

from bot.errors import UserError
from bot.sources.fetch import Fetched, Fetcher, Limits
from bot.sources.reading.limits import SIZE_LIMIT
from tests.support.site import (
    BODY,
    HOST,
    LOOPBACK,
    OTHER,
    Names,
    Site,
    authority,
    certificate,
    listening,
    site,
    trust,
)

__all__ = ["authority", "certificate", "site", "trust"]


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
    with pytest.raises(UserError) as caught:
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
    except UserError as error:
        said = "".join(traceback.format_exception(error))
    assert HOST in said
    assert site.requests[0].query["token"] == secret
    assert secret not in said + caplog.text


async def test_a_secret_in_an_address_that_makes_no_sense_is_not_told() -> None:
    secret = "S3CRET"  # noqa: S105 - it opens nothing
    with pytest.raises(UserError) as caught:
        await Fetcher().fetch(f"https://name:{secret}/x")
    assert secret not in "".join(traceback.format_exception(caught.value))


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
        *("text/calendar; charset=utf-8; method=PUBLISH", "application/yaml", "text/yaml", "application/xml"),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
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
    with pytest.raises(UserError) as caught:
        await spoken(site, certificate, answer)
    assert reason in str(caught.value)
    assert str(caught.value).isprintable()


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
    site.serve(
        gzip.compress(BODY, mtime=0) + gzip.compress(b"", mtime=0) + gzip.compress(NOISE, mtime=0),
        Content_Encoding="gzip",
    )
    assert (await site.fetch()).data == BODY + NOISE


async def test_nothing_compressed_to_nothing_is_nothing(site: Site) -> None:
    site.serve(b"", Content_Encoding="gzip")
    assert (await site.fetch()).data == b""


@pytest.mark.parametrize(
    "damaged",
    [
        gzip.compress(BODY, mtime=0)[:-1],
        gzip.compress(BODY, mtime=0)[:5],
        BODY,
        gzip.compress(BODY, mtime=0) + b"rest",
        gzip.compress(NOISE, mtime=0)[:-9],
    ],
)
async def test_damaged_compression_is_noticed(site: Site, damaged: bytes) -> None:
    site.serve(damaged, Content_Encoding="gzip")
    assert "its compression is damaged" in await site.refusal()


@pytest.mark.parametrize("encoding", ["br", "zstd", "compress", "gzip, gzip", "gzip, br"])
async def test_other_compression_is_refused(site: Site, encoding: str) -> None:
    site.serve(gzip.compress(BODY, mtime=0), Content_Encoding=encoding)
    assert f"compressed as {encoding}, which the bot can't read" in await site.refusal()


async def test_compression_said_in_two_headers_is_refused(site: Site, certificate: ssl.SSLContext) -> None:
    both = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Encoding: br\r\nContent-Length: 0\r\n\r\n"
    with pytest.raises(UserError):
        await spoken(site, certificate, both)


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


@pytest.mark.parametrize(
    "kind", ["application/octet-stream; charset=binary", "text/xml; charset=iso-8859-1", "application/xml;charset=x"]
)
async def test_what_names_its_own_encoding_is_left_as_it_is(site: Site, kind: str) -> None:
    data = '<?xml version="1.0" encoding="ISO-8859-1"?><schedule>é</schedule>'.encode("latin-1")
    site.serve(data, Content_Type=kind)
    assert (await site.fetch()).data == data


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
        with pytest.raises(UserError, match="no connection to its server can be made"):
            await site.fetcher(ports=frozenset({port})).fetch(f"https://{HOST}:{port}/x")


async def test_a_certificate_nobody_vouches_for_is_refused(site: Site) -> None:
    site.serve()
    with pytest.raises(UserError, match="no valid certificate"):
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
        with pytest.raises(UserError, match="no secure connection"):
            await site.fetcher(ports=frozenset({port})).fetch(f"https://{HOST}:{port}/x")


async def test_a_fetcher_may_fetch_twice_at_once(site: Site) -> None:
    site.serve()
    site.serve(b"other", path="/other.txt")
    fetcher = site.fetcher()
    first, second = await asyncio.gather(fetcher.fetch(site.url()), fetcher.fetch(site.url("/other.txt")))
    assert (first.data, second.data) == (BODY, b"other")
