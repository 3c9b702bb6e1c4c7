"""Builds the programme by topic, track, kind, day and room."""

from bot.browsing.presses import BrowsingPresses
from bot.browsing.service import Browsing
from bot.browsing.topics import Topics
from bot.editions.keeping import kept_beside
from bot.services.agenda import AgendaPart
from bot.services.part import Part
from bot.services.shared import Shared


class BrowsingPart(Part):
    """Browsing, and the topics that are found in the programme."""

    def __init__(self, shared: Shared, agenda: AgendaPart) -> None:
        self._topics = Topics(shared.library, kept_beside(shared.config.database.path) / "topics")
        self.service = Browsing(shared.library, self._topics, agenda.agendas, agenda.follows, shared.zone)
        self.service.register(shared.questions)
        BrowsingPresses(self.service, shared.questions, shared.responder).register(shared.presses)

    def programme_changed(self) -> None:
        """Find the topics anew."""
        self._topics.renew()

    async def close(self) -> None:
        """Write down what is still to be written."""
        await self._topics.close()
