"""When a board is posted anew, and what its deliveries are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, auto
from zoneinfo import ZoneInfo

from bot.delivery.model import UNSETTLED, Delivery, Entry, Kind, State
from bot.delivery.standing import next_key, number_of
from bot.programme.days import day_of, end_of_day
from bot.programme.model import Session

BOARD = Kind("board", folds=False, called="the board of what is on now and next")
"""A channel has a message that says what is on. It is planned anew for each that is to be posted."""


class Step(Enum):
    """What is to be done about a channel's board."""

    POST = auto()
    EDIT = auto()
    WAIT = auto()
    """It is on its way, and says what is so when it gets there, or nearly so."""

    LEAVE = auto()
    """It can't be posted there today."""


@dataclass(frozen=True, slots=True)
class Board:
    """What there is of a channel's board.

    Attributes:
        channel_id: Discord's id of the channel.
        entries: everything that was ever planned there and is not forgotten yet, the oldest first.
    """

    channel_id: int
    entries: tuple[Entry, ...] = ()

    @property
    def latest(self) -> Entry | None:
        """What was planned last."""
        return self.entries[-1] if self.entries else None

    @property
    def settled(self) -> Sequence[Entry]:
        """What was posted or given up, and may be taken away."""
        return [one for one in self.entries if one.state not in UNSETTLED]

    def step(self, today: date, *, has_sessions: bool) -> Step:
        """Return what is to be done.

        Args:
            today: the day where the conference is.
            has_sessions: whether anything is on this day: only then a board is posted that replaces one of another day.
        """
        latest = self.latest
        if latest is None:
            return Step.POST
        if has_sessions and latest.delivery.subject != today.isoformat():
            return Step.POST
        match latest.state:
            case State.SENT:
                return Step.EDIT
            case State.PLANNED | State.CLAIMED:
                return Step.WAIT
            case State.FAILED:
                return Step.LEAVE
            case _:
                return Step.POST

    def next_delivery(self, now: datetime, zone: ZoneInfo) -> Delivery:
        """Return the delivery of the board that is to be posted now; it helps as long as the day lasts."""
        return Delivery(
            key=next_key(BOARD, self.channel_id, self.latest),
            target_id=self.channel_id,
            subject=now.astimezone(zone).date().isoformat(),
            starts_at=now,
            due_at=now,
            useful_until=end_of_day(now, zone),
            kind=BOARD,
        )


def boards_of(entries: Iterable[Entry]) -> dict[int, Board]:
    """Group what there is by channel."""
    grouped: dict[int, list[Entry]] = {}
    for one in sorted(entries, key=number_of):
        grouped.setdefault(one.delivery.target_id, []).append(one)
    return {channel_id: Board(channel_id, tuple(own)) for channel_id, own in grouped.items()}


def has_sessions_on(sessions: Iterable[Session], day: date, zone: ZoneInfo) -> bool:
    """Tell whether any session begins on a day where the conference is."""
    return any(day_of(session, zone) == day for session in sessions)
