"""Builds the help desk, and reports to the conduct team."""

from collections.abc import Iterable
from itertools import chain

import discord

from bot.agenda.service import AgendaService
from bot.helpdesk.conduct import Conduct
from bot.helpdesk.deletion import Deletion
from bot.helpdesk.duty import Duty
from bot.helpdesk.kept import KeptByHelpDesk
from bot.helpdesk.messages import ConductWriter
from bot.helpdesk.model import CONDUCT_KINDS
from bot.helpdesk.presses import HelpDeskPresses
from bot.helpdesk.rows import ConductStore, HelpStore
from bot.helpdesk.service import HelpDesk
from bot.helpdesk.threads import HelpThreads
from bot.helpdesk.upkeep import Upkeep
from bot.services.part import Part
from bot.services.shared import Shared
from bot.store.notices import Notices


class HelpDeskPart(Part):
    """The help desk."""

    def __init__(self, shared: Shared, agenda: AgendaService) -> None:
        client, channels, dispatcher, clock = shared.client, shared.channels, shared.dispatcher, shared.clock
        keep = shared.config.help_desk.delete_after
        help_store, conduct_store = HelpStore(shared.database), ConductStore(shared.database, shared.outbox)
        self._duty = duty = Duty(shared.config, channels, client)
        threads = HelpThreads(help_store, duty, client, clock)
        self.service = HelpDesk(help_store, threads, duty, shared.background, clock)
        self._conduct = Conduct(
            conduct_store, dispatcher, duty, Notices(shared.database), shared.organizers, clock, keep
        )
        shared.sends(CONDUCT_KINDS, ConductWriter(conduct_store, channels, duty))
        self._upkeep = Upkeep(
            help_store,
            conduct_store,
            self.service,
            self._conduct,
            threads,
            Deletion(client, channels),
            duty,
            channels,
            dispatcher,
            clock,
            keep,
        )
        self.presses = HelpDeskPresses(
            self.service, self._conduct, duty, shared.responder, shared.forms, shared.background, clock
        )
        self.presses.register(shared.presses)
        agenda.also_kept_by(KeptByHelpDesk(self.service, self._conduct, self._upkeep))

    async def open(self) -> None:
        """Read the requests and the reports."""
        await self.service.open()
        await self._conduct.open()

    def begin(self) -> None:
        """Keep threads and reports."""
        self._upkeep.open()

    def channels_changed(self) -> None:
        """Try again what failed."""
        self._upkeep.permissions_changed()

    def permissions_changed(self) -> None:
        """Try again what failed."""
        self._upkeep.permissions_changed()

    def thread_made(self, thread: discord.Thread) -> None:
        """Look whether a thread is one too many."""
        self._upkeep.thread_made(thread)

    def missing(self, guild: discord.Guild) -> Iterable[str]:
        """Return what is missing for people to be helped."""
        return chain(self._duty.missing(guild), self._upkeep.missing(guild))

    async def stop(self) -> None:
        """Keep threads and reports no more."""
        await self._upkeep.close()
