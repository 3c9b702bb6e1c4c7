"""What a batch says, whatever kind it is of."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import discord

from bot.config import NameOrId
from bot.questions import Question
from bot.store.ledger import Batch


@dataclass(frozen=True, slots=True)
class Letter:
    """A message before it is sent.

    Attributes:
        embeds: what it says.
        questions: its buttons, at least one, with their labels; by the first one the message is known again.
        ping: the role that is pinged, by its name or id; nobody else ever is.
        stops: whether it has a button by which a person ends their reminders.
    """

    embeds: Sequence[discord.Embed]
    questions: Sequence[tuple[str, Question]]
    ping: NameOrId | None = None
    stops: bool = False


class Writer(Protocol):
    """Writes the letters of some kinds of deliveries."""

    async def write(self, batch: Batch) -> Letter:
        """Write a batch's letter as things are now. Raises `Refused` when there is nothing to say any more."""
        ...

    async def outdated(self, batch: Batch) -> Sequence[str]:
        """Return the keys of those deliveries that are no longer to be sent as they were planned."""
        ...
