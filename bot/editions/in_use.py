"""The programme in use as a database has it, for what runs beside the bot."""

from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.editions.rows import EditionStore
from bot.errors import UserError
from bot.programme.build import Times, rebuild, with_times
from bot.programme.corrections import lay_over
from bot.programme.model import Programme
from bot.store.engine import Database
from bot.store.files import is_empty


async def programme_in_use(path: Path, times: Mapping[str, Times], zone: str) -> Programme:
    """Return the programme that a bot on this database answers from, with all corrections; also while it runs.

    Args:
        path: the database.
        times: the configured times, by session key.
        zone: the conference's zone.

    Raises:
        UserError: there is no programme yet.
    """
    nothing = UserError(f"{path}: no programme is there yet. Start the bot once: it gives each paper a key for good.")
    if is_empty(path):
        raise nothing
    database = await Database.open(path)
    try:
        store = EditionStore(database)
        note = await store.current_note()
        version = await store.get(note.id) if note else None
        corrections = await store.corrections()
    finally:
        await database.close()
    if version is None:
        raise nothing
    corrected = lay_over(with_times(version.source, times), tuple(one.correction for one in corrections))
    return rebuild(corrected, zone=ZoneInfo(zone)).programme
