"""What the buttons below private calendar addresses do: what is the presser's own, whosever message it is."""

from bot.errors import UserError
from bot.subscription import answers
from bot.subscription.service import Subscriptions
from bot.ui.interaction import Interaction
from bot.ui.presses import Presses
from bot.ui.questions import NOT_UNDERSTOOD
from bot.ui.responder import Responder


class SubscriptionPresses:
    """Answers the presses about private addresses."""

    def __init__(self, subscriptions: Subscriptions, responder: Responder) -> None:
        self._subscriptions = subscriptions
        self._responder = responder

    def register(self, presses: Presses) -> None:
        """Answer these presses."""
        presses.on(answers.VERB, self._press)

    async def _press(self, interaction: Interaction, action: str) -> None:
        reader = interaction.user.id
        match action:
            case answers.OFFER:
                await self._responder.send(interaction, self._subscriptions.show(reader), private=True)
            case answers.MAKE:
                await self._responder.turn(interaction, await self._subscriptions.make(reader))
            case answers.REVOKE:
                await self._responder.turn(interaction, await self._subscriptions.revoke(reader))
            case _:
                raise UserError(NOT_UNDERSTOOD)
