"""An index as bytes, so that a start of the bot need not build it again.

What is read is taken only if it is whole and was made from this very programme by this very code.
"""

import hashlib
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bot.programme.model import Programme
from bot.search.index import Index

_log = logging.getLogger(__name__)

REVISION: Final = 1
"""Raise it whenever the same programme would make another index."""

_MAGIC: Final = b"index of a programme 1\n"


def dump(index: Index) -> Iterator[bytes]:
    """Yield an index piece by piece, in the form that `restore` reads."""
    yield _MAGIC
    yield _digest(index.programme)


def restore(programme: Programme, path: Path) -> Index | None:
    """Return the index of a programme that was written to a file, or None where it has to be built.

    It never raises: what is missing, broken or of another programme is reported in one line of the log. It takes a
    while: call it in a thread.
    """
    try:
        stored = path.read_bytes()
    except OSError as error:
        _log.info("The index is built anew: %s cannot be read (%s).", path, error.strerror)
        return None
    if stored[len(_MAGIC) :] != _digest(programme):
        _log.info("The index is built anew: %s is of another programme.", path)
    return None


def _digest(programme: Programme) -> bytes:
    digest = hashlib.blake2b(REVISION.to_bytes(4, "big"))
    for paper in programme.papers.values():
        digest.update(repr(paper).encode("utf-8", "surrogatepass"))
    return digest.digest()
