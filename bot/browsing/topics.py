"""The topics of each paper: what the source says, or else what was found in the abstracts, in a thread."""

import asyncio
import logging
from collections.abc import Collection, Container, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from bot.background import BackgroundTasks, OneAtATime
from bot.browsing.kept import KeptTopics, keep, restore
from bot.editions.model import Edition
from bot.editions.service import Library
from bot.gc_pause import gc_paused
from bot.search.subjects import FoundTopic, find_topics, in_topics
from bot.search.weighing import matrix_of

_SAID = 0.5
"""Which share of the papers must have topics of the source's own, so that none are looked for."""

_SAME = 0.5
"""Which share of the papers must have been there before, so that they stay in the topics that were found then."""

log = logging.getLogger(__name__)


class Topics:
    """The topics of the programme in use. They are found when somebody first asks: no start waits for them.

    Attributes:
        found: those that were found in the abstracts; none where the source says them.
    """

    def __init__(self, library: Library, file: Path | None = None) -> None:
        """Make them.

        Args:
            library: the programme.
            file: where to keep what was found, for the next start; None for nowhere.
        """
        self._library = library
        self._file = file
        self._before: KeptTopics | None = None
        self._background = BackgroundTasks()
        self._finding = OneAtATime(self._background, self._find, "topics")
        self._edition: Edition | None = None
        self._names: Mapping[str, Sequence[str]] = {}
        self._ended = asyncio.Event()
        self.found: tuple[FoundTopic, ...] = ()

    def renew(self) -> None:
        """Begin to find the topics of another programme, if anybody has asked for any."""
        if self._edition:
            self.look()

    def look(self) -> None:
        """Begin to find the topics of the programme in use; where they are known, this changes nothing."""
        if not self.are_there:
            self._ended.clear()
            self._finding.ask()

    async def wait(self, seconds: float) -> None:
        """See to it that the topics are known, and wait for that so long at the most."""
        self.look()
        if not self.are_there:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ended.wait(), seconds)

    @property
    def are_there(self) -> bool:
        """Whether the topics of the programme in use are known."""
        return self._edition is self._library.edition

    @property
    def of_papers(self) -> Mapping[str, Sequence[str]]:
        """The names of each paper's topics by its key; nothing as long as they are not known."""
        return self._names if self.are_there else {}

    async def close(self) -> None:
        """Stop looking."""
        await self._background.close()

    async def _find(self) -> None:
        try:
            await self._find_in(self._library.edition)
        finally:
            self._ended.set()

    async def _find_in(self, edition: Edition) -> None:
        papers = edition.programme.papers
        said = {key: paper.topics for key, paper in papers.items() if paper.topics}
        if len(said) >= max(len(papers) * _SAID, 1):
            self._take(edition, (), said)
            return
        before = await self._found_before()
        state = self._library.stamp(edition)
        if before and state and before.state == state:
            found = before
        else:
            topics = before.topics if before and _alike(before.places, papers) else ()
            with gc_paused():
                found = await asyncio.to_thread(_found, edition, topics, state)
            log.info("found %d topics in %d papers", len(found.topics), len(papers))
        names = {key: (found.topics[place].name,) for key, place in found.places.items() if place >= 0}
        self._take(edition, found.topics, {**names, **said})
        self._before = found
        if state and found is not before and self._file:
            await asyncio.to_thread(keep, self._file, found)

    async def _found_before(self) -> KeptTopics | None:
        """Return what was found last, also before the bot was started."""
        if self._before is None and self._file:
            self._before = await asyncio.to_thread(restore, self._file)
        return self._before

    def _take(self, edition: Edition, found: Sequence[FoundTopic], names: Mapping[str, Sequence[str]]) -> None:
        self._edition, self.found, self._names = edition, tuple(found), names


def _found(edition: Edition, topics: Sequence[FoundTopic], state: bytes | None) -> KeptTopics:
    """Find topics in the papers of an edition, unless there are some, and the topic of each paper."""
    papers, contents = edition.programme.papers, edition.index.contents
    matrix = matrix_of(contents)
    topics = topics or find_topics(list(papers.values()), contents, matrix)
    return KeptTopics(state or b"", topics, dict(zip(papers, in_topics(topics, matrix), strict=True)))


def _alike(was: Container[str], now: Collection[str]) -> bool:
    """Tell whether most of the papers were there before."""
    return bool(now) and sum(key in was for key in now) >= len(now) * _SAME
