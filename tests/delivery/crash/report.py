"""What happened in a run, and what was found out about it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime

from tests.delivery.crash.points import POINTS, RANDOM, RARE_POINTS
from tests.delivery.crash.timetable import Timetable


@dataclass
class Life:
    """What happened from a start of the bot to its end.

    Attributes:
        table: the programme it had.
        began: when it was started.
        rests: when it had sent everything that was due, and no part of it was still on its way.
        received: how many messages Discord has received.
        opened: how many posts of forums it was asked to open.
    """

    table: Timetable
    began: datetime
    rests: list[datetime] = field(default_factory=list)
    received: int = 0
    opened: int = 0


@dataclass(frozen=True)
class Row:
    """A row of the outbox."""

    key: str
    target_id: int
    kind: str
    subject: str
    starts_at: datetime
    due_at: datetime
    useful_until: datetime
    state: str
    batch: str | None
    message_id: int | None
    claimed_at: datetime | None
    claimed_until: datetime | None

    @property
    def open(self) -> bool:
        return self.state in ("planned", "claimed")

    @property
    def base(self) -> str:
        """The key it had before its session moved."""
        return self.key.partition("@")[0]


@dataclass
class Report:
    """What was found out.

    Attributes:
        runs: how many programmes were played.
        kills: by point, how often the bot was killed there.
        troubles: by what else went wrong, how many runs there were and how many kills in them.
        messages: how many messages of the outbox there are.
        rows: how many rows the outboxes have, by kind and state.
        numbers: how many there are of what the parts count.
        refusals: how often a bot ended by itself, where it may.
        duplicates: what was said twice, in words; likewise the others.
        losses: what was not said, or said without being written down.
        early: what was said too soon.
        others: what else must not be.
        expected: what was not said because time went past it while it was on its way.
        timeouts: what was not said because this machine was too slow for the bot's own limits of time.
        broken_off: runs that ended because a process of the harness's own did.
    """

    runs: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    troubles: Counter[str] = field(default_factory=Counter)
    messages: int = 0
    rows: Counter[str] = field(default_factory=Counter)
    numbers: Counter[str] = field(default_factory=Counter)
    refusals: int = 0
    duplicates: list[str] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)
    early: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)
    timeouts: list[str] = field(default_factory=list)
    broken_off: list[str] = field(default_factory=list)

    @property
    def findings(self) -> list[str]:
        """Everything that must not be."""
        kinds: Iterable[tuple[str, list[str]]] = (
            ("duplicate", self.duplicates),
            ("loss", self.losses),
            ("early", self.early),
            ("other", self.others),
        )
        return [f"{kind}: {text}" for kind, texts in kinds for text in texts]

    @property
    def explained(self) -> list[str]:
        """Everything that was not said, and why that is no fault of the bot's."""
        kinds = (("expected", self.expected), ("timeout", self.timeouts), ("broken off", self.broken_off))
        return [f"{kind}: {text}" for kind, texts in kinds for text in texts]

    def add(self, other: "Report") -> None:
        """Take in what another run found out."""
        for part in fields(self):
            setattr(self, part.name, getattr(self, part.name) + getattr(other, part.name))

    def __str__(self) -> str:
        points = dict.fromkeys((*POINTS, *RARE_POINTS, *sorted(self.kills), RANDOM))
        kills = "\n".join(f"  {self.kills[point]:6} {point}" for point in points)
        troubles = "\n".join(f"  {number:6} {trouble}" for trouble, number in sorted(self.troubles.items()))
        rows = ", ".join(f"{number} {state}" for state, number in sorted(self.rows.items()))
        numbers = "".join(f"{number} {what}, " for what, number in sorted(self.numbers.items()))
        return (
            f"kills:\n{kills}\nkills in runs with:\n{troubles}\n"
            f"{self.runs} runs, {self.kills.total()} kills, {self.messages} messages, {numbers}"
            f"{self.refusals} times a bot would not go on; rows: {rows}\n"
            f"{len(self.duplicates)} duplicates, {len(self.losses)} losses, {len(self.early)} early, "
            f"{len(self.others)} others; {len(self.expected)} expected, {len(self.timeouts)} timeouts, "
            f"{len(self.broken_off)} broken off"
        )
