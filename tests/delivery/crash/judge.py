"""What must not be, once the bot has been left in peace."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

from tests.delivery.crash.audience import Listener
from tests.delivery.crash.report import Life, Report, Row
from tests.delivery.crash.timetable import MINUTE, THRESHOLD, Slot
from tests.support.stand_in import Channel

_MARK = re.compile(r"due:(?P<token>[0-9a-f]+):")
_TOO_SLOW = re.compile(r"could not send (?P<token>[0-9a-f]+): .*(?:TimeoutError|no answer in time)")

_LONGEST_PAUSE = timedelta(minutes=6)
"""How long at most a batch that was begun rests before it is tried again: the longest backoff, or a lease."""

_LINES = 6
"""How many lines of the log explain a finding."""


@dataclass(frozen=True)
class Wanted:
    """A reminder that was wanted: by whom, of what, how long before, and the key of its row."""

    base: str
    subject: str
    minutes: int


@dataclass(frozen=True)
class Passing:
    """Time that went by at once while something was on its way.

    Attributes:
        until: until when.
        keys: what was on its way.
    """

    until: datetime
    keys: frozenset[str]


@dataclass(frozen=True)
class Evidence:
    """What is left of a run.

    Attributes:
        name: the run's name.
        channels: all channels, and where people get direct messages.
        rows: what is in the outbox.
        lives: the bot's lives.
        leads: how many minutes before each session a reminder was wanted in the channel.
        hearing: who wanted direct messages.
        announced: what each announcement says, as it is kept.
        passings: when time went by at once.
        shown: what the bot's clock showed when each message came, and in which of its lives, by the messages' ids.
        log: the lines of the bots' log.
    """

    name: str
    channels: Sequence[Channel]
    rows: Sequence[Row]
    lives: Sequence[Life]
    leads: Sequence[int]
    hearing: Sequence[Listener]
    announced: Mapping[int, str]
    passings: Sequence[Passing]
    shown: Mapping[str, tuple[datetime, int]]
    log: Sequence[str]


class Judge:
    """Looks at a run, and writes into its report what must not be."""

    def __init__(self, evidence: Evidence, report: Report) -> None:
        self._all = evidence
        self._report = report
        self._messages: dict[int, dict[str, Any]] = {}
        self._bearers: dict[str, list[int]] = {}
        for channel in evidence.channels:
            for message in channel.messages:
                tokens = set(_MARK.findall(json.dumps(message["components"])))
                if len(tokens) > 1:
                    self._find(report.others, f"message {message['id']} bears several marks", *tokens)
                for token in tokens:
                    self._messages[int(message["id"])] = message
                    self._bearers.setdefault(token, []).append(int(message["id"]))

    def judge(self, now: datetime) -> None:
        """Look at everything."""
        self._report.messages = len(self._messages)
        self._report.rows = Counter(f"{row.kind} {row.state}" for row in self._all.rows)
        self._judge_messages()
        self._judge_open(now)
        # News and announcements are there once as well, but belong to no session's start.
        reminders = [row for row in self._all.rows if row.kind in ("reminder", "direct")]
        self._judge_pairs(reminders)
        self._judge_moments(reminders)
        self._judge_lives(reminders)
        self._judge_announcements()

    def _find(self, where: list[str], text: str, *about: str | None) -> None:
        """Write something down, with those lines of the log that explain it."""
        words = [word for word in about if word]
        lines = [line for line in self._all.log if any(word in line for word in words)][-_LINES:]
        where.append("\n    ".join((f"run {self._all.name}: {text}", *(line[:300] for line in lines))))

    def _lose(self, text: str, rows: Sequence[Row], slot_end: datetime | None) -> None:
        """Write a loss down where it belongs."""
        tokens, keys = {row.batch for row in rows}, {row.key for row in rows}
        ends = [row.useful_until for row in rows] + ([slot_end] if slot_end else [])
        about = (*tokens, *keys)
        if any(passing.keys & keys and passing.until >= min(ends) for passing in self._all.passings):
            self._find(self._report.expected, text, *about)
        elif {found["token"] for line in self._all.log if (found := _TOO_SLOW.search(line))} & tokens:
            self._find(self._report.timeouts, text, *about)
        else:
            self._find(self._report.losses, text, *about)

    def _judge_messages(self) -> None:
        """Every batch that was sent is there once, and nothing is there that the outbox does not say was sent."""
        sent = {row.batch: row.message_id for row in self._all.rows if row.state == "sent"}
        for token, ids in self._bearers.items():
            if len(ids) > 1:
                self._find(self._report.duplicates, f"batch {token} is there {len(ids)} times: {ids}", token)
            if token not in sent:
                self._find(self._report.losses, f"batch {token} is there, but not written down as sent", token)
        for batch, written in sent.items():
            if written not in self._bearers.get(batch or "", ()):
                self._find(self._report.losses, f"batch {batch} is written down as sent, but not there", batch)

    def _judge_open(self, now: datetime) -> None:
        """Nothing is left lying, and nothing failed."""
        for row in self._all.rows:
            if row.open and row.due_at <= now:
                self._find(self._report.losses, f"{row.key} was left {row.state}", row.batch, row.key)
            slot = self._all.lives[-1].table.get(row.subject)
            if row.state == "failed" and slot and slot.takes_place:
                self._find(self._report.losses, f"{row.key} failed", row.batch, row.key)

    def _judge_pairs(self, rows: Sequence[Row]) -> None:
        """No session's start was told twice to the same in the same way."""
        sent = [row for row in rows if row.state == "sent"]
        for one, other in combinations(sent, 2):
            if one.base == other.base and abs(one.starts_at - other.starts_at) <= THRESHOLD:
                self._find(
                    self._report.duplicates,
                    f"{one.key} and {other.key} were both sent; their starts are "
                    f"{abs(one.starts_at - other.starts_at)} apart",
                    one.batch,
                    other.batch,
                )

    def _judge_moments(self, rows: Sequence[Row]) -> None:
        """Nothing came early, neither by its row nor by the programme of that moment."""
        minutes = {wanted.base: wanted.minutes for wanted in self._wanted()}
        for row in rows:
            message = self._messages.get(row.message_id or 0)
            if row.state != "sent" or message is None:
                continue
            moment, life = self._all.shown[message["id"]]
            if moment < row.due_at:
                self._find(self._report.early, f"{row.key} came {row.due_at - moment} early", row.batch)
            slot = self._all.lives[life].table.get(row.subject)
            if slot and slot.takes_place:
                before = slot.start - MINUTE * minutes.get(row.base, 0) - moment
                if before > THRESHOLD:
                    self._find(
                        self._report.early,
                        f"{row.key} (batch {row.batch}) was sent for {row.starts_at:%H:%M} when the session had moved "
                        f"to {slot.start:%H:%M}, {before} too soon for that",
                        row.batch,
                    )
            elif _speaks_of(message, row.subject):
                text = f"{row.key} (batch {row.batch}) was sent when the session had been cancelled"
                self._find(self._report.others, text, row.batch)

    def _judge_lives(self, rows: Sequence[Row]) -> None:
        """What was due when the bot had nothing more to do was sent, and in its last life everything that helped."""
        for life in self._all.lives:
            in_peace_from = life.began + _LONGEST_PAUSE
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
                    self._lose(
                        f"{wanted.base} for {slot.start:%H:%M} was not sent although the bot {when}: "
                        f"{[f'{row.key} {row.state}' for row in about]}",
                        about,
                        until,
                    )

    def _judge_announcements(self) -> None:
        """Every announcement is wherever it goes, and says there what is kept of it."""
        texts = self._all.announced
        self._report.corrections = sum(text != "As it was." for text in texts.values())
        for row in self._all.rows:
            if row.kind != "announcement":
                continue
            if row.state != "sent":
                self._lose(f"{row.key} is {row.state}", [row], None)
                continue
            message = self._messages.get(row.message_id or 0)
            says = message["embeds"][0].get("description") if message and message["embeds"] else None
            if message and says != texts[int(row.subject)]:
                self._find(
                    self._report.losses,
                    f"{row.key} says {says!r}, and is kept as {texts[int(row.subject)]!r}",
                    row.batch,
                    "correct",
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
            and _speaks_of(self._messages.get(row.message_id or 0), row.subject)
            for row in rows
        )


def _speaks_of(message: Mapping[str, Any] | None, subject: str) -> bool:
    """Tell whether a message names a session, or says that there is more than it has room for."""
    said = json.dumps([message["embeds"], message["components"]]) if message else ""
    return subject.title() in said or "more: see `/agenda`" in said
