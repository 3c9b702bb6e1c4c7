"""All questions and votes, in memory for reading and in the database for keeping."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from weakref import WeakValueDictionary

from bot.clock import Clock
from bot.errors import UserError
from bot.session_questions.model import EACH, MOST, Asking, Ranked, SessionQuestion, State, Vote, in_order
from bot.session_questions.rows import QuestionStore
from bot.store.audit import AuditEntry

GONE = "This question is not there any more."


class Ledger:
    """Knows who asked and who voted for what. What changes is kept first, and is so in memory afterwards.

    Attributes:
        changed: called with a session's key after its questions or their votes have changed.
    """

    def __init__(self, store: QuestionStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._questions: dict[int, SessionQuestion] = {}
        self._of_session: dict[str, dict[int, None]] = {}
        self._merged: dict[int, set[int]] = {}
        self._votes: dict[int, set[int]] = {}
        self._changing: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._settling = asyncio.Lock()
        self.changed: Callable[[str], None] = _ignore

    async def open(self) -> None:
        """Read everything."""
        for question in await self._store.questions():
            self._put(question)
        for question_id, user_id in await self._store.votes():
            self._votes.setdefault(question_id, set()).add(user_id)

    # Reading.

    @property
    def sessions(self) -> Sequence[str]:
        """The keys of the sessions that were asked anything."""
        return [key for key, questions in self._of_session.items() if questions]

    def find(self, question_id: int) -> SessionQuestion:
        """Return a question.

        Raises:
            UserError: it is gone.
        """
        question = self._questions.get(question_id)
        if question is None:
            raise UserError(GONE)
        return question

    def standing_for(self, question_id: int) -> SessionQuestion:
        """Return the question that has taken another's place; that one itself where it is not merged.

        Raises:
            UserError: it is gone.
        """
        question = self.find(question_id)
        while question.merged_into is not None and question.merged_into in self._questions:
            question = self._questions[question.merged_into]
        return question

    def is_open(self, question_id: int) -> bool:
        """Tell whether a question, or the one that stands for it, is there and can be voted for."""
        return question_id in self._questions and self.standing_for(question_id).state is State.OPEN

    def merged_into(self, question: SessionQuestion) -> list[SessionQuestion]:
        """Return all questions that are merged into another one, or into one of these."""
        return [one for one in self._group(question) if one is not question]

    def of_session(self, session_key: str) -> list[SessionQuestion]:
        """Return all questions to a session in the order in which they were asked."""
        return [self._questions[one] for one in self._of_session.get(session_key, ())]

    def of_person(self, user_id: int) -> list[SessionQuestion]:
        """Return all questions somebody has asked."""
        return [question for question in self._questions.values() if question.asker_id == user_id]

    def ranked(self, session_key: str, *states: State) -> list[Ranked]:
        """Return those questions to a session that are in some states, the one with the most votes first."""
        found = [one for one in self.of_session(session_key) if one.state in states]
        return in_order(Ranked(one, self.votes_for(one)) for one in found)

    def votes_for(self, question: SessionQuestion) -> int:
        """Return how many people voted for a question, or for one that is merged into it: each counts once."""
        first, *others = (self._votes.get(one.id, _NOBODY) for one in self._group(question))
        return len(set(first).union(*others)) if others else len(first)

    def has_voted(self, user_id: int, question: SessionQuestion) -> bool:
        """Tell whether somebody's vote counts for a question."""
        return any(user_id in self._votes.get(one.id, _NOBODY) for one in self._group(question))

    def voted_by(self, user_id: int) -> list[SessionQuestion]:
        """Return the questions somebody voted for."""
        return [self._questions[one] for one, voters in self._votes.items() if user_id in voters]

    # Changing.

    async def ask(self, asking: Asking) -> tuple[SessionQuestion, bool]:
        """Keep a question, and tell whether it is new: what the same person asked there before is not asked twice.

        Raises:
            UserError: there are as many questions as there may be.
        """
        async with self._changes_of(asking.asker_id):
            there = self.of_session(asking.session_key)
            own = [one for one in there if one.asker_id == asking.asker_id]
            if same := next((one for one in own if one.text == asking.text), None):
                return same, False
            if len(own) >= EACH:
                raise UserError(f"You have asked this session {EACH} questions, which is as many as one person may.")
            if len(there) >= MOST:
                raise UserError(f"This session has {MOST} questions, which is as many as I keep. Vote for one of them.")
            question, is_new = await self._store.ask(asking)
            self._put(question)
        self.changed(question.session_key)
        return question, is_new

    async def vote(self, user_id: int, question_id: int, *, wanted: bool) -> tuple[SessionQuestion, bool]:
        """Keep somebody's vote, or take it back; return the question, and whether anything has changed.

        Raises:
            UserError: the question is gone, or can't be voted for.
        """
        async with self._changes_of(user_id):
            question = self.standing_for(question_id)
            if question.state is not State.OPEN:
                raise UserError("This question is closed: it was answered, or taken off the list.")
            if self.has_voted(user_id, question) is wanted:
                return question, False
            group = tuple(one.id for one in ([question] if wanted else self._group(question)))
            await self._store.vote(Vote(user_id, group, self._clock.now(), wanted))
            for one in group:
                if wanted and one in self._questions:
                    self._votes.setdefault(one, set()).add(user_id)
                else:
                    self._votes.get(one, set()).discard(user_id)
        self.changed(question.session_key)
        return question, True

    async def settle(
        self,
        question_id: int,
        state: State,
        record: Callable[[SessionQuestion], AuditEntry],
        *,
        answer_url: str | None = None,
        into: int | None = None,
    ) -> tuple[SessionQuestion, AuditEntry]:
        """Keep what a chair decided about a question; return the question and what was recorded.

        Args:
            question_id: the question.
            state: how far it is now.
            record: makes the entry of the record, which is kept together with it.
            answer_url: where the answer is.
            into: the id of the question that takes its place, where it is merged.

        Raises:
            UserError: it, or the question that is to take its place, is gone, or they are no two of one session.
        """
        async with self._settling:
            question, target = self.find(question_id), None
            if into is not None:
                target = self.standing_for(into)
                if target.id == question.id or target.session_key != question.session_key:
                    raise UserError("A question can be merged into another one of the same session only.")
            settled = replace(
                question,
                state=state,
                merged_into=target.id if target else None,
                answer_url=answer_url,
                settled_at=self._clock.now(),
            )
            entry = record(settled)
            if not await self._store.settle(settled, entry):
                raise UserError(GONE)
            self._put(settled)
        self.changed(question.session_key)
        return settled, entry

    async def withdraw(self, user_id: int, question_id: int) -> SessionQuestion:
        """Delete somebody's own question with its votes; return what it was.

        Raises:
            UserError: it is gone, or somebody else's.
        """
        async with self._settling:
            question = self.find(question_id)
            if question.asker_id != user_id:
                raise UserError("Only who asked a question can withdraw it.")
            await self._store.delete([question.id])
            self._drop(question)
        self.changed(question.session_key)
        return question

    async def forget(self, user_id: int) -> None:
        """Delete everything of somebody's: their questions, and their votes."""
        async with self._changes_of(user_id), self._settling:
            own = self.of_person(user_id)
            voted = self.voted_by(user_id)
            await self._store.forget(user_id)
            for question in own:
                self._drop(question)
            for voters in self._votes.values():
                voters.discard(user_id)
        for key in {one.session_key for one in (*own, *voted)}:
            self.changed(key)

    def _group(self, question: SessionQuestion) -> Iterator[SessionQuestion]:
        """Yield a question and all that are merged into it, or into one of these."""
        yield question
        for one in self._merged.get(question.id, _NOBODY):
            yield from self._group(self._questions[one])

    def _put(self, question: SessionQuestion) -> None:
        before = self._questions.get(question.id)
        if before and before.merged_into is not None:
            self._merged[before.merged_into].discard(before.id)
        if question.merged_into is not None:
            self._merged.setdefault(question.merged_into, set()).add(question.id)
        self._questions[question.id] = question
        self._of_session.setdefault(question.session_key, {})[question.id] = None

    def _drop(self, question: SessionQuestion) -> None:
        """Forget a question; what was merged into it is open again."""
        for one in tuple(self._merged.get(question.id, _NOBODY)):
            self._put(replace(self._questions[one], state=State.OPEN, merged_into=None))
        if question.merged_into is not None:
            self._merged[question.merged_into].discard(question.id)
        self._questions.pop(question.id, None)
        self._of_session.get(question.session_key, {}).pop(question.id, None)
        self._votes.pop(question.id, None)

    def _changes_of(self, user_id: int) -> asyncio.Lock:
        """Return what lets one change of somebody's wait for the other."""
        return self._changing.setdefault(user_id, asyncio.Lock())


def _ignore(_session_key: str) -> None:
    pass


_NOBODY: frozenset[int] = frozenset()
