"""Two sources to be written as versions of the programme."""

from datetime import UTC, datetime, timedelta

from bot.editions.model import NewVersion, Revision, Version
from bot.editions.rows import EditionStore
from bot.programme.source import (
    Credit,
    Link,
    Problem,
    Severity,
    Source,
    SourceAppearance,
    SourcePaper,
    SourceSession,
)
from bot.store.engine import Database

NOW = datetime(2026, 5, 18, 12, tzinfo=UTC)

FULL = Source(
    "test/1",
    sessions=(
        SourceSession(
            key="posters",
            line=1,
            kind="Session",
            name="Posters",
            track="Systems",
            room="Hall",
            starts_at=NOW,
            ends_at=NOW + timedelta(hours=2, microseconds=5),
            chairs=(Credit("Grace Hopper", ("Navy", "“Yale”")), Credit("", ())),
            abstract="What is new.",
            source_id="s-1",
            links=(Link("Room", "https://example.org/hall"),),
            appearances=(
                SourceAppearance(2, board="P-7"),
                SourceAppearance(0, NOW, NOW + timedelta(minutes=5), room="Hall, left", board=""),
                SourceAppearance(2, NOW + timedelta(hours=1)),
            ),
        ),
        SourceSession(key="empty", name=""),
        SourceSession(key="another", kind="Tutorial", name="More", appearances=(SourceAppearance(1),)),
    ),
    papers=(
        SourcePaper(key="m", title="", track="", source_id="", abstract=""),
        SourcePaper(key="a-second"),
        SourcePaper(
            key="z-first",
            line=4,
            title="Caching ' \" \\ \u0000 🦜",
            authors=(
                Credit("Ada Lovelace", ("London", "[Paris]")),
                Credit(""),
                Credit("", ("Nowhere",)),
                Credit("王小明"),
                Credit("Ada Lovelace"),
            ),
            abstract="Words\nand words.",
            kind="Long paper",
            track="Caches",
            topics=("caching", "; , | \u0000"),
            source_id="41",
            other_ids=("10.1/2", ""),
            links=(Link("PDF", "https://example.org/1.pdf"), Link("Code", "https://example.org/code")),
        ),
    ),
    problems=(
        Problem(9, Severity.ACTION, "Something is missing."),
        Problem(None, Severity.NOTE, "Something was put right."),
        Problem(2, Severity.NOTE, "Out of order, and kept so."),
    ),
)
"""Everything that a source can hold, and what is odd in it."""

OTHER = Source(
    "test/1",
    sessions=(SourceSession(key="posters", name="Posters", appearances=(SourceAppearance(0),)),),
    papers=(SourcePaper(key="z-first"),),
)


async def added(
    database: Database,
    source: Source = FULL,
    *,
    name: str = "page.txt",
    digest: str = "d",
    loaded_at: datetime = NOW,
    like: tuple[int, Source] | None = None,
) -> Version:
    """Write a version, which becomes the one in use, and return it as it can be read from then on."""
    store = EditionStore(database)
    number = await store.revise(Revision(loaded_at, version=NewVersion(source, name, digest, like=like)))
    version = await store.get(number or 0)
    assert version is not None
    return version


async def in_use(store: EditionStore) -> Version | None:
    """Return the version in use with everything in it, or None before the first load."""
    note = await store.current_note()
    return await store.get(note.id) if note else None
