"""The topics that were found are there at once after a restart, and keep their names; what is broken is found anew."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.browsing.kept import KeptTopics, keep, restore
from bot.browsing.topics import Topics
from bot.clock import SystemClock
from bot.editions.rows import EditionStore
from bot.editions.service import Library
from bot.search.subjects import FoundTopic
from bot.store.engine import Database
from tests.support.loading import loaded
from tests.support.server import SESSION_PAGE

PAGE = SESSION_PAGE.read_bytes()
ADDED = "\nCaching of Kiwis\nAda Lovelace ⋅ Bo Li\nWe study caches of kiwis. They help.\n".encode()


async def library_of(store: EditionStore, folder: Path, page: bytes = PAGE) -> Library:
    library = Library(store, SystemClock(), {}, folder)
    await library.open()
    await library.load(loaded(page))
    return library


async def topics_of(library: Library, file: Path) -> Topics:
    topics = Topics(library, file)
    await topics.wait(60)
    assert topics.are_there
    await topics.close()
    return topics


def is_private(file: Path) -> bool:
    return file.stat().st_mode & 0o077 == 0


@pytest.fixture
def store(database: Database) -> EditionStore:
    return EditionStore(database)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "topics"


async def test_after_a_restart_they_are_there_without_being_looked_for(
    store: EditionStore, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first = await topics_of(await library_of(store, file.parent), file)
    assert len(first.found) >= 3

    with caplog.at_level(logging.INFO):
        again = await topics_of(await library_of(store, file.parent), file)

    assert not [record for record in caplog.records if record.message.startswith("found ")]
    assert again.found == first.found
    assert again.of_papers == first.of_papers
    assert is_private(file)


async def test_a_programme_that_has_changed_while_the_bot_was_away_keeps_their_names(
    store: EditionStore, file: Path
) -> None:
    first = await topics_of(await library_of(store, file.parent), file)

    again = await topics_of(await library_of(store, file.parent, PAGE + ADDED), file)

    assert again.found == first.found
    (added,) = again.of_papers.keys() - first.of_papers.keys()
    assert "kiwis" in added
    assert {key: again.of_papers[key] for key in first.of_papers} == first.of_papers


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-5])


def _change(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[:60] + bytes([content[60] ^ 1]) + content[61:])


def _of_another_code(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[:15] + bytes([content[15] ^ 1]) + content[16:])


def _more(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b"more")


def _a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


@pytest.mark.parametrize("harm", [_cut, _change, _of_another_code, _more, _a_folder, Path.unlink])
async def test_what_is_broken_is_found_anew(harm: Callable[[Path], None], store: EditionStore, file: Path) -> None:
    first = await topics_of(await library_of(store, file.parent), file)
    harm(file)
    assert restore(file) is None

    again = await topics_of(await library_of(store, file.parent), file)

    assert again.found == first.found
    assert again.of_papers == first.of_papers


words = st.dictionaries(st.text(st.characters(codec="utf-8")), st.floats(0, 1, width=32), max_size=5)


@given(
    st.binary(min_size=32, max_size=32),
    st.lists(st.tuples(st.text(st.characters(codec="utf-8")), words), max_size=4),
    st.dictionaries(st.text(st.characters(codec="utf-8")), st.integers(0, 30), max_size=12),
)
def test_whatever_is_kept_is_read_again(
    tmp_path_factory: pytest.TempPathFactory,
    state: bytes,
    topics: list[tuple[str, dict[str, float]]],
    places: dict[str, int],
) -> None:
    file = tmp_path_factory.mktemp("topics") / "topics"
    of_papers = {key: place % (len(topics) + 1) - 1 for key, place in places.items()}
    found = KeptTopics(state, tuple(FoundTopic(*topic) for topic in topics), of_papers)

    keep(file, found)

    assert restore(file) == found
