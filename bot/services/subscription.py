"""Builds the private addresses at which calendars read the agendas."""

from typing import TYPE_CHECKING

from bot.services.agenda import AgendaPart
from bot.services.part import Part
from bot.services.shared import Shared
from bot.subscription.answers import subscribe_button
from bot.subscription.presses import SubscriptionPresses
from bot.subscription.rows import SubscriptionStore
from bot.subscription.service import Subscriptions

if TYPE_CHECKING:
    from bot.subscription.listener import CalendarListener


class SubscriptionPart(Part):
    """Subscriptions, and the server for them.

    Attributes:
        service: the subscriptions.
        listener: answers calendars, where the configuration says so.
    """

    def __init__(self, shared: Shared, agenda: AgendaPart) -> None:
        self._web = shared.config.web
        self._clock = shared.clock
        self.listener: CalendarListener | None = None
        self.service = Subscriptions(
            SubscriptionStore(shared.database),
            shared.library,
            agenda.agendas,
            shared.clock,
            shared.zone,
            shared.config.conference.name,
            self._web.public_url,
        )
        SubscriptionPresses(self.service, shared.responder).register(shared.presses)
        agenda.service.also_kept_by(self.service)
        if self._web.public_url:
            agenda.service.also_offer(subscribe_button())

    async def open(self) -> None:
        """Read the subscriptions."""
        await self.service.open()

    async def listen(self) -> None:
        """Answer calendars, where the configuration says so.

        Raises:
            UserError: the bot can't listen there.
        """
        if self._web.public_url and self._web.listen:
            # Imported only where it is used: it takes a tenth of a second.
            from bot.subscription.listener import CalendarListener  # noqa: PLC0415

            listener = CalendarListener(*self._web.listen, self._web.public_url, self.service, self._clock)
            await listener.open()
            self.listener = listener

    async def stop(self) -> None:
        """Answer calendars no more."""
        if self.listener:
            await self.listener.close()
