"""What a digest's own buttons do."""

from bot.digest.answers import STOP, VERB
from bot.digest.service import OFF, DigestService
from bot.ui.interaction import Interaction
from bot.ui.presses import Presses
from bot.ui.responder import Responder


class DigestPresses:
    """Answers the presses about digests."""

    def __init__(self, digests: DigestService, responder: Responder) -> None:
        self._digests = digests
        self._responder = responder

    def register(self, presses: Presses) -> None:
        """Answer these presses."""
        presses.on(VERB, self._wish)

    async def _wish(self, interaction: Interaction, action: str) -> None:
        """Begin to send digests at the time that the button says, or end it."""
        answer = await self._digests.wish(interaction.user.id, OFF if action == STOP else action)
        await self._responder.send(interaction, answer, private=True)
