"""The links that an author writes into the form, a line each."""

import re
from urllib.parse import urlsplit, urlunsplit

from bot.errors import UserError
from bot.programme.source import Link
from bot.ui.limits import size
from bot.ui.links import host_of
from bot.ui.markdown import escaped_line

MOST_LINKS = 5

_LONGEST = 300
"""How many characters an address may have."""

_LONGEST_NAME = 40
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_LIKE_AN_ADDRESS = re.compile(r"[.:/\\@·]")


def read_links(typed: str) -> tuple[Link, ...]:
    """Read links, each a line with an address and what it is called, such as "Slides https://example.org/s.pdf".

    Raises:
        UserError: a line is no link; it says which, and what to write.
    """
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    if len(lines) > MOST_LINKS:
        raise UserError(f"Links: {len(lines)} lines, and {MOST_LINKS} links are the most.")
    return tuple(dict.fromkeys(_link(line, number) for number, line in enumerate(lines, 1)))


def links_text(links: tuple[Link, ...]) -> str:
    """Write links as they are typed."""
    return "\n".join(f"{link.label} {link.url}".strip() for link in links)


def _link(line: str, number: int) -> Link:
    where = f"Links, line {number}"
    found = _ADDRESS.findall(line)
    if len(found) != 1:
        problem = "two addresses" if found else "no address"
        raise UserError(
            f"{where}: {problem} in “{escaped_line(line, 80)}”. Write what it is and one address that begins with "
            "https://, such as: Slides https://example.org/slides.pdf"
        )
    (url,) = found
    name = " ".join(line.replace(url, " ").split()).strip("-–: ")
    host = host_of(url) if _has_sound_port(url) else None
    if host is None:
        raise UserError(f"{where}: “{escaped_line(url, 80)}” is no address that browsers understand alike.")
    if size(url) > _LONGEST:
        raise UserError(f"{where}: the address is longer than {_LONGEST} characters.")
    if size(name) > _LONGEST_NAME or not name.isprintable() or _LIKE_AN_ADDRESS.search(name):
        raise UserError(f"{where}: call it by a few words, {_LONGEST_NAME} characters at the most, without an address.")
    return Link(name, _with_host_in_ascii(url))


def _has_sound_port(url: str) -> bool:
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


def _with_host_in_ascii(url: str) -> str:
    """Return the address as it leads there, so that no letter of its host can be taken for another."""
    parts = urlsplit(url)
    host = (parts.hostname or "").encode("idna").decode("ascii")
    return urlunsplit(parts._replace(netloc=f"{host}:{parts.port}" if parts.port else host))
