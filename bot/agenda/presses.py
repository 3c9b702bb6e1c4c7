"""What the buttons do that change somebody's agenda. They act on what is the presser's own, whosever message it is."""

from bot.agenda import answers
from bot.agenda.service import AgendaService
from bot.errors import UserError
from bot.ui.asking import Questions
from bot.ui.interaction import Interaction
from bot.ui.presses import Presses, about_of, ticked_in
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
        presses.on("marks", self._set_marks)
        presses.on("own", self._own)

    async def _toggle(self, interaction: Interaction, key: str) -> None:
        confirmation = await self._agenda.toggle_bookmark(interaction.user.id, key)
        if is_own(interaction):
            paper = await self._questions.answer(Question(QuestionKind.PAPER, key), interaction.user.id)
            await self._responder.turn(interaction, paper, shared=was_shared(interaction))
        else:
            await self._responder.send(interaction, confirmation, private=True)

    async def _remove(self, interaction: Interaction, codes: str) -> None:
        """Remove the bookmarks of the papers that were picked, and show the agenda without them."""
        picked = [Question.from_code(code) for code in codes.splitlines()]
        if not picked:
            raise UserError(NOT_UNDERSTOOD)
        await self._agenda.bookmark(interaction.user.id, (), [question.key for question in picked])
        await self._responder.turn(interaction, self._agenda.show(interaction.user.id, picked[0].page))

    async def _set_marks(self, interaction: Interaction, keys: str) -> None:
        """Bookmark the papers that were picked from a list, and no longer those whose ticks were taken away.

        What the message itself showed as ticked is compared with, so that nothing is lost that was bookmarked
        elsewhere meanwhile. On a message of many readers there are no ticks, and picking only adds.
        """
        reader, picked = interaction.user.id, keys.splitlines()
        own = is_own(interaction)
        ticked = ticked_in(interaction) if own else frozenset()
        added = [key for key in picked if key not in ticked]
        confirmation = await self._agenda.bookmark(reader, added, ticked.difference(picked))
        code = about_of(interaction)
        if own and code:
            answer = await self._questions.answer(Question.from_code(code), reader)
            await self._responder.turn(interaction, answer, shared=was_shared(interaction))
        else:
            await self._responder.turn(interaction, confirmation)

    async def _own(self, interaction: Interaction, action: str) -> None:
        reader = interaction.user.id
        match action:
            case answers.EXPORT:
                await self._responder.send(interaction, self._agenda.calendar(reader), private=True)
            case answers.DOWNLOAD:
                await self._responder.send(interaction, await self._agenda.download(reader), private=True)
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
