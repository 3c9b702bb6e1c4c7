"""Boards in the database: each that was posted is a delivery of the outbox."""

from bot.board.model import BOARD, Board, boards_of
from bot.delivery.model import Delivery
from bot.delivery.rows import Outbox


class BoardStore:
    """The boards by channel."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    async def boards(self) -> dict[int, Board]:
        """Return what there is of each channel's board, by the channel's id."""
        return boards_of(await self._outbox.of_kind(BOARD))

    async def post(self, delivery: Delivery) -> None:
        """Plan a board that is to be posted; one of the same number that is planned already stays as it is."""
        await self._outbox.put(delivery)

    async def forget(self, key: str) -> None:
        """Forget a board whose message is gone."""
        await self._outbox.forget(key)
