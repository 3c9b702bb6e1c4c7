"""What the moderators' buttons do; the question changes for all who see it."""

from bot.authors import review_answers as answers
from bot.authors.deciding import AuthorDecisions
from bot.authors.posted import PostedQuestions
from bot.authors.review_answers import VERB
from bot.background import BackgroundTasks
from bot.errors import UserError
from bot.permissions import Audience
from bot.ui.controls import bearing, token_in
from bot.ui.interaction import Interaction
from bot.ui.presses import Presses
from bot.ui.questions import NOT_UNDERSTOOD, number_in
from bot.ui.responder import Responder

_SUBJECTS = {
    answers.APPROVE: answers.REQUEST,
    answers.REFUSE: answers.REQUEST,
    answers.BACK_SURELY: answers.CLAIM,
    answers.PUBLISH: answers.SAYING,
    answers.HIDE: answers.SAYING,
}
"""What the questions are about to which the buttons give an answer."""


class AuthorReviewPresses:
    """Carries out what moderators press."""

    def __init__(
        self,
        decisions: AuthorDecisions,
        posted: PostedQuestions,
        responder: Responder,
        background: BackgroundTasks,
    ) -> None:
        self._decisions = decisions
        self._posted = posted
        self._responder = responder
        self._background = background

    def register(self, presses: Presses) -> None:
        """Answer these presses, of moderators alone."""
        presses.on(VERB, self._pressed, only=(Audience.MODERATOR,))

    async def _pressed(self, interaction: Interaction, about: str) -> None:
        action, _, rest = about.partition(":")
        if action == answers.LIST:
            page, _, key = rest.partition(":")
            paper = self._decisions.found(key) if key else None
            await self._responder.turn(interaction, self._decisions.list(number_in(page), paper))
            return
        if action == answers.OPEN:
            await self._responder.turn(interaction, self._decisions.open(rest))
            return
        number, moderator = number_in(rest), interaction.user.id
        match action:
            case answers.APPROVE:
                answer = await self._decisions.approve(moderator, number)
            case answers.REFUSE:
                answer = await self._decisions.refuse(moderator, number)
            case answers.BACK:
                await self._responder.turn(interaction, self._decisions.taking_back(number))
                return
            case answers.BACK_SURELY:
                answer = await self._decisions.take_back(moderator, number)
            case answers.PUBLISH:
                answer = await self._decisions.publish(moderator, number)
            case answers.HIDE:
                answer = await self._decisions.hide(moderator, number)
            case _:
                raise UserError(NOT_UNDERSTOOD)
        message = interaction.message
        await self._responder.update(interaction, bearing(answer, token_in(message) if message else None))
        pressed = message.id if message else None
        settled = self._posted.settle(f"{_SUBJECTS[action]}:{number}", answer, pressed)
        self._background.start(settled, "question about an author")
