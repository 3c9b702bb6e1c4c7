"""The bot as it would be if every search were written down before it is answered: what the load is compared with."""

import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, Connection, event
from sqlalchemy.ext.asyncio import create_async_engine

from bot.client import ConferenceBot
from bot.lookup.model import SavedSearch
from bot.lookup.rows import SearchStore
from bot.ui.answer import Answer
from bot.ui.interaction import Interaction
from bot.ui.questions import QuestionKind


@asynccontextmanager
async def as_before(bot: ConferenceBot, path: Path) -> AsyncIterator[None]:
    """Let the bot write each search before it answers, and read and write through one pool of connections."""
    services = bot.services
    database = services.database
    engine = create_async_engine(URL.create("sqlite+aiosqlite", database=str(path)))

    @event.listens_for(engine.sync_engine, "connect")
    def _on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("busy_timeout = 5000", "journal_mode = WAL", "foreign_keys = ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _on_begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get("reading", False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    store, responder = SearchStore(database), services.responder
    send = responder.send

    async def write_and_send(interaction: Interaction, answer: Answer, *, private: bool = False) -> None:
        asked = answer.question
        if asked and asked.kind is QuestionKind.RESULTS and (search := SavedSearch.from_key(asked.key)):
            await store._write({search.token: (search, services.clock.now())})
        await send(interaction, answer, private=private)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(responder, "send", write_and_send)
        patch.setattr(database, "_writing", engine)
        patch.setattr(database, "_reading", engine.execution_options(reading=True))
        patch.setattr(database, "_turn", contextlib.nullcontext())
        yield
    await engine.dispose()
