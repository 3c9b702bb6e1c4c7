"""Builds the questions that attendees put to sessions."""

from collections.abc import Iterable

import discord

from bot.agenda.service import AgendaService
from bot.discussion.service import Places
from bot.lookup.service import Lookup
from bot.services.part import Part
from bot.services.shared import Shared
from bot.session_questions.chairs import Chairs
from bot.session_questions.messages import QuestionWriter
from bot.session_questions.model import LIST, SCREEN
from bot.session_questions.planner import QuestionPlanner
from bot.session_questions.presses import SessionQuestionPresses
from bot.session_questions.rows import QuestionStore
from bot.session_questions.screens import Screens
from bot.session_questions.service import QuestionService


class SessionQuestionPart(Part):
    """Questions to sessions: listed in the sessions' places, and offered in the answers about them."""

    def __init__(self, shared: Shared, agenda: AgendaService, lookup: Lookup, places: Places) -> None:
        config, store = shared.config.questions, QuestionStore(shared.database)
        self.service = service = QuestionService(
            shared.library,
            store,
            Chairs(store, shared.permissions, config.chairs),
            shared.log_channel,
            shared.clock,
            enabled=config.enabled,
            anonymous=config.anonymous,
            has_places=places.enabled,
        )
        writer = QuestionWriter(service)
        shared.sends((LIST, SCREEN), writer)
        self.screens = Screens(shared.outbox, shared.channels, shared.dispatcher, shared.background, shared.clock)
        self._planner = QuestionPlanner(
            service,
            writer,
            self.screens,
            places,
            shared.library,
            shared.outbox,
            shared.channels,
            shared.dispatcher,
            shared.background,
            shared.clock,
        )
        self.presses = SessionQuestionPresses(
            service, self.screens, places, shared.channels, shared.permissions, shared.responder, shared.forms
        )
        self.presses.register(shared.presses)
        service.register(shared.questions)
        service.ledger.changed = self._planner.changed
        service.asked = self._planner.asked
        service.switched = places.refresh
        places.also_shows(service.beside)
        lookup.also_offers(service.offered)
        agenda.also_kept_by(service)

    async def open(self) -> None:
        """Read the questions."""
        await self.service.open()

    def begin(self) -> None:
        """Keep the lists."""
        self._planner.open()

    def programme_changed(self) -> None:
        """Bring the lists up to date."""
        self._planner.look_at_all()

    def missing(self, guild: discord.Guild) -> Iterable[str]:
        """Return what is missing for questions to be asked."""
        return self.service.missing(guild)

    async def stop(self) -> None:
        """Keep the lists no more."""
        await self._planner.close()
