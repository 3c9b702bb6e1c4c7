"""The record of changes in the database."""

from dataclasses import fields

from sqlalchemy import select

from bot.store.audit import AuditEntry
from bot.store.engine import Database, undisturbed
from bot.store.tables import AuditRow


class AuditStore:
    """Reads what was changed; it is written by whoever changes something, in the same transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @undisturbed
    async def latest(self, limit: int = 1_000) -> list[AuditEntry]:
        """Return what was changed, the latest first."""
        columns = (getattr(AuditRow, part.name) for part in fields(AuditEntry))
        async with self._database.read() as connection:
            rows = await connection.execute(select(*columns).order_by(AuditRow.id.desc()).limit(limit))
            return [AuditEntry(*row) for row in rows]
