"""What the buttons and the menu under the bot's own questions do, whichever moderator presses them."""

from collections.abc import Sequence

from bot.errors import UserError
from bot.moderating import answers
from bot.moderating.watching import Watching
from bot.permissions import Audience
from bot.ui.interaction import Interaction
from bot.ui.presses import Presses
from bot.ui.questions import NOT_UNDERSTOOD, number_in
from bot.ui.responder import Responder


class WatchingPresses:
    """Carries out what is pressed; the messages change for everybody."""

    def __init__(self, watching: Watching, responder: Responder) -> None:
        self._watching = watching
        self._responder = responder

    def register(self, presses: Presses) -> None:
        """Answer these presses, of moderators alone."""
        presses.on(answers.SOURCE_VERB, self._pressed, only=(Audience.MODERATOR,))

    async def _pressed(self, interaction: Interaction, about: str) -> None:
        await self._responder.defer(interaction)
        await self._carry_out(interaction.user.id, about.splitlines() or [""])

    async def _carry_out(self, user_id: int, picked: Sequence[str]) -> None:
        action, _, rest = picked[0].partition(":")
        token, _, page = rest.partition(":")
        match action:
            case answers.APPLY | answers.SURE:
                await self._watching.apply(user_id, token, sure=action == answers.SURE)
            case answers.IGNORE:
                await self._watching.ignore(user_id, token)
            case answers.PAGE:
                await self._watching.turn(token, number_in(page.removesuffix(":")))
            case answers.TAKE:
                places = [value.rpartition(":")[2] for value in picked]
                # "Keep all" has no place.
                await self._watching.take(token, [] if "" in places else list(map(number_in, places)))
            case _:
                raise UserError(NOT_UNDERSTOOD)
