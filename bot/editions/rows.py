"""The versions of the programme, and the corrections laid over whichever is in use.

A version is written once. Everything that changes what people see is one transaction: see `Revision`.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import Select, bindparam, delete, func, insert, or_, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.editions.model import KeptCorrection, NewVersion, Revision, Version, VersionNote
from bot.editions.source_rows import TABLES, Assembly, Same, rows_of, same_rows
from bot.programme.corrections import Correctable, Correction
from bot.programme.model import Programme
from bot.programme.source import Source
from bot.store.audit import write_entry
from bot.store.engine import Database, undisturbed
from bot.store.tables import (
    AppearanceRow,
    Base,
    ChangeRow,
    ContributionRow,
    CorrectionRow,
    CreditRow,
    CurrentRow,
    ProblemRow,
    SessionRow,
    VersionRow,
)

_CHUNK = 2_000
"""How many rows are written or read without letting others go on in between."""


def _select(table: type[Base]) -> Select[Any]:
    columns = table.__table__.c
    order = table.__table__.primary_key if columns.position.primary_key else (columns.position,)
    return select(table.__table__).where(columns.version_id == bindparam("version")).order_by(*order)


# Made once: making them takes a tenth of the time in which a small version is written or read.
_SELECT = {table: _select(table) for table in TABLES}
_SHOWN_IN = select(AppearanceRow.session_key).where(
    AppearanceRow.version_id == bindparam("version"), AppearanceRow.paper_key == bindparam("key")
)
_READ: Final = (SessionRow, CreditRow, ContributionRow, AppearanceRow, ProblemRow)
"""The order in which an `Assembly` takes them."""

_PART: Final[Mapping[Correctable, Mapping[type[Base], Select[Any]]]] = {
    "session": {SessionRow: _SELECT[SessionRow].where(SessionRow.key == bindparam("key"))},
    "paper": {
        SessionRow: _SELECT[SessionRow].where(SessionRow.key.in_(_SHOWN_IN)),
        ContributionRow: _SELECT[ContributionRow].where(ContributionRow.key == bindparam("key")),
        CreditRow: _SELECT[CreditRow].where(CreditRow.paper_key == bindparam("key")),
        AppearanceRow: _SELECT[AppearanceRow].where(AppearanceRow.paper_key == bindparam("key")),
    },
}
"""What is read of a single paper or session."""

# For rows as the file keeps them: SQLAlchemy would go through each value, and hold others up meanwhile.
_INSERT = {table: str(insert(table).compile(dialect=sqlite.dialect())) for table in TABLES}


def _copying(table: type[Base], key: str) -> str:
    others = ", ".join(name for name in table.__table__.c.keys() if name != "version_id")  # noqa: SIM118 - no dict
    return (
        f"INSERT INTO {table.__tablename__} (version_id, {others}) SELECT ?, {others} FROM {table.__tablename__} "  # noqa: S608 - names of columns
        f"WHERE version_id = ? AND {key} NOT IN (SELECT value FROM json_each(?))"
    )


_COPY: Final[Mapping[type[Base], str]] = {
    SessionRow: _copying(SessionRow, "key"),
    ContributionRow: _copying(ContributionRow, "key"),
    CreditRow: _copying(CreditRow, "paper_key"),
    AppearanceRow: _copying(AppearanceRow, "session_key"),
}
"""What copies a version's rows of a table into another version, but those of some things."""


class EditionStore:
    """Reads and writes the versions and the corrections."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @undisturbed
    async def current_note(self) -> VersionNote | None:
        """Return what is written down about the version in use, or None before the first load."""
        async with self._database.read() as connection:
            in_use = select(CurrentRow.version_id).scalar_subquery()
            row = (await connection.execute(select(VersionRow.__table__).where(VersionRow.id == in_use))).one_or_none()
            return VersionNote(*row) if row else None

    @undisturbed
    async def part(self, note: VersionNote, about: Correctable, key: str) -> Source:
        """Return a version with nothing in it but a paper and the sessions it is shown in, or a session alone."""
        async with self._database.read() as connection:
            assembly = Assembly()
            for table in _READ:
                if (statement := _PART[about].get(table)) is not None:
                    rows = await connection.execute(statement, {"version": note.id, "key": key})
                    assembly.add(table, rows)
            return assembly.source(note.format)

    @undisturbed
    async def get(self, number: int, programme: Programme | None = None) -> Version | None:
        """Return a version with everything in it, or None when there is none of this number.

        Args:
            number: which one.
            programme: what was made of it or of one like it, whose texts need not be in memory twice.
        """
        async with self._database.read() as connection:
            row = (await connection.execute(select(VersionRow.__table__).where(VersionRow.id == number))).one_or_none()
            if row is None:
                return None
            assembly = Assembly(programme)
            for table in _READ:
                # A part at a time: others go on in between.
                rows = await connection.stream(_SELECT[table], {"version": row.id})
                async for part in rows.partitions(_CHUNK):
                    await asyncio.to_thread(assembly.add, table, part)
            return Version(VersionNote(*row), await asyncio.to_thread(assembly.source, row.format))

    @undisturbed
    async def before(self) -> int | None:
        """Return the number of the version that was in use before the present one, if there was one."""
        async with self._database.read() as connection:
            number: int | None = await connection.scalar(select(CurrentRow.before_id))
            return number

    @undisturbed
    async def history(self, limit: int = 100) -> list[VersionNote]:
        """Return what is written down about the versions, the latest first."""
        async with self._database.read() as connection:
            statement = select(VersionRow.__table__).order_by(VersionRow.id.desc()).limit(limit)
            return [VersionNote(*row) for row in await connection.execute(statement)]

    @undisturbed
    async def latest_configured(self, name: str) -> VersionNote | None:
        """Return what is written down about the last version that came from the configured source, in use or not.

        Args:
            name: what the history calls the source that is configured now; another one may have been loaded at a
                start since.
        """
        async with self._database.read() as connection:
            configured = or_(VersionRow.source_name == name, VersionRow.loaded_by.is_(None))
            statement = select(VersionRow.__table__).where(configured).order_by(VersionRow.id.desc()).limit(1)
            row = (await connection.execute(statement)).one_or_none()
            return VersionNote(*row) if row else None

    @undisturbed
    async def names_of_keys(self) -> dict[str, str]:
        """Return every key that any version gave, with the last title or name of what it was given to."""
        names: dict[str, str] = {}
        async with self._database.read() as connection:
            for key, name, version in (
                (SessionRow.key, SessionRow.name, SessionRow.version_id),
                (ContributionRow.key, ContributionRow.title, ContributionRow.version_id),
            ):
                latest = select(key, func.coalesce(name, ""), func.max(version)).group_by(key)
                async for part in (await connection.stream(latest)).partitions(_CHUNK):
                    names |= {row[0]: row[1] for row in part}
        return names

    @undisturbed
    async def corrections(self) -> list[KeptCorrection]:
        """Return the corrections, the oldest first."""
        async with self._database.read() as connection:
            table = CorrectionRow.__table__
            rows = await connection.execute(select(table).order_by(CorrectionRow.made_at, *table.primary_key))
            return [
                KeptCorrection(Correction(about, key, field, value, was), made_by, made_at)
                for about, key, field, value, was, made_by, made_at in rows
            ]

    @undisturbed
    async def revise(self, revision: Revision) -> int | None:
        """Write a revision, all or nothing; return the number of the version in use from now on."""
        async with self._database.write() as connection:
            number = revision.back_to
            if revision.version:
                number = await _write_version(connection, revision.version, revision.at)
            if number is not None:
                await _use(connection, number)
            for about, key, field in revision.drop:
                mine = (CorrectionRow.about == about, CorrectionRow.key == key, CorrectionRow.field == field)
                await connection.execute(delete(CorrectionRow).where(*mine))
            for kept in revision.keep:
                row = upsert(CorrectionRow).values(
                    **{name: getattr(kept.correction, name) for name in ("about", "key", "field", "value", "was")},
                    made_by=kept.made_by,
                    made_at=kept.made_at,
                )
                changed = {name: row.excluded[name] for name in ("value", "was", "made_by", "made_at")}
                await connection.execute(
                    row.on_conflict_do_update(index_elements=["about", "key", "field"], set_=changed)
                )
            if revision.news:
                change = insert(ChangeRow).values(made_at=revision.at, news=revision.news, planned=False)
                await connection.execute(change)
            number = number or await connection.scalar(select(CurrentRow.version_id))
            if revision.record:
                await write_entry(connection, revision.record(number))
            return number


async def _write_version(connection: AsyncConnection, new: NewVersion, at: datetime) -> int:
    result = await connection.execute(
        insert(VersionRow)
        .values(
            loaded_at=at,
            source_name=new.name,
            digest=new.digest,
            format=new.source.format,
            loaded_by=new.loaded_by,
            summary=new.summary,
        )
        .returning(VersionRow.id)
    )
    number: int = result.scalar_one()
    same = Same()
    if new.like:
        same = await asyncio.to_thread(same_rows, new.source, new.like[1])
    for table, rows in (await asyncio.to_thread(rows_of, new.source, number, same)).items():
        if new.like:
            await _copy_same(connection, table, number, *new.like, same)
        for start in range(0, len(rows), _CHUNK):
            await connection.exec_driver_sql(_INSERT[table], rows[start : start + _CHUNK])
    return number


async def _copy_same(
    connection: AsyncConnection, table: type[Base], number: int, like: int, source: Source, same: Same
) -> None:
    """Copy the rows of what is the same in an earlier version, which the file does by itself."""
    if table not in _COPY:
        return
    of_papers = table in (ContributionRow, CreditRow)
    things = source.papers if of_papers else source.sessions
    left_out = [thing.key for thing in things if thing.key not in (same.papers if of_papers else same.sessions)]
    if len(left_out) < len(things):
        await connection.exec_driver_sql(_COPY[table], (number, like, msgspec.json.encode(left_out).decode()))


async def _use(connection: AsyncConnection, number: int) -> None:
    """Point at a version, and remember at which one before."""
    before = await connection.scalar(select(CurrentRow.version_id))
    pointer = upsert(CurrentRow).values(id=1, version_id=number, before_id=before)
    await connection.execute(
        pointer.on_conflict_do_update(index_elements=["id"], set_={"version_id": number, "before_id": before})
    )
