"""Builds what lets authors show who they are, and say something on their papers."""

from collections.abc import Iterable

import discord

from bot.agenda.service import AgendaService
from bot.authors.answers import FIELD
from bot.authors.capability import Authors
from bot.authors.places import PaperPlaces
from bot.discussion.service import Places
from bot.lookup.model import Addition
from bot.lookup.service import Lookup
from bot.services.part import Part
from bot.services.shared import Shared


class AuthorPart(Part):
    """Authors, shown in the answers about their papers and in the papers' places."""

    def __init__(self, shared: Shared, agenda: AgendaService, lookup: Lookup, places: Places) -> None:
        self._background = shared.background
        self._authors = authors = Authors(
            shared.config,
            shared.client,
            shared.database,
            shared.outbox,
            shared.library,
            PaperPlaces(places, shared.channels),
            shared.channels,
            shared.dispatcher,
            shared.log_channel,
            shared.background,
            shared.clock,
        )
        self.service, self.own, self.decisions = authors.service, authors.own, authors.decisions
        for kind, writer in authors.writers():
            shared.sends((kind,), writer)
        authors.register(shared.presses, shared.questions, shared.responder, shared.forms)
        shared.responder.after_answer(authors.tell_unreachable)
        agenda.also_kept_by(authors.own)
        lookup.also_shows(self._on_paper)
        places.also_shows(authors.in_place)

    def _on_paper(self, key: str) -> Addition:
        """Return what the answer about a paper shows of its authors."""
        text, buttons = self._authors.on(key)
        return Addition(FIELD, text, tuple(buttons))

    async def open(self) -> None:
        """Read all claims."""
        await self._authors.open()

    def begin(self) -> None:
        """Plan what the bot could not plan before it ended."""
        self._background.start(self._authors.connected(), "authors")

    def channels_changed(self) -> None:
        """Plan for channels that have come."""
        self._background.start(self._authors.replan(), "authors")

    async def set_unreachable(self, user_id: int) -> None:
        """Note that somebody takes no direct messages."""
        await self._authors.own.set_unreachable(user_id)

    def counts(self) -> Iterable[str]:
        """Return how many authors are here."""
        return self._authors.counts()

    def missing(self, guild: discord.Guild) -> Iterable[str]:
        """Return what stands in the way of authors."""
        return self._authors.missing(guild)
