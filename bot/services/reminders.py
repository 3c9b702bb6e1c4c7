"""Builds what channels and people hear before a session opens."""

from bot.agenda.agendas import Agendas
from bot.delivery.expected_channels import ExpectedChannels
from bot.reminders.messages import ReminderWriter
from bot.reminders.model import DIRECT_REMINDER, REMINDER
from bot.reminders.planner import ReminderPlanner
from bot.services.part import Part
from bot.services.shared import Shared


class ReminderPart(Part):
    """Reminders."""

    def __init__(self, shared: Shared, agendas: Agendas, expected: ExpectedChannels) -> None:
        config = shared.config.reminders
        shared.sends((REMINDER, DIRECT_REMINDER), ReminderWriter(shared.library, agendas, shared.clock, config))
        self.planner = ReminderPlanner(
            shared.library, agendas, shared.outbox, shared.dispatcher, shared.channels, expected, shared.clock, config
        )
        agendas.changed = shared.planning.or_everything(self.planner.replan_for)

    def begin_to_plan(self) -> None:
        """Plan reminders from now on."""
        self.planner.open()

    async def replan(self) -> None:
        """Plan all reminders."""
        await self.planner.replan()
