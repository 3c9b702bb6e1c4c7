"""The time by Discord's own clock, which dates the messages."""

import logging
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import SimpleNamespace
from typing import Final

import aiohttp

from bot.clock import Clock
from bot.ui.limits import FIRST_ANSWER

_MARGIN: Final = timedelta(seconds=2)
"""How much longer nobody surely waits: answers tell the time to the second, and take some on their way."""

_LIFETIME: Final = timedelta(minutes=15)
"""How long an interaction lives; what seems to be older says more of the clocks than of itself."""

_APART: Final = timedelta(minutes=1)
"""By how much this machine's clock may differ before somebody should set it."""

log = logging.getLogger(__name__)


class DiscordTime:
    """Reads Discord's clock off its answers, each of which says when it was given, to the second."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._date = ""
        self._noted: tuple[datetime, float] | None = None
        self._warned = False

    def now(self) -> datetime | None:
        """Return the present moment by Discord's clock, in UTC; None before its first answer."""
        if self._noted is None:
            return None
        moment, steady = self._noted
        return moment + timedelta(seconds=self._clock.steady() - steady)

    def has_given_up(self, since: datetime) -> bool:
        """Tell whether Discord no longer waits for the answer to what somebody did at a moment of its own clock."""
        now = self.now()
        return now is not None and FIRST_ANSWER + _MARGIN < now - since < _LIFETIME

    def note(self, date: str) -> None:
        """Take in the `Date` of an answer; what is no date tells nothing, nor what another answer has said just now."""
        if date == self._date:
            return
        try:
            moment = parsedate_to_datetime(date).astimezone(UTC)
        except (ValueError, OverflowError):
            return
        self._date, self._noted = date, (moment, self._clock.steady())
        ahead = self._clock.now() - moment
        if abs(ahead) <= _APART:
            self._warned = False
        elif not self._warned:
            self._warned = True
            word = "ahead of" if ahead > timedelta() else "behind"
            log.warning(
                "this machine's clock is %s %s Discord's: set it, or reminders come at the wrong time",
                timedelta(seconds=round(abs(ahead).total_seconds())),
                word,
            )

    def trace(self) -> aiohttp.TraceConfig:
        """Return what lets a client's session tell of each answer."""
        trace = aiohttp.TraceConfig()
        trace.on_request_end.append(self._answered)
        return trace

    async def _answered(
        self, _session: aiohttp.ClientSession, _context: SimpleNamespace, answer: aiohttp.TraceRequestEndParams
    ) -> None:
        # What is not JSON may come from somebody in between.
        if answer.response.content_type == "application/json" and (date := answer.response.headers.get("Date")):
            self.note(date)
