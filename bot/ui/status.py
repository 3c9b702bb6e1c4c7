"""How the bot is, for those who look after it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import discord

from bot.programme.model import Programme
from bot.programme.source import Problem, Severity
from bot.store.ledger import Entry
from bot.store.versions import VersionNote
from bot.ui.answer import Answer, Card
from bot.ui.limits import EMBED_FIELD_VALUE, size
from bot.ui.markdown import escaped
from bot.ui.words import plural

_LINES = 8


@dataclass(frozen=True, slots=True)
class Health:
    """What the machine and Discord say.

    Attributes:
        started_at: since when the bot runs, in UTC.
        latency: how long Discord's gateway takes to answer, in seconds; infinite while it is not connected.
        memory: what the process has in memory, in bytes.
        database: how large the database is on disk, in bytes.
        answered: for each kind of interaction, how many were answered, and within how many milliseconds half of them
            and 99 in a hundred were.
    """

    started_at: datetime
    latency: float
    memory: int
    database: int
    answered: Mapping[str, tuple[int, float, float]]


@dataclass(frozen=True, slots=True)
class Post:
    """How the deliveries are.

    Attributes:
        next: the first ones that are planned or being tried.
        waiting: how many there are of these in all.
        failed: the last ones that failed, or were missed.
        unreachable: how many people wished for direct messages and take none.
    """

    next: Sequence[Entry]
    waiting: int
    failed: Sequence[Entry]
    unreachable: int


@dataclass(frozen=True, slots=True)
class Contents:
    """What questions are answered from.

    Attributes:
        programme: the programme in use.
        version: where it comes from.
        problems: what is wrong in its source.
        fixes: how many fields were fixed by hand.
    """

    programme: Programme
    version: VersionNote | None
    problems: Sequence[Problem]
    fixes: int


def status_answer(contents: Contents, post: Post, health: Health, missing: Sequence[str]) -> Answer:
    """Show how everything is; `missing` says what the bot may not do, and where, a sentence each."""
    card = Card("Status")
    card.description = "\n".join(_programme(contents))
    trouble = [f"⚠ {sentence}" for sentence in missing] or ["None: the bot may do everything it has to do."]
    card.add("Permission problems", _fitting(trouble))
    card.add("Deliveries", _fitting(list(_deliveries(post))))
    card.add("Failed deliveries", _fitting([_failed(entry) for entry in post.failed]) or "None.")
    card.add("The bot", "\n".join(_health(health)))
    return Answer(card.embed())


def _programme(contents: Contents) -> list[str]:
    programme, version = contents.programme, contents.version
    if version is None:
        return ["No programme was loaded yet: `/programme reload`."]
    loaded = discord.utils.format_dt(version.loaded_at, "R")
    to_do = sum(problem.severity is Severity.ACTION for problem in contents.problems)
    covers = (
        plural(len(programme.sessions), "session"),
        plural(len(programme.papers), "paper"),
        plural(len(programme.people), "author"),
    )
    problems = f"{plural(len(contents.problems), 'problem')} in the source, {to_do} of them for a person"
    untimed = sum(session.starts_at is None for session in programme.sessions)
    lines = [
        f"**Programme**: version {version.id} from {escaped(version.source_name, 100)}, loaded {loaded}",
        ", ".join(covers),
        f"{problems}; {plural(contents.fixes, 'field')} fixed by hand",
    ]
    if untimed:
        lines.append(f"{plural(untimed, 'session has', 'sessions have')} no announced time, so nobody is reminded.")
    return lines


def _deliveries(post: Post) -> list[str]:
    lines = [_due(entry) for entry in post.next]
    if post.waiting > len(post.next):
        lines.append(f"and {post.waiting - len(post.next)} more")
    if post.unreachable:
        lines.append(f"{plural(post.unreachable, 'person')} asked for direct messages and takes none.")
    return lines or ["Nothing is planned."]


def _due(entry: Entry) -> str:
    again = f", tried without success: {escaped(entry.reason, 80)}" if entry.reason else ""
    return f"{discord.utils.format_dt(entry.delivery.due_at, 'R')} {_what(entry)}{again}"


def _failed(entry: Entry) -> str:
    reason = escaped(entry.reason, 120) if entry.reason else "not sent while it still helped"
    return f"{discord.utils.format_dt(entry.delivery.due_at, 'R')} {_what(entry)}: {reason}"


def _what(entry: Entry) -> str:
    kind, target = entry.delivery.kind, entry.delivery.target_id
    # Who gets direct messages is nobody's business.
    to = "a person" if kind.to_person else f"<#{target}>"
    return f"{kind.value.replace('-', ' ')} ({escaped(entry.delivery.subject, 60)}) to {to}"


def _health(health: Health) -> list[str]:
    latency = f"{health.latency * 1000:.0f} ms" if health.latency < 60 else "not connected"
    lines = [
        f"Started {discord.utils.format_dt(health.started_at, 'R')}; Discord answers in {latency}",
        f"{health.memory / 2**20:.0f} MiB of memory, {health.database / 2**20:.1f} MiB of database",
    ]
    for kind, (count, half, most) in health.answered.items():
        name = kind.replace("_", " ")
        lines.append(f"{count} × {escaped(name, 40)}: half within {half:g} ms, 99 % within {most:g} ms")
    return lines


def _fitting(lines: Sequence[str]) -> str:
    """Join as many lines as fit into a field, and say how many are left out."""
    for kept in range(min(len(lines), _LINES), -1, -1):
        rest = [f"and {len(lines) - kept} more"] if kept < len(lines) else []
        text = "\n".join([*lines[:kept], *rest])
        if size(text) <= EMBED_FIELD_VALUE:
            return text
    return ""
