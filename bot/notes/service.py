"""What attendees do with their notes."""

from bot.editions.service import Library
from bot.errors import UserError
from bot.notes import answers
from bot.notes.model import Note, Reading
from bot.notes.notes import Notes
from bot.programme.model import Paper
from bot.ui.answer import Answer
from bot.ui.asking import Questions
from bot.ui.questions import Question, QuestionKind


class NoteService:
    """Answers about somebody's notes."""

    def __init__(self, library: Library, notes: Notes) -> None:
        self._library = library
        self._notes = notes

    def register(self, questions: Questions) -> None:
        """Answer the questions about notes."""
        questions.on(self._answer, QuestionKind.NOTES)

    def show(self, reader: int, page: int = 0) -> Answer:
        """Answer with somebody's notes."""
        programme, own = self._library.edition.programme, self._notes.of(reader)
        found = [(programme.papers[key], note) for key, note in reversed([*own.items()]) if key in programme.papers]
        return answers.notes_answer(found, len(own) - len(found), page)

    def on(self, reader: int, key: str) -> tuple[Paper, Note | None]:
        """Return a paper with what somebody keeps about it.

        Raises:
            UserError: the paper is gone from the programme.
        """
        paper = self._library.edition.programme.papers.get(key)
        if paper is None:
            raise UserError("This paper is no longer in the programme.")
        return paper, self._notes.on(reader, key)

    async def write(self, reader: int, key: str, text: str) -> Answer:
        """Keep somebody's text about a paper, and say so.

        Raises:
            UserError: there are too many notes.
        """
        await self._notes.write(reader, key, text)
        return self._kept(reader, key)

    async def toggle(self, reader: int, key: str, reading: Reading) -> Answer:
        """Keep how far somebody is with a paper, or no longer, and say so.

        Raises:
            UserError: the paper is gone from the programme, or there are too many notes.
        """
        self.on(reader, key)
        await self._notes.toggle(reader, key, reading)
        return self._kept(reader, key)

    def _kept(self, reader: int, key: str) -> Answer:
        return answers.kept_answer(*self.on(reader, key))

    async def _answer(self, question: Question, reader: int | None) -> Answer:
        return self.show(reader or 0, question.page)
