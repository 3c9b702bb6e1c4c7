"""How long people wait is measured for every kind of interaction."""

import logging
from collections import Counter

import pytest

from bot.ui.timings import BOUNDS, Timings
from tests.support.messages import shown
from tests.support.server import Server


async def test_commands_suggestions_and_presses_are_timed_and_logged(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="bot.ui.timings")
    ann = server.member("ann")

    answer = await ann.slash(server.channel, "paper", paper="helios")
    await ann.autocomplete(server.channel, "paper", "paper", "heli")
    await ann.autocomplete(server.channel, "author", "name", "tam")
    await ann.click(shown(answer), label="Similar papers")

    counted = {kind: bars.total() for kind, bars in server.bot.services.responder.timings.bars.items()}
    assert counted == {"application_command": 1, "autocomplete": 2, "component": 1}
    assert sum("handled in" in record.message for record in caplog.records) == 4


def test_a_share_of_answers_lies_within_the_bound_of_its_bar() -> None:
    timings = Timings()
    assert timings.within("autocomplete", 0.99) == 0

    bars = timings.bars.setdefault("autocomplete", Counter())
    bars[0], bars[3], bars[len(BOUNDS)] = 90, 9, 1

    assert timings.within("autocomplete", 0.5) == BOUNDS[0]
    assert timings.within("autocomplete", 0.99) == BOUNDS[3]
    assert timings.within("autocomplete", 1) == float("inf")
