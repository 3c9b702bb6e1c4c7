"""Builds the organizers' announcements."""

from bot.announcing.messages import AnnouncementWriter
from bot.announcing.model import ANNOUNCEMENT
from bot.announcing.presses import AnnouncementPresses
from bot.announcing.rows import AnnouncementStore
from bot.announcing.service import AnnouncementService
from bot.services.part import Part
from bot.services.shared import Shared


class AnnouncingPart(Part):
    """Announcements."""

    def __init__(self, shared: Shared) -> None:
        config = shared.config.announcements
        store = AnnouncementStore(shared.database, shared.outbox)
        shared.sends((ANNOUNCEMENT,), AnnouncementWriter(store, shared.channels, config))
        self.service = AnnouncementService(
            store,
            shared.channels,
            shared.dispatcher,
            shared.log_channel,
            shared.commands,
            shared.background,
            shared.clock,
            shared.zone,
            config,
        )
        self.presses = AnnouncementPresses(self.service, shared.responder, shared.forms, shared.clock)
        self.presses.register(shared.presses)

    def begin(self) -> None:
        """Carry on with corrections."""
        self.service.finish_corrections()

    def permissions_changed(self) -> None:
        """Carry on with corrections that were refused."""
        self.service.finish_corrections()
