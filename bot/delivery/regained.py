"""What was refused for a permission is tried again when the bot has the permission."""

import logging

from bot.clock import Clock
from bot.connection.servers import is_shown
from bot.delivery.channels import Channels
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.rows import Outbox
from bot.permissions import missing_permissions

log = logging.getLogger(__name__)


class RegainedPermissions:
    """Takes up what waits, when what the bot may do has changed."""

    def __init__(self, outbox: Outbox, channels: Channels, dispatcher: Dispatcher, clock: Clock) -> None:
        self._outbox = outbox
        self._channels = channels
        self._dispatcher = dispatcher
        self._clock = clock

    async def take_up(self) -> None:
        """Have everything sent that was refused, still helps, and goes to where the bot may write now."""
        now = self._clock.now()
        open_again = [one for one in await self._outbox.awaiting_permission(now) if self._may_write_to(one)]
        if not open_again:
            return
        log.info("the bot may write to %s again; what was refused there is tried again", open_again)
        await self._outbox.take_up(open_again, now)
        self._dispatcher.wake()

    def _may_write_to(self, channel_id: int) -> bool:
        channel = self._channels.place(channel_id)
        return channel is not None and is_shown(channel.guild) and not missing_permissions(channel)
