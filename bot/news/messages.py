"""The messages that tell which sessions and talks have moved, were cancelled or added."""

from collections.abc import Collection, Sequence
from datetime import datetime, tzinfo

from bot.agenda.agendas import Agendas
from bot.agenda.answers import STOP
from bot.clock import Clock
from bot.delivery.message import OutgoingMessage
from bot.delivery.model import Batch, Refused
from bot.news.answers import news_embed, news_lines
from bot.news.model import with_moved_talks
from bot.news.rows import NewsStore
from bot.programme.news import Bulletin, SessionNews, folded
from bot.ui.answer import ActionButton
from bot.ui.questions import Question, QuestionKind


class NewsWriter:
    """Writes what has changed: everything to a channel, to a person what concerns their bookmarks."""

    def __init__(self, store: NewsStore, agendas: Agendas, clock: Clock, zone: tzinfo) -> None:
        self._store = store
        self._agendas = agendas
        self._clock = clock
        self._zone = zone

    async def write(self, batch: Batch) -> OutgoingMessage:
        """Tell the changes of several revisions as one.

        Raises:
            Refused: taken together, nothing has changed.
        """
        news = await self._news(batch)
        if not news:
            raise Refused("what was changed has been changed back since")
        return OutgoingMessage(
            [news_embed(news, self._zone)],
            [("See the schedule", Question(QuestionKind.SCHEDULE))],
            [ActionButton("Stop reminding me", STOP)] if batch.kind.to_person else [],
        )

    async def outdated(self, batch: Batch) -> list[str]:
        """Return all keys where there is nothing to tell, or where it is to be told with what came later."""
        again = await self._store.regroup(batch, self._clock.now())
        return [delivery.key for delivery in batch.deliveries] if again or not await self._news(batch) else []

    async def _news(self, batch: Batch) -> list[SessionNews]:
        """Return what is to be told: to a person who wishes to hear, and not of what is over already."""
        bookmarks = None
        if batch.kind.to_person:
            wish = self._agendas.wishes.get(batch.target_id)
            if wish is None or wish.unreachable:
                return []
            bookmarks = self._agendas.of(batch.target_id)
        changes = await self._store.news([int(delivery.subject) for delivery in batch.deliveries])
        return _still_new([change.bulletin for change in changes], bookmarks, self._clock.now())


def told_changes(
    bulletins: Sequence[Bulletin], bookmarks: Collection[str], now: datetime, *, zone: tzinfo
) -> list[str]:
    """Tell, a line for each, what changes mean for somebody with these bookmarks; what is over already is left out."""
    return news_lines(_still_new(bulletins, bookmarks, now), zone)


def _still_new(bulletins: Sequence[Bulletin], bookmarks: Collection[str] | None, now: datetime) -> list[SessionNews]:
    return [one for one in with_moved_talks(folded(bulletins, bookmarks)) if not one.is_over(now)]
