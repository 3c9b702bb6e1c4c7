"""What the buttons and the form do that change somebody's notes: what is the presser's own, whosever message it is."""

from collections.abc import Mapping
from functools import partial

from bot.notes.answers import NOTE
from bot.notes.model import LENGTH, Reading
from bot.notes.service import NoteService
from bot.ui.answer import Answer
from bot.ui.asking import Questions
from bot.ui.form import Forms, TextField
from bot.ui.interaction import Interaction
from bot.ui.presses import Presses
from bot.ui.questions import Question, QuestionKind
from bot.ui.responder import Responder, is_own, was_shared

_TEXT = "text"


class NotePresses:
    """Answers the presses about notes, and the form."""

    def __init__(self, notes: NoteService, questions: Questions, responder: Responder, forms: Forms) -> None:
        self._notes = notes
        self._questions = questions
        self._responder = responder
        self._forms = forms

    def register(self, presses: Presses) -> None:
        """Answer these presses, and the form."""
        presses.on(NOTE, self._open)
        for reading in Reading:
            presses.on(reading.value, partial(self._toggle, reading))
        self._forms.on(NOTE, self._write)

    async def _open(self, interaction: Interaction, key: str) -> None:
        """Show the form with the note as it is."""
        paper, note = self._notes.on(interaction.user.id, key)
        how = "Only you see it. Empty it to delete the note."
        field = TextField(_TEXT, "Your note", note.text if note else "", LENGTH, how, long=True)
        await self._forms.open_standing(interaction, NOTE, key, paper.label, [field])

    async def _write(self, interaction: Interaction, key: str, typed: Mapping[str, str]) -> None:
        kept = await self._notes.write(interaction.user.id, key, typed.get(_TEXT, "")[:LENGTH])
        await self._show(interaction, key, kept)

    async def _toggle(self, reading: Reading, interaction: Interaction, key: str) -> None:
        await self._show(interaction, key, await self._notes.toggle(interaction.user.id, key, reading))

    async def _show(self, interaction: Interaction, key: str, kept: Answer) -> None:
        """Show the paper as it is now where that was pressed, and else what is kept about it, to the presser alone."""
        if is_own(interaction):
            paper = await self._questions.answer(Question(QuestionKind.PAPER, key), interaction.user.id)
            await self._responder.turn(interaction, paper, shared=was_shared(interaction))
        else:
            await self._responder.send(interaction, kept, private=True)
