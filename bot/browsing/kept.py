"""The topics that were found, in a file beside the database, so that nobody waits for them after a restart.

They are taken for the very programme in which they were found; for one that has most of its papers, the topics are
taken alone, so that they keep their names. Other code would find others: what that has found is not taken.
"""

import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

import bot.search
from bot.editions.parts import Parts, in_parts, put, taken_up, written
from bot.search.subjects import FoundTopic

FORM: Final = b"topics 1\n"
"""The first line of the file; raise its number whenever the form changes."""

_PAPERS: Final = 5_000
"""How many papers a part has."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class KeptTopics:
    """What was found in a programme.

    Attributes:
        state: names the state of the programme.
        topics: the topics.
        places: the place of each paper's topic by its key; -1 for none.
    """

    state: bytes
    topics: Sequence[FoundTopic]
    places: Mapping[str, int]


class _Topic(msgspec.Struct, array_like=True, gc=False):
    name: str
    words: dict[str, float]


class _Head(msgspec.Struct, array_like=True, gc=False):
    state: bytes
    topics: tuple[_Topic, ...]
    papers: int


_HEAD = msgspec.msgpack.Decoder(_Head)
_PLACES = msgspec.msgpack.Decoder(tuple[tuple[str, int], ...])


def keep(path: Path, found: KeptTopics) -> None:
    """Write what was found. It takes a moment: call it in a thread. Where it can't be, the log says so."""
    head = _Head(found.state, tuple(_Topic(topic.name, dict(topic.words)) for topic in found.topics), len(found.places))
    try:
        put(path, written(FORM, _code(), [head, *in_parts(found.places.items(), _PAPERS)]))
    except (OSError, UnicodeError) as error:
        log.warning("The topics were not kept for the next start, which will find them again: %s", error)


def restore(path: Path) -> KeptTopics | None:
    """Return what is kept, if this code found it. It takes a moment: call it in a thread."""
    return taken_up(path, FORM, _code(), _read)


def _read(parts: Parts) -> KeptTopics:
    head = parts.next(_HEAD)
    places = dict(parts.all(_PLACES, head.papers))
    parts.end()
    if any(not -1 <= place < len(head.topics) for place in places.values()):
        raise ValueError("a paper is in a topic that is not there")
    return KeptTopics(head.state, tuple(FoundTopic(one.name, one.words) for one in head.topics), places)


@cache
def _code() -> bytes:
    """Return the SHA-256 of what decides which topics are found: nobody has to remember to raise a number."""
    digest = hashlib.sha256(np.__version__.encode())
    for folder in bot.search.__path__:
        for path in sorted(Path(folder).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.digest()
