"""Notes in the database. Of a person, Discord's id is all that is kept."""

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.notes.model import Note, Reading
from bot.store.engine import Database, undisturbed
from bot.store.tables import NoteRow


class NoteStore:
    """Keeps what people write down about papers."""

    def __init__(self, database: Database) -> None:
        self._database = database

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

    @undisturbed
    async def keep(self, user_id: int, key: str, note: Note) -> None:
        """Keep a note in place of the one that is there; an empty one is deleted."""
        async with self._database.write() as connection:
            if not note:
                of_this = (NoteRow.user_id == user_id, NoteRow.paper_key == key)
                await connection.execute(delete(NoteRow).where(*of_this))
                return
            values = {"text": note.text, "reading": note.reading, "changed_at": note.changed_at}
            row = upsert(NoteRow).values(user_id=user_id, paper_key=key, **values)
            await connection.execute(row.on_conflict_do_update(index_elements=["user_id", "paper_key"], set_=values))

    @undisturbed
    async def forget(self, user_id: int) -> None:
        """Delete everything of a person's."""
        async with self._database.write() as connection:
            await connection.execute(delete(NoteRow).where(NoteRow.user_id == user_id))
