"""The ignored changes of the source, in the database."""

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.store.audit import AuditEntry, write_entry
from bot.store.engine import Database, undisturbed
from bot.store.tables import IgnoredChangeRow


class IgnoredChanges:
    """Remembers which changes of the source moderators chose to ignore, by the fingerprint of what it says."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @undisturbed
    async def add(self, fingerprint: str, record: AuditEntry) -> None:
        """Remember one, and record who ignores it."""
        row = upsert(IgnoredChangeRow).values(fingerprint=fingerprint, ignored_by=record.user_id, ignored_at=record.at)
        async with self._database.write() as connection:
            await connection.execute(row.on_conflict_do_nothing())
            await write_entry(connection, record)

    @undisturbed
    async def has(self, fingerprint: str) -> bool:
        """Tell whether it is one of them."""
        asked = select(IgnoredChangeRow.fingerprint).where(IgnoredChangeRow.fingerprint == fingerprint)
        async with self._database.read() as connection:
            return await connection.scalar(asked) is not None
