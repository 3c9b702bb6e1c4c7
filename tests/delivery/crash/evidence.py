"""What is left of a run, and how what must not be is written down."""

import json
import re
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from tests.delivery.crash.audience import Listener
from tests.delivery.crash.report import Life, Report, Row
from tests.support.stand_in import Channel

LONGEST_PAUSE = timedelta(minutes=6)
"""How long at most the bot rests before it tries again what was begun: the longest backoff, or a lease."""

_MARK = re.compile(r"due:(?P<token>[0-9a-f]+):")
_TOO_SLOW = re.compile(r"could not send (?P<token>[0-9a-f]+): .*(?:TimeoutError|no answer in time)")

_LINES = 6
"""How many lines of the log explain a finding."""


@dataclass(frozen=True)
class Passing:
    """Time that went by at once while something was still to be sent.

    Attributes:
        until: until when.
        keys: what was still to be sent.
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
        passings: when time went by at once.
        shown: what the bot's clock showed when each message came, and in which of its lives, by the messages' ids.
        log: the lines of the bots' log.
        path: the database.
    """

    name: str
    channels: Sequence[Channel]
    rows: Sequence[Row]
    lives: Sequence[Life]
    leads: Sequence[int]
    hearing: Sequence[Listener]
    passings: Sequence[Passing]
    shown: Mapping[str, tuple[datetime, int]]
    log: Sequence[str]
    path: Path

    def query(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Ask the database."""
        return query(self.path, statement, *parameters)

    def had_no_chance(self, keys: set[str], until: datetime) -> str:
        """Say how time went past something until it helped nobody any more; nothing where the bot had its chance.

        It had if it came to rest, with nothing on its way, after time was last let pass; or if there was more time
        left than its longest pause.
        """
        passed = max((one.until for one in self.passings if one.keys & keys), default=None)
        if passed is None or passed < until - LONGEST_PAUSE:
            return ""
        if any(passed <= moment < until for life in self.lives for moment in life.rests):
            return ""
        left = (until - passed).total_seconds()
        return f"; time was let pass to {left:.0f} s before its end" if left > 0 else "; time was let pass over its end"


class Findings:
    """Writes down what must not be, with what explains it.

    Attributes:
        report: where it is written.
        messages: the messages of the outbox, by their ids.
        bearers: the ids of the messages that bear a batch's mark, by the batch's token.
    """

    def __init__(self, evidence: Evidence, report: Report) -> None:
        self._all = evidence
        self.report = report
        self.messages: dict[int, dict[str, Any]] = {}
        self.bearers: dict[str, list[int]] = {}
        for channel in evidence.channels:
            for message in channel.messages:
                if message["id"] == channel.id:
                    continue  # a post's first message, by whose mark the bot knows the place again
                tokens = set(_MARK.findall(json.dumps(message["components"])))
                if len(tokens) > 1:
                    self.find("others", f"message {message['id']} bears several marks", *tokens)
                for token in tokens:
                    self.messages[int(message["id"])] = message
                    self.bearers.setdefault(token, []).append(int(message["id"]))

    def message(self, row: Row) -> Mapping[str, Any] | None:
        """Return the message of a row, as it is in Discord now; None where it is not there."""
        return self.messages.get(row.message_id or 0)

    def count(self, what: str, number: int) -> None:
        """Add to the numbers of the report."""
        self.report.numbers[what] += number

    def find(
        self,
        kind: Literal["duplicates", "losses", "early", "others", "expected", "timeouts"],
        text: str,
        *about: str | None,
    ) -> None:
        """Write something down, with those lines of the log in which any of these words is."""
        words = [word for word in about if word]
        lines = [line for line in self._all.log if any(word in line for word in words)][-_LINES:]
        found: list[str] = getattr(self.report, kind)
        found.append("\n    ".join((f"run {self._all.name}: {text}", *(line[:300] for line in lines))))

    def lose(self, text: str, rows: Sequence[Row], until: datetime | None = None) -> None:
        """Write down where it belongs what was not told: as lost, or as what time went past.

        Args:
            text: what was not told.
            rows: its rows.
            until: until when it would have helped, where the rows may say something else.
        """
        tokens, keys = {row.batch for row in rows}, {row.key for row in rows}
        about = (*tokens, *keys)
        end = min([row.useful_until for row in rows] + ([until] if until else []), default=None)
        if end and (why := self._all.had_no_chance(keys, end)):
            self.find("expected", f"{text}{why}", *about)
        elif {found["token"] for line in self._all.log if (found := _TOO_SLOW.search(line))} & tokens:
            self.find("timeouts", text, *about)
        else:
            self.find("losses", text, *about)


def query(path: Path, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
    """Ask a database, also one that a bot has open."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        return database.execute(statement, parameters).fetchall()
