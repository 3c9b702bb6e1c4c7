"""What a restart takes up is the programme as it was made; whatever is wrong with it, the programme is made again."""

import asyncio
import logging
import shutil
import stat
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clock import SystemClock
from bot.editions import kept, kept_source
from bot.editions.kept import Kept
from bot.editions.model import KeptCorrection
from bot.editions.parts import STAMP_LENGTH
from bot.editions.rows import EditionStore
from bot.editions.service import Library
from bot.programme.build import Times, rebuild
from bot.programme.corrections import FIELDS, Correctable, Correction, field_text
from bot.programme.source import Loaded, Source
from tests.programme.test_rebuild import sources
from tests.support.loading import loaded
from tests.support.programmes import paper, session, source_of
from tests.support.server import SESSION_PAGE

STAMP = b"s" * STAMP_LENGTH
START = datetime(2026, 5, 19, 1, tzinfo=UTC)
OTHER = b"Session\nPosters\nHall\nCaching\nAda Lovelace\nWe study caches. They help.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "conference.sqlite3.kept"


async def opened(store: EditionStore, folder: Path | None, times: Mapping[str, Times] | None = None) -> Library:
    library = Library(store, SystemClock(), times or {}, folder)
    await library.open()
    return library


async def started_once(store: EditionStore, folder: Path | None) -> Library:
    library = await opened(store, folder)
    await library.load(loaded(SESSION_PAGE.read_bytes()))
    await library.close()
    return library


async def fix(library: Library, key: str, title: str) -> None:
    correction = KeptCorrection(Correction("paper", key, "title", title), 7, START)
    await library.apply(await library.propose_corrections([correction]))


def modes(folder: Path) -> dict[str, int]:
    """Who may do what with a folder and with everything in it."""
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.iterdir())}


def put_a_file_in_its_place(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("no folder")


def made_anew(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.message for record in caplog.records if "programme is made anew" in record.message]


async def test_a_restart_takes_up_what_is_kept(
    store: EditionStore, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    library = await started_once(store, folder)
    with caplog.at_level(logging.INFO):
        again = await opened(store, folder)
    assert made_anew(caplog) == []
    assert again.edition.programme == library.edition.programme
    assert list(again.edition.programme.papers) == list(library.edition.programme.papers)
    assert list(again.edition.programme.people.items()) == list(library.edition.programme.people.items())
    assert again.edition.version == library.edition.version
    assert again.edition.problems == library.edition.problems
    assert [one.key for one in again.edition.index.suggest("cach", 9)] == [
        one.key for one in library.edition.index.suggest("cach", 9)
    ]


async def test_after_a_restart_a_change_is_worked_out_from_the_stored_source(store: EditionStore, folder: Path) -> None:
    earlier = await started_once(store, folder)
    assert earlier.edition.origin.value is None, "what is in the file need not be in memory"
    with_kept, without = await opened(store, folder), await opened(store, None)
    assert await earlier.uncorrected() == await without.uncorrected()
    assert await with_kept.uncorrected() == await without.uncorrected()
    for proposal in await asyncio.gather(*(one.propose(loaded(OTHER)) for one in (with_kept, without))):
        assert proposal.difference.counts["papers removed"] == 34
        assert [one.label for one in proposal.difference.papers_added] == ["Caching"]
    key = next(iter(with_kept.edition.programme.papers))
    await fix(with_kept, key, "Another title")
    assert with_kept.edition.programme.papers[key].label == "Another title"
    assert with_kept.edition.programme == (await opened(store, None)).edition.programme


async def test_a_source_that_somebody_has_is_not_read_a_second_time(store: EditionStore, folder: Path) -> None:
    library = await started_once(store, folder)
    source = await library.source()
    assert library.edition.origin.forget()
    assert await library.source() is source
    assert library.edition.origin.forget()
    again = source.papers
    del source
    assert (await library.source()).papers == again


async def test_the_next_start_finds_the_corrections(
    store: EditionStore, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    library = await started_once(store, folder)
    key = next(iter(library.edition.programme.papers))
    await fix(library, key, "Another title")
    await library.close()
    with caplog.at_level(logging.INFO):
        again = await opened(store, folder)
    assert made_anew(caplog) == []
    assert again.edition.programme.papers[key].label == "Another title"


@pytest.mark.parametrize("change", ["a fix", "another version", "configured times"])
async def test_what_is_kept_of_another_state_is_not_taken(
    change: str, store: EditionStore, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    library = await started_once(store, folder)
    elsewhere = await opened(store, None)
    if change == "a fix":
        await fix(elsewhere, next(iter(library.edition.programme.papers)), "Another title")
    elif change == "another version":
        await elsewhere.load(loaded(OTHER))
    (name,) = (one.key for one in library.edition.programme.sessions)
    times = {name: Times(START)} if change == "configured times" else {}
    with caplog.at_level(logging.INFO):
        again = await opened(store, folder, times)
    assert len(made_anew(caplog)) == 1
    assert again.edition.programme == (await opened(store, None, times)).edition.programme


async def test_a_damaged_file_is_not_taken(store: EditionStore, folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    library = await started_once(store, folder)
    whole = (folder / "programme").read_bytes()
    middle = len(whole) // 2
    for damaged in (
        b"",
        whole[:20],
        whole[:middle],
        whole[:-1],
        whole + b"x",
        whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
        b"programme 0\n" + whole[12:],
        whole[:44] + b"\xff" * 8 + whole[52:],
    ):
        (folder / "programme").write_bytes(damaged)
        caplog.clear()
        with caplog.at_level(logging.INFO):
            again = await opened(store, folder)
        assert len(made_anew(caplog)) == 1
        assert again.edition.programme == library.edition.programme
        await again.close()
        assert (folder / "programme").read_bytes() == whole


@pytest.mark.parametrize("damage", ["cut off", "gone", "of another programme"])
async def test_without_the_kept_source_a_change_is_worked_out_from_the_tables(
    damage: str, store: EditionStore, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await started_once(store, folder)
    path = folder / "source"
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-1] if damage == "cut off" else kept_source.FORM + STAMP + b"x")
    again = await opened(store, folder)
    key = next(iter(again.edition.programme.papers))
    with caplog.at_level(logging.INFO):
        await fix(again, key, "Another title")
    assert "the source is made anew" in caplog.text
    assert again.edition.programme == (await opened(store, None)).edition.programme
    assert await again.uncorrected() == await (await opened(store, None)).uncorrected()


async def test_only_their_owner_reads_what_is_kept_and_nothing_unfinished_stays(
    store: EditionStore, folder: Path
) -> None:
    await started_once(store, folder)
    assert modes(folder) == {folder.name: 0o700, "index": 0o600, "programme": 0o600, "source": 0o600}


async def test_the_folder_may_be_deleted_at_any_time_and_be_impossible(
    store: EditionStore, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    library = await started_once(store, folder)
    put_a_file_in_its_place(folder)
    key = next(iter(library.edition.programme.papers))
    await fix(library, key, "Another title")
    await library.close()
    assert "The programme was not kept for the next start" in caplog.text
    assert (await opened(store, folder)).edition.programme.papers[key].label == "Another title"


@settings(max_examples=100)
@given(sources())
def test_any_programme_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, source: Source) -> None:
    built = rebuild(source)
    path = tmp_path_factory.mktemp("kept") / "programme"
    path.write_bytes(b"".join(kept.dump(Kept(built.programme, built.memory, source.problems), STAMP)))
    again = kept.restore(path, STAMP, UTC)
    assert again is not None
    assert again.programme == built.programme
    assert list(again.programme.papers) == list(built.programme.papers)
    assert dict(again.memory.words.items()) == dict(built.memory.words.items())
    assert again.memory.answers == built.memory.answers
    path.write_bytes(b"".join(kept_source.dump(source, built.programme, STAMP)))
    assert kept_source.restore(path, again.programme, STAMP) == source


@settings(max_examples=100)
@given(st.binary(max_size=200))
def test_any_bytes_are_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("kept") / "programme"
    for content in (data, kept.FORM + STAMP + data):
        path.write_bytes(content)
        assert kept.restore(path, STAMP, UTC) is None


async def test_a_single_paper_or_session_reads_as_in_the_whole_source(store: EditionStore) -> None:
    shown = [paper("Caching", "Ada Lovelace", source_id="1"), paper("Batching", "", "Bo Li"), paper("Alone")]
    talks = session("Talks", *shown[:2], starts_at=START, room="Hall")
    posters = session("Posters", shown[0], starts_at=START)
    library = Library(store, SystemClock(), {"talks": Times(START.replace(hour=3))})
    source = source_of(talks, posters, unscheduled=shown[2:])
    await library.load(loaded(OTHER))
    await library.apply(await library.propose(Loaded(source, "made.json", "another digest")))
    board = KeptCorrection(Correction("paper", "caching", "board", "17"), 7, START)
    room = KeptCorrection(Correction("session", "posters", "room", "Foyer"), 7, START)
    await library.apply(await library.propose_corrections([board, room]))
    whole = await library.edition.origin.get()
    keys: Mapping[Correctable, list[str]] = {
        "paper": [one.key for one in whole.source.papers],
        "session": [one.key for one in whole.source.sessions],
    }
    for about in keys:
        for key in keys[about]:
            part = await library.part(about, key)
            for field in FIELDS[about]:
                assert field_text(part.corrected, about, key, field) == field_text(whole.corrected, about, key, field)
                own = field_text(await library.uncorrected(), about, key, field)
                assert field_text(part.source, about, key, field) == own
