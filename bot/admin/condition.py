"""Whether the bot gets anything done: the facts at one moment, and what follows from them."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.clock import Clock
from bot.delivery.model import Pulse
from bot.delivery.rows import Outbox
from bot.sources.watch import SourceWatch

STUCK_AFTER = timedelta(minutes=5)
"""How long nothing may be sent while something is due, before that is a trouble."""

LATE_AFTER = timedelta(minutes=15)
"""How long after its time a look at a source may still be to come, before that is a trouble."""

CALM = timedelta(minutes=2)
"""How long the outbox need not be asked again while nothing is overdue."""

LONGEST_RECONNECTION = timedelta(minutes=1)
"""How long connecting, or connecting again, which Discord asks for now and then, may take before it is a trouble."""

log = logging.getLogger(__name__)


class Trouble(StrEnum):
    """Why a bot that runs gets something not done."""

    DISCONNECTED = "disconnected"
    """Discord's gateway is not connected, so that nobody is answered."""

    STUCK = "stuck"
    """Something is due, and nothing is sent."""

    UNWATCHED = "unwatched"
    """A source is not looked at, though its time has come. One that is away is looked at."""

    UNREADABLE = "unreadable"
    """The database can't be read."""


@dataclass(frozen=True, slots=True)
class WatchedSource:
    """A source that is looked at again and again; all moments are in UTC, and None for never.

    Attributes:
        name: what messages call it.
        seen_at: when it was last seen as it is.
        tried_at: when it was last looked at, whether it was there or not.
        next_at: when it is to be looked at next; None for at once.
    """

    name: str
    seen_at: datetime | None = None
    tried_at: datetime | None = None
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """How the bot is at one moment; all moments are in UTC.

    Attributes:
        at: the moment.
        started_at: since when the bot runs.
        connected: whether Discord's gateway is connected.
        connection_since: since when that is so.
        pulse: whether deliveries get anywhere; None where the database could not be read.
        sources: the sources that are looked at again and again.
    """

    at: datetime
    started_at: datetime
    connected: bool
    connection_since: datetime
    pulse: Pulse | None
    sources: tuple[WatchedSource, ...] = ()

    @property
    def outbox_age(self) -> float:
        """For how long what is overdue longest is overdue, in seconds; 0 when nothing is."""
        since = self.pulse.overdue_since if self.pulse else None
        return (self.at - since).total_seconds() if since else 0.0

    @property
    def source_age(self) -> float | None:
        """How long ago the sources were last seen, that of them which was longest, in seconds; None for never."""
        seen = [source.seen_at for source in self.sources]
        return max((self.at - moment).total_seconds() if moment else float("inf") for moment in seen) if seen else None

    @property
    def idle_since(self) -> datetime:
        """Since when nothing was sent though something was due and the bot was connected; now, when that is not so."""
        pulse = self.pulse
        if not self.connected or pulse is None or pulse.overdue_since is None:
            return self.at
        return max(pulse.overdue_since, pulse.last_sent_at or self.started_at, self.connection_since)

    @property
    def unwatched(self) -> list[WatchedSource]:
        """The sources that should have been looked at."""
        return [
            source
            for source in self.sources
            if self.connected and self.at - max(source.next_at or self.started_at, self.connection_since) > LATE_AFTER
        ]

    @property
    def troubles(self) -> list[Trouble]:
        """What is wrong."""
        return list(self._troubles())

    def is_over(self, trouble: Trouble, since: datetime) -> bool:
        """Tell whether a trouble that was known since then is over: something was done again."""
        match trouble:
            case Trouble.STUCK:
                sent = self.pulse.last_sent_at if self.pulse else None
                return sent is not None and sent > since
            case Trouble.UNWATCHED:
                return all(source.tried_at is not None and source.tried_at > since for source in self.sources)
            case _:
                return trouble not in self.troubles

    def _troubles(self) -> Iterator[Trouble]:
        if self.pulse is None:
            yield Trouble.UNREADABLE
        if not self.connected and self.at - self.connection_since > LONGEST_RECONNECTION:
            yield Trouble.DISCONNECTED
        if self.at - self.idle_since > STUCK_AFTER:
            yield Trouble.STUCK
        if self.unwatched:
            yield Trouble.UNWATCHED


class Connection:
    """Whether Discord's gateway is connected; the client says when that changes.

    Attributes:
        up: whether it is.
        since: since when, in UTC.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.up = False
        self.since = clock.now()

    def changed(self, *, up: bool) -> None:
        """Note that it is connected now, or no longer is; to do so again changes nothing."""
        if up is not self.up:
            self.up, self.since = up, self._clock.now()


class ConditionReader:
    """Gathers the facts."""

    def __init__(self, outbox: Outbox, watch: SourceWatch, connection: Connection, clock: Clock) -> None:
        self._outbox = outbox
        self._watch = watch
        self._connection = connection
        self._clock = clock
        self._started_at = self._felt_at = clock.now()
        self._pulse: Pulse | None = None

    async def read(self, *, often: bool = False) -> Condition:
        """Return how the bot is now.

        Args:
            often: whether this is asked often; while nothing is overdue, the outbox is then asked now and then only.
        """
        pulse = await self._felt(CALM if often else timedelta())
        return Condition(
            at=self._clock.now(),
            started_at=self._started_at,
            connected=self._connection.up,
            connection_since=self._connection.since,
            pulse=pulse,
            sources=tuple(self._sources()),
        )

    async def _felt(self, calm: timedelta) -> Pulse | None:
        now = self._clock.now()
        if self._pulse is None or self._pulse.overdue or not timedelta() <= now - self._felt_at < calm:
            self._pulse, self._felt_at = None, now
            try:
                self._pulse = await self._outbox.pulse(now)
            except Exception:
                log.exception("the database can't be read")
        return self._pulse

    def _sources(self) -> Iterator[WatchedSource]:
        for one in self._watch.watched:
            state = one.state
            tried = max((moment for moment in (state.looked_at, state.failed_at) if moment), default=None)
            yield WatchedSource(state.name, state.looked_at, tried, one.next_at)
