"""How many places one person may have opened in an hour."""

from collections import OrderedDict, deque
from typing import Final

from bot.clock import Clock
from bot.errors import UserError
from bot.ui.wording import plural

_HOUR: Final = 3600.0
_REMEMBERED: Final = 10_000
"""Of how many people it is remembered at most; who opened something least recently is forgotten first."""


class OpeningLimit:
    """Counts, for as long as the bot runs, how many places each person had made within an hour."""

    def __init__(self, clock: Clock, per_hour: int) -> None:
        self._clock = clock
        self._per_hour = per_hour
        self._opened: OrderedDict[int, deque[float]] = OrderedDict()

    def take(self, user_id: int) -> None:
        """Count one more.

        Raises:
            UserError: that would be too many.
        """
        now = self._clock.steady()
        opened = self._opened.pop(user_id, None) or deque()
        self._opened[user_id] = opened
        while opened and opened[0] <= now - _HOUR:
            opened.popleft()
        if len(opened) >= self._per_hour:
            minutes = max(int((opened[0] + _HOUR - now) // 60) + 1, 1)
            raise UserError(
                f"You have begun {plural(self._per_hour, 'discussion')} within an hour, as many as one person may. "
                f"Press again in {plural(minutes, 'minute')}; where others have begun one, you can join it at once."
            )
        opened.append(now)
        if len(self._opened) > _REMEMBERED:
            self._opened.popitem(last=False)
