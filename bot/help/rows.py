"""The servers that the bot has introduced itself to, in the database."""

from datetime import datetime

from sqlalchemy.dialects.sqlite import insert as upsert

from bot.store.engine import Database, undisturbed
from bot.store.tables import IntroductionRow


class IntroductionStore:
    """Remembers where the bot has introduced itself."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @undisturbed
    async def note(self, server_id: int, now: datetime) -> bool:
        """Remember an introduction; tell whether it is the first one there."""
        async with self._database.write() as connection:
            row = upsert(IntroductionRow).values(server_id=server_id, made_at=now)
            return bool((await connection.execute(row.on_conflict_do_nothing())).rowcount)
