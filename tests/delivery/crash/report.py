"""What happened in a run, and what was found out about it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
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
    """

    table: Timetable
    began: datetime
    rests: list[datetime] = field(default_factory=list)
    received: int = 0


@dataclass(frozen=True)
class Row:
    """A row of the outbox."""

    key: str
    subject: str
    starts_at: datetime
    due_at: datetime
    useful_until: datetime
    state: str
    batch: str | None
    message_id: int | None
    claimed_until: datetime | None

    @property
    def open(self) -> bool:
        return self.state in ("planned", "claimed")

    @property
    def lead(self) -> int:
        return int(self.key.split(":")[3].partition("@")[0])


@dataclass
class Report:
    """What was found out.

    Attributes:
        runs: how many programmes were played.
        kills: by point, how often the bot was killed there.
        messages: how many reminders there are in the channels.
        rows: how many rows the outboxes have, by state.
        duplicates: what was said twice, in words; likewise the others.
        losses: what was not said, or said without being written down.
        early: what was said too soon.
        others: what else must not be.
    """

    runs: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    messages: int = 0
    rows: Counter[str] = field(default_factory=Counter)
    duplicates: list[str] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)
    early: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

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

    def add(self, other: "Report") -> None:
        """Take in what another run found out."""
        self.runs += other.runs
        self.kills += other.kills
        self.messages += other.messages
        self.rows += other.rows
        self.duplicates += other.duplicates
        self.losses += other.losses
        self.early += other.early
        self.others += other.others

    def __str__(self) -> str:
        kills = "\n".join(f"  {self.kills[point]:6} {point}" for point in (*POINTS, *RARE_POINTS, RANDOM))
        rows = ", ".join(f"{number} {state}" for state, number in sorted(self.rows.items()))
        return (
            f"kills:\n{kills}\n{self.runs} runs, {self.kills.total()} kills, {self.messages} messages; rows: {rows}\n"
            f"{len(self.duplicates)} duplicates, {len(self.losses)} losses, {len(self.early)} early, "
            f"{len(self.others)} others"
        )
