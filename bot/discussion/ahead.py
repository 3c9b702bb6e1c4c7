"""Places that are made ahead: planned in the database, and made one after the other, also after a restart."""

import logging
from collections.abc import Awaitable, Callable, Iterable

from bot.background import BackgroundTasks, OneAtATime
from bot.clock import Clock
from bot.discussion.known import KnownPlaces
from bot.discussion.model import Place, Subject
from bot.discussion.rows import PlaceStore
from bot.errors import UserError
from bot.store.audit import AuditEntry

log = logging.getLogger(__name__)


class Ahead:
    """Makes the places that were planned."""

    def __init__(
        self,
        store: PlaceStore,
        known: KnownPlaces,
        background: BackgroundTasks,
        clock: Clock,
        make: Callable[[Subject, int], Awaitable[Place]],
        exists: Callable[[Subject], bool],
    ) -> None:
        """Make it.

        Args:
            store: what is planned.
            known: what is made.
            background: owns the task.
            clock: tells the time.
            make: makes the place of a subject in a server.
            exists: tells whether a subject is in the programme; one that is not waits until it is back.
        """
        self._store = store
        self._known = known
        self._clock = clock
        self._make = make
        self._exists = exists
        self._planned: list[tuple[int, Subject]] = []
        self._making = OneAtATime(background, self._make_all, "opening discussions")

    async def load(self) -> None:
        """Take what is planned from the database."""
        self._planned = await self._store.planned()

    def waiting(self, server_id: int) -> int:
        """Return how many are still to be made in a server."""
        return sum(server == server_id and self._exists(subject) for server, subject in self._planned)

    def go_on(self) -> None:
        """Make what is still to be made."""
        if self._planned:
            self._making.ask()

    async def plan(self, server_id: int, subjects: Iterable[Subject], entry: AuditEntry) -> None:
        """Have places made that are not there, and write down who wanted it."""
        new = [subject for subject in subjects if not self._known.of(subject, server_id)]
        await self._store.plan(server_id, new, self._clock.now(), entry)
        await self.load()
        self.go_on()

    async def _make_all(self) -> None:
        """Make one after the other; where one fails, it is gone on later."""
        for server_id, subject in tuple(self._planned):
            if not self._exists(subject):
                continue
            try:
                await self._make(subject, server_id)
            except UserError as error:
                log.warning("the discussion of %s is not open yet: %s", subject.code, error)
                break
            self._planned = [one for one in self._planned if one != (server_id, subject)]
