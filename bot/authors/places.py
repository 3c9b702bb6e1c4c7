"""Where people talk about papers, as authors need it."""

import logging
from collections.abc import Callable, Sequence
from typing import Protocol

from bot.delivery.channels import Channels
from bot.discussion.model import Subject, SubjectKind, paper_subject
from bot.discussion.service import Places
from bot.errors import UserError

log = logging.getLogger(__name__)


class AuthorsOf(Protocol):
    """Hears what goes on in the places of papers."""

    async def written(self, key: str, writer: int, message_id: int) -> None:
        """Hear who wrote which message."""
        ...

    async def looked(self, reader: int, key: str) -> None:
        """Hear that somebody was led there."""
        ...


class PaperPlaces:
    """The places of papers."""

    def __init__(self, places: Places, channels: Channels) -> None:
        self._places = places
        self._channels = channels

    @property
    def are_there(self) -> bool:
        """Whether papers can have places at all."""
        return self._places.enabled

    def url(self, paper_key: str) -> str:
        """Return the address of a paper's place; empty where it has none yet."""
        place = self._places.of(paper_subject(paper_key))
        return place.url if place else ""

    async def threads(self, paper_key: str) -> Sequence[int]:
        """Return Discord's ids of a paper's places, one in each of the conference's servers, made if need be."""
        found = []
        for guild in self._channels.guilds:
            try:
                found.append((await self._places.open(paper_subject(paper_key), guild.id)).thread_id)
            except UserError as error:
                log.warning("a paper has no place in server %d: %s", guild.id, error)
        return found

    def there(self, paper_key: str) -> Sequence[int]:
        """Return Discord's ids of the places that a paper has already."""
        subject = paper_subject(paper_key)
        found = (self._places.of(subject, guild.id) for guild in self._channels.guilds)
        return [place.thread_id for place in found if place]

    def last_message(self, paper_key: str) -> int:
        """Return Discord's id of the last message that somebody wrote in a paper's places, 0 for none."""
        subject = paper_subject(paper_key)
        found = (self._places.of(subject, guild.id) for guild in self._channels.guilds)
        return max((place.last_message_id or 0 for place in found if place), default=0)

    def refresh(self, paper_key: str) -> None:
        """Bring what a paper's place shows of its authors up to date soon."""
        self._places.refresh(paper_subject(paper_key))

    def tell(self, authors: AuthorsOf, opened: Callable[[str], None]) -> None:
        """Tell the authors of a paper what goes on in its place, and somebody, by the paper's key, that it was made."""

        async def written(subject: Subject, writer: int, message_id: int) -> None:
            if subject.kind is SubjectKind.PAPER:
                await authors.written(subject.key, writer, message_id)

        async def led(subject: Subject, reader: int) -> None:
            if subject.kind is SubjectKind.PAPER:
                await authors.looked(reader, subject.key)

        def made(subject: Subject) -> None:
            if subject.kind is SubjectKind.PAPER:
                opened(subject.key)

        self._places.when_written(written)
        self._places.when_led(led)
        self._places.when_made(made)
