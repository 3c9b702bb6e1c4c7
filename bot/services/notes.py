"""Builds people's own notes on papers."""

from bot.notes.notes import Notes
from bot.notes.presses import NotePresses
from bot.notes.rows import NoteStore
from bot.notes.service import NoteService
from bot.services.part import Part
from bot.services.shared import Shared


class NotePart(Part):
    """Notes, and what somebody has seen and wants to read."""

    def __init__(self, shared: Shared) -> None:
        self.notes = Notes(NoteStore(shared.database), shared.clock)
        self.service = NoteService(shared.library, self.notes)
        self.service.register(shared.questions)
        NotePresses(self.service, shared.questions, shared.responder, shared.forms).register(shared.presses)

    async def open(self) -> None:
        """Read the notes."""
        await self.notes.open()
