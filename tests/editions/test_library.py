"""The library: one whole edition at any moment, whatever happens to the file."""

import asyncio
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

import bot.editions.service
from bot.clock import SystemClock
from bot.editions.model import Edition
from bot.editions.rows import EditionStore
from bot.editions.service import Library
from bot.programme.build import Times, build
from tests.support.loading import loaded
from tests.support.server import SESSION_PAGE
from tests.support.versions import in_use

REAL = SESSION_PAGE.read_bytes()
ABSTRACT = "We study caches. They help."
SMALL = f"Session\nPosters\nHall\nCaching\nAda Lovelace ⋅ Bo Li\n{ABSTRACT}\n".encode()
GROWN = SMALL + f"Batching\nCy Twombly ⋅ Di Wu\n{ABSTRACT}\n".encode()
START = datetime(2026, 5, 19, 1, tzinfo=UTC)


@pytest.fixture
def library(store: EditionStore) -> Library:
    return Library(store, SystemClock(), {})


def titles(edition: Edition) -> list[str]:
    return [paper.label for paper in edition.programme.papers.values()]


async def assert_whole(edition: Edition, times: dict[str, Times] | None = None) -> None:
    """Programme, index and version of an edition belong together."""
    assert edition.version is not None
    assert edition.programme == build((await edition.origin.get()).source, times)
    suggested = {paper.key for paper in edition.index.suggest("", 1000)}
    assert suggested <= set(edition.programme.papers)
    for paper in edition.programme.papers.values():
        assert edition.index.find(paper.key)[1][0] == paper


async def test_before_the_first_load_there_is_nothing_to_answer_from(library: Library) -> None:
    await library.open()
    assert library.edition.version is None
    assert titles(library.edition) == []


async def test_the_same_file_twice_changes_nothing_and_says_so(library: Library, store: EditionStore) -> None:
    assert await library.load(loaded(REAL, "page.txt")) is True
    first = library.edition
    assert len(titles(first)) == 34
    assert await library.load(loaded(REAL, "page.txt")) is False
    assert library.edition is first
    current = await in_use(store)
    assert current is not None
    assert current.id == 1


async def test_another_file_replaces_the_edition_whole(library: Library) -> None:
    await library.load(loaded(SMALL, "page.txt"))
    first = library.edition
    assert await library.load(loaded(GROWN, "page.txt")) is True
    assert titles(first) == ["Caching"]
    assert titles(library.edition) == ["Caching", "Batching"]
    await assert_whole(first)
    await assert_whole(library.edition)
    assert await library.load(loaded(SMALL, "page.txt")) is True
    assert titles(library.edition) == ["Caching"]


async def test_papers_keep_their_keys_when_the_file_changes(library: Library) -> None:
    await library.load(loaded(SMALL, "page.txt"))
    assert await library.load(loaded(GROWN.replace(b"\nCaching\n", b"\nCaches Considered\n"), "page.txt"))
    assert titles(library.edition) == ["Caches Considered", "Batching"]
    assert list(library.edition.programme.papers) == ["caching", "batching"]


async def test_an_edition_comes_back_from_the_store(library: Library, store: EditionStore) -> None:
    await library.load(loaded(REAL, "page.txt"))
    again = Library(store, SystemClock(), {})
    await again.open()
    assert again.edition.programme == library.edition.programme
    assert again.edition.version == library.edition.version
    await assert_whole(again.edition)


async def test_configured_times_are_in_the_edition_even_of_an_unchanged_file(
    library: Library, store: EditionStore
) -> None:
    await library.load(loaded(SMALL, "page.txt"))
    times = {"posters": Times(START)}
    timed = Library(store, SystemClock(), times)
    await timed.open()
    assert await timed.load(loaded(SMALL, "page.txt")) is False
    assert timed.edition.programme.sessions[0].starts_at == START
    await assert_whole(timed.edition, times)


class HeldUp:
    """A function that is held up until it may go on; tells which threads called it."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.reached = threading.Event()
        self.open = threading.Event()
        self.threads: set[int] = set()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.threads.add(threading.get_ident())
        self.reached.set()
        assert self.open.wait(10)
        return self.function(*args, **kwargs)


@pytest.mark.parametrize("step", ["recognise", "rebuild"])
async def test_while_a_file_is_loading_answers_come_from_the_old_edition_and_nothing_waits(
    step: str, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    await library.load(loaded(SMALL, "page.txt"))
    held_up = HeldUp(getattr(bot.editions.service, step))
    monkeypatch.setattr(bot.editions.service, step, held_up)
    loading = asyncio.create_task(library.load(loaded(GROWN, "page.txt")))
    try:
        assert await asyncio.to_thread(held_up.reached.wait, 10)
        assert not loading.done()
        assert titles(library.edition) == ["Caching"]
    finally:
        held_up.open.set()
    assert await loading is True
    assert titles(library.edition) == ["Caching", "Batching"]
    monkeypatch.undo()
    await assert_whole(library.edition)
    # The loop's own thread did none of the slow work.
    assert threading.get_ident() not in held_up.threads


async def test_an_edition_is_whole_whenever_it_is_looked_at(library: Library) -> None:
    await library.load(loaded(SMALL, "page.txt"))
    seen: list[Edition] = [library.edition]
    loading = asyncio.create_task(library.load(loaded(REAL, "page.txt")))
    while not loading.done():
        if library.edition is not seen[-1]:
            seen.append(library.edition)
        await asyncio.sleep(0)
    seen.append(library.edition)
    assert {len(titles(edition)) for edition in seen} == {1, 34}
    for edition in seen:
        await assert_whole(edition)


async def test_two_loads_at_once_take_turns(library: Library, store: EditionStore) -> None:
    loads = [(SMALL, "page.txt"), (SMALL, "page.txt"), (GROWN, "a.txt"), (REAL, "b.txt")]
    changed = await asyncio.gather(*(library.load(loaded(data, name)) for data, name in loads))
    assert changed == [True, False, True, True]
    current = await in_use(store)
    assert current is not None
    assert library.edition.version == current.note
    assert (current.id, current.note.source_name) == (3, "b.txt")
