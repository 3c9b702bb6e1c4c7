"""What planning again changes in the outbox."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.delivery.model import Delivery, State

OPEN = (State.PLANNED, State.CANCELLED)
"""The states of a delivery that nobody has heard or could have heard."""

_FOR_TIME = "@"
"""Stands in a key before the start for which something is told again."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What planning changes in the outbox.

    Attributes:
        write: deliveries to be planned: new ones, moved ones, and cancelled ones that are to be sent after all.
        cancel: the keys of planned deliveries that are not to be sent.
        extend: deliveries that were begun and not ended, and now help for longer, or for less long.
    """

    write: Sequence[Delivery]
    cancel: Sequence[str]
    extend: Sequence[Delivery] = ()


def reconcile(
    wanted: Iterable[Delivery],
    known: Mapping[str, tuple[State, Delivery]],
    threshold: timedelta,
    now: datetime | None = None,
) -> Changes:
    """Compare what is to be sent with what the outbox has.

    What was sent already is not sent again, unless its session's start moved by more than the threshold: then there is
    a delivery for the new time, under a key of its own.

    Args:
        wanted: the plan.
        known: the outbox's deliveries by key, with their states.
        threshold: see above.
        now: the present moment: what no longer helps is not cancelled, for it is given up and said to be.
    """
    versions: dict[str, list[tuple[State, Delivery]]] = {}
    for key, entry in known.items():
        versions.setdefault(key.partition(_FOR_TIME)[0], []).append(entry)
    write: list[Delivery] = []
    extend: list[Delivery] = []
    keys: set[str] = set()
    for delivery in wanted:
        current = _for_its_time(delivery, versions.get(delivery.key, ()), threshold)
        keys.add(current.key)
        state, before = known.get(current.key, (None, None))
        if state in (None, State.CANCELLED) or (state is State.PLANNED and before != current):
            write.append(current)
        elif state is State.CLAIMED and before and before.useful_until != current.useful_until:
            extend.append(current)
    cancel = [
        key
        for key, (state, before) in known.items()
        if state is State.PLANNED and key not in keys and not (now and before.useful_until <= now)
    ]
    return Changes(write, cancel, tuple(extend))


def _for_its_time(delivery: Delivery, versions: Iterable[tuple[State, Delivery]], threshold: timedelta) -> Delivery:
    """Return the delivery under the key that stands for its session's present start.

    That is the key of what was told about this start, or nearly this one; else that of what is still to be told; else
    a new one.
    """
    told = [before for state, before in versions if state not in OPEN]
    for before in told:
        if abs(before.starts_at - delivery.starts_at) <= threshold:
            return replace(delivery, key=before.key)
    if not told:
        return delivery
    untold = next((before.key for state, before in versions if state in OPEN), None)
    return replace(delivery, key=untold or f"{delivery.key}{_FOR_TIME}{delivery.starts_at:%Y%m%dT%H%MZ}")
