"""Notes in the database. Of a person, Discord's id is all that is kept."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.notes.model import Note, Reading
from bot.store.engine import Database, undisturbed
from bot.store.tables import NoteRow
from bot.store.together import Together

_KEEP = upsert(NoteRow)
_KEEP = _KEEP.on_conflict_do_update(
    index_elements=["user_id", "paper_key"],
    set_={name: _KEEP.excluded[name] for name in ("text", "reading", "changed_at")},
)
_DELETE = delete(NoteRow).where(NoteRow.user_id == bindparam("whose"), NoteRow.paper_key == bindparam("which"))

_Change: TypeAlias = tuple[int, str, Note]
"""The person's id, the paper's key, and the note."""


class NoteStore:
    """Keeps what people write down about papers."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._changes = Together(database, _keep)

    @undisturbed
    async def all(self) -> list[tuple[int, str, Note]]:
        """Return everything, as the person's id, the paper's key and the note, what was changed first at first."""
        async with self._database.read() as connection:
            columns = (NoteRow.user_id, NoteRow.paper_key, NoteRow.text, NoteRow.reading, NoteRow.changed_at)
            rows = await connection.execute(select(*columns).order_by(NoteRow.changed_at, NoteRow.paper_key))
            return [
                (user_id, key, Note(text, Reading(reading) if reading else None, changed_at))
                for user_id, key, text, reading, changed_at in rows
            ]

    async def keep(self, user_id: int, key: str, note: Note) -> None:
        """Keep a note in place of the one that is there, together with those of others; an empty one is deleted."""
        await self._changes.write((user_id, key, note))

    @undisturbed
    async def forget(self, user_id: int) -> None:
        """Delete everything of a person's."""
        async with self._database.write() as connection:
            await connection.execute(delete(NoteRow).where(NoteRow.user_id == user_id))


def _keep(connection: Connection, changes: Sequence[_Change]) -> None:
    if kept := [_row(*change) for change in changes if change[2]]:
        connection.execute(_KEEP, kept)
    if deleted := [{"whose": user_id, "which": key} for user_id, key, note in changes if not note]:
        connection.execute(_DELETE, deleted)


def _row(user_id: int, key: str, note: Note) -> Mapping[str, object]:
    kept = {"text": note.text, "reading": note.reading, "changed_at": note.changed_at}
    return {"user_id": user_id, "paper_key": key, **kept}
