"""Who asked and who voted for what, on a real database: each vote once, none lost by a restart."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import UserError
from bot.session_questions.ledger import Ledger
from bot.session_questions.model import EACH, Asking, SessionQuestion, State
from bot.session_questions.rows import QuestionStore
from bot.store.audit import AuditEntry
from bot.store.engine import Database
from tests.support.database import rows

NOON = datetime(2026, 5, 18, 12, tzinfo=UTC)
ANN, BOB, CYD = 1, 2, 3


class NoonClock:
    def now(self) -> datetime:
        return NOON

    def steady(self) -> float:
        return 0.0


@pytest.fixture
async def ledger(database: Database) -> Ledger:
    return await opened(database)


async def opened(database: Database) -> Ledger:
    ledger = Ledger(QuestionStore(database), NoonClock())
    await ledger.open()
    return ledger


async def ask(ledger: Ledger, text: str, who: int = ANN, session: str = "morning") -> SessionQuestion:
    question, _ = await ledger.ask(Asking(session, who, "Ann", text, NOON))
    return question


async def settle(ledger: Ledger, question: SessionQuestion, state: State, into: int | None = None) -> None:
    def record(settled: SessionQuestion) -> AuditEntry:
        return AuditEntry(NOON, 9, state.value, str(settled.number))

    await ledger.settle(question.id, state, record, into=into)


def votes(ledger: Ledger, question: SessionQuestion) -> int:
    return ledger.votes_for(ledger.find(question.id))


async def test_a_vote_counts_once_however_often_and_at_once_it_is_cast_and_can_be_taken_back(
    ledger: Ledger, database: Database, path: Path
) -> None:
    question = await ask(ledger, "Why?")

    cast = await asyncio.gather(*(ledger.vote(BOB, question.id, wanted=True) for _ in range(5)))
    await ledger.vote(CYD, question.id, wanted=True)

    assert [changed for _, changed in cast] == [True, False, False, False, False]
    assert votes(ledger, question) == 2
    assert votes(await opened(database), question) == 2
    await ledger.vote(BOB, question.id, wanted=False)
    assert rows(path, "SELECT question_id, user_id FROM session_vote") == [(question.id, CYD)]
    assert votes(await opened(database), question) == 1


async def test_the_same_question_of_the_same_person_is_one_and_numbers_count_within_a_session(
    ledger: Ledger, database: Database
) -> None:
    first = await ask(ledger, "Why?")
    same, is_new = await ledger.ask(Asking("morning", ANN, None, "Why?", NOON))
    again, is_new_elsewhere = await (await opened(database)).ask(Asking("morning", ANN, None, "Why?", NOON))

    assert (same.id, is_new, again.id, is_new_elsewhere) == (first.id, False, first.id, False)
    assert (await ask(ledger, "Why?", BOB)).number == 2
    assert (await ask(ledger, "Why?", session="evening")).number == 1


async def test_one_person_asks_so_many_and_no_more(ledger: Ledger) -> None:
    for number in range(EACH):
        await ask(ledger, f"Why {number}?")
    with pytest.raises(UserError, match=f"{EACH} questions"):
        await ask(ledger, "One more?")
    await ask(ledger, "Mine?", BOB)


async def test_merged_questions_have_the_votes_of_both_each_person_once_and_come_apart_again(
    ledger: Ledger, database: Database
) -> None:
    one, other = await ask(ledger, "Is it fast?"), await ask(ledger, "How fast is it?", BOB)
    for who, question in ((ANN, one), (BOB, one), (BOB, other), (CYD, other)):
        await ledger.vote(who, question.id, wanted=True)

    await settle(ledger, other, State.MERGED, into=one.id)
    assert votes(ledger, one) == 3
    # A button on an old list still votes, for what stands for it now.
    assert (await ledger.vote(4, other.id, wanted=True))[0].id == one.id
    await ledger.vote(BOB, one.id, wanted=False)

    for kept in (ledger, await opened(database)):
        assert votes(kept, one) == 3
        assert not kept.has_voted(BOB, kept.find(one.id))
    with pytest.raises(UserError, match="another one"):
        await settle(ledger, one, State.MERGED, into=other.id)
    await settle(ledger, other, State.OPEN)
    assert (votes(ledger, one), votes(ledger, other)) == (2, 1)


async def test_what_is_closed_takes_no_votes_and_what_is_withdrawn_is_gone_with_its_votes(
    ledger: Ledger, path: Path
) -> None:
    one, other = await ask(ledger, "Is it fast?"), await ask(ledger, "How fast is it?", BOB)
    await ledger.vote(CYD, one.id, wanted=True)
    await settle(ledger, other, State.MERGED, into=one.id)
    await settle(ledger, one, State.ANSWERED)
    with pytest.raises(UserError, match="closed"):
        await ledger.vote(BOB, one.id, wanted=True)
    with pytest.raises(UserError, match="Only who asked"):
        await ledger.withdraw(BOB, one.id)

    await ledger.withdraw(ANN, one.id)

    assert ledger.find(other.id).state is State.OPEN
    assert rows(path, "SELECT state, merged_into FROM session_question") == [("open", None)]
    assert rows(path, "SELECT * FROM session_vote") == []
    later = await ask(ledger, "Another?")
    assert later.id not in (one.id, other.id), "an old button would vote for it"


async def test_forgetting_somebody_deletes_what_they_asked_and_voted(ledger: Ledger, path: Path) -> None:
    mine, theirs = await ask(ledger, "Mine?"), await ask(ledger, "Theirs?", BOB)
    await ledger.vote(ANN, theirs.id, wanted=True)
    await ledger.vote(BOB, mine.id, wanted=True)
    told: list[str] = []
    ledger.changed = told.append

    await ledger.forget(ANN)

    assert rows(path, "SELECT asker_id FROM session_question") == [(BOB,)]
    assert rows(path, "SELECT * FROM session_vote") == []
    assert votes(ledger, theirs) == 0
    assert ledger.of_person(ANN) == []
    assert told == ["morning"]


async def test_a_vote_that_was_on_its_way_while_its_question_was_withdrawn_leaves_nothing(
    ledger: Ledger, path: Path
) -> None:
    question = await ask(ledger, "Why?")

    await asyncio.gather(
        ledger.withdraw(ANN, question.id),
        *(ledger.vote(who, question.id, wanted=True) for who in range(10, 20)),
        return_exceptions=True,
    )

    assert rows(path, "SELECT * FROM session_vote") == []
    assert ledger.voted_by(10) == []
