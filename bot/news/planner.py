"""Plans who is to hear what has changed in the programme."""

import asyncio

from bot.agenda.agendas import Agendas
from bot.config import Reminders
from bot.delivery.channels import Channels
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.expected_channels import ExpectedChannels
from bot.news.model import plan_news
from bot.news.rows import NewsStore


class NewsPlanner:
    """Plans news, once it is open: before the bot is connected it sees no channels."""

    def __init__(
        self,
        store: NewsStore,
        agendas: Agendas,
        dispatcher: Dispatcher,
        channels: Channels,
        expected: ExpectedChannels,
        config: Reminders,
    ) -> None:
        self._store = store
        self._agendas = agendas
        self._dispatcher = dispatcher
        self._channels = channels
        self._expected = expected
        self._config = config
        self._planning = asyncio.Lock()
        self._open = False

    def open(self) -> None:
        """Let plans be made from now on."""
        self._open = True

    async def spread(self) -> None:
        """Plan who is to hear what changed in the programme, where that was not done yet."""
        async with self._planning:
            if not self._open:
                return
            channels = await self._expected.ids()
            if not channels and not self._channels.complete:
                return  # the channel may be in a server that Discord can't show just now
            for news in await self._store.unplanned():
                wishing = (user for user, wish in self._agendas.wishes.items() if not wish.unreachable)
                people = [user for user in wishing if news.bulletin.concerns(self._agendas.of(user))]
                # New papers alone are no news for a channel.
                hearing = channels if news.bulletin.news else ()
                deliveries = plan_news(news, hearing, people, self._config.direct_per_minute)
                await self._store.plan(news.number, deliveries)
        self._dispatcher.wake()
