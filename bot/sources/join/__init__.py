"""Putting several sources together into one programme: what is the same meets, and everything stays accounted for.

Papers and sessions meet by their identifiers, or else by what makes them sure to be the same (`papers`, `sessions`).
Each adds what the others lack (`merging`); what they disagree on is as the earlier source has it, unless a source is
taken for just that (`taken`).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from bot.errors import UserError
from bot.programme.source import Problem, Source, SourceAppearance, SourcePaper, SourceSession
from bot.sources.join.appearances import meet_appearances
from bot.sources.join.merging import Merger
from bot.sources.join.pairing import Record
from bot.sources.join.papers import meet_papers
from bot.sources.join.sessions import meet_sessions
from bot.sources.join.taken import FIELDS, Taken
from bot.sources.reading.file import Account, Reading
from bot.sources.reading.gather import is_stub, remark_missing
from bot.sources.reading.limits import MOST_PAPERS
from bot.sources.reading.problems import Problems, shown

__all__ = ["FIELDS", "Joined", "join"]

NO_SUCH_PAPER: Final = "no paper of this id"
NOT_TAKEN: Final = "not taken from this source"


@dataclass(frozen=True, slots=True)
class Joined:
    """Several sources put together.

    Attributes:
        source: the programme.
        accounts: for each reading what became of its records, in the order of the readings.
        problems: for each reading what is wrong with it, without what another one completed.
        own_problems: what is wrong with all of them together.
    """

    source: Source
    accounts: tuple[Account, ...]
    problems: tuple[tuple[Problem, ...], ...]
    own_problems: tuple[Problem, ...]


def join(readings: Sequence[Reading], contributes: Sequence[frozenset[str] | None] = ()) -> Joined:
    """Put several sources together, the earlier ones first.

    Args:
        readings: what was read of each source.
        contributes: for each source the fields it is taken for (see `FIELDS`), None for all of them. A source that
            names a field wins over one that is taken for all. Nothing means that all are taken for all.

    Raises:
        UserError: a source contributes what nothing can, there are too many papers, or nothing is left.
    """
    taken = Taken(contributes or [None] * len(readings))
    return _Joining(readings, taken).joined()


class _Joining:
    """Readings being put together."""

    def __init__(self, readings: Sequence[Reading], taken: Taken) -> None:
        self._readings = readings
        self._taken = taken
        self._problems = Problems()
        self._merger = Merger([reading.file for reading in readings], taken, self._problems)
        self._papers = meet_papers(
            [reading.source.papers for reading in readings],
            [taken.takes(source, "papers") for source in range(len(readings))],
        )
        self._sessions = meet_sessions(
            [reading.source.sessions for reading in readings],
            [taken.takes(source, "sessions") for source in range(len(readings))],
        )

    def joined(self) -> Joined:
        papers = _with_own_keys([self._paper(records) for records in self._papers.pairing.records])
        sessions = _with_own_keys([self._session(records, papers) for records in self._sessions.pairing.records])
        self._check(papers, sessions)
        self._remark()
        places = range(len(self._readings))
        problems = tuple(tuple(self._without_completed(place, papers)) for place in places)
        own_problems = self._problems.listed()
        source = Source(
            format="+".join(reading.source.format for reading in self._readings),
            sessions=tuple(sessions),
            papers=tuple(papers),
            problems=(*self._named_problems(problems), *own_problems),
        )
        accounts = tuple(map(self._account, places))
        self._papers.pairing.forget()
        self._sessions.pairing.forget()
        return Joined(source, accounts, problems, own_problems)

    def _paper(self, records: Sequence[Record]) -> SourcePaper:
        return self._merger.paper(
            [
                (source, self._taken.paper(source, self._readings[source].source.papers[place]))
                for source, place in _in_order(records)
            ]
        )

    def _session(self, records: Sequence[Record], papers: Sequence[SourcePaper]) -> SourceSession:
        ordered = _in_order(records)
        of_source = [(source, self._readings[source].source.sessions[place]) for source, place in ordered]
        session = self._merger.session([(source, self._taken.session(source, one)) for source, one in of_source])
        slots = meet_appearances(
            [
                (source, self._appearances(source, one), self._taken.takes(source, "sessions"))
                for source, one in of_source
            ]
        )
        return replace(
            session,
            appearances=tuple(
                self._merger.appearance(
                    slot, f"“{shown(papers[slot[0][1].paper].title or '')}” in “{shown(session.name)}”"
                )
                for slot in slots
            ),
        )

    def _appearances(self, source: int, session: SourceSession) -> list[SourceAppearance]:
        """Return what appears in a session of a source, with the places that the papers have in the whole."""
        homes = self._papers.pairing.homes[source]
        told_by: dict[SourceAppearance, int] = {}
        found = []
        for appearance in session.appearances:
            home = homes[appearance.paper]
            if home is None:
                continue
            own = self._taken.appearance(source, replace(appearance, paper=home))
            # A stub and its paper may be in the same session of the same source: that is one appearance.
            if told_by.setdefault(own, appearance.paper) == appearance.paper:
                found.append(own)
        return found

    def _account(self, source: int) -> Account:
        """Return what became of a source's records: those that met another source's paper are merged now."""
        account = self._readings[source].account
        own = sum(records[0][0] == source for records in self._papers.pairing.records)
        lonely = sum(of == source for of, _ in self._papers.lonely)
        unwanted = sum(of == source for of, _ in self._papers.unwanted)
        # Some sessions are no record of their own but told by those of papers.
        sessions = min(account.sessions, sum(of == source for of, _ in self._sessions.unwanted))
        left_out = Counter(account.left_out)
        left_out.update({NO_SUCH_PAPER: lonely, NOT_TAKEN: unwanted + sessions})
        return replace(
            account,
            papers=own,
            sessions=account.sessions - sessions,
            merged=account.merged + account.papers - own - lonely - unwanted,
            left_out={reason: count for reason, count in left_out.items() if count},
        )

    def _named_problems(self, problems: Sequence[Sequence[Problem]]) -> Iterator[Problem]:
        """Yield the problems of all sources; where there are several, each says which it is of."""
        for reading, found in zip(self._readings, problems, strict=True):
            before = f"{reading.file}: " if len(self._readings) > 1 else ""
            yield from (replace(problem, message=f"{before}{problem.message}") for problem in found)

    def _without_completed(self, source: int, papers: Sequence[SourcePaper]) -> Sequence[Problem]:
        """Return the problems of a source without those of papers that lacked what another source has."""
        reading, homes = self._readings[source], self._papers.pairing.homes[source]
        if len(self._readings) == 1:
            return reading.source.problems
        own = [(paper, homes[place]) for place, paper in enumerate(reading.source.papers) if not is_stub(paper)]
        before, after = Problems(), Problems()
        remark_missing([paper for paper, _ in own], before)
        completed = [(paper, papers[home]) for paper, home in own if home is not None]
        remark_missing(
            [
                replace(paper, title=whole.title, authors=whole.authors, abstract=whole.abstract)
                for paper, whole in completed
            ],
            after,
        )
        outdated = set(before.listed()) - set(after.listed())
        if outdated.isdisjoint(reading.source.problems):
            return reading.source.problems
        kept = dict.fromkeys(problem for problem in reading.source.problems if problem not in outdated)
        return sorted(kept | dict.fromkeys(after.listed()), key=lambda problem: problem.line or 0)

    def _check(self, papers: Sequence[SourcePaper], sessions: Sequence[SourceSession]) -> None:
        files = ", ".join(reading.file for reading in self._readings)
        if max(len(papers), len(sessions)) > MOST_PAPERS:
            raise UserError(
                f"{files}: together they have more than {MOST_PAPERS:,} papers or sessions, which is more than the bot "
                "can serve. Leave out what is not of this conference."
            )
        if not papers and not sessions and self._papers.lonely:
            raise UserError(
                f"{files}: there are only records that complete papers of another source. Add the source that has the "
                "papers."
            )

    def _remark(self) -> None:
        """Report what found no partner, and what only seemed to have one."""
        for source, reading in enumerate(self._readings):
            self._remark_left_out(source, reading)
        for one, other in self._papers.pairing.mistaken:
            self._problems.note(
                "papers of the same identifier that are not the same",
                f"{self._named(one)} and {self._named(other)} have the same identifier, but neither title nor authors "
                "in common; they are taken for two papers.",
            )
        for source, place in self._sessions.undecided:
            session = self._readings[source].source.sessions[place]
            self._problems.note(
                "sessions of the same name",
                f"{self._readings[source].file}: session “{shown(session.name)}” may be one of several of that "
                "name, of which only some have a start; it stays a session of its own.",
            )

    def _remark_left_out(self, source: int, reading: Reading) -> None:
        papers = reading.source.papers
        lonely = [papers[place].source_id or "" for of, place in self._papers.lonely if of == source]
        if lonely:
            stubs = sum(map(is_stub, papers))
            examples = ", ".join(f"“{shown(text, 30)}”" for text in lonely[:3])
            # What another source has left out, such as what was rejected, nobody misses.
            others = (one.account.left_out for place, one in enumerate(self._readings) if place != source)
            is_explained = len(lonely) <= sum(count for left_out in others for count in left_out.values())
            add = self._problems.note if is_explained else self._problems.action
            add(
                NO_SUCH_PAPER,
                f"{reading.file}: {len(lonely)} of {stubs} papers that it only completes are in no source, such as "
                f"{examples}; they are left out, also of sessions. Add the source that has them, or check that all "
                "sources are of the same conference. Papers that are not public are among them, too.",
            )
        for what, unwanted in (("papers", self._papers.unwanted), ("sessions", self._sessions.unwanted)):
            if count := sum(of == source for of, _ in unwanted):
                self._problems.note(
                    NOT_TAKEN,
                    f"{reading.file}: {count} {what} are in no other source and are left out, since this source is not "
                    f"taken for {what}.",
                )

    def _named(self, record: Record) -> str:
        source, place = record
        reading = self._readings[source]
        return f"“{shown(reading.source.papers[place].title or '')}” ({reading.file})"


def _in_order(records: Sequence[Record]) -> list[Record]:
    """Return records in the order of their sources, the one that made the paper or session first."""
    return [records[0], *sorted(records[1:])]


Keyed = TypeVar("Keyed", SourcePaper, SourceSession)


def _with_own_keys(things: Iterable[Keyed]) -> list[Keyed]:
    """Take a key away from what is not the first to have it."""
    taken: set[str] = set()
    kept = []
    for thing in things:
        kept.append(replace(thing, key="") if thing.key in taken else thing)
        taken |= {thing.key} - {""}
    return kept
