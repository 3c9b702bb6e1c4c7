"""Fetching a programme from an address that somebody gave, without being led where the bot must not go."""

import asyncio
import codecs
import io
import re
import socket
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import responses
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from ssl import SSLContext
from typing import Final, overload

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.errors import UserError
from bot.sources.reading.limits import SIZE_LIMIT
from bot.sources.validators import Validators

Address = IPv4Address | IPv6Address

PORTS = frozenset({443, 8443})
"""The ports that are connected to."""

NAME_LENGTH = 80
"""How long the name of what was fetched may be, in characters."""

_HOST_LENGTH = 50
_CHUNK = 16 * 1024
"""How much is read at once, in bytes. A chunk may hold a thousand tiny gzip members, each of which copies the rest."""
_PIECE = 64 * 1024
"""How much is decompressed at once, in bytes."""

_HEADERS = {"User-Agent": "conference-bot", "Accept-Encoding": "gzip, deflate"}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ENCODINGS = frozenset({"", "identity", "gzip", "deflate"})
_TYPES = frozenset(
    {"", "application/json", "application/csv", "application/ics", "application/yaml", "application/x-yaml"}
)
# What says of itself in which encoding it is, whatever the server says.
_WHOLE_TYPES = frozenset(
    {
        "application/octet-stream",
        "application/vnd.ms-excel",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/xml",
        "text/xml",
    }
)

# What Python calls text encodings, though no text is published in them; one of them takes quadratic time.
_NO_CHARSETS = frozenset({"idna", "punycode", "raw-unicode-escape", "unicode-escape"})

# A dot within and a letter after the last one: no name of a local machine, and none of the ways to write an
# IPv4 address that only the operating system understands (127.1, 0x7f.1, 2130706433).
_HOST = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9_-]{1,63}\.)+[a-z][a-z0-9-]{0,62}")

_CHARSET = re.compile(r"""(?:^|;)\s*charset\s*=\s*["']?([^\s;"']+)""", re.IGNORECASE)

_UNREADABLE = (ValueError, IndexError)
"""What yarl raises about an address that makes no sense; the second where brackets hold nothing."""

_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
# What Python's versions disagree about, and what leads to an IPv4 address through somebody's tunnel.
_NOT_PUBLIC = tuple(map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2002::/16", "3fff::/20")))

_ELSEWHERE = "Publish the programme on a public server and give its address there."
_AGAIN = "Try again later."
_LINK = "Give a link to the file itself that opens without signing in."
_EXAMPLE = "https://example.org/programme.json"


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was found at an address.

    Attributes:
        data: the whole of it, decompressed.
        name: what messages call it: host and last part of the path, printable, at most `NAME_LENGTH` characters.
        validators: with what it can be asked later whether there is another version; None where that can't be told.
    """

    data: bytes
    name: str
    validators: Validators | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a fetch may take.

    Attributes:
        size: the largest programme, in bytes, as it is sent and as it is after decompression.
        total: the time for everything, redirects included, in seconds.
        connect: the time for finding a server and connecting to it, in seconds.
        redirects: how many redirects are followed.
    """

    size: int = SIZE_LIMIT
    total: float = 20
    connect: float = 5
    redirects: int = 5


LIMITS = Limits()
"""What a fetch may take unless somebody says otherwise."""


def is_public(address: Address) -> bool:
    """Tell whether an address belongs to the public internet, and to nothing that leads elsewhere from there."""
    if isinstance(address, IPv6Address):
        if address in _NAT64:
            return is_public(IPv4Address(address.packed[-4:]))
        if address.scope_id or address not in _GLOBAL_UNICAST:
            return False
    return address.is_global and not address.is_multicast and not any(address in network for network in _NOT_PUBLIC)


class Fetcher:
    """Fetches programmes over https from public servers.

    Args:
        limits: how much a fetch may take.
        resolver: finds the addresses of a name; the system's own unless given. Whatever it finds is checked.
        ssl: how servers prove who they are; as usual on the web unless given.
        allowed: tells whether an address may be connected to.
        ports: the ports that may be connected to.
    """

    def __init__(
        self,
        *,
        limits: Limits = LIMITS,
        resolver: AbstractResolver | None = None,
        ssl: SSLContext | None = None,
        allowed: Callable[[Address], bool] = is_public,
        ports: frozenset[int] = PORTS,
    ) -> None:
        self._limits = limits
        self._resolver = resolver
        self._ssl = ssl
        self._allowed = allowed
        self._ports = ports

    @overload
    async def fetch(self, address: str) -> Fetched: ...

    @overload
    async def fetch(self, address: str, since: Validators | None) -> Fetched | None: ...

    async def fetch(self, address: str, since: Validators | None = None) -> Fetched | None:
        """Fetch a programme.

        Args:
            address: where it is, beginning with https://.
            since: the version that is known already.

        Returns:
            What is there, or None when its server says that this is the known version still.

        Raises:
            UserError: the address is refused, or leads to one that is; nothing that can be a programme is there; it is
                too large or takes too long; the server can't be reached or is not the one it should be.
        """
        url = _parsed(address)
        name = place = _name(url)
        try:
            async with asyncio.timeout(self._limits.total), self._session() as session:
                for _ in range(self._limits.redirects + 1):
                    self._check(url)
                    known = since.headers(str(url)) if since else {}
                    async with session.get(url, allow_redirects=False, headers=known) as response:
                        if known and response.status == HTTPStatus.NOT_MODIFIED:
                            return None
                        if response.status not in _REDIRECTS:
                            validators = Validators.of_response(str(url), response.headers)
                            return Fetched(await self._body(response), name, validators)
                        url = _target(response)
                    place = f"{name}, redirected to {_name(url)}"
            reason = f"it redirects more than {self._limits.redirects} times, perhaps in a circle. {_LINK}"
        except _Refused as refused:
            reason = str(refused)
        except aiohttp.ClientError as error:
            reason = self._reason(error)
        except TimeoutError:
            reason = f"it was not there after {self._limits.total:g} seconds, and fetching it was given up. {_AGAIN}"
        raise UserError(f"{place}: {reason}")

    def _session(self) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            resolver=_Guard(self._resolver or aiohttp.ThreadedResolver(), self._allowed),
            ssl=self._ssl or True,
            use_dns_cache=False,
            force_close=True,
        )
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers=_HEADERS,
            auto_decompress=False,
            trust_env=False,
            timeout=aiohttp.ClientTimeout(total=None, connect=self._limits.connect),
        )

    def _check(self, url: URL) -> None:
        if url.scheme != "https":
            given = f", and this one begins with {_shown(url.scheme)}:" if url.scheme else ""
            raise _Refused(f"an address must begin with https://{given}. Give one like {_EXAMPLE}.")
        if url.raw_user is not None or url.raw_password is not None:
            raise _Refused(f"an address must hold no user name and no password. {_LINK}")
        if url.port not in self._ports:
            allowed = " and ".join(map(str, sorted(self._ports)))
            raise _Refused(f"port {url.port} is not allowed, only {allowed}. {_ELSEWHERE}")
        host = url.raw_host or ""
        try:
            literal = ip_address(host)
        except ValueError:
            if not _HOST.fullmatch(host):
                raise _Refused(f"this is not the name of a public server. Give an address like {_EXAMPLE}.") from None
        else:
            # aiohttp asks no resolver about these, so the guard never sees them.
            _check_allowed(literal, self._allowed)

    async def _body(self, response: aiohttp.ClientResponse) -> bytes:
        if response.status != HTTPStatus.OK:
            raise _Refused(f"its server answered with status {_status(response.status)}. {_LINK}")
        kind, charset = _content_type(response.headers.get("Content-Type", ""))
        if not (kind.startswith("text/") or kind in _TYPES or kind in _WHOLE_TYPES):
            raise _Refused(f"what is there is of the type {_shown(kind)}, which is no programme. {_LINK}")
        encoding = ", ".join(response.headers.getall("Content-Encoding", [])).strip().lower()
        if encoding not in _ENCODINGS:
            raise _Refused(f"it is compressed as {_shown(encoding)}, which the bot can't read. {_ELSEWHERE}")
        body = _Body(encoding, "" if kind in _WHOLE_TYPES else charset, self._limits.size)
        body.check_size(response.content_length or 0)
        async for chunk in response.content.iter_chunked(_CHUNK):
            body.feed(chunk)
        return body.end()

    def _reason(self, error: aiohttp.ClientError) -> str:
        if isinstance(error, aiohttp.ConnectionTimeoutError):
            return f"its server did not answer within {self._limits.connect:g} seconds. {_AGAIN}"
        return next(reason for kind, reason in _REASONS if isinstance(error, kind))


_REASONS: Final[tuple[tuple[type[aiohttp.ClientError], str], ...]] = (
    (
        aiohttp.ClientConnectorCertificateError,
        "its server has no valid certificate for this address. Look for a typing error, or tell those who run it.",
    ),
    (aiohttp.ClientSSLError, "no secure connection to its server can be made. Tell those who run it."),
    (aiohttp.ClientConnectorDNSError, "no server of this name was found. Look for a typing error."),
    (aiohttp.ClientConnectorError, f"no connection to its server can be made. {_AGAIN}"),
    (aiohttp.ClientConnectionError, f"the connection broke before all of it was there. {_AGAIN}"),
    (aiohttp.ClientPayloadError, f"the connection broke before all of it was there. {_AGAIN}"),
    (aiohttp.ClientError, f"its server answered with something that is not HTTP. {_ELSEWHERE}"),
)


class _Refused(Exception):
    """The reason why something is not fetched; `fetch` says of what."""


def _check_allowed(address: Address, allowed: Callable[[Address], bool]) -> None:
    if not allowed(address):
        # Which address it is would tell whoever asks about the network the bot is in.
        raise _Refused(f"it leads into a private or reserved network, where the bot does not go. {_ELSEWHERE}")


class _Guard(AbstractResolver):
    """Lets nothing through but what may be connected to; so what was checked is what is connected to."""

    def __init__(self, resolver: AbstractResolver, allowed: Callable[[Address], bool]) -> None:
        self._resolver = resolver
        self._allowed = allowed

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        if not found:
            raise OSError(socket.EAI_NONAME, "no address")
        for result in found:
            _check_allowed(ip_address(result["host"]), self._allowed)
        return found

    async def close(self) -> None:
        """Do nothing: a resolver that was given is closed by who gave it, and the system's has nothing to close."""


class _Body:
    """What a server sends, decompressed and in UTF-8; never more of it than a programme may have, and a piece."""

    def __init__(self, encoding: str, charset: str, limit: int) -> None:
        self._compressed = encoding in ("gzip", "deflate")
        self._encoding = encoding
        self._charset = charset
        self._decoder = _decoder(charset) if charset else None
        self._limit = limit
        self._received = 0
        self._stream: zlib._Decompress | None = None
        self._data = io.BytesIO()

    def feed(self, chunk: bytes) -> None:
        self._received += len(chunk)
        self.check_size(self._received)
        if not self._compressed:
            self._add(chunk)
            return
        try:
            for piece in self._inflated(chunk):
                self._add(piece)
        except zlib.error:
            raise self._damaged() from None

    def end(self) -> bytes:
        if self._stream:
            # The window may still hold what did not fit into the last piece.
            while not self._stream.eof and (piece := self._stream.decompress(b"", _PIECE)):
                self._add(piece)
            if not self._stream.eof:
                raise self._damaged()
        self._add(b"", final=True)
        return self._data.getvalue()

    def check_size(self, size: int) -> None:
        if size > self._limit:
            limit = f"{self._limit / 2**20:.3g} MiB"
            raise _Refused(f"it is larger than {limit}, and was not read further. Publish the programme alone.")

    def _inflated(self, chunk: bytes) -> Iterator[bytes]:
        while chunk:
            if self._stream is None or self._stream.eof:
                self._stream = zlib.decompressobj(_window(self._encoding, chunk))
            yield self._stream.decompress(chunk, _PIECE)
            chunk = self._stream.unused_data if self._stream.eof else self._stream.unconsumed_tail

    def _add(self, piece: bytes, *, final: bool = False) -> None:
        if self._decoder:
            try:
                piece = self._decoder.decode(piece, final).encode()
            except UnicodeError:
                raise _Refused(
                    f"it is not in the encoding its server names, {_shown(self._charset)}. Publish it in UTF-8."
                ) from None
        self.check_size(self._data.tell() + len(piece))
        self._data.write(piece)

    def _damaged(self) -> _Refused:
        return _Refused(f"its compression is damaged. {_AGAIN}")


def _content_type(header: str) -> tuple[str, str]:
    """Return the type a server names, and the charset, or nothing where it names none."""
    kind, _, parameters = header.partition(";")
    charset = _CHARSET.search(parameters)
    return kind.strip().lower(), charset[1] if charset else ""


def _window(encoding: str, start: bytes) -> int:
    """Return zlib's `wbits` for a stream that begins like this: servers send "deflate" with and without a header."""
    if encoding == "gzip":
        return 16 + zlib.MAX_WBITS
    return zlib.MAX_WBITS if start[0] & 0x0F == zlib.DEFLATED else -zlib.MAX_WBITS


def _decoder(charset: str) -> codecs.IncrementalDecoder | None:
    """Return what reads a charset, or None when the bytes may stay as they are."""
    with suppress(LookupError, ValueError):
        codec = codecs.lookup(charset).name
        if codec in ("utf-8", "ascii"):
            return None
        # Python also finds what is no text encoding by this name, zlib for one; encoding refuses those.
        "".encode(codec)
        if codec not in _NO_CHARSETS:
            return codecs.getincrementaldecoder(codec)()
    raise _Refused(f"its server names an encoding that is not known, {_shown(charset)}. Publish it in UTF-8.")


def _target(response: aiohttp.ClientResponse) -> URL:
    location = response.headers.get("Location")
    if location is not None:
        with suppress(*_UNREADABLE):
            # What was joined is not checked by yarl before it is used; what is read is.
            return URL(str(response.url.join(URL(location))))
    raise _Refused(f"its server redirects without saying where to (status {_status(response.status)}). {_LINK}")


def _parsed(address: str) -> URL:
    try:
        return URL(address.strip())
    except _UNREADABLE:
        raise UserError(f"The address can't be read. Give one like {_EXAMPLE}.") from None


def _name(url: URL) -> str:
    """Return what messages call an address. Whatever may be secret in it stays out: query, user, password."""
    host = url.host_subcomponent
    if not host:
        return "an address without a server"
    if len(host) > _HOST_LENGTH:
        host = f"…{host[1 - _HOST_LENGTH :]}"
    return _shown(f"{host}/{url.name}".removesuffix("/"))


def _status(status: int) -> str:
    return f"{status} ({responses[status]})" if status in responses else str(status)


def _shown(text: str) -> str:
    """Return what others wrote so that it can stand in a message."""
    text = "".join(letter if letter.isprintable() else "?" for letter in text)
    return text if len(text) <= NAME_LENGTH else f"{text[: NAME_LENGTH - 1]}…"
