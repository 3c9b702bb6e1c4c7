"""The topics and tracks that people follow, in memory for reading and in the database for keeping."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.agenda.rows import FollowStore
from bot.clock import Clock
from bot.errors import UserError

MOST_FOLLOWED = 25
"""How many topics and tracks one person may follow."""


@dataclass(frozen=True, slots=True)
class Followed:
    """A part of the programme that somebody follows.

    Attributes:
        facet: "topic" or "track".
        token: short, the same for the same name.
        name: what it was called when they began to.
        words: its telling words with their weights, where it was found in the abstracts, to know it again by.
    """

    facet: str
    token: str
    name: str
    words: Mapping[str, float] = field(default_factory=dict, compare=False)


class Follows:
    """What each person follows, by Discord's id of the person."""

    def __init__(self, store: FollowStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._followed: dict[int, list[Followed]] = {}

    async def open(self) -> None:
        """Read everything that is followed."""
        for user_id, facet, token, name, words in await self._store.everything():
            self._followed.setdefault(user_id, []).append(Followed(facet, token, name, words))

    def of(self, user_id: int) -> tuple[Followed, ...]:
        """Return what somebody follows, the longest followed first."""
        return tuple(self._followed.get(user_id, ()))

    async def add(self, user_id: int, followed: Followed) -> None:
        """Keep that somebody follows something.

        Raises:
            UserError: they follow as much as somebody may.
        """
        if len(self.of(user_id)) >= MOST_FOLLOWED:
            raise UserError(
                f"You follow {MOST_FOLLOWED} topics and tracks, which is as many as I keep. Stop one first."
            )
        await self._store.add(
            user_id, (followed.facet, followed.token, followed.name, followed.words), self._clock.now()
        )
        if followed not in self.of(user_id):
            self._followed.setdefault(user_id, []).append(followed)

    async def remove(self, user_id: int, followed: Followed) -> None:
        """Keep that somebody no longer follows something."""
        await self._store.remove(user_id, followed.facet, followed.token)
        self._followed[user_id] = [one for one in self.of(user_id) if one != followed]

    async def forget(self, user_id: int) -> None:
        """Delete all that somebody follows."""
        self._followed.pop(user_id, None)
        await self._store.forget(user_id)
