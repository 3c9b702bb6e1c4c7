"""An index as bytes, so that a start of the bot need not build it again.

What is read is taken only if it is whole and was made from this very programme by this very code. The form is: a line
with the form's name and the checksum of all that follows; a line of JSON that says what it was made from and what
arrays there are; the arrays.
"""

import json
import logging
import zlib
from collections.abc import Iterator, Sequence
from hashlib import sha256
from io import BufferedReader
from itertools import accumulate, chain, pairwise
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.programme.model import Author, Programme
from bot.search.contents import Contents
from bot.search.entries import Columns
from bot.search.facets import Facets
from bot.search.flat import Rows, sizes_of
from bot.search.index import Index
from bot.search.labels import Labels
from bot.search.listed import Listed
from bot.search.names import Names
from bot.search.papers import abstract_of, topics_of
from bot.search.people import People
from bot.search.postings import Postings
from bot.search.spellings import Spellings
from bot.search.stems import StemTable
from bot.search.vocabulary import Vocabulary

_log = logging.getLogger(__name__)

REVISION: Final = 5
"""Raise it whenever the same programme would make another index."""

_FORM: Final = b"kept index 1"
_PIECE: Final = 2**18
"""How many bytes are taken in one go, so that others have their turn in between."""

_TEXTS_AT_ONCE: Final = 2**11
_NEXT: Final = "\1"
"""What stands after a list in what an index is made from."""

_LONGEST_HEADER: Final = 2**16
_KINDS: Final = ("<i4", "<i8", "<u2", "<u4", "<u8", "<f4", "|u1")

_Array: TypeAlias = NDArray[Any]


class _Unusable(Exception):
    """What was kept cannot be used, for a reason that is its message."""


class _Parts(NamedTuple):
    """The parts of what was kept, in the order in which they were written."""

    arrays: Iterator[_Array]
    texts: Iterator[list[str]]


def dump(index: Index) -> Iterator[bytes]:
    """Yield an index piece by piece, in the form that `restore` reads."""
    arrays, texts = _flat(index.contents)
    stored = [np.ascontiguousarray(array) for array in chain(arrays, *map(_encoded, texts))]
    description = {
        "revision": REVISION,
        "made from": _made_from(index.programme),
        "texts": len(texts),
        "arrays": [(array.dtype.newbyteorder("<").str, len(array)) for array in stored],
    }
    header = json.dumps(description).encode() + b"\n"
    checksum = zlib.crc32(header)
    for array in stored:
        for piece in _pieces(array):
            checksum = zlib.crc32(piece, checksum)
    yield b"%s %08x\n" % (_FORM, checksum)
    yield header
    for array in stored:
        for piece in _pieces(array):
            yield bytes(piece)


def restore(programme: Programme, path: Path) -> Index | None:
    """Return the index of a programme that was written to a file, or None where it has to be built.

    It never raises: what is missing, broken or of another programme is reported in one line of the log. It takes a
    while: call it in a thread.
    """
    try:
        with path.open("rb") as file:
            parts = _read(file, programme)
            return Index(programme, contents=_contents(parts, programme))
    except FileNotFoundError:
        _log.info("No index is kept in %s; it is built.", path)
    except (OSError, _Unusable) as error:
        _log.warning("The index kept in %s cannot be used and is built anew: %s", path, error)
    return None


def _read(file: BufferedReader, programme: Programme) -> _Parts:
    """Read what was kept, all of it.

    Raises:
        _Unusable: it is not whole, or of another programme.
    """
    form, _, checksum = file.readline(len(_FORM) + 16).rstrip(b"\n").rpartition(b" ")
    header = file.readline(_LONGEST_HEADER)
    try:
        description = json.loads(header)
        expected = int(checksum, 16)
        kinds = [(kind, int(length)) for kind, length in description["arrays"]]
        made_by, made_from = description["revision"], description["made from"]
        texts = int(description["texts"])
    except (ValueError, KeyError, TypeError) as error:
        raise _Unusable("it is no index") from error
    if form != _FORM or made_by != REVISION or made_from != _made_from(programme):
        raise _Unusable("it is of another programme, or of another version of the bot")
    rest = _size(file) - file.tell()
    if any(kind not in _KINDS or length < 0 for kind, length in kinds) or rest != sum(
        np.dtype(kind).itemsize * length for kind, length in kinds
    ):
        raise _Unusable("it is not whole")
    arrays = [np.empty(length, kind) for kind, length in kinds]
    found = zlib.crc32(header)
    for array in arrays:
        for piece in _pieces(array):
            if file.readinto(piece) != len(piece):
                raise _Unusable("it is not whole")
            found = zlib.crc32(piece, found)
    if found != expected:
        raise _Unusable("its checksum is wrong")
    encoded = arrays[len(arrays) - 3 * texts :]
    return _Parts(iter(arrays), (_decoded(*encoded[at : at + 3]) for at in range(0, len(encoded), 3)))


def _size(file: BufferedReader) -> int:
    """Return how many bytes a file has."""
    place = file.tell()
    size = file.seek(0, 2)
    file.seek(place)
    return size


def _pieces(array: _Array) -> Iterator[memoryview]:
    """Yield the bytes of an array, some at a time."""
    whole = memoryview(array.data).cast("B") if len(array) else memoryview(b"")
    return (whole[start : start + _PIECE] for start in range(0, len(whole), _PIECE))


def _encoded(texts: Sequence[str]) -> Iterator[_Array]:
    """Yield the lengths of texts, the lengths of their encoded pieces, and these."""
    pieces = [
        np.frombuffer("".join(texts[start : start + _TEXTS_AT_ONCE]).encode("utf-8", "surrogatepass"), np.uint8)
        for start in range(0, len(texts), _TEXTS_AT_ONCE)
    ]
    yield sizes_of(texts).astype(np.uint32)
    yield sizes_of(pieces).astype(np.uint32)
    yield np.concatenate([*pieces, np.zeros(0, np.uint8)])


def _decoded(lengths: _Array, pieces: _Array, encoded: _Array) -> list[str]:
    texts: list[str] = []
    for place, (start, end) in enumerate(pairwise(accumulate(pieces.tolist(), initial=0))):
        piece = encoded[start:end].tobytes().decode("utf-8", "surrogatepass")
        some = lengths[place * _TEXTS_AT_ONCE : (place + 1) * _TEXTS_AT_ONCE]
        texts += [piece[left:right] for left, right in pairwise(accumulate(some.tolist(), initial=0))]
    return texts


def _made_from(programme: Programme) -> str:
    """Return a digest of everything in a programme that an index is made from."""
    digest = sha256()
    parts: list[str] = []
    for session in programme.sessions:
        parts += _of_people(session.chairs)
    for paper in programme.papers.values():
        parts += (paper.key, paper.label, abstract_of(paper), paper.kind, paper.kind_name)
        parts += topics_of(paper, programme)
        parts += (_NEXT, *[one.board or "" for one in paper.appearances], _NEXT)
        parts += _of_people(paper.authors)
        if len(parts) > _TEXTS_AT_ONCE:
            digest.update("\0".join(parts).encode("utf-8", "surrogatepass"))
            parts = [""]
    digest.update("\0".join(parts).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _of_people(authors: Sequence[Author]) -> list[str]:
    return [text for author in authors for text in (author.key, author.name, *author.affiliations, _NEXT)]


def _flat(contents: Contents) -> tuple[list[_Array], list[Sequence[str]]]:
    """Return the arrays and the texts of which an index consists, in the order in which `_contents` takes them."""
    arrays: list[_Array] = []
    texts: list[Sequence[str]] = []

    def vocabulary(these: Vocabulary) -> None:
        texts.append(these.words)
        arrays.extend((*these.stems, these.spellings.by_length, these.spellings.letters, these.spellings.starts))

    def names(these: Names) -> None:
        vocabulary(these.vocabulary)
        arrays.extend(these.holders)

    def listed(these: Listed) -> None:
        texts.append(these.texts)
        arrays.extend(these.rows)

    vocabulary(contents.vocabulary)
    arrays.extend(contents.rows)
    for postings in (contents.texts, contents.facets):
        arrays.extend((*postings.columns, postings.worths))
    listed(contents.introductions)
    for facets in (contents.topics, contents.affiliations):
        listed(facets.listed)
        texts.append(facets.keys)
        arrays.extend((facets.written, *facets.of_papers, *facets.papers))
        names(facets.found)
    names(contents.people.names)
    names(contents.people.affiliations)
    arrays.append(contents.people.lengths)
    for labels in (contents.titles, contents.boards):
        texts.append(labels.texts)
        arrays.append(labels.papers)
    return arrays, texts


def _contents(parts: _Parts, programme: Programme) -> Contents:
    """Return the contents of an index of which these are the parts."""
    count = len(programme.papers)
    return Contents(
        vocabulary=_vocabulary(parts),
        rows=_rows(parts),
        texts=_postings(parts, count),
        facets=_postings(parts, count),
        introductions=_listed(parts),
        topics=_facets(parts),
        affiliations=_facets(parts),
        people=People(tuple(programme.people.values()), _names(parts), _names(parts), next(parts.arrays)),
        titles=_labels(parts),
        boards=_labels(parts),
    )


def _rows(parts: _Parts) -> Rows:
    return Rows(next(parts.arrays), next(parts.arrays))


def _vocabulary(parts: _Parts) -> Vocabulary:
    words = next(parts.texts)
    stems = StemTable(next(parts.arrays), next(parts.arrays))
    spellings = Spellings(words, next(parts.arrays), next(parts.arrays), next(parts.arrays))
    return Vocabulary.made_of(words, stems, spellings)


def _names(parts: _Parts) -> Names:
    return Names(_vocabulary(parts), _rows(parts))


def _listed(parts: _Parts) -> Listed:
    return Listed(next(parts.texts), _rows(parts))


def _postings(parts: _Parts, count: int) -> Postings:
    return Postings(count, Columns(*_rows(parts), next(parts.arrays)), next(parts.arrays))


def _facets(parts: _Parts) -> Facets:
    listed, keys = _listed(parts), next(parts.texts)
    return Facets(
        listed,
        keys,
        {key: place for place, key in enumerate(keys)},
        next(parts.arrays),
        _rows(parts),
        _rows(parts),
        _names(parts),
    )


def _labels(parts: _Parts) -> Labels:
    return Labels(next(parts.texts), next(parts.arrays))
