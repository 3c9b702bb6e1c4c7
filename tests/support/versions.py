"""Two sources to be written as versions of the programme."""

from datetime import UTC, datetime, timedelta

from bot.editions.model import NewVersion, Revision, Version
from bot.editions.rows import EditionStore
from bot.programme.source import Link, Problem, Severity, Source, SourcePaper, SourceSession
from bot.store.engine import Database

NOW = datetime(2026, 5, 18, 12, tzinfo=UTC)

FULL = Source(
    "test/1",
    (
        SourceSession(
            key="posters",
            line=1,
            kind="Session",
            name="Posters",
            room="Hall",
            starts_at=NOW,
            ends_at=NOW + timedelta(hours=2, microseconds=5),
            papers=(
                SourcePaper(
                    key="z-first",
                    line=4,
                    title="Caching ' \" \\ \u0000 🦜",
                    byline=("Ada Lovelace", "", "", "王小明", "Ada Lovelace"),
                    abstract="Words\nand words.",
                    number="P-7",
                    source_id="41",
                    links=(Link("PDF", "https://example.org/1.pdf"), Link("Code", "https://example.org/code")),
                ),
                SourcePaper(key="a-second"),
            ),
        ),
        SourceSession(key="empty", name=""),
        SourceSession(key="another", kind="Tutorial", name="More", papers=(SourcePaper(key="m", title=""),)),
    ),
    (
        Problem(9, Severity.ACTION, "Something is missing."),
        Problem(None, Severity.NOTE, "Something was put right."),
        Problem(2, Severity.NOTE, "Out of order, and kept so."),
    ),
)
"""Everything that a source can hold, and what is odd in it."""

OTHER = Source("test/1", (SourceSession(key="posters", name="Posters", papers=(SourcePaper(key="z-first"),)),))


async def added(
    database: Database, source: Source = FULL, *, name: str = "page.txt", digest: str = "d", loaded_at: datetime = NOW
) -> Version:
    """Write a version, which becomes the one in use, and return it as it can be read from then on."""
    store = EditionStore(database)
    number = await store.revise(Revision(loaded_at, version=NewVersion(source, name, digest)))
    version = await store.get(number or 0)
    assert version is not None
    return version
