"""Checking sources before the conference: what is in them, and what in them needs a person."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.errors import UserError
from bot.programme.build import Times, build, unfinished
from bot.programme.identity import assign_keys
from bot.programme.model import Programme
from bot.programme.source import Problem, Severity, Source
from bot.sources.counts import Counts, count, together
from bot.sources.join import join
from bot.sources.load import Found
from bot.sources.reading.file import Account, Reading


@dataclass(frozen=True, slots=True)
class CheckedSource:
    """One file as it was read, alone or with others.

    Attributes:
        file: what messages call it.
        format: the reader's name and revision.
        zone: the zone in which times without an offset were taken, or None where there were none.
        counts: what it holds, and what became of it.
        problems: what is wrong with it, in the order of its lines.
    """

    file: str
    format: str
    zone: str | None
    counts: Counts
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What came of checking sources.

    Attributes:
        sources: each file.
        counts: what all of them together hold.
        problems: what is wrong with all of them together and with none alone.
        programme: what the bot would answer from.
    """

    sources: tuple[CheckedSource, ...]
    counts: Counts
    problems: tuple[Problem, ...]
    programme: Programme

    @property
    def finished(self) -> bool:
        """Whether nothing needs a person."""
        problems = [*self.problems, *(problem for source in self.sources for problem in source.problems)]
        return all(problem.severity is not Severity.ACTION for problem in problems)


async def check(files: Sequence[Found], times: Mapping[str, Times]) -> Report:
    """Read files and report on them.

    Args:
        files: the files, which make one programme.
        times: the configured times by session key.

    Raises:
        UserError: one of them can't be read at all.
    """
    return await asyncio.to_thread(_check, files, times)


def _check(files: Sequence[Found], times: Mapping[str, Times]) -> Report:
    readings = [file.read() for file in files]
    try:
        joined = join(readings, [file.contributes for file in files])
    except UserError as error:
        return _report_apart(readings, str(error))
    source = assign_keys(joined.source)
    # A file alone says what it holds, also where all of that only completes what other files have.
    accounts = joined.accounts if len(readings) > 1 else [reading.account for reading in readings]
    return Report(
        tuple(map(_checked, readings, accounts, joined.problems)),
        count(source, together(joined.accounts)),
        (*joined.own_problems, *unfinished(source, times)),
        build(source, times),
    )


def _report_apart(readings: Sequence[Reading], reason: str) -> Report:
    """Report on files that make no programme together, with the reason why."""
    sources = [_checked(reading, reading.account, reading.source.problems) for reading in readings]
    problem = Problem(None, Severity.ACTION, reason)
    return Report(tuple(sources), count(Source("nothing"), Account()), (problem,), Programme())


def _checked(reading: Reading, account: Account, problems: tuple[Problem, ...]) -> CheckedSource:
    counts = count(reading.source, account)
    return CheckedSource(reading.file, reading.source.format, reading.zone, counts, problems)
