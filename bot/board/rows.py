"""Boards in the database: each that was posted is a delivery of the outbox."""

from sqlalchemy import delete

from bot.board.model import BOARD, Board, boards_of
from bot.delivery.model import Delivery
from bot.delivery.rows import Outbox
from bot.store.engine import Database, undisturbed
from bot.store.tables import DeliveryRow


class BoardStore:
    """The boards by channel."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._database = database
        self._outbox = outbox

    async def boards(self) -> dict[int, Board]:
        """Return what there is of each channel's board, by the channel's id."""
        return boards_of(await self._outbox.of_kind(BOARD))

    @undisturbed
    async def post(self, delivery: Delivery) -> None:
        """Plan a board that is to be posted; one of the same number that is planned already stays as it is."""
        async with self._database.write() as connection:
            await self._outbox.add(connection, [delivery])

    @undisturbed
    async def forget(self, key: str) -> None:
        """Forget a board whose message is gone."""
        async with self._database.write() as connection:
            await connection.execute(delete(DeliveryRow).where(DeliveryRow.key == key))
