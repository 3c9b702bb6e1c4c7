"""News in the database: kept with the change of the programme, planned once, and told together where that is due."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.orm import aliased

from bot.delivery.model import Batch, Delivery, State
from bot.delivery.rows import Outbox
from bot.news.model import DIRECT_NEWS, NEWS, News
from bot.programme.news import Bulletin
from bot.store.engine import Database, undisturbed
from bot.store.tables import ChangeRow, DeliveryRow

_AFTER = timedelta(seconds=5)
"""How much later at least news is due that waits for what is under way."""


class NewsStore:
    """The news, and who is to hear them."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._database = database
        self._outbox = outbox

    @undisturbed
    async def news(self, numbers: Sequence[int]) -> list[News]:
        """Return the news kept under some numbers, the oldest first."""
        return await self._news(ChangeRow.id.in_(numbers))

    @undisturbed
    async def unplanned(self) -> list[News]:
        """Return the news of which nobody has planned yet who is to hear them, the oldest first."""
        return await self._news(ChangeRow.planned.is_(False))

    @undisturbed
    async def plan(self, number: int, deliveries: Sequence[Delivery]) -> None:
        """Write down who is to hear news; whatever happens, once.

        Who is still to hear earlier ones hears these with them.
        """
        fresh = update(ChangeRow).where(ChangeRow.id == number, ChangeRow.planned.is_(False)).values(planned=True)
        async with self._database.write() as connection:
            if not (await connection.execute(fresh)).rowcount:
                return
            await self._outbox.add(connection, deliveries)
            for kind in (NEWS, DIRECT_NEWS):
                planned = (DeliveryRow.kind == kind.name, DeliveryRow.state == State.PLANNED)
                other = aliased(DeliveryRow)
                mine = (other.target_id == DeliveryRow.target_id, other.kind == kind.name)
                first = select(func.min(other.due_at)).where(*mine, other.state == State.PLANNED)
                await connection.execute(update(DeliveryRow).where(*planned).values(due_at=first.scalar_subquery()))

    @undisturbed
    async def regroup(self, batch: Batch, now: datetime) -> bool:
        """Give back a batch of which nothing was sent if there is more news for its target; tell whether there is.

        What is only planned is then due together with it. What may have been sent already is waited for.
        """
        target = (DeliveryRow.target_id == batch.target_id, DeliveryRow.kind == batch.kind.name)
        planned = and_(*target, DeliveryRow.state == State.PLANNED)
        claimed = and_(*target, DeliveryRow.state == State.CLAIMED)
        mine = and_(claimed, DeliveryRow.batch == batch.token, DeliveryRow.attempts == batch.attempts)
        async with self._database.write() as connection:
            under_way = select(func.max(DeliveryRow.claimed_until)).where(claimed, DeliveryRow.batch != batch.token)
            until = await connection.scalar(under_way)
            if until is None and not await connection.scalar(select(exists().where(planned))):
                return False
            together = mine if until else or_(mine, planned)
            # Where the other one's lease is over, that must come first: what was never tried is taken again at once.
            due_at = max(until, now + _AFTER) if until else now
            anew = {"state": State.PLANNED, "batch": None, "attempts": 0, "due_at": due_at}
            await connection.execute(update(DeliveryRow).where(together).values(anew))
            return True

    @undisturbed
    async def _news(self, condition: ColumnElement[bool]) -> list[News]:
        columns = (ChangeRow.id, ChangeRow.made_at, ChangeRow.news)
        async with self._database.read() as connection:
            rows = await connection.execute(select(*columns).where(condition).order_by(ChangeRow.id))
            return [News(number, made_at, Bulletin.parse(text)) for number, made_at, text in rows]
