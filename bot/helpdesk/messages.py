"""The messages that bring reports to the conduct team, and answers to those who report."""

from bot.delivery.channels import Channels
from bot.delivery.message import OutgoingMessage
from bot.delivery.model import Batch, Delivery, Refused
from bot.helpdesk import answers
from bot.helpdesk.duty import Duty
from bot.helpdesk.model import ANSWER, REPORT, Report, Word
from bot.helpdesk.rows import ConductStore


class ConductWriter:
    """Writes them as things are when they are sent, and looks once more who could read them."""

    def __init__(self, store: ConductStore, channels: Channels, duty: Duty) -> None:
        self._store = store
        self._channels = channels
        self._duty = duty

    async def write(self, batch: Batch) -> OutgoingMessage:
        """Say what was reported, added or answered.

        Raises:
            Refused: it is deleted, or others than the team could read it in that channel.
        """
        (delivery,) = batch.deliveries
        report = await self._store.get(delivery.subject)
        if report is None:
            raise Refused("it is deleted")
        if delivery.kind is ANSWER:
            return await self._to_reporter(delivery, report)
        channel = self._channels.get(batch.target_id)
        if channel is None or (trouble := self._duty.trouble_with(channel)):
            raise Refused(trouble if channel else "the channel is gone", for_permission=True)
        if delivery.kind is REPORT:
            embeds, buttons, made_at = answers.report_embeds(report), answers.report_buttons(report), report.made_at
        else:
            word = await self._word(delivery)
            embeds, buttons, made_at = answers.word_embeds(report, word), answers.word_buttons(report), word.made_at
        silent = delivery.due_at > made_at
        called = () if silent else self._duty.conduct_names
        return OutgoingMessage(embeds, (), buttons, silent=silent, also_pings=called)

    async def outdated(self, _batch: Batch) -> list[str]:
        """Return nothing: what was reported is handed on."""
        return []

    async def _to_reporter(self, delivery: Delivery, report: Report) -> OutgoingMessage:
        embeds = answers.answer_embeds(report, await self._word(delivery))
        return OutgoingMessage(embeds, (), answers.answer_buttons(report))

    async def _word(self, delivery: Delivery) -> Word:
        word = await self._store.word(delivery.key.partition(":")[2])
        if word is None:
            raise Refused("it is deleted")
        return word
