"""Staying connected to the gateway, whatever happens to it."""

import asyncio
import logging
import time
from typing import Any

import discord
from discord.gateway import DiscordWebSocket, ReconnectWebSocket

from bot.connection.patience import FAILURES, LONGEST_PAUSE, Pause, in_words

_OPEN_WITHIN = 60.0
"""How long opening a connection may take, in seconds; as in discord.py."""

_AS_ASKED = 1000
"""The close code of an end that either side asked for."""

_TAKES_UP_AGAIN = 3
"""How often it is tried to take up the session where it was; then a new one is begun, at the gateway for all."""

log = logging.getLogger(__name__)


async def stay_connected(client: discord.Client) -> None:
    """Connect to the gateway, and again whenever the connection is lost, until the client is closed.

    This is discord.py's own `Client.connect` but for two things: that one fails for good when the very first connection
    can't be opened, and its pauses grow to 17 minutes.

    Raises:
        discord.ConnectionClosed: Discord will not have this bot, for its token or what it asks for.
    """
    line, pause = _Line(client), Pause()
    while not client.is_closed():
        lost = await line.hold()
        if line.held_for >= LONGEST_PAUSE:  # it was well for a while
            pause = Pause()
            continue
        if not client.is_closed():
            seconds = pause.next()
            log.warning("the gateway can't be reached: %s; trying again in %.0f s", lost, seconds)
            await asyncio.sleep(seconds)


class _Line:
    """Connections to the gateway, one after the other.

    Attributes:
        held_for: how long the last one was open, in seconds.
    """

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self._session: dict[str, Any] = {"initial": True}
        self._socket: DiscordWebSocket | None = None
        self._failed = 0
        self.held_for = 0.0

    async def hold(self) -> str:
        """Hold a connection as long as it lasts; return why it was lost.

        Raises:
            discord.ConnectionClosed: Discord will not have this bot.
        """
        client, self.held_for = self._client, 0.0
        opened, resumes, reason = None, True, ""
        try:
            connecting = DiscordWebSocket.from_client(client, **self._session)
            self._socket = client.ws = await asyncio.wait_for(connecting, _OPEN_WITHIN)
            opened, self._failed = time.monotonic(), 0
            while True:
                await client.ws.poll_event()
        except ReconnectWebSocket as request:
            resumes, reason = request.resume, "it asks for a new connection"
        except discord.ConnectionClosed as closed:
            if closed.code != _AS_ASKED and not client.is_closed():
                raise
            resumes, reason = True, "it ended the connection"
        except FAILURES as error:
            self._failed += 1
            resumes, reason = self._failed <= _TAKES_UP_AGAIN, in_words(error)
        if opened is not None:
            self.held_for = time.monotonic() - opened
        if self._socket is not None:
            self._session = _continued(self._socket) if resumes else {"initial": False}
        client.dispatch("disconnect")
        return reason


def _continued(socket: DiscordWebSocket) -> dict[str, Any]:
    """Return how to take up a session; where that can't be done the gateway says so, and a new one is begun."""
    return {
        "initial": False,
        "resume": True,
        "sequence": socket.sequence,
        "session": socket.session_id,
        "gateway": socket.gateway,
    }
