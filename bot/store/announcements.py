"""Announcements in the database, each with its deliveries in the ledger."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.announcements import USEFUL_FOR, Announcement, Status, Wording, status_of
from bot.due import Delivery, Kind, State
from bot.store.database import undisturbed
from bot.store.ledger import Entry, add_deliveries, entry_of
from bot.store.tables import AnnouncementRow, DeliveryRow


@dataclass(frozen=True, slots=True)
class Issue:
    """An announcement with what became of it in each channel."""

    announcement: Announcement
    entries: tuple[Entry, ...]

    @property
    def status(self) -> Status:
        """How far it is as a whole."""
        return status_of(entry.state for entry in self.entries)

    def in_state(self, *states: State) -> list[Entry]:
        """Return those of its deliveries that are in one of some states."""
        return [entry for entry in self.entries if entry.state in states]


class Announcements:
    """The organizers' announcements. What is changed here is changed in the ledger within one transaction."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._reading = engine.execution_options(reading=True)

    @undisturbed
    async def add(self, announcement: Announcement, channels: Sequence[int]) -> Announcement:
        """Keep an announcement and plan its delivery to each channel; return it with its number."""
        values = {
            **asdict(announcement.wording),
            "role": announcement.role,
            "due_at": announcement.due_at,
            "author_id": announcement.author_id,
            "made_at": announcement.made_at,
            "cancelled": False,
        }
        async with self._engine.begin() as connection:
            number = await connection.scalar(insert(AnnouncementRow).values(**values).returning(AnnouncementRow.id))
            added = replace(announcement, id=number or 0)
            await add_deliveries(connection, [_delivery(added, channel) for channel in channels])
        return added

    @undisturbed
    async def get(self, number: int) -> Issue | None:
        """Return an announcement, or None when there is none of that number."""
        async with self._reading.connect() as connection, connection.begin():
            return await _issue(connection, number)

    @undisturbed
    async def latest(self, limit: int = 100) -> list[Issue]:
        """Return announcements, the one that goes or went out last first."""
        statement = select(AnnouncementRow.__table__).order_by(AnnouncementRow.due_at.desc(), AnnouncementRow.id.desc())
        async with self._reading.connect() as connection, connection.begin():
            rows = (await connection.execute(statement.limit(limit))).all()
            entries = await _entries(connection, [row.id for row in rows])
        return [Issue(_announcement(row), tuple(entries.get(row.id, ()))) for row in rows]

    @undisturbed
    async def change(self, number: int, wording: Wording, due_at: datetime) -> bool:
        """Change what an announcement says and when it goes out, unless a courier has taken any of it already."""
        async with self._engine.begin() as connection:
            issue = await _issue(connection, number)
            if issue is None or issue.status is not Status.SCHEDULED:
                return False
            own = AnnouncementRow.id == number
            await connection.execute(update(AnnouncementRow).where(own).values(**asdict(wording), due_at=due_at))
            times = {"starts_at": due_at, "due_at": due_at, "useful_until": due_at + USEFUL_FOR}
            planned = update(DeliveryRow).where(*_of(number), DeliveryRow.state == State.PLANNED.value)
            await connection.execute(planned.values(**times))
            return True

    @undisturbed
    async def cancel(self, number: int) -> Issue | None:
        """Send no more of an announcement than a courier has taken already; return how it is then."""
        async with self._engine.begin() as connection:
            planned = update(DeliveryRow).where(*_of(number), DeliveryRow.state == State.PLANNED.value)
            await connection.execute(planned.values(state=State.CANCELLED.value))
            own = AnnouncementRow.id == number
            await connection.execute(update(AnnouncementRow).where(own).values(cancelled=True))
            return await _issue(connection, number)

    @undisturbed
    async def correct(self, number: int, wording: Wording, now: datetime) -> None:
        """Change what an announcement says after it has gone out; what is still to go out says it too."""
        async with self._engine.begin() as connection:
            own = AnnouncementRow.id == number
            await connection.execute(update(AnnouncementRow).where(own).values(**asdict(wording), corrected_at=now))


def _delivery(announcement: Announcement, channel_id: int) -> Delivery:
    return Delivery(
        key=f"{Kind.ANNOUNCEMENT}:{announcement.id}:{channel_id}",
        target_id=channel_id,
        subject=str(announcement.id),
        starts_at=announcement.due_at,
        due_at=announcement.due_at,
        useful_until=announcement.due_at + USEFUL_FOR,
        kind=Kind.ANNOUNCEMENT,
    )


def _of(*numbers: int) -> tuple[ColumnElement[bool], ...]:
    return DeliveryRow.kind == Kind.ANNOUNCEMENT.value, DeliveryRow.subject.in_([str(number) for number in numbers])


async def _issue(connection: AsyncConnection, number: int) -> Issue | None:
    statement = select(AnnouncementRow.__table__).where(AnnouncementRow.id == number)
    row = (await connection.execute(statement)).one_or_none()
    if row is None:
        return None
    return Issue(_announcement(row), tuple((await _entries(connection, [number])).get(number, ())))


async def _entries(connection: AsyncConnection, numbers: Sequence[int]) -> dict[int, list[Entry]]:
    statement = select(DeliveryRow.__table__).where(*_of(*numbers)).order_by(DeliveryRow.key)
    found: dict[int, list[Entry]] = {}
    for row in await connection.execute(statement):
        found.setdefault(int(row.subject), []).append(entry_of(row))
    return found


def _announcement(row: Row[tuple[object, ...]]) -> Announcement:
    wording = Wording(row.title, row.text, row.link, row.image)
    return Announcement(
        row.id, wording, row.role, row.due_at, row.author_id, row.made_at, row.corrected_at, row.cancelled
    )
