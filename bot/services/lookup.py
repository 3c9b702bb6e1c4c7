"""Builds the answers to the questions that attendees ask."""

from bot.discussion.service import Places
from bot.finding.service import Finding
from bot.lookup.maps import RoomMaps
from bot.lookup.rows import SearchStore
from bot.lookup.service import Lookup
from bot.notes.notes import Notes
from bot.services.agenda import AgendaPart
from bot.services.part import Part
from bot.services.shared import Shared


class LookupPart(Part):
    """Questions about papers, people, sessions and rooms. Other parts add to its answers."""

    def __init__(self, shared: Shared, agenda: AgendaPart, notes: Notes, places: Places, finding: Finding) -> None:
        self.service = Lookup(
            shared.library,
            SearchStore(shared.database),
            agenda.agendas,
            notes,
            agenda.recent,
            shared.clock,
            shared.zone,
            RoomMaps(shared.config.maps),
            places,
            finding,
        )
        self.service.register(shared.questions)
        shared.responder.after_answer(self.service.note_look)

    async def close(self) -> None:
        """Write down what is still to be written."""
        await self.service.close()
