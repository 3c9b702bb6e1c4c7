"""Builds what tells how the bot is: /status, the heartbeat, numbers for those who run it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from bot.admin.alarm import Alarm
from bot.admin.condition import ConditionReader, Connection
from bot.admin.heartbeat import Heartbeat, heartbeat_file
from bot.admin.service import StatusService
from bot.agenda.agendas import Agendas
from bot.events.service import EventService
from bot.monitoring.traffic import Traffic
from bot.services.moderating import ModeratingPart
from bot.services.part import Part
from bot.services.shared import Shared
from bot.store.notices import Notices

if TYPE_CHECKING:
    from bot.monitoring.listener import Listener


class StatusPart(Part):
    """The state of the bot.

    Attributes:
        service: answers /status.
        connection: whether the bot is connected.
        heartbeat: shows from outside that the bot is well.
        listener: answers whoever runs the bot, where the configuration says so.
    """

    def __init__(
        self, shared: Shared, agendas: Agendas, moderating: ModeratingPart, events: EventService, parts: Iterable[Part]
    ) -> None:
        self._shared = shared
        self.connection = Connection(shared.clock)
        self._condition = ConditionReader(shared.outbox, moderating.watch, self.connection, shared.clock)
        self.heartbeat = Heartbeat(
            self._condition,
            Alarm(Notices(shared.database), shared.organizers, shared.zone),
            shared.background,
            heartbeat_file(shared.config.database.path),
        )
        self.service = StatusService(
            shared.client,
            shared.library,
            agendas,
            shared.outbox,
            shared.responder.timings,
            shared.permissions,
            shared.home,
            shared.config,
            self._condition,
            moderating.watch,
            lambda: moderating.watching.waiting_since,
            events.left_out,
        )
        for part in tuple(parts):
            self.service.also_counts(part.counts)
            self.service.also_tells(part.missing)
        self.listener: Listener | None = None

    async def listen(self, traffic: Traffic) -> None:
        """Answer whoever runs the bot, where the configuration says so.

        Args:
            traffic: counts what is asked of Discord.

        Raises:
            UserError: the bot can't listen there.
        """
        shared, where = self._shared, self._shared.config.metrics.listen
        if not where:
            return
        # Imported only where it is used: it takes a tenth of a second.
        from bot.monitoring.listener import Listener  # noqa: PLC0415
        from bot.monitoring.metrics import Metrics  # noqa: PLC0415

        timings = shared.responder.timings
        metrics = Metrics(self._condition, shared.outbox, lambda: shared.library.edition, timings, traffic)
        listener = Listener(*where, metrics, self._condition)
        await listener.open()
        self.listener = listener

    async def stop(self) -> None:
        """Answer whoever runs the bot no more."""
        if self.listener:
            await self.listener.close()
