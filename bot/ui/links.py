"""The addresses that a source gives, and those in an abstract, as buttons and as text.

What they are called and where they lead is whatever somebody wrote. So a button names the host it leads to itself.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlsplit

from bot.programme.source import Link
from bot.programme.text import Text
from bot.ui.answer import LinkButton, Row
from bot.ui.fitting import lines_that_fit
from bot.ui.limits import BUTTON_LABEL, EMBED_FIELD_VALUE, LINK_BUTTON_URL, ROW_BUTTONS, clip, size
from bot.ui.markdown import escaped

_MOST_LINES = 4
_HOST = 40
"""How many characters of a host are shown at the most: its end, which says whose it is."""

_ORDER = ("page", "pdf", "code", "video", "slides", "doi")
"""What people open most comes first; everything else keeps its order."""

_KNOWN = {
    "github.com": "Code",
    "gitlab.com": "Code",
    "bitbucket.org": "Code",
    "codeberg.org": "Code",
    "huggingface.co": "Hugging Face",
    "arxiv.org": "arXiv",
    "doi.org": "DOI",
    "youtube.com": "Video",
    "youtu.be": "Video",
    "vimeo.com": "Video",
    "zenodo.org": "Data",
}
"""What an address in an abstract leads to, by its host."""

_LOOKS_LIKE_AN_ADDRESS = frozenset(".:/\\@·")


def host_of(url: str) -> str | None:
    """Return the host that an address leads to, in ASCII; None where browsers might not agree, or for another scheme.

    A user name before the host, a backslash or white space make an address look as if it led elsewhere.
    """
    if not url.isprintable() or any(mark in url for mark in ' \\<>"'):
        return None
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii").lower()
    except (UnicodeError, ValueError):
        return None
    if parts.scheme.lower() not in ("http", "https") or "@" in parts.netloc or "." not in host:
        return None
    return host.removeprefix("www.")


def link_lines(links: Sequence[Link], shown: Iterable[Row] = ()) -> str:
    """Tell addresses that have no button, a line each, as many as fit into a field."""
    urls = {button.url for row in shown if isinstance(row, tuple) for button in row if isinstance(button, LinkButton)}
    lines = [f"{escaped(link.label, 60)}: {link.url}" for link in links if link.url not in urls]
    return lines_that_fit(lines, EMBED_FIELD_VALUE, _MOST_LINES)


def link_buttons(links: Sequence[Link], text: Text | None = None, *, rows: int = 1) -> tuple[Row, ...]:
    """Return the buttons that open addresses, each once; nothing where there are none that a button can hold.

    Args:
        links: those that the source gives.
        text: an abstract, of which the addresses come after these.
        rows: how many rows of buttons there may be.
    """
    given = sorted(
        links, key=lambda link: _ORDER.index(name) if (name := link.label.lower()) in _ORDER else len(_ORDER)
    )
    buttons: dict[str, LinkButton] = {}
    for name, url in (*((link.label, link.url) for link in given), *_within(text)):
        host = host_of(url)
        if host and size(url) <= LINK_BUTTON_URL:
            buttons.setdefault(url.rstrip("/"), LinkButton(_label(name, host), url))
    shown = tuple(buttons.values())[: ROW_BUTTONS * max(rows, 0)]
    return tuple(shown[start : start + ROW_BUTTONS] for start in range(0, len(shown), ROW_BUTTONS))


def _within(text: Text | None) -> Iterator[tuple[str, str]]:
    for span in text.spans if text else ():
        if span.url:
            yield "", span.url


def _label(name: str, host: str) -> str:
    """Say what an address is called and which host it leads to; a name that looks like an address is left out."""
    said = "".join(mark for mark in name if unicodedata.category(mark)[0] not in "CZ" or mark == " ").strip()
    if not said or not _LOOKS_LIKE_AN_ADDRESS.isdisjoint(said):
        said = next((known for site, known in _KNOWN.items() if host == site or host.endswith(f".{site}")), "Link")
    end = host if len(host) <= _HOST else f"…{host[1 - _HOST :]}"
    return f"{clip(said, BUTTON_LABEL - len(end) - 3)} · {end}"
