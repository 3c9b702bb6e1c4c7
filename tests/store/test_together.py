"""What many people change at once is written in few transactions, and nobody goes on before theirs is kept."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from bot.store.engine import Database
from bot.store.together import Together
from tests.support.database import rows

_ADD = text("INSERT INTO asked (token, query, asked_at) VALUES (:token, '', '2026-01-01')")


class Adding:
    """Writes searches by their tokens; remembers how many were written together."""

    def __init__(self, database: Database, path: Path) -> None:
        self.sizes: list[int] = []
        self.together = Together[str](database, self._keep)
        self._path = path

    def _keep(self, connection: Connection, tokens: Sequence[str]) -> None:
        self.sizes.append(len(tokens))
        connection.execute(_ADD, [{"token": token} for token in tokens])

    async def add(self, token: str) -> None:
        await self.together.write(token)
        assert (token,) in rows(self._path, "SELECT token FROM asked WHERE token = ?", token), (
            "not kept when it was told"
        )


async def test_hundreds_at_once_share_a_few_transactions_and_each_is_kept_when_it_returns(
    database: Database, path: Path
) -> None:
    adding = Adding(database, path)

    await asyncio.gather(*(adding.add(f"token {number}") for number in range(300)))

    assert sum(adding.sizes) == 300
    assert len(adding.sizes) <= 3


async def test_who_shares_a_transaction_that_fails_hears_so_and_the_next_ones_are_kept(
    database: Database, path: Path
) -> None:
    adding = Adding(database, path)
    await adding.add("there")

    results = await asyncio.gather(*(adding.add(one) for one in ("there", "a", "b")), return_exceptions=True)
    failed = [isinstance(result, Exception) for result in results]
    await adding.add("c")

    kept = {token for (token,) in rows(path, "SELECT token FROM asked")}
    assert failed[0]
    assert kept == {"there", "c"} | {name for name, lost in zip("ab", failed[1:], strict=True) if not lost}


async def test_somebody_who_gives_up_waiting_takes_nobody_elses_change_along(database: Database, path: Path) -> None:
    adding = Adding(database, path)
    first = asyncio.create_task(adding.add("first"))
    others = [asyncio.create_task(adding.add(f"other {number}")) for number in range(5)]
    await asyncio.sleep(0)
    first.cancel()

    await asyncio.gather(*others)

    with pytest.raises(asyncio.CancelledError):
        await first
    assert len(rows(path, "SELECT token FROM asked")) == 6
