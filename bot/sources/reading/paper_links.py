"""Addresses of papers as lists give them, each in a field of its own: with or without a host, or only a number."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from bot.programme.source import Link
from bot.sources.reading.addresses import absolute, doi_address

LINK_NAMES: Final = {
    "url": "url link",
    "site": "site urlpaper paperurl",
    "openreview": "openreview openreviewurl",
    "pdf": "pdf pdfurl paperpdfurl",
    "open_access": "oa",
    "doi": "doi",
    "arxiv": "arxiv arxivurl arxivid",
    "project": "project projectpage projecturl",
    "code": "code github codeurl",
    "video": "video youtube videourl",
    "slides": "slides slidesurl",
    "supplement": "supplementarymaterial supplementary supplement supp",
}
"""The names under which fields with addresses come, by the bot's names."""

LINK_LABELS: Final = {
    "url": "Page",
    "site": "Page",
    "openreview": "OpenReview",
    "pdf": "PDF",
    "open_access": "Page",
    "doi": "DOI",
    "arxiv": "arXiv",
    "project": "Project page",
    "code": "Code",
    "video": "Video",
    "slides": "Slides",
    "poster_file": "Poster",
    "supplement": "Supplement",
}

_ABSOLUTE: Final = re.compile(r"https?://", re.IGNORECASE)
_NO_SCHEME: Final = re.compile(r"(?:www\.[^\s/]+|(?:[a-z0-9-]+\.)+[a-z]{2,}/)\S*", re.IGNORECASE)
_ARXIV: Final = re.compile(
    r"(?:arxiv:\s*)?([0-9]{4}\.[0-9]{4,5}(?:v[0-9]+)?|[a-z-]+(?:\.[a-z]{2})?/[0-9]{7})", re.IGNORECASE
)
_MOST_CHARACTERS: Final = 2000
_NONE: Final = frozenset({"", "-", "–", "—", "none", "null", "nan", "n/a", "na", "tbd", "tba"})


def links_of_fields(texts: Mapping[str, str | None]) -> Iterator[Link]:
    """Yield the links that the fields of one paper hold.

    An address without a host belongs to the site of the paper's own page. What is no address is passed on as it is,
    for `Gathering` to say so.

    Args:
        texts: the fields' texts by the bot's names, as in `LINK_LABELS`.
    """
    given = {name: text.strip() for name, text in texts.items() if text and text.strip().casefold() not in _NONE}
    base = next((given[name] for name in ("site", "url", "openreview") if _ABSOLUTE.match(given.get(name, ""))), None)
    for name, label in LINK_LABELS.items():
        if name in given:
            yield Link(label, _address(name, given[name], base))


def is_address(text: str) -> bool:
    """Tell whether a text is an address, with or without a host."""
    bare = text.strip()
    return bool(_ABSOLUTE.match(bare) or _NO_SCHEME.fullmatch(bare) or bare.startswith("/"))


def _address(name: str, text: str, base: str | None) -> str:
    if len(text) > _MOST_CHARACTERS:
        return text
    if name == "doi" and (address := doi_address(text)):
        return address
    if name == "arxiv" and (match := _ARXIV.fullmatch(text)):
        return f"https://arxiv.org/abs/{match[1]}"
    if _NO_SCHEME.fullmatch(text):
        return f"https://{text}"
    return (absolute(text, base) or text) if text.startswith("/") else text
