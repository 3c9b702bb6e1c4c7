"""Troubles that are not over yet, so that the organizers hear of each once, whatever is restarted in between."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.engine import Database, undisturbed
from bot.store.tables import NoticeRow


@dataclass(frozen=True, slots=True)
class Notice:
    """A trouble that is not over yet.

    Attributes:
        since: since when it is known, in UTC.
        told: whether the organizers were told.
    """

    since: datetime
    told: bool


async def claim(connection: AsyncConnection, about: str, now: datetime) -> bool:
    """Note a trouble, within somebody else's transaction; tell whether whoever asks is the one to tell of it.

    Whoever can't, after all, has to `release` it.
    """
    new = upsert(NoticeRow).values(about=about, since=now, told=True)
    untold = NoticeRow.told.is_(False)
    claimed = new.on_conflict_do_update(index_elements=["about"], set_={"told": True}, where=untold)
    return bool((await connection.execute(claimed.returning(NoticeRow.about))).all())


async def release(connection: AsyncConnection, about: str) -> None:
    """Note that nobody could be told, within somebody else's transaction, so that somebody tries again."""
    await connection.execute(update(NoticeRow).where(NoticeRow.about == about).values(told=False))


async def forget(connection: AsyncConnection, about: str) -> None:
    """Forget a trouble that is over, within somebody else's transaction."""
    await connection.execute(delete(NoticeRow).where(NoticeRow.about == about))


class Notices:
    """The troubles by what they are about."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @undisturbed
    async def get(self, about: str) -> Notice | None:
        """Return a trouble, None where there is none."""
        asked = select(NoticeRow.since, NoticeRow.told).where(NoticeRow.about == about)
        async with self._database.read() as connection:
            row = (await connection.execute(asked)).one_or_none()
        return Notice(*row) if row else None

    @undisturbed
    async def claim(self, about: str, now: datetime) -> bool:
        """Note a trouble; tell whether whoever asks is the one to tell of it."""
        async with self._database.write() as connection:
            return await claim(connection, about, now)

    @undisturbed
    async def release(self, about: str) -> None:
        """Note that nobody could be told, so that somebody tries again."""
        async with self._database.write() as connection:
            await release(connection, about)

    @undisturbed
    async def forget(self, about: str) -> None:
        """Forget a trouble that is over."""
        async with self._database.write() as connection:
            await forget(connection, about)
