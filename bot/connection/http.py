"""discord.py's HTTP client, with a limit for each answer, that survives being cut off while it waits."""

import asyncio
from typing import Any

import aiohttp
from discord.http import HTTPClient, Route
from discord.utils import MISSING

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


class NotRepeated(OSError):
    """It failed, and may have been done all the same; so it was not asked for again."""


class PatientHTTPClient(HTTPClient):
    """Asks Discord."""

    async def request(self, route: Route, **options: Any) -> Any:  # noqa: ANN401 - as in discord.py
        """Ask Discord.

        Raises:
            TimeoutError: Discord did not answer in time.
            NotRepeated: Discord failed to make a thread or a channel, or seems to have. Of messages it can tell that it
                has one already, of these it can't.
        """
        options.setdefault("timeout", aiohttp.ClientTimeout(total=ANSWER_WITHIN))
        if route.method == "POST" and route.path.endswith(_MADE_ONCE):
            options["files"] = [*(options.get("files") or ()), _Once()]
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


class _Once:
    """Stands among the files of a request, which discord.py rewinds before every try; this one lets it try once.

    discord.py asks again after most failures by itself, and can't be told not to.
    """

    def reset(self, *, seek: int) -> None:
        """Let the first try pass."""
        if seek:
            raise NotRepeated("Discord did not confirm it")
