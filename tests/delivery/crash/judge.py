"""What must not be, once the bot has been left in peace: of all of the outbox, and of reminders."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Any

from tests.delivery.crash.evidence import LONGEST_PAUSE, Evidence, Findings
from tests.delivery.crash.report import Row
from tests.delivery.crash.timetable import MINUTE, THRESHOLD, Slot


@dataclass(frozen=True)
class Wanted:
    """A reminder that was wanted: by whom, of what, how long before, and the key of its row."""

    base: str
    subject: str
    minutes: int


class Judge:
    """Looks at a run, and writes into its report what must not be."""

    def __init__(self, evidence: Evidence, findings: Findings) -> None:
        self._all = evidence
        self._findings = findings

    def judge(self, now: datetime) -> None:
        """Look at everything but what the parts look at."""
        report = self._findings.report
        report.messages = len(self._findings.messages)
        report.rows = Counter(f"{row.kind} {row.state}" for row in self._all.rows)
        self._judge_messages()
        self._judge_open(now)
        self._judge_moments()
        # All else belongs to no session's start.
        reminders = [row for row in self._all.rows if row.kind in ("reminder", "direct")]
        self._judge_pairs(reminders)
        self._judge_programme(reminders)
        self._judge_lives(reminders)

    def _judge_messages(self) -> None:
        """Every batch that was sent is there once, and nothing is there that the outbox does not say was sent."""
        find, bearers = self._findings.find, self._findings.bearers
        sent = {row.batch: row.message_id for row in self._all.rows if row.state == "sent"}
        for token, ids in bearers.items():
            if len(ids) > 1:
                find("duplicates", f"batch {token} is there {len(ids)} times: {ids}", token)
            if token not in sent:
                find("losses", f"batch {token} is there, but not written down as sent", token)
        for batch, written in sent.items():
            if written not in bearers.get(batch or "", ()):
                find("losses", f"batch {batch} is written down as sent, but not there", batch)

    def _judge_open(self, now: datetime) -> None:
        """Nothing is left lying, and nothing failed."""
        for row in self._all.rows:
            if row.open and row.due_at <= now:
                self._findings.find("losses", f"{row.key} was left {row.state}", row.batch, row.key)
            slot = self._all.lives[-1].table.get(row.subject)
            if row.state == "failed" and slot and slot.takes_place:
                self._findings.find("losses", f"{row.key} failed", row.batch, row.key)

    def _judge_moments(self) -> None:
        """Nothing came before it was due."""
        for row in self._all.rows:
            message = self._findings.message(row)
            if row.state == "sent" and message:
                moment, _ = self._all.shown[message["id"]]
                if moment < row.due_at:
                    text = f"{row.key} came {row.due_at - moment} early"
                    if row.claimed_at and row.due_at <= row.claimed_at and moment < row.claimed_at:
                        # It was due when it was taken, by a clock on which that is still to come.
                        text = f"{text}; the clock was set back while it was on its way"
                        self._findings.find("expected", text, row.batch)
                    else:
                        self._findings.find("early", text, row.batch)

    def _judge_pairs(self, rows: Sequence[Row]) -> None:
        """No session's start was told twice to the same in the same way."""
        sent = [row for row in rows if row.state == "sent"]
        for one, other in combinations(sent, 2):
            if one.base == other.base and abs(one.starts_at - other.starts_at) <= THRESHOLD:
                self._findings.find(
                    "duplicates",
                    f"{one.key} and {other.key} were both sent; their starts are "
                    f"{abs(one.starts_at - other.starts_at)} apart",
                    one.batch,
                    other.batch,
                )

    def _judge_programme(self, rows: Sequence[Row]) -> None:
        """Nothing came early by the programme of that moment, nor of what did not take place."""
        minutes = {wanted.base: wanted.minutes for wanted in self._wanted()}
        for row in rows:
            message = self._findings.message(row)
            if row.state != "sent" or message is None:
                continue
            moment, life = self._all.shown[message["id"]]
            slot = self._all.lives[life].table.get(row.subject)
            if slot and slot.takes_place:
                before = slot.start - MINUTE * minutes.get(row.base, 0) - moment
                if before > THRESHOLD:
                    self._findings.find(
                        "early",
                        f"{row.key} (batch {row.batch}) was sent for {row.starts_at:%H:%M} when the session had moved "
                        f"to {slot.start:%H:%M}, {before} too soon for that",
                        row.batch,
                    )
            elif _speaks_of(message, row.subject):
                text = f"{row.key} (batch {row.batch}) was sent when the session had been cancelled"
                self._findings.find("others", text, row.batch)

    def _judge_lives(self, rows: Sequence[Row]) -> None:
        """What was due when the bot had nothing more to do was sent, and in its last life everything that helped."""
        for life in self._all.lives:
            in_peace_from = life.began + LONGEST_PAUSE
            for wanted in self._wanted():
                slot = life.table.get(wanted.subject)
                if slot is None or not slot.takes_place:
                    continue
                due, until = slot.start - MINUTE * wanted.minutes, slot.useful_until
                rested = [moment for moment in life.rests if due <= moment < until]
                in_peace = life is self._all.lives[-1] and until > in_peace_from
                if (rested or in_peace) and not self._told(rows, wanted, slot):
                    about = [row for row in rows if row.base == wanted.base]
                    when = f"rested at {rested[0]:%H:%M:%S}" if rested else "was left in peace"
                    self._findings.lose(
                        f"{wanted.base} for {slot.start:%H:%M} was not sent although the bot {when}: "
                        f"{[f'{row.key} {row.state}' for row in about]}",
                        about,
                        until,
                    )

    def _wanted(self) -> Iterator[Wanted]:
        subjects = {subject for life in self._all.lives for subject in life.table}
        channel = self._all.channels[0].id
        for subject in sorted(subjects):
            for lead in self._all.leads:
                yield Wanted(f"reminder:{channel}:{subject}:{lead}", subject, lead)
            for one in self._all.hearing:
                if subject in one.subjects:
                    yield Wanted(f"direct:{one.person.id}:{subject}", subject, one.minutes)

    def _told(self, rows: Sequence[Row], wanted: Wanted, slot: Slot) -> bool:
        return any(
            (row.base, row.state) == (wanted.base, "sent")
            and abs(row.starts_at - slot.start) <= THRESHOLD
            and _speaks_of(self._findings.message(row), row.subject)
            for row in rows
        )


def _speaks_of(message: Mapping[str, Any] | None, subject: str) -> bool:
    """Tell whether a message names a session, or says that there is more than it has room for."""
    said = json.dumps([message["embeds"], message["components"]]) if message else ""
    return subject.title() in said or "more: see `/agenda`" in said
