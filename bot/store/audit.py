"""The record of what organizers and moderators changed."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import AuditRow


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Something that an organizer or a moderator changed; `bot.admin.audit` has what the parts mean."""

    at: datetime
    user_id: int
    action: str
    about: str
    before: str | None = None
    after: str | None = None


async def write_entry(connection: AsyncConnection, entry: AuditEntry) -> None:
    """Keep an entry for ever, within the transaction that makes the change."""
    await connection.execute(insert(AuditRow).values(**asdict(entry)))
