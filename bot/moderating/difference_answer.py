"""What another version of the programme changes, for the moderator before it is used."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from itertools import zip_longest
from typing import TypeVar

from bot.moderating.model import Findings
from bot.programme.corrections import TIMES, Conflict
from bot.programme.difference import Change, Difference, PaperChange, SessionChange, TimeChange
from bot.programme.identity import Recognised
from bot.programme.kinds import noun
from bot.programme.model import Paper, Programme, Session
from bot.programme.source import Problem, Severity
from bot.ui.answer import Answer
from bot.ui.card import Card
from bot.ui.fitting import joined
from bot.ui.limits import size
from bot.ui.markdown import escaped, escaped_line
from bot.ui.moments import local_moment, told
from bot.ui.wording import NO_TIME, entry, heading, plural

_T = TypeVar("_T")

PAGE_SIZE = 3000
"""The most characters of a page: more is no longer read."""

LISTED = 300
"""The most entries of each kind that are listed; nobody turns more pages."""

_MOST_OF_ONE = 2500
"""The most characters of what changes about one paper or session, so that a page has room for it."""

_LISTS = frozenset({"authors", "topics"})
"""The fields that corrections keep in several lines, one for each."""

_NOTHING = Programme()
_PROBLEMS = 5
_EXCERPT = 12
"""The words shown of an abstract where it changed."""


def difference_text(
    difference: Difference,
    findings: Findings,
    page: int = 0,
    title: str = "What would change",
    after: Programme = _NOTHING,
) -> tuple[Answer, int]:
    """Show what would change, a page at a time: what is suspicious first, then the sums, then everything in turn.

    Args:
        difference: what would change.
        findings: what else there is to know.
        page: which page, from 0; one beyond the last means the last one.
        title: what stands above it.
        after: what the programme would be, which has the names of what corrections are about.

    Returns:
        The answer, and how many pages there are.
    """
    pages = list(_pages(_summary(difference, findings), _sections(difference, findings, after)))
    number = min(max(page, 0), len(pages) - 1)
    footer = f"Page {number + 1} of {len(pages)}" if len(pages) > 1 else ""
    return Answer(Card(title, footer, pages[number]).embed()), len(pages)


def _summary(difference: Difference, findings: Findings) -> str:
    lines = [f"⚠ **{escaped_line(sentence, 300)}**" for sentence in findings.suspicions[:5]]
    counts = [_count(number, kind) for kind, number in difference.counts.items()]
    lines.append(f"{', '.join(counts).capitalize()}." if counts else "Nothing changes.")
    if findings.bookmarkers:
        lines.append(f"{plural(findings.bookmarkers, 'person has', 'people have')} bookmarked papers that would go.")
    if findings.reminders:
        lines.append(f"{plural(findings.reminders, 'reminder gets', 'reminders get')} another time.")
    return "\n".join(lines)


def _count(number: int, kind: str) -> str:
    things, done = kind.split(" ", 1)
    return f"{plural(number, things.removesuffix('s'))} {done}"


@dataclass(frozen=True, slots=True)
class _Section:
    title: str
    lines: Sequence[str]
    total: int

    @property
    def heading(self) -> str:
        return f"**{self.title} ({self.total})**"

    @property
    def rest(self) -> str:
        return f"and {self.total - len(self.lines)} more" if self.total > len(self.lines) else ""


def _pages(summary: str, sections: Iterable[_Section]) -> Iterator[str]:
    """Cut everything into pages; a section that goes on begins its next page with its heading again."""
    page = summary
    for section in sections:
        begun = False
        for line in filter(None, [*section.lines, section.rest]):
            head = "" if begun else f"\n\n{section.heading}"
            if size(page) + size(head) + size(line) + 1 > PAGE_SIZE:
                yield page
                page = f"{section.heading}, continued" if begun else section.heading
                head = ""
            page += f"{head}\n{line}"
            begun = True
    yield page


def _sections(difference: Difference, findings: Findings, after: Programme) -> Iterator[_Section]:
    yield _section(
        "Corrections the source disagrees with", findings.conflicts, lambda conflict: _conflict(conflict, after)
    )
    yield _section("Sessions removed", difference.sessions_removed, _session)
    yield _section("Sessions changed", difference.sessions_changed, _changed_session)
    yield _section("Sessions added", difference.sessions_added, _session)
    yield _section("Called something else", findings.recognised, _recognised)
    yield _section("Papers removed", difference.papers_removed, lambda paper: entry(paper, 300))
    yield _section("Papers added", difference.papers_added, lambda paper: entry(paper, 300))
    yield _section("Papers changed", difference.papers_changed, _changed_paper)
    problems = sorted(findings.problems, key=lambda problem: problem.severity is not Severity.ACTION)
    yield _section("Problems in the source", problems, _problem, _PROBLEMS)


def _section(title: str, things: Sequence[_T], line: Callable[[_T], str], most: int = LISTED) -> _Section:
    return _Section(title, tuple(map(line, things[:most])), len(things))


def _quoted(text: str, limit: int = 160) -> str:
    return f"“{escaped_line(text, limit)}”" if text else "nothing"


def _moment(moment: datetime | None, zone: tzinfo) -> str:
    return told(moment, zone) if moment else NO_TIME


def _session(session: Session) -> str:
    room = f", {escaped(session.room, 80)}" if session.room else ""
    number = len(session.papers)
    shown = f", {number} {noun(session.kind, number)}" if number else ""
    return f"**{escaped(session.name, 160)}**: {_moment(session.starts_at, session.zone)}{room}{shown}"


def _changed_session(change: SessionChange) -> str:
    return f"**{escaped(change.after.name, 160)}**: {_changes(change)}"


def _changed_paper(change: PaperChange) -> str:
    return f"**{heading(change.after, 200, bold=False)}**: {_changes(change)}"


def _changes(change: PaperChange | SessionChange) -> str:
    return joined((_change(one, change.after) for one in change.changes), _MOST_OF_ONE, "; ")


def _change(change: Change | TimeChange, of: Paper | Session) -> str:
    if isinstance(change, TimeChange):
        zone = of.zone if isinstance(of, Session) else next((shown.zone for shown in of.appearances), UTC)
        return f"{change.field} {_moment(change.before, zone)} → {_moment(change.after, zone)}"
    if change.field == "abstract":
        before, after = _excerpts(change.before, change.after)
        return f"abstract changed: {_quoted(before, 140)} → {_quoted(after, 140)}"
    text = f"{change.field} {_quoted(change.before)} → {_quoted(change.after)}"
    if isinstance(of, Paper) and change.field == "authors":
        # Whoever typed the names sees whether each was taken for an author.
        text += f" ({plural(len(of.authors) + of.unnamed, 'author')})"
    return text


def _excerpts(before: str, after: str) -> tuple[str, str]:
    """Return a few words of each text from shortly before the first that differs."""
    old, new = before.split(), after.split()
    differing = (at for at, (one, other) in enumerate(zip_longest(old, new)) if one != other)
    start = max(next(differing, 0) - 2, 0)
    return _excerpt(old, start), _excerpt(new, start)


def _excerpt(words: Sequence[str], start: int) -> str:
    text = " ".join(words[start : start + _EXCERPT])
    if not text:
        return "…" if words else ""
    return ("… " if start else "") + text + (" …" if start + _EXCERPT < len(words) else "")


def _recognised(match: Recognised) -> str:
    called = "title" if match.kind == "paper" else "name"
    return (
        f"recognised although the {called} changed: {_quoted(match.before)} → {_quoted(match.after)}, "
        f"by {escaped(match.by, 60)}"
    )


def _conflict(conflict: Conflict, after: Programme) -> str:
    correction = conflict.correction
    name = escaped(name_of(correction.about, correction.key, after), 100)
    source, kept = (
        corrected_text(correction.field, text, 160, after.zone) for text in (conflict.source_value, correction.value)
    )
    field = escaped(correction.field.removesuffix("s_at"), 20)
    be = "are" if correction.field in _LISTS else "is"
    return f"**{name}**: {field} {be} {source} in the source now; the correction {kept} stays"


def name_of(about: str, key: str, programme: Programme) -> str:
    """Return what people call a paper or a session; the key of what is gone."""
    if about == "paper":
        paper = programme.papers.get(key)
        return paper.label if paper else key
    session = programme.session(key)
    return session.name if session else key


def corrected_text(field: str, text: str, limit: int, zone: tzinfo) -> str:
    """Return what a correction says as Markdown, quoted; a time is told."""
    if field in TIMES:
        return _moment(datetime.fromisoformat(text) if text else None, zone)
    return _quoted(in_line(field, text, zone), limit)


def in_line(field: str, text: str, zone: tzinfo) -> str:
    """Return what a correction says in one line, plain; several authors or topics are separated by semicolons."""
    if field in TIMES:
        return local_moment(datetime.fromisoformat(text), zone) if text else NO_TIME
    return ("; " if field in _LISTS else " ").join(filter(None, (" ".join(line.split()) for line in text.splitlines())))


def _problem(problem: Problem) -> str:
    where = f"line {problem.line}" if problem.line else "whole file"
    return f"{where}: {escaped_line(problem.message, 300)}"
