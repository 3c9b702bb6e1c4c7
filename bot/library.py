"""The programme in use, ready to be asked: loaded from the store, swapped whole when another version comes."""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.clock import Clock
from bot.errors import Trouble
from bot.pauses import considerately
from bot.programme.build import Times, build
from bot.programme.formats import SIZE_LIMIT, read
from bot.programme.identity import assign_keys
from bot.programme.model import Programme
from bot.programme.source import Source
from bot.search import Index
from bot.store import Store, Version


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of the programme with the index made from it: what a question is answered from, never a mix.

    Attributes:
        programme: the programme.
        index: its index.
        version: where it comes from, or None before anything was loaded.
    """

    programme: Programme
    index: Index
    version: Version | None = None


_NOTHING_YET = Programme()


class Library:
    """Holds the current edition and replaces it. Everything slow happens in a thread."""

    def __init__(self, store: Store, clock: Clock, times: Mapping[str, Times]) -> None:
        self._store = store
        self._clock = clock
        self._times = times
        self._loading = asyncio.Lock()
        self.edition = Edition(_NOTHING_YET, Index(_NOTHING_YET))

    async def open(self) -> None:
        """Take the version in use from the store."""
        if version := await self._store.current_version():
            self.edition = await _in_thread(version, self._times)

    async def load(self, data: bytes, name: str) -> bool:
        """Load a source as a new version; tell whether anything changed.

        The same bytes as those in use change nothing. Until the new version is whole, questions are answered from
        the old one.

        Args:
            data: the whole source.
            name: what messages and the history call it.

        Raises:
            Trouble: the source can't be read; the version in use stays in use.
        """
        async with self._loading:
            before = await self._store.current_version()
            digest = hashlib.sha256(data).hexdigest()
            with considerately():
                source = await asyncio.to_thread(read_source, data, name, before.source if before else None)
            if before and before.digest == digest and before.source.format == source.format:
                return False
            version = await self._store.add_version(source, name=name, digest=digest, loaded_at=self._clock.now())
            self.edition = await _in_thread(version, self._times)
            return True


async def read_file(path: Path) -> bytes:
    """Return the bytes of a source file.

    Raises:
        Trouble: the file can't be opened, or is larger than a source may be.
    """
    return await asyncio.to_thread(_read_file, path)


def _read_file(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(SIZE_LIMIT + 1)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise Trouble(f"{path}: {reason}. See programme.source in the configuration.") from None
    if len(data) > SIZE_LIMIT:
        raise Trouble(f"{path}: the file is larger than {SIZE_LIMIT // 2**20} MiB.")
    return data


def read_source(data: bytes, name: str, before: Source | None = None) -> Source:
    """Read a source and give everything in it its key, as the version before had it.

    Raises:
        Trouble: the source can't be read.
    """
    return assign_keys(read(data, name), before)


async def _in_thread(version: Version, times: Mapping[str, Times]) -> Edition:
    with considerately():
        return await asyncio.to_thread(_edition, version, times)


def _edition(version: Version, times: Mapping[str, Times]) -> Edition:
    programme = build(version.source, times)
    return Edition(programme, Index(programme), version)
