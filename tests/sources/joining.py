"""Readings made by hand, and their joining with what must hold of every one."""

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.programme.source import Credit, Severity, Source, SourcePaper, SourceSession
from bot.sources.join import Joined, join
from bot.sources.reading.file import Account, Reading

LONG = "An abstract that is long enough to say which paper it is of, whatever else is said."


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 5, 18, hour, minute, tzinfo=UTC)


def people(*names: str) -> tuple[Credit, ...]:
    return tuple(map(Credit, names))


def paper(
    title: str | None = None, *names: str, source_id: str | None = None, abstract: str | None = None
) -> SourcePaper:
    return SourcePaper(title=title, authors=people(*names), source_id=source_id, abstract=abstract)


def stub(source_id: str, abstract: str | None = None, *names: str) -> SourcePaper:
    return paper(None, *names, source_id=source_id, abstract=abstract)


def reading(
    papers: Sequence[SourcePaper] = (), sessions: Sequence[SourceSession] = (), file: str = "a.csv", merged: int = 0
) -> Reading:
    account = Account(
        records=len(papers) + len(sessions) + merged, papers=len(papers), sessions=len(sessions), merged=merged
    )
    return Reading(file, Source(f"{file}/1", tuple(sessions), tuple(papers)), account)


def joined(*readings: Reading, contributes: Sequence[frozenset[str] | None] = ()) -> Joined:
    outcome = join(readings, contributes)
    for account in outcome.accounts:
        assert account.records == account.papers + account.sessions + account.merged + sum(account.left_out.values())
        assert min(account.papers, account.sessions, account.merged) >= 0
    assert sum(account.papers for account in outcome.accounts) == len(outcome.source.papers)
    return outcome


def titles(outcome: Joined) -> list[str | None]:
    return [one.title for one in outcome.source.papers]


def messages(outcome: Joined, severity: Severity = Severity.NOTE) -> list[str]:
    return [problem.message for problem in outcome.source.problems if problem.severity is severity]
