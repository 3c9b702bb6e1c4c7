"""The folder beside the database in which the programme in use and its index are kept as they were made."""

import asyncio
import hashlib
import logging
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from functools import cache
from importlib.metadata import version
from pathlib import Path

import bot.programme
from bot.editions import kept, kept_source
from bot.editions.kept import Kept
from bot.editions.letting_go import parts_of
from bot.editions.model import Edition, KeptCorrection, VersionNote
from bot.editions.parts import put
from bot.gc_pause import gc_paused
from bot.letting_go import give_back_memory, let_go
from bot.programme.build import Times
from bot.programme.model import Programme
from bot.programme.source import Source
from bot.search import Index
from bot.search import kept as kept_index

log = logging.getLogger(__name__)


def kept_beside(database: Path) -> Path:
    """Return the folder that belongs to a database."""
    return database.with_name(f"{database.name}.kept")


def kept_state(folder: Path, stamp: bytes, zone: tzinfo) -> Index | None:
    """Return the index of a state of the programme that is kept, if it is. It takes a while: call it in a thread.

    Args:
        folder: where things are kept.
        stamp: what names the state.
        zone: the conference's zone.
    """
    state = kept.restore(folder / "programme", stamp, zone)
    if state is None:
        return None
    return kept_index.restore(state.programme, folder / "index") or Index(state.programme)


class Keeping:
    """Writes what was made into a folder, and takes it up again. The folder may be deleted at any time."""

    def __init__(
        self, folder: Path | None, times: Mapping[str, Times], zone: tzinfo, done: Callable[[], object] = lambda: None
    ) -> None:
        """Make one; without a folder nothing is kept.

        Args:
            folder: where to keep it.
            times: the configured times, which are part of the state.
            zone: the conference's zone.
            done: called when an edition has been written.
        """
        self._folder = folder
        self._done = done
        self._zone = zone
        self._times = times
        self._due: Edition | None = None
        self._task: asyncio.Task[None] | None = None

    def restore(self, note: VersionNote, corrections: Sequence[KeptCorrection]) -> Kept | None:
        """Return what is kept of this state of the programme, if it is. It takes a while: call it in a thread."""
        if self._folder is None:
            return None
        return kept.restore(self._folder / "programme", self.stamp(note, corrections), self._zone)

    def restore_source(
        self, note: VersionNote, corrections: Sequence[KeptCorrection], programme: Programme
    ) -> Source | None:
        """Return the source that is kept of this state of the programme, if it is; likewise."""
        if self._folder is None:
            return None
        return kept_source.restore(self._folder / "source", programme, self.stamp(note, corrections))

    def restore_index(self, programme: Programme) -> Index | None:
        """Return the index that is kept of a programme, if it is. It takes a while: call it in a thread."""
        return kept_index.restore(programme, self._folder / "index") if self._folder else None

    def keep(self, edition: Edition) -> None:
        """Begin to keep an edition; while another one is being written, only the latest waits."""
        if self._folder is None:
            return
        self._due = edition
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(self._folder), name="keeping the programme")

    async def close(self) -> None:
        """Come to the end of it, so that the next start can take up the latest."""
        if self._task:
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self, folder: Path) -> None:
        while self._due:
            edition, self._due = self._due, None
            if edition.version:
                with gc_paused():
                    await asyncio.to_thread(self._write, folder, edition, edition.version)
                await give_back_memory()
                self._done()

    def _write(self, folder: Path, edition: Edition, note: VersionNote) -> None:
        try:
            stamp = self.stamp(note, edition.corrections)
            content = Kept(edition.programme, edition.memory, edition.problems)
            put(folder / "programme", kept.dump(content, stamp))
            if origin := edition.origin.value:
                put(folder / "source", kept_source.dump(origin.source, edition.programme, stamp))
                # From now on it is in the file for whoever needs it: it takes as much room as the programme.
                del origin
                if held := edition.origin.forget():
                    parts = list(parts_of(held))
                    del held
                    let_go(parts)
            put(folder / "index", kept_index.dump(edition.index))
        except (OSError, UnicodeError) as error:
            log.warning("The programme was not kept for the next start, which will take longer: %s", error)

    def stamp(self, note: VersionNote, corrections: Sequence[KeptCorrection]) -> bytes:
        """Return what names a state of the programme: its version, what is laid over it, and the code that makes it."""
        state = (note, tuple(corrections), sorted(self._times.items()), _code())
        return hashlib.sha256(repr(state).encode("utf-8", "surrogatepass")).digest()


@cache
def _code() -> str:
    """Return the SHA-256, in hexadecimal, of what decides how a text is cleaned.

    Nobody has to remember to raise a number: any change of the code makes another one.
    """
    digest = hashlib.sha256(f"{unicodedata.unidata_version} {version('pylatexenc')}".encode())
    for folder in bot.programme.__path__:
        for path in sorted(Path(folder).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()
