"""Telling whether two sources say the same, however they are written down."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from heapq import merge
from itertools import islice

from bot.programme.source import Source

_PART = 500
"""How many statements are sorted without letting others go on."""


def fingerprint(source: Source) -> str:
    """Return 64 hexadecimal digits that are the same for sources that say the same.

    Lines, the order of papers and sessions, and the problems of reading make no difference: many sites write the
    moment of the request into each answer, and list things in the order in which their database finds them.

    Args:
        source: a source whose keys are assigned.
    """
    digest = hashlib.sha256()
    # Sorted in parts: all of a large source at once would hold everything else up.
    statements = _statements(source)
    parts = iter(lambda: sorted(islice(statements, _PART)), [])
    for statement in merge(*map(iter, parts)):  # an iterator lets go of its part when it is at the end
        digest.update(statement.encode("utf-8", "surrogatepass"))
        digest.update(b"\0")
    return digest.hexdigest()


def _statements(source: Source) -> Iterator[str]:
    for paper in source.papers:
        yield repr(replace(paper, line=None))
    for session in source.sessions:
        yield repr(replace(session, line=None, appearances=()))
        for appearance in session.appearances:
            paper_key = source.papers[appearance.paper].key
            yield f"{session.key!r} {paper_key!r} {replace(appearance, paper=0)!r}"
