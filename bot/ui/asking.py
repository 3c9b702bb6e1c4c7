"""Asking questions by buttons and menus: each capability says which questions it answers."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from bot.errors import UserError
from bot.ui.answer import Answer
from bot.ui.interaction import Interaction
from bot.ui.presses import Presses
from bot.ui.questions import NOT_UNDERSTOOD, Question, QuestionKind
from bot.ui.responder import Responder, is_own, may_post

Answerer: TypeAlias = Callable[[Question, int | None], Awaitable[Answer]]
"""Answers a question, given Discord's id of the one who will read the answer, None where everybody will."""


class Questions:
    """Hands each question to who answers it."""

    def __init__(self) -> None:
        self._answerers: dict[QuestionKind, Answerer] = {}

    def on(self, answerer: Answerer, *kinds: QuestionKind) -> None:
        """Let somebody answer the questions of some kinds."""
        for kind in kinds:
            if kind in self._answerers:
                raise ValueError(f"two answerers for {kind}")
            self._answerers[kind] = answerer

    async def answer(self, question: Question, reader: int | None) -> Answer:
        """Answer a question, whenever and by whatever version of the programme it was put."""
        answerer = self._answerers.get(question.kind)
        if answerer is None:
            raise UserError(NOT_UNDERSTOOD)
        return await answerer(question, reader)


class QuestionPresses:
    """What the buttons do that ask a question, turn a page or share an answer.

    A press never changes what somebody else reads: a page turns in place only in a private answer and only for the one
    who asked; everywhere else the presser gets a private answer of their own.
    """

    def __init__(self, questions: Questions, responder: Responder) -> None:
        self._questions = questions
        self._responder = responder

    def register(self, presses: Presses) -> None:
        """Answer the presses of questions."""
        presses.on("ask", self._ask)
        presses.on("menu", self._ask)
        presses.on("due", self._ask_from_message)
        presses.on("turn", self._turn)
        presses.on("share", self._share)

    async def _ask(self, interaction: Interaction, code: str) -> None:
        answer = await self._questions.answer(Question.from_code(code), interaction.user.id)
        await self._responder.send(interaction, answer, private=True)

    async def _ask_from_message(self, interaction: Interaction, token_and_code: str) -> None:
        await self._ask(interaction, token_and_code.partition(":")[2])

    async def _turn(self, interaction: Interaction, code: str) -> None:
        answer = await self._questions.answer(Question.from_code(code), interaction.user.id)
        await self._responder.turn(interaction, answer)

    async def _share(self, interaction: Interaction, code: str) -> None:
        """Post the answer for all, if the presser could post there too."""
        if not may_post(interaction):
            raise UserError("You can't post in this channel, so I can't share this here for you.")
        question = Question.from_code(code)
        answer = await self._questions.answer(question, None)
        if answer.question is None:  # what it was about is gone, which is news for the presser alone
            await self._responder.send(interaction, answer, private=True)
            return
        own = await self._questions.answer(question, interaction.user.id) if is_own(interaction) else None
        await self._responder.share(interaction, answer, own)
