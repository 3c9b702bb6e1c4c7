"""The announcements in the database, with their deliveries in the outbox; both change in one transaction."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import RowMapping, Update, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.announcing.model import ANNOUNCEMENT, USEFUL_FOR, Announcement, Status
from bot.delivery.model import Delivery, State
from bot.delivery.rows import Outbox
from bot.store.audit import AuditEntry, write_entry
from bot.store.engine import Database, undisturbed
from bot.store.tables import AnnouncementRow, CorrectionUnderwayRow, DeliveryRow


class AnnouncementStore:
    """The announcements by number, each with how far it is."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._database = database
        self._outbox = outbox

    @undisturbed
    async def add(self, announcement: Announcement, channels: Sequence[int], record: AuditEntry) -> int:
        """Keep an announcement, plan its delivery to each channel, record it, and return its number."""
        values = {
            **_said(announcement),
            "role": announcement.role,
            "due_at": announcement.due_at,
            "author_id": announcement.author_id,
            "made_at": announcement.made_at,
            "cancelled": False,
        }
        async with self._database.write() as connection:
            added = await connection.execute(insert(AnnouncementRow).values(values).returning(AnnouncementRow.id))
            number = added.scalar_one()
            await self._outbox.add(connection, [_delivery(number, announcement.due_at, one) for one in channels])
            await write_entry(connection, record)
        return number

    @undisturbed
    async def get(self, number: int) -> Announcement | None:
        """Return an announcement, or None when there is none of that number."""
        async with self._database.read() as connection:
            return await self._get(connection, number)

    @undisturbed
    async def latest(self, limit: int = 100) -> list[Announcement]:
        """Return announcements, the one that goes or went out last first."""
        latest_first = (AnnouncementRow.due_at.desc(), AnnouncementRow.id.desc())
        statement = select(AnnouncementRow.__table__).order_by(*latest_first).limit(limit)
        async with self._database.read() as connection:
            return await self._with_deliveries(connection, (await connection.execute(statement)).mappings().all())

    @undisturbed
    async def change(self, announcement: Announcement, channels: Sequence[int], record: AuditEntry) -> bool:
        """Change what an announcement says, when and where it goes out, unless any of it was taken to be sent."""
        number, due_at = announcement.id, announcement.due_at
        times = {"starts_at": due_at, "due_at": due_at, "useful_until": due_at + USEFUL_FOR}
        async with self._database.write() as connection:
            before = await self._get(connection, number)
            if before is None or before.status is not Status.SCHEDULED:
                return False
            changed = _row(number).values(**_said(announcement), role=announcement.role, due_at=due_at)
            await connection.execute(changed)
            await connection.execute(_planned(number).values(times))
            known = {entry.delivery.target_id for entry in before.deliveries}
            dropped = (DeliveryRow.kind == ANNOUNCEMENT.name, DeliveryRow.subject == str(number))
            await connection.execute(
                delete(DeliveryRow).where(
                    *dropped, DeliveryRow.state == State.PLANNED, DeliveryRow.target_id.not_in(channels)
                )
            )
            await self._outbox.add(connection, [_delivery(number, due_at, one) for one in channels if one not in known])
            await write_entry(connection, record)
            return True

    @undisturbed
    async def cancel(self, number: int, record: AuditEntry) -> Announcement | None:
        """Send no more of an announcement than was taken to be sent already; return how it is then."""
        async with self._database.write() as connection:
            await connection.execute(_planned(number).values(state=State.CANCELLED))
            await connection.execute(_deliveries(number).values(awaits_permission=False))
            await connection.execute(_row(number).values(cancelled=True))
            after = await self._get(connection, number)
            if after:
                await write_entry(connection, record)
            return after

    @undisturbed
    async def correct(self, announcement: Announcement, record: AuditEntry) -> None:
        """Change what an announcement says after it has gone out; what is still to go out says it too.

        It is underway until `end_correction`.
        """
        corrected = _row(announcement.id).values(**_said(announcement), corrected_at=announcement.corrected_at)
        underway = upsert(CorrectionUnderwayRow).values(
            announcement_id=announcement.id, corrected_at=announcement.corrected_at
        )
        newer = underway.on_conflict_do_update(
            index_elements=["announcement_id"], set_={"corrected_at": announcement.corrected_at}
        )
        async with self._database.write() as connection:
            await connection.execute(corrected)
            await connection.execute(newer)
            await write_entry(connection, record)

    @undisturbed
    async def underway(self) -> list[int]:
        """Return the numbers of the announcements whose messages may not say yet what they were corrected to."""
        async with self._database.read() as connection:
            statement = select(CorrectionUnderwayRow.announcement_id).order_by(CorrectionUnderwayRow.announcement_id)
            return list((await connection.execute(statement)).scalars())

    @undisturbed
    async def end_correction(self, announcement: Announcement) -> None:
        """Write down that the messages of an announcement say what it says; a newer correction stays underway."""
        row = CorrectionUnderwayRow
        done = (row.announcement_id == announcement.id, row.corrected_at == announcement.corrected_at)
        async with self._database.write() as connection:
            await connection.execute(delete(row).where(*done))

    async def _get(self, connection: AsyncConnection, number: int) -> Announcement | None:
        statement = select(AnnouncementRow.__table__).where(AnnouncementRow.id == number)
        found = await self._with_deliveries(connection, (await connection.execute(statement)).mappings().all())
        return found[0] if found else None

    async def _with_deliveries(self, connection: AsyncConnection, rows: Sequence[RowMapping]) -> list[Announcement]:
        entries = await self._outbox.entries_about(connection, ANNOUNCEMENT, [str(row["id"]) for row in rows])
        return [Announcement(**row, deliveries=tuple(entries.get(str(row["id"]), ()))) for row in rows]


def _said(announcement: Announcement) -> dict[str, str | None]:
    return {name: getattr(announcement, name) for name in ("title", "text", "link", "image")}


def _delivery(number: int, due_at: datetime, channel_id: int) -> Delivery:
    return Delivery(
        key=f"{ANNOUNCEMENT.name}:{number}:{channel_id}",
        target_id=channel_id,
        subject=str(number),
        starts_at=due_at,
        due_at=due_at,
        useful_until=due_at + USEFUL_FOR,
        kind=ANNOUNCEMENT,
    )


def _row(number: int) -> Update:
    return update(AnnouncementRow).where(AnnouncementRow.id == number)


def _deliveries(number: int) -> Update:
    return update(DeliveryRow).where(DeliveryRow.kind == ANNOUNCEMENT.name, DeliveryRow.subject == str(number))


def _planned(number: int) -> Update:
    return _deliveries(number).where(DeliveryRow.state == State.PLANNED)
