"""What the list in a session's place and a screen say at a moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import discord

from bot.delivery.message import OutgoingMessage
from bot.delivery.model import Batch, Kind
from bot.session_questions import answers
from bot.session_questions.model import LIST
from bot.session_questions.service import QuestionService
from bot.ui.answer import ActionButton, Row
from bot.ui.controls import message_view
from bot.ui.questions import Question


@dataclass(frozen=True, slots=True)
class Shown:
    """What a message says; two that are equal need no edit.

    Attributes:
        content: its text.
        embeds: its embeds.
        rows: whole rows of buttons.
        questions: what the buttons below these ask, with their labels.
        buttons: further ones in that row.
    """

    content: str = ""
    embeds: tuple[discord.Embed, ...] = ()
    rows: tuple[Row, ...] = ()
    questions: tuple[tuple[str, Question], ...] = ()
    buttons: tuple[ActionButton, ...] = ()

    @property
    def outgoing(self) -> OutgoingMessage:
        """The message before it is sent; nobody's device makes a sound of it."""
        return OutgoingMessage(
            self.embeds, self.questions, self.buttons, rows=self.rows, content=self.content, silent=True
        )

    def changes(self, token: str) -> dict[str, Any]:
        """Return what makes the message of a token say this, as discord.py takes it."""
        view = message_view(token, self.questions, self.buttons, self.rows)
        return {"content": self.content or None, "embeds": list(self.embeds), "view": view}


class QuestionWriter:
    """Writes lists and screens.

    Attributes:
        written: what was written last of each kind for each channel or thread, by its id.
    """

    def __init__(self, service: QuestionService) -> None:
        self._service = service
        self.written: dict[tuple[Kind, int], Shown] = {}

    def shown(self, kind: Kind, session_key: str) -> Shown:
        """Return what a list or a screen of a session says now."""
        service, name = self._service, self._service.name_of(session_key)
        takes, ranked = service.switches.takes(session_key), service.open_ones(session_key)
        everything = answers.list_questions(session_key)
        if kind is LIST:
            embed = answers.list_embed(name, ranked, service.answered_ones(session_key), takes=takes)
            rows = answers.list_rows(ranked, takes=takes)
            return Shown("", (embed,), rows, everything, answers.list_buttons(session_key, takes=takes))
        text = answers.screen_text(name, ranked)
        return Shown(text, questions=everything, buttons=answers.screen_buttons(session_key, takes=takes))

    async def write(self, batch: Batch) -> OutgoingMessage:
        """Write a list or a screen as things are now."""
        shown = self.shown(batch.kind, batch.deliveries[0].subject)
        self.written[batch.kind, batch.target_id] = shown
        return shown.outgoing

    async def outdated(self, _batch: Batch) -> Sequence[str]:
        """Return nothing: it says what is so when it is written."""
        return []
