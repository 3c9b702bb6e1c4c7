"""The server in which attendees plan their day."""

from tests.support.planning import own, rest, server, start

__all__ = ["own", "rest", "server", "start"]
