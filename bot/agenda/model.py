"""What the bot keeps about a person besides their bookmarks."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody's wish for a direct message before the sessions that hold their bookmarks.

    Attributes:
        minutes: how long before.
        unreachable: whether Discord refused the last one; nothing is sent until they wish again.
        told: whether they have been told so.
    """

    minutes: int
    unreachable: bool = False
    told: bool = False
