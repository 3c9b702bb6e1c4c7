"""The report on a source, for the person who looks after the programme."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bot.programme.build import Times, build, unfinished
from bot.programme.identity import assign_keys
from bot.programme.model import Programme, Session
from bot.programme.source import Problem, Severity, Source
from bot.sources.fetch import Fetcher
from bot.sources.obtain import obtain
from bot.sources.read import read


async def check(origin: Path | str, times: Mapping[str, Times]) -> tuple[str, bool]:
    """Read a source and report on it.

    Returns:
        The report, and whether nothing in it needs a person.

    Raises:
        UserError: the source can't be read at all.
    """
    found = await obtain(origin, Fetcher())
    name = str(origin) if isinstance(origin, Path) else found.name
    source = assign_keys(await asyncio.to_thread(read, found.data, name))
    programme = await asyncio.to_thread(build, source, times)
    problems = sorted((*source.problems, *unfinished(source, times)), key=lambda problem: problem.line or 0)
    to_do = [problem for problem in problems if problem.severity is Severity.ACTION]
    notes = [problem for problem in problems if problem.severity is Severity.NOTE]
    lines = (
        *_overview(name, source, programme),
        *_listed("Needs a person", to_do),
        *_listed("Put right or assumed by the reader, worth a look", notes),
    )
    return "\n".join(lines), not to_do


def _overview(name: str, source: Source, programme: Programme) -> Iterator[str]:
    yield f"{name} ({source.format})"
    yield f"  sessions {len(programme.sessions)}"
    yield f"  papers   {len(programme.papers)}"
    yield f"  authors  {len(programme.people)}"
    for session in programme.sessions:
        papers = "1 paper" if len(session.papers) == 1 else f"{len(session.papers)} papers"
        yield f"Session {session.key}: {session.name}, {session.room or 'no room'}, {_time(session)}, {papers}"


def _time(session: Session) -> str:
    if session.starts_at is None:
        return "time not announced"
    end = f" to {session.ends_at:%Y-%m-%d %H:%M}" if session.ends_at else ""
    return f"{session.starts_at:%Y-%m-%d %H:%M}{end} UTC"


def _listed(heading: str, problems: Sequence[Problem]) -> Iterator[str]:
    if problems:
        yield f"{heading} ({len(problems)}):"
    for problem in problems:
        where = f"line {problem.line}" if problem.line else "whole file"
        yield f"  {where}: {problem.message}"
