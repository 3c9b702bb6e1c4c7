"""Builds what lets attendees meet."""

from collections.abc import Iterable

import discord

from bot.agenda.agendas import Agendas
from bot.agenda.service import AgendaService
from bot.meetups.meetups import Meetups
from bot.meetups.messages import MeetupWriter
from bot.meetups.model import MEETUP, MEETUP_NEWS, MEETUP_REMINDER
from bot.meetups.planner import MeetupPlanner
from bot.meetups.presses import MeetupPresses
from bot.meetups.rows import MeetupStore
from bot.meetups.service import MeetupService
from bot.meetups.threads import MeetupThreads
from bot.meetups.upkeep import MeetupUpkeep
from bot.services.part import Part
from bot.services.shared import Shared


class MeetupPart(Part):
    """Meetups."""

    def __init__(self, shared: Shared, agenda: AgendaService, agendas: Agendas) -> None:
        config, clock, zone = shared.config.meetups, shared.clock, shared.zone
        store = MeetupStore(shared.database, shared.outbox)
        self._dispatcher = shared.dispatcher
        self._meetups = meetups = Meetups(store, clock)
        writer = MeetupWriter(meetups, clock, zone, config.minutes_before)
        shared.sends((MEETUP, MEETUP_REMINDER, MEETUP_NEWS), writer)
        self._planner = MeetupPlanner(meetups, shared.outbox, shared.dispatcher, shared.background, clock, config.lead)
        threads = MeetupThreads(shared.channels, shared.background)
        self._upkeep = MeetupUpkeep(meetups, store, writer, threads, clock)
        self.service = MeetupService(
            meetups, store, shared.library, agendas, shared.channels, shared.log_channel, clock, zone, config
        )
        self.presses = MeetupPresses(self.service, shared.responder, shared.forms, shared.permissions, clock)
        self.presses.register(shared.presses)
        self.service.register(shared.questions)
        shared.responder.after_answer(self.service.tell_unreachable)
        agenda.also_kept_by(self.service)
        meetups.changed = self._changed

    def _changed(self, user_ids: Iterable[int] | None) -> None:
        """Tell what is to be told of meetups, plan what is to be told later, and bring Discord into step."""
        self._dispatcher.wake()
        self._planner.ask(user_ids)
        self._upkeep.ask()

    async def open(self) -> None:
        """Read the meetups."""
        await self._meetups.open()

    def begin_to_plan(self) -> None:
        """Plan what their guests hear from now on."""
        self._planner.open()

    def begin(self) -> None:
        """Keep their messages and threads."""
        self._upkeep.open()

    async def replan(self) -> None:
        """Plan what their guests hear."""
        await self._planner.replan()

    def channels_changed(self) -> None:
        """Try again what Discord refused."""
        self._upkeep.allowed()

    def permissions_changed(self) -> None:
        """Try again what Discord refused."""
        self._upkeep.allowed()

    async def set_unreachable(self, user_id: int) -> None:
        """Note that somebody takes no direct messages."""
        await self._meetups.set_unreachable(user_id)

    def missing(self, guild: discord.Guild) -> Iterable[str]:
        """Return what is missing for attendees to meet."""
        return self.service.missing(guild)

    async def stop(self) -> None:
        """Keep messages and threads no more."""
        await self._upkeep.close()
