"""Whether Discord can be reached, tried with one message at a time while it can't."""

from typing import Final

_PAUSE: Final = 5.0
"""After how many seconds it is tried again."""

_LATER_PAUSE: Final = 15.0
"""The same once many tries have failed: what is due still comes less than 20 s late, and the log stays short."""

_MANY: Final = 24


class Probe:
    """Holds all messages back once one could not be brought to Discord, but for one every few seconds that tries it.

    It goes by seconds that the caller tells, so that a clock that is set changes nothing.
    """

    def __init__(self) -> None:
        self._next: float | None = None
        self._token: str | None = None
        self._failed = 0

    @property
    def is_under_way(self) -> bool:
        """Whether it is being tried at this moment."""
        return self._token is not None

    def wait(self, at: float) -> float:
        """Return in how many seconds a message may be tried, as seen at a moment; 0 is now."""
        return max(self._next - at, 0.0) if self._next is not None else 0.0

    def failed(self, at: float, asked: float) -> float:
        """Note that Discord could not be reached.

        Args:
            at: the moment.
            asked: how long Discord, or a proxy before it, asks to wait, in seconds.

        Returns:
            After how many seconds it is tried again.
        """
        if self.is_under_way:
            self._failed += 1
        pause = max(asked, _LATER_PAUSE if self._failed > _MANY else _PAUSE)
        self._next = at + pause
        return pause

    def well(self) -> None:
        """Note that Discord answered."""
        self._next = self._token = None
        self._failed = 0

    def began(self, token: str) -> None:
        """Note that a message is on its way; it is the one that tries, while Discord can't be reached."""
        if self._next is not None:
            self._token = token

    def ended(self, token: str) -> None:
        """Note that what became of a message is known."""
        if self._token == token:
            self._token = None
