"""Requests for help and reports of conduct in the database."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.delivery.model import Entry, State
from bot.delivery.rows import Outbox
from bot.helpdesk.model import (
    ANSWER,
    CONDUCT_KINDS,
    HOUR,
    REPORT,
    WORD,
    Asked,
    HelpRequest,
    Quote,
    Report,
    Step,
    Word,
    due_at,
)
from bot.store.engine import Database, undisturbed
from bot.store.tables import ConductReportRow, ConductWordRow, DeliveryRow, HelpRequestRow

_UNFINISHED = HelpRequestRow.step.in_((Step.OPENING, Step.CLOSING))
_KINDS = [kind.name for kind in CONDUCT_KINDS]


class HelpStore:
    """Requests for help."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @undisturbed
    async def all(self) -> list[HelpRequest]:
        """Return all requests that are known, the oldest first."""
        async with self._database.read() as connection:
            rows = await connection.execute(select(HelpRequestRow.__table__).order_by(HelpRequestRow.made_at))
            return list(map(_request, rows))

    @undisturbed
    async def get(self, token: str) -> HelpRequest | None:
        """Return a request, None where it is not known."""
        async with self._database.read() as connection:
            return await _one_request(connection, HelpRequestRow.token == token)

    @undisturbed
    async def add(self, asked: Asked, server_id: int, channel_id: int) -> HelpRequest:
        """Keep a request; one that is there already stays as it is, and is returned."""
        row = upsert(HelpRequestRow).values(
            token=asked.token,
            server_id=server_id,
            channel_id=channel_id,
            user_id=asked.user_id,
            text=asked.text,
            quote=asked.quote.kept if asked.quote else None,
            made_at=asked.made_at,
            step=Step.OPENING,
            attempts=0,
        )
        async with self._database.write() as connection:
            await connection.execute(row.on_conflict_do_nothing())
            kept = await _one_request(connection, HelpRequestRow.token == asked.token)
        if kept is None:
            raise LookupError(asked.token)
        return kept

    @undisturbed
    async def claim(self, token: str, now: datetime, lease: timedelta) -> HelpRequest | None:
        """Take what is to be made for a request for oneself; None where nothing is, or another has it."""
        mine = HelpRequestRow.token == token
        free = or_(HelpRequestRow.claimed_until.is_(None), HelpRequestRow.claimed_until <= now)
        claimed = update(HelpRequestRow).where(mine, free, _UNFINISHED)
        async with self._database.write() as connection:
            values = {"claimed_until": now + lease, "attempts": HelpRequestRow.attempts + 1}
            if not (await connection.execute(claimed.values(values))).rowcount:
                return None
            return await _one_request(connection, mine)

    @undisturbed
    async def put_off(self, token: str, until: datetime) -> None:
        """Let nobody try again before a moment."""
        async with self._database.write() as connection:
            unfinished = (HelpRequestRow.token == token, _UNFINISHED)
            await connection.execute(update(HelpRequestRow).where(*unfinished).values(claimed_until=until))

    @undisturbed
    async def release(self, later_than: datetime) -> None:
        """Let what could not be made be tried again at once, if it was put off to after a moment."""
        async with self._database.write() as connection:
            put_off = update(HelpRequestRow).where(_UNFINISHED, HelpRequestRow.claimed_until > later_than)
            await connection.execute(put_off.values(claimed_until=None))

    @undisturbed
    async def unfinished(self) -> list[tuple[str, datetime | None]]:
        """Return the requests for which something is to be made, and until when each is somebody's."""
        columns = select(HelpRequestRow.token, HelpRequestRow.claimed_until)
        async with self._database.read() as connection:
            rows = await connection.execute(columns.where(_UNFINISHED))
            return [(token, until) for token, until in rows]

    @undisturbed
    async def set_thread(self, token: str, thread_id: int, instead_of: int | None) -> bool:
        """Keep which thread is a request's; tell whether it is, for another may have made one.

        Args:
            token: names the request.
            thread_id: the thread.
            instead_of: the thread that it had and that is gone.
        """
        mine = (HelpRequestRow.token == token, HelpRequestRow.thread_id.is_not_distinct_from(instead_of))
        async with self._database.write() as connection:
            await connection.execute(update(HelpRequestRow).where(*mine).values(thread_id=thread_id))
            kept = await connection.scalar(select(HelpRequestRow.thread_id).where(HelpRequestRow.token == token))
        return bool(kept == thread_id)

    @undisturbed
    async def opened(self, token: str, starter_id: int) -> None:
        """Note that a thread says what a request is about; the database need not any more."""
        values = {"starter_id": starter_id, "text": None, "quote": None, "claimed_until": None, "attempts": 0}
        async with self._database.erase() as connection:
            mine = update(HelpRequestRow).where(HelpRequestRow.token == token)
            await connection.execute(mine.values(values))
            await connection.execute(mine.where(HelpRequestRow.step == Step.OPENING).values(step=Step.OPEN))

    @undisturbed
    async def take(self, token: str, holder: int | None, user_id: int) -> HelpRequest | None:
        """Give an open request to somebody, if it is still whose they saw it was; return it as it is."""
        mine = HelpRequestRow.token == token
        free = HelpRequestRow.taken_by.is_(None) if holder is None else HelpRequestRow.taken_by == holder
        async with self._database.write() as connection:
            taken = update(HelpRequestRow).where(mine, free, HelpRequestRow.closed_at.is_(None))
            await connection.execute(taken.values(taken_by=user_id))
            return await _one_request(connection, mine)

    @undisturbed
    async def close(self, token: str, user_id: int, now: datetime) -> HelpRequest | None:
        """Close a request, once; return it as it is."""
        mine = HelpRequestRow.token == token
        values = {"closed_by": user_id, "closed_at": now, "step": Step.CLOSING, "claimed_until": None, "attempts": 0}
        async with self._database.write() as connection:
            await connection.execute(
                update(HelpRequestRow).where(mine, HelpRequestRow.closed_at.is_(None)).values(values)
            )
            return await _one_request(connection, mine)

    @undisturbed
    async def finish(self, token: str) -> None:
        """Note that the thread of a closed request is closed."""
        async with self._database.write() as connection:
            closed = update(HelpRequestRow).where(HelpRequestRow.token == token)
            await connection.execute(closed.values(step=Step.CLOSED, claimed_until=None))

    @undisturbed
    async def forget(self, user_id: int) -> None:
        """Forget a person's requests, and what they took or closed."""
        async with self._database.erase() as connection:
            await connection.execute(delete(HelpRequestRow).where(HelpRequestRow.user_id == user_id))
            for column in (HelpRequestRow.taken_by, HelpRequestRow.closed_by):
                await connection.execute(update(HelpRequestRow).where(column == user_id).values({column.key: None}))

    @undisturbed
    async def forget_closed(self, before: datetime) -> list[str]:
        """Forget what was closed before a moment; return what that was."""
        closed = (HelpRequestRow.step == Step.CLOSED, HelpRequestRow.closed_at < before)
        async with self._database.read() as connection:
            tokens = list(await connection.scalars(select(HelpRequestRow.token).where(*closed)))
        if tokens:
            async with self._database.erase() as connection:
                await connection.execute(delete(HelpRequestRow).where(HelpRequestRow.token.in_(tokens)))
        return tokens


class ConductStore:
    """Reports of conduct, and the words about them."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._database = database
        self._outbox = outbox

    @undisturbed
    async def all(self) -> list[Report]:
        """Return all reports, the oldest first."""
        async with self._database.read() as connection:
            rows = await connection.execute(select(ConductReportRow.__table__).order_by(ConductReportRow.made_at))
            return list(map(_report, rows))

    @undisturbed
    async def get(self, token: str) -> Report | None:
        """Return a report, None where there is none any more."""
        async with self._database.read() as connection:
            return await _one_report(connection, token)

    @undisturbed
    async def word(self, token: str) -> Word | None:
        """Return a word about a report, None where there is none any more."""
        async with self._database.read() as connection:
            asked = select(ConductWordRow.__table__).where(ConductWordRow.token == token)
            row = (await connection.execute(asked)).one_or_none()
            return _word(row) if row else None

    @undisturbed
    async def add(self, report: Report) -> tuple[Report, datetime]:
        """Keep a report with its delivery; one that is there already stays as it is.

        Returns:
            The report that is kept, and when it goes out.
        """
        row = upsert(ConductReportRow).values(
            token=report.token,
            channel_id=report.channel_id,
            reporter_id=report.reporter_id,
            named=report.named,
            text=report.text,
            quote=report.quote.kept if report.quote else None,
            made_at=report.made_at,
            delete_at=report.delete_at,
        )
        async with self._database.write() as connection:
            before = await _lately(connection, report.reporter_id, report.made_at)
            if (await connection.execute(row.on_conflict_do_nothing())).rowcount:
                delivery = report.delivery(due_at(report.made_at, before))
                await self._outbox.add(connection, [delivery])
            kept = await _one_report(connection, report.token) or report
            about = DeliveryRow.key == kept.delivery(kept.made_at).key
            due = await connection.scalar(select(DeliveryRow.due_at).where(about))
        return kept, due or report.made_at

    @undisturbed
    async def add_word(self, word: Word, now: datetime) -> datetime | None:
        """Keep a word with its delivery, once; return when it goes out, None where nobody is there to hear it."""
        async with self._database.write() as connection:
            report = await _one_report(connection, word.report)
            if report is None:
                return None
            before = 0 if word.to_reporter else await _lately(connection, report.reporter_id, now)
            delivery = word.delivery(report, due_at(now, before))
            if delivery is None:
                return None
            row = upsert(ConductWordRow).values(
                token=word.token,
                report=word.report,
                to_reporter=word.to_reporter,
                text=word.text,
                made_at=word.made_at,
            )
            if (await connection.execute(row.on_conflict_do_nothing())).rowcount:
                await self._outbox.add(connection, [delivery])
            due: datetime | None = await connection.scalar(
                select(DeliveryRow.due_at).where(DeliveryRow.key == delivery.key)
            )
            return due or now

    @undisturbed
    async def take(self, token: str, holder: int | None, user_id: int) -> Report | None:
        """Give an open report to somebody of the team, if it is still whose they saw it was; return it as it is."""
        free = ConductReportRow.taken_by.is_(None) if holder is None else ConductReportRow.taken_by == holder
        async with self._database.write() as connection:
            taken = update(ConductReportRow).where(ConductReportRow.token == token, free)
            await connection.execute(taken.where(ConductReportRow.closed_at.is_(None)).values(taken_by=user_id))
            return await _one_report(connection, token)

    @undisturbed
    async def close(self, token: str, now: datetime) -> bool:
        """Close a report; tell whether it was open."""
        async with self._database.write() as connection:
            mine = (ConductReportRow.token == token, ConductReportRow.closed_at.is_(None))
            closed = await connection.execute(update(ConductReportRow).where(*mine).values(closed_at=now))
            return bool(closed.rowcount)

    @undisturbed
    async def deliveries(self) -> dict[str, list[Entry]]:
        """Return what was planned for each report, by its token."""
        found: dict[str, list[Entry]] = {}
        for kind in CONDUCT_KINDS:
            for entry in await self._outbox.of_kind(kind):
                found.setdefault(entry.delivery.subject, []).append(entry)
        return found

    @undisturbed
    async def erase_sent(self) -> None:
        """Erase what reports and words say that are there."""
        sent = (DeliveryRow.state == State.SENT, DeliveryRow.kind.in_(_KINDS))
        keys = select(DeliveryRow.key).where(*sent)
        rows = (
            (ConductReportRow, (REPORT.name + ":" + ConductReportRow.token).in_(keys), {"text": None, "quote": None}),
            (
                ConductWordRow,
                or_(*((f"{kind.name}:" + ConductWordRow.token).in_(keys) for kind in (WORD, ANSWER))),
                {"text": None},
            ),
        )
        async with self._database.read() as connection:
            counts = [
                await connection.scalar(select(func.count()).select_from(table).where(which, table.text.is_not(None)))
                for table, which, _ in rows
            ]
        if any(counts):
            async with self._database.erase() as connection:
                for table, which, values in rows:
                    await connection.execute(update(table).where(which, table.text.is_not(None)).values(values))

    @undisturbed
    async def unseen_by(self, user_id: int) -> list[Word]:
        """Return the answers to somebody that could not be sent to them, the oldest first."""
        failed = select(DeliveryRow.key).where(
            DeliveryRow.kind == ANSWER.name,
            DeliveryRow.target_id == user_id,
            DeliveryRow.state.in_((State.FAILED, State.MISSED)),
        )
        asked = select(ConductWordRow.__table__).where((f"{ANSWER.name}:" + ConductWordRow.token).in_(failed))
        async with self._database.read() as connection:
            rows = await connection.execute(
                asked.where(ConductWordRow.text.is_not(None)).order_by(ConductWordRow.made_at)
            )
            return list(map(_word, rows))

    @undisturbed
    async def seen(self, tokens: Sequence[str]) -> None:
        """Erase what words say that were shown to whom they are for."""
        async with self._database.erase() as connection:
            await connection.execute(update(ConductWordRow).where(ConductWordRow.token.in_(tokens)).values(text=None))

    @undisturbed
    async def forget(self, user_id: int) -> None:
        """Forget who made a person's reports, and what was still to be told to them; the reports stay."""
        async with self._database.erase() as connection:
            mine = ConductReportRow.reporter_id == user_id
            own = select(ConductReportRow.token).where(mine)
            await connection.execute(
                delete(ConductWordRow).where(ConductWordRow.report.in_(own), ConductWordRow.to_reporter)
            )
            addressed = (DeliveryRow.kind == ANSWER.name, DeliveryRow.target_id == user_id)
            await connection.execute(delete(DeliveryRow).where(*addressed))
            await connection.execute(update(ConductReportRow).where(mine).values(reporter_id=None))
            taken = update(ConductReportRow).where(ConductReportRow.taken_by == user_id)
            await connection.execute(taken.values(taken_by=None))

    @undisturbed
    async def move(self, token: str, channel_id: int) -> None:
        """Let a report go to another channel, for its own is gone; what was refused there is sent anew."""
        refused = (DeliveryRow.kind.in_((REPORT.name, WORD.name)), DeliveryRow.state == State.FAILED)
        anew = {"target_id": channel_id, "state": State.PLANNED, "batch": None, "claimed_until": None, "reason": None}
        async with self._database.write() as connection:
            await connection.execute(update(DeliveryRow).where(*refused, DeliveryRow.subject == token).values(anew))
            report = update(ConductReportRow).where(ConductReportRow.token == token)
            await connection.execute(report.values(channel_id=channel_id))

    @undisturbed
    async def unnamed(self, token: str) -> None:
        """Note that the message of a report does not name its reporter, or no longer does."""
        async with self._database.write() as connection:
            await connection.execute(
                update(ConductReportRow).where(ConductReportRow.token == token).values(named=False)
            )

    @undisturbed
    async def delete(self, token: str) -> None:
        """Delete a report with all that was written and planned about it."""
        async with self._database.erase() as connection:
            await connection.execute(
                delete(DeliveryRow).where(DeliveryRow.kind.in_(_KINDS), DeliveryRow.subject == token)
            )
            await connection.execute(delete(ConductReportRow).where(ConductReportRow.token == token))


async def _lately(connection: AsyncConnection, user_id: int | None, now: datetime) -> int:
    """Return how many reports and words about them somebody has written within the hour."""
    own = select(ConductReportRow.token).where(ConductReportRow.reporter_id == user_id)
    since = now - HOUR
    reports = await connection.scalar(
        select(func.count())
        .select_from(ConductReportRow)
        .where(ConductReportRow.reporter_id == user_id, ConductReportRow.made_at > since)
    )
    words = await connection.scalar(
        select(func.count())
        .select_from(ConductWordRow)
        .where(ConductWordRow.report.in_(own), ~ConductWordRow.to_reporter, ConductWordRow.made_at > since)
    )
    return (reports or 0) + (words or 0)


async def _one_request(connection: AsyncConnection, which: ColumnElement[bool]) -> HelpRequest | None:
    row = (await connection.execute(select(HelpRequestRow.__table__).where(which))).one_or_none()
    return _request(row) if row else None


async def _one_report(connection: AsyncConnection, token: str) -> Report | None:
    asked = select(ConductReportRow.__table__).where(ConductReportRow.token == token)
    row = (await connection.execute(asked)).one_or_none()
    return _report(row) if row else None


def _request(row: Row[Any]) -> HelpRequest:
    return HelpRequest(
        row.token,
        row.server_id,
        row.channel_id,
        row.user_id,
        row.text,
        Quote.read(row.quote),
        row.made_at,
        Step(row.step),
        row.thread_id,
        row.starter_id,
        row.taken_by,
        row.closed_by,
        row.attempts,
    )


def _report(row: Row[Any]) -> Report:
    return Report(
        row.token,
        row.channel_id,
        row.reporter_id,
        row.named,
        row.text,
        Quote.read(row.quote),
        row.made_at,
        row.delete_at,
        row.taken_by,
        row.closed_at is not None,
    )


def _word(row: Row[Any]) -> Word:
    return Word(row.token, row.report, row.to_reporter, row.text, row.made_at)
