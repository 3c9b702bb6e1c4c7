"""How the bot is, for those who look after it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import discord

from bot.admin.condition_answers import IN_DISCORD, fact_lines, trouble_lines
from bot.admin.model import Contents, DeliveryReport, Health, SourceReport
from bot.delivery.model import Entry
from bot.programme.source import Severity
from bot.sources.watch_state import WatchState
from bot.ui.answer import Answer
from bot.ui.card import Card
from bot.ui.fitting import lines_that_fit
from bot.ui.limits import EMBED_FIELD_VALUE
from bot.ui.markdown import escaped
from bot.ui.wording import plural

_LINES = 8


def status_answer(
    contents: Contents,
    sources: SourceReport,
    report: DeliveryReport,
    health: Health,
    missing: Sequence[str],
    others: Sequence[str] = (),
) -> Answer:
    """Show how everything is.

    Args:
        contents: the programme.
        sources: where it comes from.
        report: the deliveries.
        health: what the machine and Discord say.
        missing: what the bot may not do, and where, a sentence each.
        others: what other parts tell of their own, a line each.
    """
    card = Card("Status")
    troubles = [f"⚠ {sentence}" for sentence in trouble_lines(health.condition, IN_DISCORD)]
    card.description = "\n".join([*troubles, *_programme(contents), *others])
    missing_lines = [f"⚠ {sentence}" for sentence in missing] or ["None: the bot may do everything it has to do."]
    card.add("Sources", lines_that_fit(_sources(sources), EMBED_FIELD_VALUE, _LINES))
    card.add("Permission problems", lines_that_fit(missing_lines, EMBED_FIELD_VALUE, _LINES))
    card.add("Deliveries", lines_that_fit(_deliveries(report), EMBED_FIELD_VALUE, _LINES))
    card.add(
        "Failed deliveries",
        lines_that_fit([_failed(entry) for entry in report.failed], EMBED_FIELD_VALUE, _LINES) or "None.",
    )
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
    if programme.unscheduled:
        number = len(programme.unscheduled)
        lines.append(f"{plural(number, 'paper is', 'papers are')} in no session: no time and place was announced.")
    if untimed:
        lines.append(f"{plural(untimed, 'session has', 'sessions have')} no announced time, so nobody is reminded.")
    return lines


def _sources(report: SourceReport) -> list[str]:
    lines = []
    if report.waiting_since:
        since = discord.utils.format_dt(report.waiting_since, "R")
        lines.append(f"⚠ A change waits for a moderator, found {since}; `/programme reload` shows it too.")
    lines += [_source(state) for state in report.watched]
    return lines or ["Looked at when the bot starts only: `programme.refresh` is not set."]


def _source(state: WatchState) -> str:
    parts = [f"**{escaped(state.name, 100)}**: looked at {_ago(state.looked_at)}"]
    if state.changed_at:
        parts.append(f"changed {_ago(state.changed_at)}")
    if state.failed_at:
        times = f", {state.failures} times in a row until now" if state.failures > 1 else ""
        now = times if state.failures else ", and was there again since"
        parts.append(f"failed {_ago(state.failed_at)}{now} ({escaped(state.reason, 160)})")
    return "; ".join(parts)


def _ago(moment: datetime | None) -> str:
    return discord.utils.format_dt(moment, "R") if moment else "never yet"


def _deliveries(report: DeliveryReport) -> list[str]:
    lines = [_due(entry) for entry in report.next]
    if report.waiting > len(report.next):
        lines.append(f"and {report.waiting - len(report.next)} more")
    if report.unreachable:
        lines.append(f"{plural(report.unreachable, 'person')} asked for direct messages and takes none.")
    return lines or ["Nothing is planned."]


def _due(entry: Entry) -> str:
    again = f", tried without success: {escaped(entry.reason, 80)}" if entry.reason else ""
    return f"{discord.utils.format_dt(entry.delivery.due_at, 'R')} {_what(entry)}{again}"


def _failed(entry: Entry) -> str:
    reason = escaped(entry.reason, 120) if entry.reason else "not sent while it still helped"
    again = "; sent once the bot may, while it helps" if entry.awaits_permission else ""
    return f"{discord.utils.format_dt(entry.delivery.due_at, 'R')} {_what(entry)}: {reason}{again}"


def _what(entry: Entry) -> str:
    kind, target = entry.delivery.kind, entry.delivery.target_id
    # Who gets direct messages is nobody's business.
    to = "a person" if kind.to_person else f"<#{target}>"
    return f"{kind.name.replace('-', ' ')} ({escaped(entry.delivery.subject, 60)}) to {to}"


def _health(health: Health) -> list[str]:
    condition = health.condition
    latency = f"Discord answers in {health.latency * 1000:.0f} ms" if condition.connected else "not connected"
    lines = [
        f"Started {discord.utils.format_dt(condition.started_at, 'R')}; {latency}",
        *fact_lines(replace(condition, sources=()), IN_DISCORD),  # which have a part of their own
        f"{health.memory / 2**20:.0f} MiB of memory, {health.database / 2**20:.1f} MiB of database",
    ]
    for kind, (count, half, most) in health.answered.items():
        name = kind.replace("_", " ")
        lines.append(f"{count} × {escaped(name, 40)}: half within {half:g} ms, 99 % within {most:g} ms")
    return lines
