"""What Discord was told of the commands, in the database."""

import json

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.registration.model import Registered
from bot.store.engine import Database, undisturbed
from bot.store.tables import RegistrationRow


class RegistrationStore:
    """Keeps, for each application, which of its commands Discord has."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @undisturbed
    async def get(self, application_id: int) -> Registered | None:
        """Return what an application's commands were when they were last registered, None when they never were."""
        asked = select(RegistrationRow.fingerprint, RegistrationRow.ids)
        async with self._database.read() as connection:
            row = (await connection.execute(asked.where(RegistrationRow.application_id == application_id))).first()
        return Registered(row.fingerprint, json.loads(row.ids)) if row else None

    @undisturbed
    async def put(self, application_id: int, registered: Registered) -> None:
        """Keep what an application's commands are now."""
        kept = {"fingerprint": registered.fingerprint, "ids": json.dumps(dict(registered.ids))}
        row = upsert(RegistrationRow).values(application_id=application_id, **kept)
        async with self._database.write() as connection:
            await connection.execute(row.on_conflict_do_update(index_elements=["application_id"], set_=kept))
