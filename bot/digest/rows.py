"""Wishes for digests in the database, and what they tell of."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Final, TypeAlias

from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.delivery.model import State
from bot.digest.model import DIGEST, DigestWish
from bot.programme.news import Bulletin
from bot.store.engine import Database, undisturbed
from bot.store.tables import ChangeRow, DeliveryRow, DigestWishRow
from bot.store.together import Together

_HOUR: Final = 60

_WISH = upsert(DigestWishRow)
_WISH = _WISH.on_conflict_do_update(
    index_elements=["user_id"],
    set_={name: _WISH.excluded[name] for name in ("minutes", "since", "unreachable", "told")},
)
_UNWISH = delete(DigestWishRow).where(DigestWishRow.user_id == bindparam("whose"))

_Change: TypeAlias = tuple[int, DigestWish | None]
"""Whose wish it is, and what they want now."""


class DigestStore:
    """Keeps who wants digests."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._changes = Together(database, _keep)

    @undisturbed
    async def wishes(self) -> dict[int, DigestWish]:
        """Return who wants digests, by Discord's id."""
        async with self._database.read() as connection:
            rows = await connection.execute(select(DigestWishRow.__table__))
            return {
                row.user_id: DigestWish(time(*divmod(row.minutes, _HOUR)), row.since, row.unreachable, row.told)
                for row in rows
            }

    async def set_wish(self, user_id: int, wish: DigestWish | None) -> None:
        """Keep somebody's wish, or delete it, together with those of others."""
        await self._changes.write((user_id, wish))

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


def _keep(connection: Connection, changes: Sequence[_Change]) -> None:
    if wished := [_row(user_id, wish) for user_id, wish in changes if wish]:
        connection.execute(_WISH, wished)
    if ended := [{"whose": user_id} for user_id, wish in changes if wish is None]:
        connection.execute(_UNWISH, ended)


def _row(user_id: int, wish: DigestWish) -> dict[str, object]:
    return {
        "user_id": user_id,
        "minutes": wish.at.hour * _HOUR + wish.at.minute,
        "since": wish.since,
        "unreachable": wish.unreachable,
        "told": wish.told,
    }
