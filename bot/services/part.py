"""What a part of the bot does when something happens; each has a module here, which builds it."""

from collections.abc import Iterable

import discord


class Part:
    """A capability as the bot sees it: built from what it needs, and told of what happens to all.

    A part does nothing where it has nothing to do. Parts are told in the order in which `services.py` lists them, and
    end in the opposite one, so that none outlives what it needs.
    """

    async def open(self) -> None:
        """Read what is kept, before Discord is asked anything."""

    def begin_to_plan(self) -> None:
        """Plan from now on: the servers are there."""

    def begin(self) -> None:
        """Begin to work in Discord: all is planned. A reconnection says so again, which only looks anew."""

    async def replan(self) -> None:
        """Plan all that follows from the programme."""

    def programme_changed(self) -> None:
        """Bring into step what follows from the programme."""

    def channels_changed(self) -> None:
        """Take up channels that have come or have got the right name, and let go of those that are gone."""

    def permissions_changed(self) -> None:
        """Take up what waits for a permission that the bot may have now."""

    def joined(self) -> None:
        """Take up a new server of the conference's own, besides what `furnish` does there."""

    async def furnish(self, guild: discord.Guild, *, joined: bool) -> None:
        """Give one of the conference's own servers what every one has.

        Args:
            guild: the server.
            joined: whether the bot has just come there.
        """

    async def set_unreachable(self, user_id: int) -> None:
        """Note that somebody takes no direct messages."""

    def counts(self) -> Iterable[str]:
        """Return what there is, a line each as Markdown, for `/status`."""
        return ()

    def missing(self, guild: discord.Guild) -> Iterable[str]:  # noqa: ARG002 - for those that override it
        """Return what is missing in a server, a sentence each as Markdown, for `/status`."""
        return ()

    async def stop(self) -> None:
        """End all tasks; what others have begun may still be on its way."""

    async def close(self) -> None:
        """Write down what is still to be written: nothing is at work any more."""
