"""The files beside the database that keep what was made: a line that names the form, a stamp, and checked parts.

They are only copies, and may be deleted at any time. What is missing, broken, or of another state is not taken: then
what it holds is made again from the database. A part is its length and its CRC-32, four bytes each, and MessagePack; no
part is so large that reading or writing it holds others up.
"""

import logging
import os
import zlib
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final, TypeVar

import msgspec

T = TypeVar("T")

STAMP_LENGTH: Final = 32

_LONGEST: Final = 2**28
"""No part is longer, in bytes; a length that is says that the file is broken."""

log = logging.getLogger(__name__)


def written(form: bytes, stamp: bytes, parts: Iterable[object]) -> Iterator[bytes]:
    """Yield a file's content.

    Args:
        form: its first line, which names the form.
        stamp: 32 bytes that name the state that it holds.
        parts: what it holds.

    Raises:
        UnicodeEncodeError: there is half a character in it, which no file holds.
    """
    yield form
    yield stamp
    for part in parts:
        content = msgspec.msgpack.encode(part)
        yield len(content).to_bytes(4, "big") + zlib.crc32(content).to_bytes(4, "big")
        yield content


def put(path: Path, content: Iterable[bytes]) -> None:
    """Write a file that only its owner can read, whole or not at all, and its folder if there is none.

    Raises:
        OSError: it can't be written.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.new")
    with open(unfinished, "wb", opener=_private) as file:
        file.writelines(content)
    unfinished.replace(path)


def in_parts(things: Iterable[T], size: int) -> Iterator[tuple[T, ...]]:
    """Yield things, so many at a time."""
    rest = iter(things)
    while part := tuple(islice(rest, size)):
        yield part


class Parts:
    """Reads the parts of a file, one after another; what is wrong is a ValueError or msgspec's error."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def next(self, decoder: msgspec.msgpack.Decoder[T]) -> T:
        """Return the next part."""
        head = self._file.read(8)
        length, checksum = int.from_bytes(head[:4], "big"), int.from_bytes(head[4:], "big")
        content = self._file.read(length) if len(head) == 8 and length <= _LONGEST else b""
        if not content or len(content) < length or zlib.crc32(content) != checksum:
            raise ValueError("it is cut off or damaged")
        return decoder.decode(content)

    def all(self, decoder: msgspec.msgpack.Decoder[tuple[T, ...]], count: int) -> Iterator[T]:
        """Yield so many things, which lie in as many parts as they need."""
        while count > 0:
            part = self.next(decoder)
            count -= len(part)
            yield from part

    def end(self) -> None:
        """Make sure that nothing follows."""
        if self._file.read(1):
            raise ValueError("there is more than belongs to it")


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def taken_up(path: Path, form: bytes, stamp: bytes, read: Callable[[Parts], T]) -> T | None:
    """Return what a file holds of this state; None, with a line in the log, where it can't be taken."""
    try:
        with path.open("rb") as file:
            if file.readline(len(form)) != form or file.read(STAMP_LENGTH) != stamp:
                log.info("%s is of another state of the programme: the %s is made anew.", path.name, path.name)
                return None
            return read(Parts(file))
    except FileNotFoundError:
        log.info("%s is not there: the %s is made anew.", path.name, path.name)
    except (OSError, ValueError, ArithmeticError, LookupError, TypeError, msgspec.MsgspecError) as error:
        log.warning("%s can't be used: the %s is made anew (%s).", path.name, path.name, error)
    return None
