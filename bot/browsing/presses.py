"""What the button does that follows a topic or a track."""

from bot.browsing.answers import FOLLOW
from bot.browsing.service import Browsing
from bot.ui.asking import Questions
from bot.ui.interaction import Interaction
from bot.ui.presses import Presses
from bot.ui.questions import Question, QuestionKind
from bot.ui.responder import Responder, is_own, was_shared


class BrowsingPresses:
    """Answers the presses about parts of the programme."""

    def __init__(self, browsing: Browsing, questions: Questions, responder: Responder) -> None:
        self._browsing = browsing
        self._questions = questions
        self._responder = responder

    def register(self, presses: Presses) -> None:
        """Answer these presses."""
        presses.on(FOLLOW, self._toggle)

    async def _toggle(self, interaction: Interaction, key: str) -> None:
        confirmation = await self._browsing.toggle(interaction.user.id, key)
        if is_own(interaction):
            shown = await self._questions.answer(Question(QuestionKind.BROWSE, key), interaction.user.id)
            await self._responder.turn(interaction, shown, shared=was_shared(interaction))
        else:
            await self._responder.send(interaction, confirmation, private=True)
