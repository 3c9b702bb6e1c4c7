"""The versions of the programme, and the corrections laid over whichever is in use.

A version is written once. Everything that changes what people see is one transaction: see `Revision`.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import BindParameter, ColumnElement, ScalarSelect, Select, bindparam, delete, func, insert, or_, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.editions.model import (
    KeptCorrection,
    NewVersion,
    Revision,
    Step,
    StepKind,
    Touched,
    Version,
    VersionNote,
    key_of,
)
from bot.editions.source_rows import TABLES, WHOLE, Assembly, Basis, Keys, basis_of, rows_of
from bot.editions.step_rows import read_touched, written_touched
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
    DepartureRow,
    ProblemRow,
    SessionRow,
    StepRow,
    VersionRow,
)

_CHUNK = 2_000
"""How many rows are written or read without letting others go on in between."""

_VERSION: Final[BindParameter[int]] = bindparam("version")
_BASE = select(VersionRow.base_id).where(VersionRow.id == _VERSION).scalar_subquery()
_PAPERS, _SESSIONS = (
    select(DepartureRow.key).where(DepartureRow.version_id == _VERSION, DepartureRow.about == about)
    for about in ("paper", "session")
)
_FROM_BASE: Final[Mapping[type[Base], ColumnElement[bool]]] = {
    SessionRow: SessionRow.key.not_in(_SESSIONS),
    ContributionRow: ContributionRow.key.not_in(_PAPERS),
    CreditRow: CreditRow.paper_key.not_in(_PAPERS),
    AppearanceRow: AppearanceRow.session_key.not_in(_SESSIONS),
}
"""Which of the base's rows are part of a version."""


def _part_of_version(table: type[Base]) -> ColumnElement[bool]:
    number = table.__table__.c.version_id
    own: ColumnElement[bool] = number == _VERSION
    return number.in_([_VERSION, _BASE]) & (own | _FROM_BASE[table]) if table in _FROM_BASE else own


def _select(table: type[Base]) -> Select[Any]:
    columns = table.__table__.c
    order = table.__table__.primary_key if columns.position.primary_key else (columns.position,)
    return select(table.__table__).where(_part_of_version(table)).order_by(*order)


_READ: Final = (SessionRow, CreditRow, ContributionRow, AppearanceRow, ProblemRow)
"""The order in which an `Assembly` takes them."""

# Made once: making them takes a tenth of the time in which a small version is written or read.
_SELECT = {table: _select(table) for table in _READ}
_SHOWN_IN = select(AppearanceRow.session_key).where(
    _part_of_version(AppearanceRow), AppearanceRow.paper_key == bindparam("key")
)
_NOTE = select(*(VersionRow.__table__.c[field.name] for field in fields(VersionNote)))

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

_KEYS: Final = msgspec.json.Decoder(frozenset[str])

# For rows as the file keeps them: SQLAlchemy would go through each value, and hold others up meanwhile.
_INSERT = {table: str(insert(table).compile(dialect=sqlite.dialect())) for table in TABLES}


def _departures(about: Correctable) -> ScalarSelect[Any]:
    mine = (DepartureRow.version_id == VersionRow.id, DepartureRow.about == about)
    return select(func.json_group_array(DepartureRow.key)).where(*mine).scalar_subquery()


_EARLIER = select(func.coalesce(VersionRow.base_id, VersionRow.id), _departures("paper"), _departures("session")).where(
    VersionRow.id == _VERSION
)
"""What must be known of a version to write another one after it."""


def _last(row: type[ContributionRow] | type[SessionRow], about: Correctable) -> ColumnElement[int]:
    """Return the number of the last version that a row is part of."""
    departs = (DepartureRow.version_id == VersionRow.id, DepartureRow.about == about, DepartureRow.key == row.key)
    held = ~select(DepartureRow.key).where(*departs).correlate(VersionRow, row).exists()
    based = select(VersionRow.id).where(VersionRow.base_id == row.version_id, held).order_by(VersionRow.id.desc())
    return func.coalesce(based.limit(1).scalar_subquery(), row.version_id)


_NAMES: Final = (
    select(SessionRow.key, SessionRow.name, func.max(_last(SessionRow, "session"))).group_by(SessionRow.key),
    select(
        ContributionRow.key, func.coalesce(ContributionRow.title, ""), func.max(_last(ContributionRow, "paper"))
    ).group_by(ContributionRow.key),
)


class EditionStore:
    """Reads and writes the versions and the corrections."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @undisturbed
    async def current_note(self) -> VersionNote | None:
        """Return what is written down about the version in use, or None before the first load."""
        async with self._database.read() as connection:
            in_use = select(CurrentRow.version_id).scalar_subquery()
            row = (await connection.execute(_NOTE.where(VersionRow.id == in_use))).one_or_none()
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
            row = (await connection.execute(_NOTE.where(VersionRow.id == number))).one_or_none()
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
            statement = _NOTE.order_by(VersionRow.id.desc()).limit(limit)
            return [VersionNote(*row) for row in await connection.execute(statement)]

    @undisturbed
    async def steps(self, limit: int = 100, between: tuple[int, int] | None = None) -> list[Step]:
        """Return the changes of the programme, the latest first; if wished, only those from one version to another."""
        async with self._database.read() as connection:
            statement = select(StepRow.__table__).order_by(StepRow.id.desc()).limit(limit)
            if between:
                statement = statement.where(StepRow.before_id == between[0], StepRow.after_id == between[1])
            return [
                Step(number, StepKind(kind), made_at, made_by, before, after, read_touched(fixes))
                for number, kind, made_at, made_by, before, after, fixes in await connection.execute(statement)
            ]

    @undisturbed
    async def latest_configured(self, name: str) -> VersionNote | None:
        """Return what is written down about the last version that came from the configured source, in use or not.

        Args:
            name: what the history calls the source that is configured now; another one may have been loaded at a
                start since.
        """
        async with self._database.read() as connection:
            configured = or_(VersionRow.source_name == name, VersionRow.loaded_by.is_(None))
            statement = _NOTE.where(configured).order_by(VersionRow.id.desc()).limit(1)
            row = (await connection.execute(statement)).one_or_none()
            return VersionNote(*row) if row else None

    @undisturbed
    async def names_of_keys(self) -> dict[str, str]:
        """Return every key that any version gave, with the last title or name of what it was given to."""
        names: dict[str, str] = {}
        async with self._database.read() as connection:
            for statement in _NAMES:
                async for part in (await connection.stream(statement)).partitions(_CHUNK):
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
            was = await connection.scalar(select(CurrentRow.version_id))
            fixes = await _touched(connection, revision)
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
            record = revision.record(number) if revision.record else None
            if record:
                await write_entry(connection, record)
            step = insert(StepRow).values(
                kind=revision.kind,
                made_at=revision.at,
                made_by=record.user_id if record else None,
                before_id=was,
                after_id=number,
                fixes=written_touched(fixes),
            )
            await connection.execute(step)
            return number


async def _touched(connection: AsyncConnection, revision: Revision) -> list[Touched]:
    """Return the corrections that a revision touches, as they are and as they will be."""
    after = {key_of(kept.correction): kept for kept in revision.keep}
    touched = []
    for about, key, field in dict.fromkeys((*revision.drop, *after)):
        one = (CorrectionRow.about == about, CorrectionRow.key == key, CorrectionRow.field == field)
        row = (await connection.execute(select(CorrectionRow.__table__).where(*one))).one_or_none()
        was = KeptCorrection(Correction(*row[:5]), *row[5:]) if row else None
        touched.append(Touched(was, after.get((about, key, field))))
    return touched


async def _write_version(connection: AsyncConnection, new: NewVersion, at: datetime) -> int:
    basis = await _basis(connection, new)
    result = await connection.execute(
        insert(VersionRow)
        .values(
            loaded_at=at,
            source_name=new.name,
            digest=new.digest,
            format=new.source.format,
            loaded_by=new.loaded_by,
            summary=new.summary,
            base_id=basis.base,
        )
        .returning(VersionRow.id)
    )
    number: int = result.scalar_one()
    for table, rows in (await asyncio.to_thread(rows_of, new.source, number, basis)).items():
        # Each part is freed once it is written: all of them at once would hold the event loop up.
        rows.reverse()
        while rows:
            part = rows[: -_CHUNK - 1 : -1]
            del rows[-_CHUNK:]
            await connection.exec_driver_sql(_INSERT[table], part)
    return number


async def _basis(connection: AsyncConnection, new: NewVersion) -> Basis:
    """Tell what need not be written of a version."""
    if new.like is None:
        return WHOLE
    number, earlier = new.like
    base, *departures = (await connection.execute(_EARLIER, {"version": number})).one()

    def basis() -> Basis:
        return basis_of(new.source, earlier, base, Keys(*map(_KEYS.decode, departures)))

    return await asyncio.to_thread(basis)


async def _use(connection: AsyncConnection, number: int) -> None:
    """Point at a version, and remember at which one before."""
    before = await connection.scalar(select(CurrentRow.version_id))
    pointer = upsert(CurrentRow).values(id=1, version_id=number, before_id=before)
    await connection.execute(
        pointer.on_conflict_do_update(index_elements=["id"], set_={"version_id": number, "before_id": before})
    )
