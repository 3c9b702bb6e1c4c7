"""Pages in the shape of those that conferences' web sites show, and what the tests ask of a reading."""

import re
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.errors import UserError
from bot.programme.source import Severity, Source, SourcePaper, SourceSession
from bot.sources.formats import page_text
from bot.sources.reading.file import File, Hints, Reading

SESSION_PAGE = Path(__file__).parents[2] / "data" / "mlsys-2026-poster-session-1.txt"
HEADINGS = "Session\nPoster Session 1\nEvergreen Ballroom\n"
ABSTRACT = " ".join(["Abstracts are long lines of many words that go on until everything has been said once"] * 4) + "."
SEPARATORS = "⋅·•∙"
PACIFIC = Hints(zone=ZoneInfo("America/Los_Angeles"))


def reading_of(text: str | bytes, hints: Hints = PACIFIC) -> Reading:
    return page_text.read(File("page.txt", text.encode() if isinstance(text, str) else text), hints)


def page(text: str, hints: Hints = PACIFIC) -> Source:
    return reading_of(text, hints).source


def recognised(text: str | bytes) -> bool:
    return page_text.recognises(File("page.txt", text.encode() if isinstance(text, str) else text))


def papers_of(source: Source, session: SourceSession) -> list[SourcePaper]:
    return [source.papers[appearance.paper] for appearance in session.appearances]


def read_or_refusal(data: bytes) -> Reading | str:
    try:
        reading = page_text.read(File("page.txt", data), PACIFIC)
    except UserError as error:
        return str(error)
    account = reading.account
    assert account.records == account.papers + account.sessions + account.merged + sum(account.left_out.values())
    assert account.papers == len(reading.source.papers) > 0
    return reading


def problems_of(source: Source, severity: Severity) -> list[tuple[int | None, str]]:
    return [(problem.line, problem.message) for problem in source.problems if problem.severity is severity]


def bare(text: str) -> str:
    """A text without what the reader may take away: white space, a byte order mark, and what separates names."""
    return re.sub(rf"[\s\ufeff,;{SEPARATORS}]+", "", text)


def three_papers(start: int = 0) -> str:
    names = ["Ada Lovelace ⋅ Bo Li", "Cy Twombly ⋅ Di Wu ⋅ Ed Yong", "Flo Rida ⋅ Grace Hopper"]
    return "".join(f"Paper {start + at} about caches\n{byline}\n{ABSTRACT}\n" for at, byline in enumerate(names))


LONG = " ".join(["Caches hold what is asked for twice."] * 30)


def long_papers(count: int) -> str:
    return "".join(f"Paper {at} about caches\nAda Lovelace ⋅ Bo Li\n{LONG}\n" for at in range(count))
