"""The letters that remind a channel or a person of sessions."""

from typing import TYPE_CHECKING

from bot.delivery.courier import Refused
from bot.delivery.letter import Letter
from bot.due import Kind
from bot.questions import Question
from bot.store.ledger import Batch
from bot.ui.reminders import browse_labels, direct_embed, reminder_embed

if TYPE_CHECKING:
    from bot.client import ConferenceBot

_EMBEDS = 3


class ReminderWriter:
    """Writes reminders from the programme in use and from people's bookmarks."""

    def __init__(self, bot: "ConferenceBot") -> None:
        self._bot = bot

    async def write(self, batch: Batch) -> Letter:
        """Tell what opens, and how long it still is until then.

        Raises:
            Refused: none of the sessions is in the programme any more.
        """
        programme, now = self._bot.desk.edition.programme, self._bot.clock.now()
        keys = dict.fromkeys(delivery.subject for delivery in batch.deliveries)
        sessions = [session for key in keys if (session := programme.session(key))]
        if not sessions:
            raise Refused("the session is no longer in the programme")
        questions = [(label, Question(about, session.key)) for label, about, session in browse_labels(sessions)]
        if batch.kind is Kind.REMINDER:
            return Letter([reminder_embed(sessions, now)], questions, ping=self._bot.config.reminders.ping)
        marked = set(self._bot.agendas.of(batch.target_id))
        embeds = [
            direct_embed(session, [paper for paper in session.papers if paper.key in marked], now)
            for session in sessions[:_EMBEDS]
        ]
        return Letter(embeds, questions, stops=True)

    async def outdated(self, batch: Batch) -> list[str]:
        """Return the keys of those deliveries whose session has moved, has lost its time or is gone."""
        programme, threshold = self._bot.desk.edition.programme, self._bot.config.reminders.threshold
        return [
            delivery.key
            for delivery in batch.deliveries
            if not (session := programme.session(delivery.subject))
            or session.starts_at is None
            or abs(session.starts_at - delivery.starts_at) > threshold
        ]
