"""The channels that reminders and news go to, also while Discord does not show the server they are in."""

from collections.abc import Collection

from bot.config import NameOrId
from bot.delivery.channels import Channels
from bot.delivery.model import Kind
from bot.delivery.rows import Outbox


class ExpectedChannels:
    """Finds the channels of a name, and those that were planned for while Discord still showed them."""

    def __init__(self, channels: Channels, outbox: Outbox, kinds: Collection[Kind], wanted: NameOrId | None) -> None:
        """Make a finder.

        Args:
            channels: what Discord shows.
            outbox: what was planned.
            kinds: the kinds that go to these channels and no others.
            wanted: the channels' name, or the one's id; None for none.
        """
        self._channels = channels
        self._outbox = outbox
        self._kinds = kinds
        self._wanted = wanted

    async def ids(self) -> list[int]:
        """Return the channels' ids."""
        found = [channel.id for channel in self._channels.named(self._wanted)]
        if self._wanted is None or self._channels.complete:
            return found
        planned_for = await self._outbox.awaited_by(self._kinds)
        return found + sorted(one for one in planned_for if self._channels.get(one) is None)
