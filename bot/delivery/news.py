"""The letters that tell which sessions have moved, were cancelled or added."""

from typing import TYPE_CHECKING

from bot.delivery.courier import Refused
from bot.delivery.letter import Letter
from bot.news import Bulletin, folded
from bot.programme.difference import SessionNews
from bot.questions import About, Question
from bot.store.ledger import Batch
from bot.ui.difference import news_embed

if TYPE_CHECKING:
    from bot.client import ConferenceBot


class NewsWriter:
    """Writes what has changed: everything to a channel, to a person what concerns their bookmarks."""

    def __init__(self, bot: "ConferenceBot") -> None:
        self._bot = bot

    async def write(self, batch: Batch) -> Letter:
        """Tell the changes of several revisions as one.

        Raises:
            Refused: taken together, nothing has changed.
        """
        news = await self._news(batch)
        if not news:
            raise Refused("what was changed has been changed back since")
        return Letter(
            [news_embed(news, self._bot.clock.now())],
            [("See the schedule", Question(About.SCHEDULE))],
            stops=batch.kind.to_person,
        )

    async def outdated(self, batch: Batch) -> list[str]:
        """Return all keys where there is nothing to tell, or where it is to be told with what came later."""
        again = await self._bot.store.versions.regroup(batch, self._bot.clock.now())
        return [delivery.key for delivery in batch.deliveries] if again or not await self._news(batch) else []

    async def _news(self, batch: Batch) -> tuple[SessionNews, ...]:
        if batch.kind.to_person and not self._is_wished(batch.target_id):
            return ()
        numbers = [int(delivery.subject) for delivery in batch.deliveries]
        bulletins = [Bulletin.parse(news.text) for news in await self._bot.store.versions.news(numbers)]
        news = folded(bulletins, self._bot.agendas.of(batch.target_id) if batch.kind.to_person else None)
        return tuple(one for one in news if not one.is_over(self._bot.clock.now()))

    def _is_wished(self, user_id: int) -> bool:
        wish = self._bot.agendas.wishes.get(user_id)
        return wish is not None and not wish.unreachable
