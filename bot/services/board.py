"""Builds the message in a channel that says what is on and what comes next."""

from bot.board.messages import BoardWriter
from bot.board.model import BOARD
from bot.board.rows import BoardStore
from bot.board.service import BoardService
from bot.services.part import Part
from bot.services.shared import Shared


class BoardPart(Part):
    """The boards."""

    def __init__(self, shared: Shared) -> None:
        writer = BoardWriter(shared.library, shared.clock, shared.zone)
        shared.sends((BOARD,), writer)
        self.service = BoardService(
            BoardStore(shared.outbox),
            writer,
            shared.library,
            shared.channels,
            shared.dispatcher,
            shared.background,
            shared.clock,
            shared.zone,
            shared.config.board.channels,
        )

    def begin(self) -> None:
        """Keep the boards."""
        self.service.open()

    def programme_changed(self) -> None:
        """Bring the boards up to date."""
        self.service.ask()

    def channels_changed(self) -> None:
        """Take up channels that have come."""
        self.service.ask()

    def joined(self) -> None:
        """Take up the channels of a new server."""
        self.service.ask()

    async def stop(self) -> None:
        """Keep the boards no more."""
        await self.service.close()
