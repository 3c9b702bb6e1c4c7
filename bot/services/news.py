"""Builds what channels and people hear when a session moves, is cancelled or added."""

from bot.agenda.agendas import Agendas
from bot.delivery.expected_channels import ExpectedChannels
from bot.news.messages import NewsWriter
from bot.news.model import DIRECT_NEWS, NEWS
from bot.news.planner import NewsPlanner
from bot.news.rows import NewsStore
from bot.services.part import Part
from bot.services.shared import Shared


class NewsPart(Part):
    """News of the programme."""

    def __init__(self, shared: Shared, agendas: Agendas, expected: ExpectedChannels) -> None:
        store = NewsStore(shared.database, shared.outbox)
        shared.sends((NEWS, DIRECT_NEWS), NewsWriter(store, agendas, shared.clock, shared.zone))
        self.planner = NewsPlanner(
            store, agendas, shared.dispatcher, shared.channels, expected, shared.config.reminders
        )

    def begin_to_plan(self) -> None:
        """Spread news from now on."""
        self.planner.open()
