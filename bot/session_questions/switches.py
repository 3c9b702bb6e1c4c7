"""Which sessions take questions."""

from bot.session_questions.model import EVERYWHERE
from bot.session_questions.rows import QuestionStore
from bot.store.audit import AuditEntry


class Switches:
    """Where questions are taken: everywhere, unless somebody said otherwise.

    Attributes:
        enabled: whether the configuration has switched questions on.
    """

    def __init__(self, store: QuestionStore, *, enabled: bool) -> None:
        self._store = store
        self.enabled = enabled
        self._said: dict[str, bool] = {}

    async def open(self) -> None:
        """Read what was said."""
        self._said = await self._store.switches()

    def takes(self, session_key: str) -> bool:
        """Tell whether a session takes questions and votes."""
        return self.enabled and self._said.get(session_key, self._said.get(EVERYWHERE, True))

    async def switch(self, session_key: str, takes: bool, record: AuditEntry) -> None:
        """Keep whether a session takes questions; what is said of all takes the place of all that was said."""
        await self._store.switch(session_key, takes, record)
        self._said = {session_key: takes} if session_key == EVERYWHERE else {**self._said, session_key: takes}
