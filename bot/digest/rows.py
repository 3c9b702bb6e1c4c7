"""Wishes for digests in the database, and what they tell of."""

from datetime import datetime, time
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.delivery.model import State
from bot.digest.model import DIGEST, DigestWish
from bot.programme.news import Bulletin
from bot.store.engine import Database, undisturbed
from bot.store.tables import ChangeRow, DeliveryRow, DigestWishRow

_HOUR: Final = 60


class DigestStore:
    """Keeps who wants digests."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @undisturbed
    async def wishes(self) -> dict[int, DigestWish]:
        """Return who wants digests, by Discord's id."""
        async with self._database.read() as connection:
            rows = await connection.execute(select(DigestWishRow.__table__))
            return {
                row.user_id: DigestWish(time(*divmod(row.minutes, _HOUR)), row.since, row.unreachable, row.told)
                for row in rows
            }

    @undisturbed
    async def set_wish(self, user_id: int, wish: DigestWish | None) -> None:
        """Keep somebody's wish, or delete it."""
        async with self._database.write() as connection:
            if wish is None:
                await connection.execute(delete(DigestWishRow).where(DigestWishRow.user_id == user_id))
                return
            values = {
                "minutes": wish.at.hour * _HOUR + wish.at.minute,
                "since": wish.since,
                "unreachable": wish.unreachable,
                "told": wish.told,
            }
            row = upsert(DigestWishRow).values(user_id=user_id, **values)
            await connection.execute(row.on_conflict_do_update(index_elements=["user_id"], set_=values))

    @undisturbed
    async def last_written(self, user_id: int) -> datetime | None:
        """Return when somebody's last digest was taken to be sent, before it was written."""
        sent = (DeliveryRow.kind == DIGEST.name, DeliveryRow.target_id == user_id, DeliveryRow.state == State.SENT)
        async with self._database.read() as connection:
            asked = select(DeliveryRow.claimed_at).where(*sent).order_by(DeliveryRow.claimed_at.desc()).limit(1)
            return await connection.scalar(asked)

    @undisturbed
    async def bulletins_since(self, moment: datetime) -> list[Bulletin]:
        """Return what has changed in the programme since a moment, the oldest first."""
        asked = select(ChangeRow.news).where(ChangeRow.made_at >= moment).order_by(ChangeRow.id)
        async with self._database.read() as connection:
            return [Bulletin.parse(text) for text in await connection.scalars(asked)]
