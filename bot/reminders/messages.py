"""The messages that remind a channel or a person of sessions and talks."""

from collections.abc import Sequence
from datetime import timedelta

from bot.agenda.agendas import Agendas
from bot.agenda.answers import STOP
from bot.agenda.model import Item
from bot.clock import Clock
from bot.config import Reminders
from bot.delivery.message import OutgoingMessage
from bot.delivery.model import Batch, Delivery, Refused
from bot.editions.service import Library
from bot.programme.model import Session
from bot.reminders.answers import browse_buttons, direct_embeds, reminder_embed
from bot.reminders.model import times_of
from bot.ui.answer import ActionButton


class ReminderWriter:
    """Writes reminders from the programme in use and from people's bookmarks."""

    def __init__(self, library: Library, agendas: Agendas, clock: Clock, config: Reminders) -> None:
        self._library = library
        self._agendas = agendas
        self._clock = clock
        self._config = config

    async def write(self, batch: Batch) -> OutgoingMessage:
        """Tell what begins, and how long it still is until then.

        Raises:
            Refused: nothing of it is in the programme any more.
        """
        found = {delivery.subject: one for delivery in batch.deliveries if (one := self._meant(delivery))}
        subjects, now = list(found.values()), self._clock.now()
        if not subjects:
            raise Refused("the session or the talk is no longer in the programme")
        buttons = browse_buttons(subjects)
        if batch.kind.to_person:
            embeds = direct_embeds(subjects, set(self._agendas.of(batch.target_id)), now)
            return OutgoingMessage(embeds, buttons, [ActionButton("Stop reminding me", STOP)])
        sessions = [one for one in subjects if isinstance(one, Session)]
        return OutgoingMessage([reminder_embed(sessions, now)], buttons, ping=self._config.ping)

    async def outdated(self, batch: Batch) -> list[str]:
        """Return the keys of those deliveries whose session or talk has moved, has lost its time or is gone."""
        threshold = self._config.threshold
        return [
            delivery.key
            for delivery in batch.deliveries
            if not any(_apart(one, delivery) <= threshold for one in self._times(delivery))
        ]

    def _meant(self, delivery: Delivery) -> Session | Item | None:
        """Return what a delivery is about; a talk that is given more than once at the time that is meant."""
        return min(self._times(delivery), key=lambda one: _apart(one, delivery), default=None)

    def _times(self, delivery: Delivery) -> Sequence[Session | Item]:
        return times_of(self._library.edition.programme, delivery.subject)


def _apart(one: Session | Item, delivery: Delivery) -> timedelta:
    """Return how far a time is from the one that was planned for."""
    return abs(one.starts_at - delivery.starts_at) if one.starts_at else timedelta.max
