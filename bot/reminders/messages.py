"""The messages that remind a channel or a person of sessions."""

from bot.agenda.agendas import Agendas
from bot.agenda.answers import STOP
from bot.clock import Clock
from bot.config import Reminders
from bot.delivery.message import OutgoingMessage
from bot.delivery.model import Batch, Refused
from bot.editions.service import Library
from bot.reminders.answers import browse_labels, direct_embed, reminder_embed
from bot.ui.answer import ActionButton
from bot.ui.questions import Question

_EMBEDS = 3


class ReminderWriter:
    """Writes reminders from the programme in use and from people's bookmarks."""

    def __init__(self, library: Library, agendas: Agendas, clock: Clock, config: Reminders) -> None:
        self._library = library
        self._agendas = agendas
        self._clock = clock
        self._config = config

    async def write(self, batch: Batch) -> OutgoingMessage:
        """Tell what opens, and how long it still is until then.

        Raises:
            Refused: none of the sessions is in the programme any more.
        """
        programme, now = self._library.edition.programme, self._clock.now()
        keys = dict.fromkeys(delivery.subject for delivery in batch.deliveries)
        sessions = [session for key in keys if (session := programme.session(key))]
        if not sessions:
            raise Refused("the session is no longer in the programme")
        questions = [(label, Question(kind, session.key)) for label, kind, session in browse_labels(sessions)]
        if not batch.kind.to_person:
            return OutgoingMessage([reminder_embed(sessions, now)], questions, ping=self._config.ping)
        marked = set(self._agendas.of(batch.target_id))
        embeds = [
            direct_embed(session, [paper for paper in session.papers if paper.key in marked], now)
            for session in sessions[:_EMBEDS]
        ]
        return OutgoingMessage(embeds, questions, [ActionButton("Stop reminding me", STOP)])

    async def outdated(self, batch: Batch) -> list[str]:
        """Return the keys of those deliveries whose session has moved, has lost its time or is gone."""
        programme = self._library.edition.programme
        return [
            delivery.key
            for delivery in batch.deliveries
            if not (session := programme.session(delivery.subject))
            or session.starts_at is None
            or abs(session.starts_at - delivery.starts_at) > self._config.threshold
        ]
