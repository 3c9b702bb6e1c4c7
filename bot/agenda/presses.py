"""What the buttons do that change somebody's agenda. They act on what is the presser's own, whosever message it is."""

from bot.agenda import answers
from bot.agenda.service import AgendaService
from bot.errors import UserError
from bot.ui.asking import Questions
from bot.ui.interaction import Interaction
from bot.ui.presses import Presses
from bot.ui.questions import NOT_UNDERSTOOD, Question, QuestionKind
from bot.ui.responder import Responder, is_own, was_shared


class AgendaPresses:
    """Answers the presses about agendas."""

    def __init__(self, agenda: AgendaService, questions: Questions, responder: Responder) -> None:
        self._agenda = agenda
        self._questions = questions
        self._responder = responder

    def register(self, presses: Presses) -> None:
        """Answer these presses."""
        presses.on("mark", self._toggle)
        presses.on("unmark", self._remove)
        presses.on("markall", self._add_all)
        presses.on("own", self._own)

    async def _toggle(self, interaction: Interaction, key: str) -> None:
        confirmation = await self._agenda.toggle_bookmark(interaction.user.id, key)
        if is_own(interaction):
            paper = await self._questions.answer(Question(QuestionKind.PAPER, key), interaction.user.id)
            await self._responder.turn(interaction, paper, shared=was_shared(interaction))
        else:
            await self._responder.send(interaction, confirmation, private=True)

    async def _remove(self, interaction: Interaction, code: str) -> None:
        """Remove the bookmark of the paper that was picked, and show the agenda without it."""
        question = Question.from_code(code)
        await self._agenda.remove_bookmark(interaction.user.id, question.key)
        await self._responder.turn(interaction, self._agenda.show(interaction.user.id, question.page))

    async def _add_all(self, interaction: Interaction, codes: str) -> None:
        """Bookmark the papers that were picked, and show the list they were picked from."""
        reader = interaction.user.id
        picked = [self._picked(code) for code in codes.splitlines()]
        if not picked:
            raise UserError(NOT_UNDERSTOOD)
        for key, _ in picked:
            await self._agenda.add_bookmark(reader, key)
        await self._responder.turn(interaction, await self._questions.answer(picked[0][1], reader))

    def _picked(self, code: str) -> tuple[str, Question]:
        """Return the key of a paper that was picked, and the question of the list it was picked from."""
        beside, slash, key = code.rpartition(answers.BESIDE)
        if slash:
            return key, Question.from_code(beside)
        # Before papers could be in several sessions, the list was not named.
        question = Question.from_code(code)
        session_key = self._agenda.first_session_of(question.key)
        return question.key, Question(QuestionKind.MARKING, session_key, question.page)

    async def _own(self, interaction: Interaction, action: str) -> None:
        reader = interaction.user.id
        match action:
            case answers.EXPORT:
                await self._responder.send(interaction, self._agenda.calendar(reader), private=True)
            case answers.STOP:
                await self._responder.send(interaction, await self._agenda.remind(reader, None), private=True)
            case answers.FORGET:
                await self._responder.turn(interaction, answers.forget_answer())
            case answers.KEEP:
                await self._responder.turn(interaction, self._agenda.my_data(reader))
            case answers.FORGET_SURELY:
                await self._responder.turn(interaction, await self._agenda.forget(reader))
            case _:
                raise UserError(NOT_UNDERSTOOD)
