"""How a report on sources looks: for people, and as JSON for programs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from bot.one_line import one_line
from bot.programme.kinds import noun
from bot.programme.model import Session
from bot.programme.source import Problem, Severity
from bot.sources.check import CheckedSource, Report
from bot.sources.counts import Counts


def text_of(report: Report) -> str:
    """Return a report for people: the sources, the programme they make, and what needs a person."""
    return "\n".join(map(one_line, _lines(report)))


def json_of(report: Report) -> dict[str, Any]:
    """Return a report as a document: the numbers and problems of each source and of all together.

    The keys of the numbers are those of `Counts`.
    """
    return {
        "sources": [
            {"file": source.file, "format": source.format, **_numbers(source.counts, source.problems)}
            for source in report.sources
        ],
        "programme": _numbers(report.counts, report.problems),
    }


def _numbers(counts: Counts, problems: Sequence[Problem]) -> dict[str, Any]:
    listed = [
        {"line": problem.line, "severity": problem.severity.value, "message": problem.message} for problem in problems
    ]
    return {**asdict(counts), "problems": listed}


def _lines(report: Report) -> Iterator[str]:
    for source in report.sources:
        yield f"{source.file} ({source.format})"
        yield from _counted(source.counts)
        if source.zone:
            yield f"  times without an offset are taken in {source.zone}"
    if len(report.sources) > 1:
        yield "All together"
        yield from _counted(report.counts)
    for session in report.programme.sessions:
        yield f"Session {session.key}: {', '.join(_facts(session))}"
    if alone := len(report.programme.unscheduled):
        yield f"In no session: {_number(alone, 'paper')}"
    yield from _problems(report, Severity.ACTION, "Needs a person")
    yield from _problems(report, Severity.NOTE, "Put right or assumed by the reader, worth a look")


def _counted(counts: Counts) -> Iterator[str]:
    became = {
        _number(counts.contributions, "paper"): counts.contributions,
        _number(counts.session_records, "session"): counts.session_records,
        f"{counts.merged:,} merged": counts.merged,
        f"{sum(counts.left_out.values()):,} left out": sum(counts.left_out.values()),
    }
    yield f"  records  {counts.records:,}: {', '.join(told for told, number in became.items() if number)}"
    if counts.left_out:
        yield f"  left out {_reasons(counts.left_out)}"
    yield f"  papers   {counts.contributions:,}, shown {_number(counts.appearances, 'time')}"
    yield f"  sessions {counts.sessions:,}, of which {counts.timed_sessions:,} have a time"
    yield f"  authors  {counts.people:,}, named {_number(counts.author_slots, 'time')}"
    yield f"  rooms    {counts.rooms:,}"
    yield f"  links    {counts.links:,}"


def _reasons(left_out: Mapping[str, int]) -> str:
    return ", ".join(f"{number:,} “{reason}”" for reason, number in left_out.items())


def _number(count: int, one: str) -> str:
    return f"{count:,} {one}" if count == 1 else f"{count:,} {one}s"


def _time(session: Session) -> str:
    if session.starts_at is None:
        return "time not announced"
    end = f" to {session.ends_at:%Y-%m-%d %H:%M}" if session.ends_at else ""
    return f"{session.starts_at:%Y-%m-%d %H:%M}{end} UTC"


def _facts(session: Session) -> Iterator[str]:
    yield session.name
    yield session.room or "no room"
    yield _time(session)
    if number := len(session.papers):
        yield f"{number} {noun(session.kind, number)}"


def _problems(report: Report, severity: Severity, heading: str) -> Iterator[str]:
    several = len(report.sources) > 1
    lines = [
        f"  {_place(source, problem, several=several)}: {problem.message}"
        for source in report.sources
        for problem in source.problems
        if problem.severity is severity
    ]
    lines += [f"  whole programme: {problem.message}" for problem in report.problems if problem.severity is severity]
    if lines:
        yield f"{heading} ({len(lines)}):"
        yield from lines


def _place(source: CheckedSource, problem: Problem, *, several: bool) -> str:
    place = f"line {problem.line}" if problem.line else "whole file"
    return f"{source.file}, {place}" if several else place
