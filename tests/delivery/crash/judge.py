"""What must not be, once the bot has been left in peace."""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

from tests.delivery.crash.report import Life, Report, Row
from tests.delivery.crash.timetable import MINUTE, THRESHOLD, Slot

_MARK = re.compile(r"due:(?P<token>[0-9a-f]+):")

_LONGEST_PAUSE = timedelta(minutes=6)
"""How long at most a batch that was begun rests before it is tried again: the longest backoff, or a lease."""


@dataclass(frozen=True)
class Judge:
    """Looks at a run, and writes into its report what must not be.

    Attributes:
        name: the run's name.
        messages: what is in the channel.
        rows: what is in the outbox.
        lives: the bot's lives.
        leads: how many minutes before each session a reminder was wanted.
        skew: how far Discord's clock was ahead.
        report: the run's report.
    """

    name: str
    messages: Sequence[Mapping[str, Any]]
    rows: Sequence[Row]
    lives: Sequence[Life]
    leads: Sequence[int]
    skew: timedelta
    report: Report

    def judge(self, now: datetime) -> None:
        """Look at everything."""
        marked: dict[int, set[str]] = {}
        for message in self.messages:
            if tokens := set(_MARK.findall(json.dumps(message["components"]))):
                marked[int(message["id"])] = tokens
        self.report.messages = len(marked)
        self.report.rows = Counter(row.state for row in self.rows)
        self._judge_messages(marked)
        self._judge_open(now)
        # The news of moved and cancelled sessions are there once as well, but go out with no lead.
        reminders = [row for row in self.rows if row.key.startswith("reminder:")]
        self._judge_pairs(reminders)
        self._judge_moments(reminders)
        self._judge_lives(reminders)

    def _judge_messages(self, marked: Mapping[int, set[str]]) -> None:
        """Every batch that was sent is there once, and nothing is there that the outbox does not say was sent."""
        bearers: dict[str, list[int]] = {}
        for message_id, tokens in marked.items():
            if len(tokens) > 1:
                self.report.others.append(f"run {self.name}: message {message_id} bears several marks")
            for token in tokens:
                bearers.setdefault(token, []).append(message_id)
        sent = {row.batch: row.message_id for row in self.rows if row.state == "sent"}
        for token, ids in bearers.items():
            if len(ids) > 1:
                self.report.duplicates.append(f"run {self.name}: batch {token} is there {len(ids)} times: {ids}")
            if token not in sent:
                self.report.losses.append(f"run {self.name}: batch {token} is there, but not written down as sent")
        for batch, written in sent.items():
            if written not in bearers.get(batch or "", ()):
                self.report.losses.append(f"run {self.name}: batch {batch} is written down as sent, but not there")

    def _judge_open(self, now: datetime) -> None:
        """Nothing is left lying, and nothing failed."""
        for row in self.rows:
            if row.open and row.due_at <= now:
                self.report.losses.append(f"run {self.name}: {row.key} was left {row.state}")
            slot = self.lives[-1].table.get(row.subject)
            if row.state == "failed" and slot and slot.takes_place:
                self.report.losses.append(f"run {self.name}: {row.key} failed")

    def _judge_pairs(self, rows: Sequence[Row]) -> None:
        """No session's start was told twice for the same lead."""
        sent = [row for row in rows if row.state == "sent"]
        for one, other in combinations(sent, 2):
            same = one.subject == other.subject and one.lead == other.lead
            if same and abs(one.starts_at - other.starts_at) <= THRESHOLD:
                self.report.duplicates.append(
                    f"run {self.name}: {one.key} and {other.key} were both sent; their starts are "
                    f"{abs(one.starts_at - other.starts_at)} apart"
                )

    def _judge_moments(self, rows: Sequence[Row]) -> None:
        """Nothing came early, neither by its row nor by the programme of that moment."""
        came = {
            int(message["id"]): datetime.fromisoformat(message["timestamp"]) - self.skew for message in self.messages
        }
        for row in rows:
            moment = came.get(row.message_id or 0)
            if row.state != "sent" or moment is None:
                continue
            if moment < row.due_at:
                self.report.early.append(f"run {self.name}: {row.key} came {row.due_at - moment} early")
            table = [life.table for life in self.lives if life.began <= moment][-1]
            slot = table.get(row.subject)
            if slot and slot.takes_place:
                before = slot.start - MINUTE * row.lead - moment
                if before > THRESHOLD:
                    self.report.early.append(
                        f"run {self.name}: {row.key} (batch {row.batch}) was sent for {row.starts_at:%H:%M} when the "
                        f"session had moved to {slot.start:%H:%M}, {before} too soon for that"
                    )
            elif self._speaks_of(row):
                self.report.others.append(
                    f"run {self.name}: {row.key} (batch {row.batch}) was sent when the session had been cancelled"
                )

    def _judge_lives(self, rows: Sequence[Row]) -> None:
        """What was due when the bot had nothing more to do was sent, and in its last life everything that helped."""
        for life in self.lives:
            in_peace_from = life.began + _LONGEST_PAUSE
            for key, slot in life.table.items():
                for lead in self.leads if slot.takes_place else ():
                    due, until = slot.start - MINUTE * lead, slot.useful_until
                    rested = [moment for moment in life.rests if due <= moment < until]
                    in_peace = life is self.lives[-1] and until > in_peace_from
                    if (rested or in_peace) and not self._told(rows, key, lead, slot):
                        states = [f"{row.key} {row.state}" for row in rows if (row.subject, row.lead) == (key, lead)]
                        when = f"rested at {rested[0]:%H:%M:%S}" if rested else "was left in peace"
                        self.report.losses.append(
                            f"run {self.name}: {key}, {lead} minutes before {slot.start:%H:%M}, was not sent although "
                            f"the bot {when}: {states}"
                        )

    def _told(self, rows: Sequence[Row], key: str, lead: int, slot: Slot) -> bool:
        return any(
            (row.subject, row.lead, row.state) == (key, lead, "sent")
            and abs(row.starts_at - slot.start) <= THRESHOLD
            and self._speaks_of(row)
            for row in rows
        )

    def _speaks_of(self, row: Row) -> bool:
        """Tell whether the message of a row names its session."""
        return any(
            int(message["id"]) == row.message_id and row.subject.title() in json.dumps(message["embeds"])
            for message in self.messages
        )
