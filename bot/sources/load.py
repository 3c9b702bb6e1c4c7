"""From the configured sources to a programme: each is obtained and read, and all are joined."""

import asyncio
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.config import Config, ListedSource
from bot.gc_pause import gc_paused
from bot.letting_go import let_go, let_go_later
from bot.programme.source import Loaded, Source
from bot.sources.fetch import Fetched, Fetcher
from bot.sources.join import join
from bot.sources.obtain import obtain
from bot.sources.read import current_formats, read
from bot.sources.reading.file import Hints, Reading
from bot.sources.reading.said_already import SaidAlready


@dataclass(frozen=True, slots=True)
class Found:
    """A file of a source as it was found, and what is known about it beforehand.

    Attributes:
        fetched: the file.
        hints: what the configuration says about it.
        format: the name of its format, if the configuration says it.
        contributes: what it is taken for, where several make one programme; None for everything.
    """

    fetched: Fetched
    hints: Hints
    format: str | None = None
    contributes: frozenset[str] | None = None

    def read(self, in_use: SaidAlready | None = None) -> Reading:
        """Read it, which takes time.

        Args:
            in_use: what need not be in memory twice.

        Raises:
            UserError: it can't be read.
        """
        return read(self.fetched.data, self.fetched.name, replace(self.hints, in_use=in_use), self.format)


async def load_configured(config: Config, fetcher: Fetcher, in_use: Source | None = None) -> Loaded:
    """Obtain, read and join all configured sources.

    Args:
        config: the configuration.
        fetcher: fetches from addresses.
        in_use: see `load`.

    Raises:
        UserError: one of them can't be obtained or read.
    """
    return await load(await obtain_configured(config, fetcher), in_use)


async def obtain_configured(config: Config, fetcher: Fetcher) -> list[Found]:
    """Obtain all configured sources.

    Raises:
        UserError: one of them can't be obtained.
    """
    sources = config.programme.listed
    fetched = await asyncio.gather(*(obtain(source.origin, fetcher) for source in sources))
    return [found(one, source, config.conference.timezone) for one, source in zip(fetched, sources, strict=True)]


async def load_given(fetched: Fetched, config: Config, in_use: Source | None = None) -> Loaded:
    """Read a file that somebody gave.

    Args:
        fetched: the file.
        config: the configuration.
        in_use: see `load`.

    Raises:
        UserError: it can't be read.
    """
    source = fitting(config.programme.listed, fetched.name)
    return await load([found(fetched, source, config.conference.timezone)], in_use)


def fitting(sources: Sequence[ListedSource], name: str) -> ListedSource:
    """Return what the configuration says about a file that somebody gives.

    That is what it says about its own file of this name, or else about its only source; the format is then found out.
    """
    for source in sources:
        if isinstance(source.origin, Path) and source.origin.name == name:
            return source
    return sources[0].model_copy(update={"format": None}) if len(sources) == 1 else ListedSource.model_construct()


async def load(files: Sequence[Found], in_use: Source | None = None) -> Loaded:
    """Read and join files.

    Args:
        files: the files.
        in_use: what the programme in use was made of: what the files say again need not be in memory twice.

    Raises:
        UserError: one of them can't be read.
    """
    with gc_paused():
        return await asyncio.to_thread(read_and_join, files, in_use)


def read_and_join(files: Sequence[Found], in_use: Source | None = None) -> Loaded:
    """Read and join files, which takes time; see `load`."""
    said = SaidAlready(in_use.papers) if in_use and in_use.papers else None
    readings = [file.read(said) for file in files]
    source = join(readings, [file.contributes for file in files]).source
    digest = _digest(files, [reading.source.format for reading in readings])
    let_go(_things(reading.source for reading in _taken_out(readings)))
    # Whoever used it last may be the event loop.
    let_go_later(source, partial(chain, source.papers, source.sessions))
    return Loaded(source, name_of(files), digest, in_use)


def _taken_out(readings: list[Reading]) -> Iterator[Reading]:
    while readings:
        yield readings.pop()


def _things(sources: Iterable[Source]) -> list[object]:
    """Return what sources consist of."""
    return [thing for source in sources for thing in (*source.papers, *source.sessions)]


def name_of(files: Sequence[Found]) -> str:
    """Return what the history calls files that make one programme."""
    return ", ".join(file.fetched.name for file in files)


def are_known(files: Sequence[Found], known: Mapping[str, str]) -> bool:
    """Tell, without reading them, whether files would give what is known; it takes a moment for large ones.

    Args:
        files: the files.
        known: for each digest that is known, the format in which it was read.
    """
    return any(
        set(formats := form.split("+")) <= current_formats()
        and len(formats) == len(files)
        and _digest(files, formats) == digest
        for digest, form in known.items()
    )


def found(fetched: Fetched, source: ListedSource, conference_zone: str) -> Found:
    """Return a file with what the configuration says about it."""
    hints = Hints(
        zone=ZoneInfo(source.timezone or conference_zone),
        zone_given=source.timezone is not None,
        columns=source.columns,
        public=frozenset(source.public),
        sheet=source.sheet,
    )
    contributes = None if source.contributes is None else frozenset(source.contributes)
    return Found(fetched, hints, source.format, contributes)


def _digest(files: Sequence[Found], formats: Sequence[str]) -> str:
    """Return the digest of files and of how they were read: by which revision of which reader, with which hints."""
    parts = [
        [
            hashlib.sha256(file.fetched.data).hexdigest(),
            form,
            file.hints.zone.key,
            file.hints.zone_given,
            file.hints.sheet,
            sorted(file.hints.public),
            sorted(file.contributes) if file.contributes is not None else None,
            sorted((name, list(columns)) for name, columns in file.hints.columns.items()),
        ]
        for file, form in zip(files, formats, strict=True)
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
