"""Claims, requests and what authors say in the database, with the deliveries that follow; both in one transaction."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.authors.model import About, Claim, Request, Saying, Slot, Stage, Way
from bot.delivery.model import Delivery, Entry, Kind
from bot.delivery.rows import Outbox
from bot.programme.source import Link
from bot.store.audit import AuditEntry, write_entry
from bot.store.engine import Database, undisturbed
from bot.store.tables import AuthorClaimRow, AuthorRequestRow, AuthorSayingRow, GuardedAuthorRow


@dataclass(frozen=True, slots=True)
class Kept:
    """All that is kept.

    Attributes:
        claims: who is an author of what, the longest first.
        requests: who asks the moderators, or was refused, the longest first.
        sayings: what authors say.
        guarded: the authors whose claims take a moderator, by the parts of `Slot.identity`.
    """

    claims: Sequence[Claim]
    requests: Sequence[Request]
    sayings: Sequence[Saying]
    guarded: Sequence[tuple[str, str | None, int]]


@dataclass(frozen=True, slots=True)
class Follows:
    """What follows a change, in the same transaction.

    Attributes:
        deliveries: what is to be sent.
        record: what goes on record, where an organizer or a moderator made the change.
    """

    deliveries: Sequence[Delivery] = ()
    record: AuditEntry | None = None


NOTHING = Follows()


class AuthorStore:
    """Keeps who is an author of what."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._database = database
        self._outbox = outbox

    @undisturbed
    async def all(self) -> Kept:
        """Return all that is kept."""
        claims = select(AuthorClaimRow.__table__).order_by(AuthorClaimRow.claimed_at, AuthorClaimRow.id)
        requests = select(AuthorRequestRow.__table__).order_by(AuthorRequestRow.asked_at, AuthorRequestRow.id)
        sayings = select(AuthorSayingRow.__table__).order_by(AuthorSayingRow.made_at, AuthorSayingRow.id)
        async with self._database.read() as connection:
            return Kept(
                [_claim(row) for row in await connection.execute(claims)],
                [
                    Request(row.id, row.user_id, _slot(row), row.note, row.asked_at, row.refused_at)
                    for row in await connection.execute(requests)
                ],
                [_saying(row) for row in await connection.execute(sayings)],
                [
                    (row.paper_key, row.author_key, row.number)
                    for row in await connection.execute(select(GuardedAuthorRow.__table__))
                ],
            )

    @undisturbed
    async def claim(self, claim: Claim, follows: Follows = NOTHING) -> bool:
        """Keep a claim, and delete the person's request; tell whether nobody else is that author, nor they another."""
        values = {
            "id": claim.id,
            "user_id": claim.user_id,
            **_of_slot(claim.slot),
            "way": claim.way,
            "claimed_at": claim.claimed_at,
            "quiet": claim.quiet,
            "told": claim.told,
            "turn": claim.turn,
            "heard": claim.heard,
        }
        asked = (AuthorRequestRow.user_id == claim.user_id, AuthorRequestRow.paper_key == claim.paper_key)
        async with self._database.write() as connection:
            row = upsert(AuthorClaimRow).values(values).on_conflict_do_nothing()
            if not (await connection.execute(row.returning(AuthorClaimRow.id))).all():
                return False
            await connection.execute(delete(AuthorRequestRow).where(*asked))
            await self._follow(connection, follows)
            return True

    @undisturbed
    async def change(self, claim: Claim, follows: Follows = NOTHING) -> None:
        """Keep what an author wants to hear, and what they were told."""
        values = {"quiet": claim.quiet, "told": claim.told, "turn": claim.turn, "heard": claim.heard}
        async with self._database.write() as connection:
            await connection.execute(update(AuthorClaimRow).where(AuthorClaimRow.id == claim.id).values(values))
            await self._follow(connection, follows)

    @undisturbed
    async def end(self, claim: Claim, *, guard: bool, follows: Follows = NOTHING) -> None:
        """Delete a claim with all that was said by it.

        Args:
            claim: the claim.
            guard: whether it takes a moderator from now on to be this author.
            follows: what follows.
        """
        async with self._database.write() as connection:
            await connection.execute(delete(AuthorClaimRow).where(AuthorClaimRow.id == claim.id))
            if guard and claim.slot.author_key is not None:
                names = ("paper_key", "author_key", "number")
                values = dict(zip(names, claim.slot.identity, strict=True))
                await connection.execute(upsert(GuardedAuthorRow).values(values).on_conflict_do_nothing())
            await self._follow(connection, follows)

    @undisturbed
    async def ask(self, request: Request, follows: Follows = NOTHING) -> None:
        """Keep a request, in place of one of the same person about the same paper."""
        values = {
            "id": request.id,
            "user_id": request.user_id,
            **_of_slot(request.slot),
            "note": request.note,
            "asked_at": request.asked_at,
            "refused_at": request.refused_at,
        }
        paper_key = request.slot.paper_key
        before = (AuthorRequestRow.user_id == request.user_id, AuthorRequestRow.paper_key == paper_key)
        async with self._database.write() as connection:
            await connection.execute(delete(AuthorRequestRow).where(*before))
            await connection.execute(insert(AuthorRequestRow).values(values))
            await self._follow(connection, follows)

    @undisturbed
    async def drop_request(self, request: Request) -> None:
        """Delete a request."""
        async with self._database.write() as connection:
            await connection.execute(delete(AuthorRequestRow).where(AuthorRequestRow.id == request.id))

    @undisturbed
    async def say(self, saying: Saying, follows: Follows = NOTHING) -> None:
        """Keep what an author says; in place of what they said of the same, and what is public takes what waits along.

        Nothing is kept for a claim that was taken back meanwhile.
        """
        values = {
            "id": saying.id,
            "claim_id": saying.claim_id,
            "about": saying.about,
            "stage": saying.stage,
            "text": saying.text,
            "links": json.dumps([[link.label, link.url] for link in saying.links], ensure_ascii=False),
            "url": saying.url,
            "made_at": saying.made_at,
        }
        stages = [Stage.WAITING] if saying.stage is Stage.WAITING else list(Stage)
        before = (
            AuthorSayingRow.claim_id == saying.claim_id,
            AuthorSayingRow.about == saying.about,
            AuthorSayingRow.stage.in_(stages),
        )
        async with self._database.write() as connection:
            asked = select(AuthorClaimRow.id).where(AuthorClaimRow.id == saying.claim_id)
            if await connection.scalar(asked) is None:
                return
            await connection.execute(delete(AuthorSayingRow).where(*before))
            await connection.execute(insert(AuthorSayingRow).values(values))
            await self._follow(connection, follows)

    @undisturbed
    async def unsay(self, sayings: Sequence[Saying], follows: Follows = NOTHING) -> None:
        """Delete what an author said."""
        async with self._database.write() as connection:
            numbers = [saying.id for saying in sayings]
            await connection.execute(delete(AuthorSayingRow).where(AuthorSayingRow.id.in_(numbers)))
            await self._follow(connection, follows)

    @undisturbed
    async def forget(self, user_id: int) -> None:
        """Delete all that is kept about a person."""
        async with self._database.write() as connection:
            await connection.execute(delete(AuthorClaimRow).where(AuthorClaimRow.user_id == user_id))
            await connection.execute(delete(AuthorRequestRow).where(AuthorRequestRow.user_id == user_id))

    @undisturbed
    async def deliver(self, deliveries: Sequence[Delivery]) -> None:
        """Write down what is to be sent; what was written down before changes nothing."""
        async with self._database.write() as connection:
            await self._outbox.add(connection, deliveries)

    @undisturbed
    async def sent(self, kind: Kind, subject: str) -> list[Entry]:
        """Return what there is of a kind about something."""
        async with self._database.read() as connection:
            return (await self._outbox.entries_about(connection, kind, [subject])).get(subject, [])

    @undisturbed
    async def planned(self, kind: Kind) -> set[str]:
        """Return what anything of a kind was ever planned about."""
        return {entry.delivery.subject for entry in await self._outbox.of_kind(kind)}

    async def _follow(self, connection: AsyncConnection, follows: Follows) -> None:
        await self._outbox.add(connection, follows.deliveries)
        if follows.record:
            await write_entry(connection, follows.record)


def _claim(row: Row[Any]) -> Claim:
    heard = (row.quiet, row.told, row.turn, row.heard)
    return Claim(row.id, row.user_id, _slot(row), Way(row.way), row.claimed_at, *heard)


def _slot(row: Row[Any]) -> Slot:
    return Slot(row.paper_key, row.author_key, row.number, row.name)


def _of_slot(slot: Slot) -> dict[str, object]:
    return {
        "paper_key": slot.paper_key,
        "author_key": slot.author_key,
        "number": slot.number,
        "name": slot.name,
    }


def _saying(row: Row[Any]) -> Saying:
    links = tuple(Link(label, url) for label, url in json.loads(row.links))
    return Saying(row.id, row.claim_id, About(row.about), Stage(row.stage), row.text, links, row.url, row.made_at)
