"""The papers whose addresses stand in a text that somebody wrote."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from bot.programme.model import Paper, Programme

_ADDRESS = re.compile(r"https?://[^\s<>()\[\]\"'`|]+", re.IGNORECASE)
_AFTER = ".,:;!?*_~"


def papers_linked(programme: Programme, text: str) -> list[Paper]:
    """Return the papers to one of whose addresses a text leads."""
    wanted = {_bare(found.rstrip(_AFTER)) for found in _ADDRESS.findall(text)} - {""}
    if not wanted:
        return []
    return [paper for paper in programme.papers.values() if not wanted.isdisjoint(_addresses_of(paper))]


def _addresses_of(paper: Paper) -> Iterator[str]:
    yield from (_bare(link.url) for link in paper.links)
    if paper.abstract:
        yield from (_bare(span.url) for span in paper.abstract.spans if span.url)


def _bare(url: str) -> str:
    """Return an address without what may differ between two ways of writing it; nothing where it names a site alone."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    path = parts.path.rstrip("/")
    if not path and not parts.query:
        return ""
    return f"{parts.netloc.lower().removeprefix('www.')}{path}?{parts.query}"
