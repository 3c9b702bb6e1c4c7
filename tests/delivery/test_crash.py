"""The bot killed at every step of a delivery, in the short form; `python -m tests.delivery.crash` is the long one."""

import os

import pytest

from tests.delivery.crash.campaign import campaign, planned
from tests.delivery.crash.points import RANDOM

pytestmark = [
    pytest.mark.slow(seconds=70),
    pytest.mark.skipif(not hasattr(os, "fork"), reason="the bots are forked"),
]


async def test_whenever_the_bot_is_killed_each_message_is_there_once() -> None:
    report = await campaign(planned(3, 7, kills=(7, 7)), jobs=3)

    assert report.findings == [], str(report)
    assert report.kills.total() == 21
    # Where a programme has no reminder left, the bot is killed at some other moment.
    assert len(report.kills.keys() - {RANDOM}) >= 6
    assert report.messages > 0
