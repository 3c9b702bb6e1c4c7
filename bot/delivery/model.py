"""What is delivered: one thing that must reach one channel or one person, and how far that is."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, StrEnum, auto


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of deliveries. Each capability names its own kinds.

    Attributes:
        name: what the database calls it; it never changes.
        to_person: whether the target is a person; else it is a channel.
        replanned: whether it follows from the programme, and is planned again and again; else it is written down once.
        folds: whether what is due together for one target becomes one message.
        published: whether an announcement channel passes it on to the servers that follow it.
        called: what organizers are told can't be sent.
    """

    name: str
    to_person: bool = False
    replanned: bool = False
    folds: bool = True
    published: bool = False
    called: str = "reminders"


class State(StrEnum):
    """How far a delivery is; `bot.delivery` has the steps between them."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"
    MISSED = "missed"
    CANCELLED = "cancelled"


UNSETTLED = (State.PLANNED, State.CLAIMED)
"""The states of what is still to be sent."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One thing that must reach somebody.

    Attributes:
        key: what, about what, to whom, how long before: the same each time it is planned.
        target_id: Discord's id of the channel, or of the person.
        subject: what it is about: a session's key, that with a talk's, or the number of an announcement or a change.
        starts_at: when that session or talk begins, in UTC; for what is about neither, when it is due.
        due_at: when it is to be sent, in UTC.
        useful_until: from when on it would help nobody any more, in UTC.
        kind: what it is.
    """

    key: str
    target_id: int
    subject: str
    starts_at: datetime
    due_at: datetime
    useful_until: datetime
    kind: Kind


@dataclass(frozen=True, slots=True)
class Batch:
    """Deliveries to one target that go out as one message.

    Attributes:
        token: names the batch for ever: sixteen hexadecimal digits.
        target_id: Discord's id of the channel, or of the person.
        deliveries: what is in it, in the order of the sessions' starts.
        claimed_at: when it was first claimed, by Discord's clock where that was known, in UTC.
        attempts: how often it has been claimed, this time included.
    """

    token: str
    target_id: int
    deliveries: tuple[Delivery, ...]
    claimed_at: datetime
    attempts: int

    @property
    def kind(self) -> Kind:
        """What its deliveries are, all of them."""
        return self.deliveries[0].kind

    @property
    def useful_until(self) -> datetime:
        """From when on the message would help nobody."""
        return max(delivery.useful_until for delivery in self.deliveries)

    def without(self, keys: Collection[str]) -> "Batch":
        """Return what is left of it when some deliveries are taken out."""
        return replace(self, deliveries=tuple(one for one in self.deliveries if one.key not in keys))


@dataclass(frozen=True, slots=True)
class Entry:
    """A delivery with how far it is.

    Attributes:
        delivery: what is to be sent.
        state: how far it is.
        message_id: Discord's id of the message, once it is there.
        sent_at: since when it is there, in UTC.
        reason: why it failed, or why the last try did.
        awaits_permission: whether it failed because the bot lacks a permission, and is tried again once it has it.
        token: names the batch in which it was claimed last, None where it never was; the message bears it.
    """

    delivery: Delivery
    state: State
    message_id: int | None
    sent_at: datetime | None
    reason: str | None
    awaits_permission: bool = False
    token: str | None = None


@dataclass(frozen=True, slots=True)
class Pulse:
    """Whether deliveries get anywhere.

    Attributes:
        overdue: how many should be there by now and are not.
        overdue_since: when the first of these was due, in UTC; None when there is none.
        last_sent_at: when a message last arrived, in UTC; None for never.
        reason: why the last try of one that is overdue failed, None where none of them was tried.
    """

    overdue: int = 0
    overdue_since: datetime | None = None
    last_sent_at: datetime | None = None
    reason: str | None = None


class Refused(Exception):
    """Discord will never take the message, or there is nothing to say any more; the text says why, for people.

    Attributes:
        for_permission: whether the bot lacks a permission, and all would be well if it had it.
    """

    def __init__(self, reason: str, *, for_permission: bool = False) -> None:
        super().__init__(reason)
        self.for_permission = for_permission


class Holds(Enum):
    """What must wait because one message can't go out now."""

    ITSELF = auto()
    DIRECT_MESSAGES = auto()
    EVERYTHING = auto()


class NotYet(Exception):
    """The message can't go out now, through no fault of its own; the text says why, for people.

    Attributes:
        seconds: after how long it is tried again, at least.
        holds: what else waits as long.
    """

    def __init__(self, reason: str, seconds: float, holds: Holds = Holds.ITSELF) -> None:
        super().__init__(reason)
        self.seconds = seconds
        self.holds = holds
