"""Builds what is somebody's own: bookmarks, wishes, topics that they follow."""

from bot.agenda.agendas import Agendas
from bot.agenda.follows import Follows
from bot.agenda.presses import AgendaPresses
from bot.agenda.recent import Recent
from bot.agenda.rows import AgendaStore, FollowStore
from bot.agenda.service import AgendaService
from bot.notes.notes import Notes
from bot.services.part import Part
from bot.services.shared import Shared


class AgendaPart(Part):
    """Agendas. Parts that keep something about people tell the service, for `/mydata`."""

    def __init__(self, shared: Shared, notes: Notes) -> None:
        self.agendas = Agendas(AgendaStore(shared.database), shared.clock)
        self.follows = Follows(FollowStore(shared.database), shared.clock)
        self.recent = Recent()
        self.service = AgendaService(
            shared.library,
            self.agendas,
            self.follows,
            notes,
            self.recent,
            shared.clock,
            shared.zone,
            shared.config.conference.name,
        )
        self.service.register(shared.questions)
        AgendaPresses(self.service, shared.questions, shared.responder).register(shared.presses)
        shared.responder.after_answer(self.service.tell_unreachable)

    async def open(self) -> None:
        """Read the agendas."""
        await self.agendas.open()
        await self.follows.open()

    async def set_unreachable(self, user_id: int) -> None:
        """Note that somebody takes no direct messages."""
        await self.agendas.set_unreachable(user_id)

    async def close(self) -> None:
        """Write down what is still to be written."""
        await self.agendas.close()
