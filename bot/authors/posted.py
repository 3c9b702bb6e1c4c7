"""The questions that stand in the moderators' channels, brought into step with what was decided elsewhere."""

import logging

import discord

from bot.authors.model import REVIEW
from bot.authors.rows import AuthorStore
from bot.connection.patience import FAILURES, in_words
from bot.ui.answer import Answer
from bot.ui.controls import bearing, view_of

_NOBODY = discord.AllowedMentions.none()

log = logging.getLogger(__name__)


class PostedQuestions:
    """Changes questions that were posted; a failure is logged, for the buttons say too that all is decided."""

    def __init__(self, client: discord.Client, store: AuthorStore) -> None:
        self._client = client
        self._store = store

    async def settle(self, subject: str, answer: Answer, pressed: int | None) -> None:
        """Put what was decided in the place of a question, wherever it was posted.

        Args:
            subject: what the question is about.
            answer: what was decided.
            pressed: the message that says so already.
        """
        for entry in await self._store.sent(REVIEW, subject):
            if entry.message_id in (None, pressed):
                continue
            channel = self._client.get_partial_messageable(entry.delivery.target_id)
            try:
                view = view_of(bearing(answer, entry.token), shareable=False)
                await channel.get_partial_message(entry.message_id or 0).edit(
                    embeds=answer.embeds, view=view, allowed_mentions=_NOBODY
                )
            except FAILURES as error:
                log.info("a question about an author could not be settled: %s", in_words(error))
