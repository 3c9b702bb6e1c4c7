"""Telling the conference's own servers from those of others who have invited the bot."""

import logging
from collections.abc import Collection, Sequence

from bot.clock import Clock
from bot.home.rows import HomeStore

log = logging.getLogger(__name__)


class HomeServers:
    """The conference's own servers: those that the configuration names, or else the first one the bot worked in.

    Whoever can invite the bot has a server in which they are everything. So a server that nobody has chosen counts
    only when it is the only one, and from then on no other does. In several, of which none was chosen, none counts.
    """

    def __init__(self, store: HomeStore, named: Collection[int], clock: Clock) -> None:
        """Make them known.

        Args:
            store: keeps the first server.
            named: the ids of the servers that the configuration names; none to go by the first.
            clock: the time.
        """
        self._store = store
        self._named = frozenset(named)
        self._clock = clock
        self._first: int | None = None
        self._kept = False
        self._undecided = False

    async def open(self) -> None:
        """Take the first server from the database."""
        self._first = await self._store.get()
        self._kept = self._first is not None

    def is_own(self, server_id: int) -> bool:
        """Tell whether a server is the conference's own."""
        return server_id in self._named if self._named else server_id == self._first

    def settle(self, present: Sequence[int]) -> None:
        """Decide, where that is open, by the servers the bot is in now. `keep` makes the decision last.

        Once there were several, leaving all but one decides nothing before the next start: the conference's own may
        be the one that was left.
        """
        if self._named or self._first is not None or not present:
            return
        if len(present) > 1:
            if self._undecided:
                return
            self._undecided = True
            log.warning("the bot is in several servers and none is chosen, so that none counts as the conference's own")
        elif not self._undecided:
            self._first = present[0]
            log.info("server %d is the conference's own from now on", self._first)

    async def keep(self) -> None:
        """Write down what was decided, once."""
        if self._first is not None and not self._kept:
            self._first = await self._store.keep(self._first, self._clock.now())
            self._kept = True

    @property
    def is_undecided(self) -> bool:
        """Whether no server counts because there are several and none was chosen."""
        return self._undecided and self._first is None

    def why_not(self, server_id: int) -> str:
        """Say in plain text why a server does not count, and how it would."""
        how = f"Whoever runs the bot can name this one in its configuration: servers = [{server_id}] under [discord]."
        if self.is_undecided:
            return f"I am in several servers, and nobody has told me yet which is the conference's own. {how}"
        return f"I work for the conference in its own server, and in this one I only answer questions. {how}"
