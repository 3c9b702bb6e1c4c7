"""Questions to sessions in the database. Of a person, Discord's id is kept, and the name with which they asked."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, delete, exists, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.session_questions.model import EVERYWHERE, Asking, SessionQuestion, State, Vote
from bot.store.audit import AuditEntry, write_entry
from bot.store.engine import Database, undisturbed
from bot.store.tables import QuestionSwitchRow, SessionChairRow, SessionQuestionRow, SessionVoteRow, UtcDateTime
from bot.store.together import Together


class QuestionStore:
    """Keeps what was asked and who voted for it, who chairs what, and where no questions are taken."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._votes = Together(database, _keep_votes)

    @undisturbed
    async def questions(self) -> list[SessionQuestion]:
        """Return all questions in the order in which they were asked."""
        async with self._database.read() as connection:
            rows = await connection.execute(
                select(*_COLUMNS).order_by(SessionQuestionRow.asked_at, SessionQuestionRow.number)
            )
            return [_question(tuple(row)) for row in rows]

    @undisturbed
    async def votes(self) -> list[tuple[int, int]]:
        """Return all votes, as the question's id and the person's."""
        async with self._database.read() as connection:
            rows = await connection.execute(select(SessionVoteRow.question_id, SessionVoteRow.user_id))
            return [(question_id, user_id) for question_id, user_id in rows]

    async def vote(self, vote: Vote) -> None:
        """Keep a vote, or delete it, together with those that others cast meanwhile."""
        await self._votes.write(vote)

    @undisturbed
    async def ask(self, asking: Asking) -> tuple[SessionQuestion, bool]:
        """Keep a question, and tell whether it is new; what the same person asked there already stays as it is."""
        number = select(func.coalesce(func.max(SessionQuestionRow.number), 0) + 1).where(
            SessionQuestionRow.session_key == asking.session_key
        )
        new_id = secrets.randbelow(_IDS) + 1
        values = {"id": new_id, **asdict(asking), "number": number.scalar_subquery(), "state": State.OPEN}
        same = (
            SessionQuestionRow.session_key == asking.session_key,
            SessionQuestionRow.asker_id == asking.asker_id,
            SessionQuestionRow.text == asking.text,
        )
        async with self._database.write() as connection:
            new = upsert(SessionQuestionRow).values(**values).on_conflict_do_nothing(index_elements=_SAME)
            is_new = bool((await connection.execute(new)).rowcount)
            row = (await connection.execute(select(*_COLUMNS).where(*same))).one()
            return _question(tuple(row)), is_new

    @undisturbed
    async def settle(self, question: SessionQuestion, record: AuditEntry) -> bool:
        """Keep how far a question is, and who decided that; tell whether it is there."""
        values = {
            "state": question.state,
            "merged_into": question.merged_into,
            "answer_url": question.answer_url,
            "settled_at": question.settled_at,
        }
        async with self._database.write() as connection:
            statement = update(SessionQuestionRow).where(SessionQuestionRow.id == question.id).values(**values)
            if not (await connection.execute(statement)).rowcount:
                return False
            await write_entry(connection, record)
            return True

    @undisturbed
    async def delete(self, question_ids: Collection[int]) -> None:
        """Delete questions with their votes; what was merged into them is open again."""
        async with self._database.write() as connection:
            await _delete(connection, question_ids)

    @undisturbed
    async def forget(self, user_id: int) -> None:
        """Delete everything that is kept about a person."""
        async with self._database.write() as connection:
            own = select(SessionQuestionRow.id).where(SessionQuestionRow.asker_id == user_id)
            await _delete(connection, [row.id for row in await connection.execute(own)])
            await connection.execute(delete(SessionVoteRow).where(SessionVoteRow.user_id == user_id))
            await connection.execute(delete(SessionChairRow).where(SessionChairRow.user_id == user_id))

    # Chairs, and where questions are taken.

    @undisturbed
    async def chairs(self) -> list[tuple[str, int]]:
        """Return whom the organizers made a chair, as the session's key and the person's id."""
        async with self._database.read() as connection:
            rows = await connection.execute(select(SessionChairRow.session_key, SessionChairRow.user_id))
            return [(key, user_id) for key, user_id in rows]

    @undisturbed
    async def set_chair(self, session_key: str, user_id: int, since: datetime | None, record: AuditEntry) -> None:
        """Keep that somebody chairs a session since then, or, for None, that they do not."""
        whose = (SessionChairRow.session_key == session_key, SessionChairRow.user_id == user_id)
        async with self._database.write() as connection:
            if since is None:
                await connection.execute(delete(SessionChairRow).where(*whose))
            else:
                row = upsert(SessionChairRow).values(session_key=session_key, user_id=user_id, since=since)
                await connection.execute(row.on_conflict_do_nothing())
            await write_entry(connection, record)

    @undisturbed
    async def switches(self) -> dict[str, bool]:
        """Return whether questions are taken, by the session's key where that was said."""
        async with self._database.read() as connection:
            rows = await connection.execute(select(QuestionSwitchRow.session_key, QuestionSwitchRow.takes_questions))
            return dict(rows.all())

    @undisturbed
    async def switch(self, session_key: str, takes: bool, record: AuditEntry) -> None:
        """Keep whether a session takes questions; what is said of all of them takes the place of all that was said."""
        async with self._database.write() as connection:
            if session_key == EVERYWHERE:
                await connection.execute(delete(QuestionSwitchRow))
            row = upsert(QuestionSwitchRow).values(session_key=session_key, takes_questions=takes)
            write = row.on_conflict_do_update(index_elements=["session_key"], set_={"takes_questions": takes})
            await connection.execute(write)
            await write_entry(connection, record)


_IDS: Final = 999_999_999
"""The highest id: those in the custom ids of buttons have nine digits at most."""

_SAME: Final = ["session_key", "asker_id", "text"]
_COLUMNS = (
    SessionQuestionRow.id,
    SessionQuestionRow.session_key,
    SessionQuestionRow.number,
    SessionQuestionRow.asker_id,
    SessionQuestionRow.name,
    SessionQuestionRow.text,
    SessionQuestionRow.asked_at,
    SessionQuestionRow.state,
    SessionQuestionRow.merged_into,
    SessionQuestionRow.answer_url,
    SessionQuestionRow.settled_at,
)

_VOTE = (
    insert(SessionVoteRow)
    .prefix_with("OR IGNORE")
    .from_select(
        ["question_id", "user_id", "voted_at"],
        select(bindparam("question"), bindparam("user"), bindparam("at", type_=UtcDateTime)).where(
            # It may have been withdrawn while the vote was on its way.
            exists().where(SessionQuestionRow.id == bindparam("question"))
        ),
    )
)
_TAKE_BACK = delete(SessionVoteRow).where(
    SessionVoteRow.question_id == bindparam("question"), SessionVoteRow.user_id == bindparam("user")
)


def _keep_votes(connection: Connection, votes: Sequence[Vote]) -> None:
    cast = [
        {"question": one, "user": vote.user_id, "at": vote.at}
        for vote in votes
        if vote.wanted
        for one in vote.question_ids
    ]
    taken_back = [
        {"question": one, "user": vote.user_id} for vote in votes if not vote.wanted for one in vote.question_ids
    ]
    if cast:
        connection.execute(_VOTE, cast)
    if taken_back:
        connection.execute(_TAKE_BACK, taken_back)


async def _delete(connection: AsyncConnection, question_ids: Collection[int]) -> None:
    merged = update(SessionQuestionRow).where(SessionQuestionRow.merged_into.in_(question_ids))
    await connection.execute(merged.values(state=State.OPEN, merged_into=None))
    await connection.execute(delete(SessionQuestionRow).where(SessionQuestionRow.id.in_(question_ids)))


def _question(values: Sequence[object]) -> SessionQuestion:
    named = dict(zip((column.key for column in _COLUMNS), values, strict=True))
    return SessionQuestion(**{**named, "state": State(str(named["state"]))})  # type: ignore[arg-type]
