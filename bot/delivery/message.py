"""What a batch says, whatever kind it is of."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import discord

from bot.config import NameOrId
from bot.delivery.model import Batch
from bot.ui.answer import ActionButton, Row
from bot.ui.questions import Question


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A message before it is sent.

    Attributes:
        embeds: what it says.
        questions: its buttons with their labels.
        buttons: further buttons. There is one button at least: by the first one the message is known again.
        rows: whole rows of buttons above these.
        content: plain text above the embeds, in Markdown; it comes after the ping.
        ping: the role that is pinged, by its name or id; nobody else ever is but `also_pings`.
        also_pings: further roles that are pinged.
        silent: whether nobody's device makes a sound of it.
        files: files that go with it, by their names.
    """

    embeds: Sequence[discord.Embed]
    questions: Sequence[tuple[str, Question]]
    buttons: Sequence[ActionButton] = ()
    rows: Sequence[Row] = ()
    content: str = ""
    ping: NameOrId | None = None
    silent: bool = False
    also_pings: Sequence[NameOrId] = ()
    files: Sequence[tuple[str, bytes]] = ()


class MessageWriter(Protocol):
    """Writes the messages of some kinds of deliveries."""

    async def write(self, batch: Batch) -> OutgoingMessage:
        """Write a batch's message as things are now. Raises `Refused` when there is nothing to say any more."""
        ...

    async def outdated(self, batch: Batch) -> Sequence[str]:
        """Return the keys of those deliveries that are no longer to be sent as they were planned."""
        ...
