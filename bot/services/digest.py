"""Builds the direct message in the morning about one's day."""

from functools import partial

from bot.browsing.service import Browsing
from bot.digest.messages import DigestWriter
from bot.digest.model import DIGEST
from bot.digest.parts import Followed, Suggested
from bot.digest.planner import DigestPlanner
from bot.digest.presses import DigestPresses
from bot.digest.rows import DigestStore
from bot.digest.service import DigestService
from bot.digest.wishes import DigestWishes
from bot.news.messages import told_changes
from bot.services.agenda import AgendaPart
from bot.services.part import Part
from bot.services.shared import Shared


class DigestPart(Part):
    """The messages of the morning."""

    def __init__(self, shared: Shared, agenda: AgendaPart, browsing: Browsing) -> None:
        library, clock, zone = shared.library, shared.clock, shared.zone
        store = DigestStore(shared.database)
        self._wishes = wishes = DigestWishes(store, clock)
        told = partial(told_changes, zone=zone)
        followed = Followed(browsing.papers_followed, agenda.agendas, library, store, told, clock)
        parts = (followed.make, Suggested(agenda.service, library).make)
        writer = DigestWriter(library, agenda.agendas, wishes, store, told, parts, clock, zone)
        shared.sends((DIGEST,), writer)
        self.service = DigestService(library, wishes, writer, clock, zone)
        pace = shared.config.reminders.direct_per_minute
        self._planner = DigestPlanner(library, wishes, shared.outbox, shared.dispatcher, clock, zone, pace)
        DigestPresses(self.service, shared.responder).register(shared.presses)
        shared.responder.after_answer(self.service.tell_unreachable)
        agenda.service.also_kept_by(self.service)
        wishes.changed = shared.planning.or_everything(self._planner.replan_for)

    async def open(self) -> None:
        """Read who wants one."""
        await self._wishes.open()

    def begin_to_plan(self) -> None:
        """Plan them from now on."""
        self._planner.open()

    async def replan(self) -> None:
        """Plan all of them."""
        await self._planner.replan()

    async def set_unreachable(self, user_id: int) -> None:
        """Note that somebody takes no direct messages."""
        await self._wishes.set_unreachable(user_id)

    async def close(self) -> None:
        """Stop what follows from wishes."""
        await self._wishes.close()
