"""Where somebody can look: the server's channels and their own direct messages, each on a page of SimCord's.

SimCord's page shows one channel for as long as it is open. So each place has one of its own, made at the first look.
"""

from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

from simcord.actors import MemberActor
from simcord.backend.access import can_access_channel
from simcord.builders import ChannelHandle, UserHandle
from simcord.preview import Preview

from bot.permissions import Audience
from bot.preview.world import World
from bot.ui.limits import clip

DIRECT: Final = "direct-messages"
"""The place that each person has of their own."""

THREAD: Final = "thread-"
"""How the page's address calls a thread, before its id."""

_NEWEST = 50
_THREADS = 5
"""How many threads are listed, those in which something was written last."""

_LABEL = 28
"""How many characters of a thread's name are shown."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A channel or a thread as somebody sees it.

    Attributes:
        name: what the page's address calls it.
        label: what people call it.
        messages: the ids of its newest messages that this person sees, oldest first.
    """

    name: str
    label: str
    messages: tuple[int, ...]


class Spots:
    """Where somebody can look in a world, and the pages of that."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._pages: dict[int, Preview] = {}
        self._open = AsyncExitStack()
        self._shown = self._everything()

    async def __aenter__(self) -> Self:
        """Make the page of the channel for questions."""
        await self.open(self._world.channel.name or "", Audience.ATTENDEE)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close all pages."""
        await self._open.aclose()

    def seen_by(self, person: Audience) -> list[Spot]:
        """Return where a person can look, the threads after the channels, and the direct messages last."""
        viewer = self._world.people[person]
        return [
            Spot(
                name,
                clip(f"💬 {channel.name}", _LABEL) if channel.is_thread else name,
                tuple(sorted(self._ids(channel, viewer)))[-_NEWEST:],
            )
            for name, channel in self._of(viewer)
        ]

    def channel(self, name: str, person: Audience) -> ChannelHandle | None:
        """Return the channel of a place, or None where this person sees no such place."""
        return next((channel for own, channel in self._of(self._world.people[person]) if own == name), None)

    def opened(self, name: str, person: Audience) -> Preview | None:
        """Return the page of a place, or None where this person sees no such place or it is not open."""
        channel = self.channel(name, person)
        return self._pages.get(channel.id) if channel else None

    async def open(self, name: str, person: Audience) -> None:
        """Open the page of a place that this person sees. It works in the world: nothing else may meanwhile."""
        channel = self.channel(name, person)
        if channel and channel.id not in self._pages:
            viewers = list(self._viewers(channel, self._world.people[person]))
            # Whoever looks is at the conference: the page shows times as a phone does there.
            page = self._world.env.preview(channel, viewers=viewers, layout="channel", timezone=self._world.zone)
            self._pages[channel.id] = await self._open.enter_async_context(page)

    async def refresh(self) -> bool:
        """Show what was posted or changed since the last time on all pages; return whether there was anything."""
        there = self._everything()
        if there == self._shown:
            return False
        for page in self._pages.values():
            await page.refresh()
        self._shown = there
        return True

    def _of(self, viewer: MemberActor) -> Iterator[tuple[str, ChannelHandle]]:
        for channel in self._world.channels:
            if self._may_read(channel, viewer):
                yield channel.name or "", channel
        for thread in self._world.threads[-_THREADS:]:
            if self._may_read(thread, viewer):
                yield f"{THREAD}{thread.id}", thread
        yield DIRECT, viewer.user.dm_channel

    def _viewers(self, channel: ChannelHandle, viewer: MemberActor) -> Iterator[MemberActor | UserHandle]:
        if channel.guild is None:
            yield viewer.user
        else:
            yield from (one for one in self._world.people.values() if self._may_read(channel, one))

    def _everything(self) -> dict[int, tuple[tuple[int, str | None], ...]]:
        return {
            number: tuple((message.id, message.edited_timestamp) for message in messages.values())
            for number, messages in self._world.env.backend.messages.items()
        }

    def _ids(self, channel: ChannelHandle, viewer: MemberActor) -> Iterator[int]:
        there = self._world.env.backend.messages.get(channel.id, {})
        return (number for number, message in there.items() if message.visible_to(viewer.id))

    def _may_read(self, channel: ChannelHandle, viewer: MemberActor) -> bool:
        return can_access_channel(self._world.env, channel.id, viewer, history=True)
