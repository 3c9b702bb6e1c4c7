"""What the moderators' buttons and menus do."""

from collections.abc import Sequence

from bot.errors import UserError
from bot.moderating import answers
from bot.moderating.service import Moderation
from bot.permissions import Audience
from bot.ui.answer import Answer
from bot.ui.interaction import Interaction
from bot.ui.presses import Presses
from bot.ui.questions import NOT_UNDERSTOOD, number_in
from bot.ui.responder import Responder, is_own

_PAGED = (answers.PAGE, answers.HISTORY, answers.FIXES)


class ModerationPresses:
    """Answers the presses about changes of the programme."""

    def __init__(self, moderation: Moderation, responder: Responder) -> None:
        self._moderation = moderation
        self._responder = responder

    def register(self, presses: Presses) -> None:
        """Answer these presses, of moderators alone."""
        presses.on(answers.VERB, self._pressed, only=(Audience.MODERATOR,))

    async def _pressed(self, interaction: Interaction, about: str) -> None:
        await self._responder.defer(interaction)
        answer = await self._answer(interaction.user.id, about.splitlines() or [""])
        if is_own(interaction):
            await self._responder.conclude(interaction, answer)
        else:
            # What the moderators' channel was told stays there.
            await self._responder.follow_up(interaction, answer)

    async def _answer(self, user_id: int, picked: Sequence[str]) -> Answer:  # noqa: PLR0911 - one for each action
        action, *rest = picked[0].split(":")
        token = rest[0] if rest else ""
        page = number_in(rest[1]) if len(rest) > 1 and rest[1] and action in _PAGED else 0
        moderation = self._moderation
        match action:
            case answers.APPLY | answers.SURE:
                return await moderation.apply(user_id, token, sure=action == answers.SURE)
            case answers.CANCEL:
                return await moderation.cancel(user_id, token)
            case answers.PAGE:
                return await moderation.turn(user_id, token, page)
            case answers.TAKE:
                places = [value.rpartition(":")[2] for value in picked]
                # "Keep all" has no place.
                return await moderation.take(user_id, token, [] if "" in places else list(map(number_in, places)))
            case answers.UNDO:
                return await self._undone(user_id, rest)
            case answers.HISTORY:
                return await moderation.history(page)
            case answers.FIXES:
                return await moderation.list_fixes(page)
            case answers.UNFIX if len(rest) == 3:
                return await moderation.remove_fix(user_id, (rest[0], rest[1], rest[2]))
        raise UserError(NOT_UNDERSTOOD)

    async def _undone(self, user_id: int, versions: Sequence[str]) -> Answer:
        """Show what going back to a version would change, or taking back what led from one to another, or the last."""
        match list(map(number_in, versions)):
            case []:
                return await self._moderation.take_back(user_id)
            case [number]:
                return await self._moderation.go_back(user_id, number)
            case [before, after]:
                return await self._moderation.take_back(user_id, (before, after))
        raise UserError(NOT_UNDERSTOOD)
