"""Builds what changes the programme: moderators, and the watch over its sources."""

import asyncio
import logging

from bot.agenda.agendas import Agendas
from bot.background import OneAtATime, until_it_succeeds
from bot.delivery.channel_messages import ChannelMessages
from bot.errors import UserError
from bot.moderating.forms import FixForms
from bot.moderating.presses import ModerationPresses
from bot.moderating.rows import IgnoredChanges
from bot.moderating.service import Moderation
from bot.moderating.watching import Watching
from bot.moderating.watching_presses import WatchingPresses
from bot.reminders.model import DIRECT_REMINDER, REMINDER
from bot.services.part import Part
from bot.services.shared import Shared
from bot.sources.fetch import Fetcher
from bot.sources.load import are_known, load, name_of, obtain_configured
from bot.sources.watch import SourceWatch

log = logging.getLogger(__name__)


class ModeratingPart(Part):
    """Changes of the programme."""

    def __init__(self, shared: Shared, agendas: Agendas, fetcher: Fetcher) -> None:
        config, clock, log_channel = shared.config, shared.clock, shared.log_channel
        self._config = config
        self._fetcher = fetcher
        self._library = shared.library
        self._background = shared.background
        self.service = Moderation(
            shared.library, agendas, shared.outbox, log_channel, clock, shared.zone, (REMINDER, DIRECT_REMINDER)
        )
        self.watching = Watching(
            shared.library,
            self.service,
            IgnoredChanges(shared.database),
            log_channel,
            ChannelMessages(shared.channels, config.discord.moderators_channel or config.discord.organizers_channel),
            shared.organizers,
            clock,
            config.programme.auto_apply,
        )
        self.watch = SourceWatch(config.programme.listed, config.conference.timezone, fetcher, clock, self.watching)
        self.presses = ModerationPresses(self.service, shared.responder)
        self.presses.register(shared.presses)
        self.fix_forms = FixForms(self.service, shared.forms, shared.responder, clock)
        self.fix_forms.register(shared.presses)
        WatchingPresses(self.watching, shared.responder).register(shared.presses)
        self._asking = OneAtATime(shared.background, self.watching.show, "open question")

    async def load_source(self) -> None:
        """Load the configured sources; where that fails, the programme of last time stays in use.

        Once there is a programme, the watch finds what has changed, if there is one; then the moderators decide.

        Raises:
            UserError: there is no programme at all to answer from.
        """
        if self.watch.watched and self._library.edition.version:
            return
        try:
            files = await obtain_configured(self._config, self._fetcher)
            known = await self._library.known(name_of(files))
            if await asyncio.to_thread(are_known, files, known):
                log.info("%s: it is as it was", name_of(files))
                return
            loaded = await load(files, await self._library.source())
            del files  # some tens of megabytes
            changed = await self.watching.start_with(loaded)
        except UserError as error:
            if self._library.edition.version is None:
                raise
            log.warning("%s The programme loaded before stays in use.", error)
        else:
            what = "loaded" if changed else "not loaded anew"
            log.info("%s: %s, %d papers", loaded.name, what, len(self._library.edition.programme.papers))

    async def begin_to_watch(self) -> None:
        """Ask the moderators what is open, and watch the sources from then on."""
        await until_it_succeeds(self.watching.show, "open question")
        self.watch.open()

    def programme_changed(self) -> None:
        """Bring the open question into step."""
        self._background.start(self.watching.programme_changed(), "open question")

    def channels_changed(self) -> None:
        """Ask in channels that have come."""
        self._asking.ask()

    def joined(self) -> None:
        """Ask in the channels of a new server."""
        self._asking.ask()

    async def stop(self) -> None:
        """Watch the sources no more."""
        await self.watch.close()
