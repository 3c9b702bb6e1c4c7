"""discord.py's HTTP client, with a limit for each answer, that survives being cut off while it waits."""

import asyncio
from typing import Any

import aiohttp
from discord.http import HTTPClient, Route
from discord.utils import MISSING

from bot.clock import Clock

ANSWER_WITHIN = 15.0
"""How long Discord may take to answer one request, in seconds.

It is a limit for the request alone. What discord.py waits before it, for a rate limit to be over, is not counted: so
nobody needs a limit around a whole call, which would cut that waiting off.
"""


CONNECTIONS = 100
"""How many connections to Discord there are at most; what is to be sent beyond that waits for one that is free.

discord.py has no limit: when hundreds ask at once, it opens a connection for each of them first, which takes four times
as long as to answer them all over these.
"""


_MADE_ONCE = ("/threads", "/guilds/{guild_id}/channels")
"""How the routes end whose requests make a second thing when they come twice."""

_MESSAGES = "/channels/{channel_id}/messages"

MESSAGE_REPEATED_WITHIN = 60.0
"""For how long discord.py may ask for the same message again, in seconds since it first did.

Discord knows it again by its nonce, which it remembers for "the past few minutes" (its documentation, "Create Message",
`enforce_nonce`). A repetition comes later than that where a rate limit is long, or where the machine slept. Whoever
sends then has to look first whether the message is there.
"""


class NotRepeated(OSError):
    """It failed, and may have been done all the same; so it was not asked for again."""


class PatientHTTPClient(HTTPClient):
    """Asks Discord."""

    def __init__(self, made: HTTPClient, clock: Clock) -> None:
        """Make one in place of another.

        Args:
            made: the one that discord.py made, which has opened nothing yet.
            clock: tells how long ago something was first asked.
        """
        super().__init__(
            made.loop, made.connector, proxy=made.proxy, proxy_auth=made.proxy_auth, http_trace=made.http_trace
        )
        self._clock = clock

    async def request(self, route: Route, **options: Any) -> Any:  # noqa: ANN401 - as in discord.py
        """Ask Discord.

        Raises:
            TimeoutError: Discord did not answer in time.
            NotRepeated: Discord failed to make a thread or a channel, or seems to have. Of messages it can tell that it
                has one already, of these it can't; of a message no more once that was first sent too long ago.
        """
        options.setdefault("timeout", aiohttp.ClientTimeout(total=ANSWER_WITHIN))
        if route.method == "POST" and (route.path == _MESSAGES or route.path.endswith(_MADE_ONCE)):
            within = MESSAGE_REPEATED_WITHIN if route.path == _MESSAGES else 0.0
            options["files"] = [*(options.get("files") or ()), _Tries(self._clock, within)]
        try:
            return await super().request(route, **options)
        except asyncio.CancelledError:
            # Cut off during a limit for everything, discord.py never opens again what holds all other requests back.
            # Opened early, it costs at most another answer that says to wait.
            self._global_over.set()
            raise

    async def static_login(self, token: str) -> Any:  # noqa: ANN401 - as in discord.py
        """Log in; what an earlier try has opened is closed first."""
        if self.connector is not MISSING:
            await self.close()
        self.connector = aiohttp.TCPConnector(limit=CONNECTIONS)
        return await super().static_login(token)


class _Tries:
    """Stands among the files of a request, which discord.py rewinds before every try; this one lets it try so long.

    discord.py asks again after most failures by itself, and can't be told not to.
    """

    def __init__(self, clock: Clock, within: float) -> None:
        """Make it.

        Args:
            clock: tells the time.
            within: for how many seconds after the first try others may follow; 0 for that one alone.
        """
        self._clock = clock
        self._within = within
        self._first = 0.0

    def reset(self, *, seek: int) -> None:
        """Let the first try pass, and those that follow in time."""
        now = self._clock.steady()
        if not seek:
            self._first = now
        elif now - self._first >= self._within:
            raise NotRepeated("Discord did not confirm it")
