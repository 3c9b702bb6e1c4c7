"""The report on a source."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import UserError
from bot.programme.build import Times
from bot.sources.check import check
from tests.support.server import SESSION_PAGE

KEY = "poster-session-1-opening"
START = datetime(2026, 5, 19, 1, tzinfo=UTC)
PAPER = "Caching\nAda Lovelace ⋅ Bo Li\nWe study caches. They help.\n"


WritePage = Callable[[str], Path]


@pytest.fixture
def write_page(tmp_path: Path) -> WritePage:
    """Write a page with these lines."""

    def write(text: str) -> Path:
        path = tmp_path / "page.txt"
        path.write_text(text, encoding="utf-8")
        return path

    return write


async def test_the_real_page_needs_a_person_and_every_problem_has_its_line() -> None:
    report, finished = await check(SESSION_PAGE, {KEY: Times(START, START.replace(hour=3))})
    assert not finished
    problems = [line.strip() for line in report.splitlines() if line.startswith("  line ")]
    lines = [int(problem.split()[1].rstrip(":")) for problem in problems]
    to_do, notes = lines[:13], lines[13:]
    assert to_do == [8, 10, 15, 27, 41, 55, 67, 70, 73, 76, 79, 88, 100]
    assert notes == sorted(notes)
    assert {8, 13, 33, 39, 49, 79, 92, 94, 101} <= set(notes)
    assert f"Session {KEY}: Poster Session 1 & Opening Reception, Evergreen Ballroom, " in report
    assert "2026-05-19 01:00 to 2026-05-19 03:00 UTC, 34 papers" in report
    assert "Needs a person (13):" in report


async def test_a_complete_page_is_finished(write_page: WritePage) -> None:
    page = write_page(f"Session\nPosters\nHall\n{PAPER}")
    report, finished = await check(page, {"posters": Times(START)})
    assert finished
    assert report.splitlines()[1:4] == ["  sessions 1", "  papers   1", "  authors  2"]
    assert "Session posters: Posters, Hall, 2026-05-19 01:00 UTC, 1 paper" in report.splitlines()
    assert "Needs a person" not in report


async def test_what_was_put_right_needs_nobody(write_page: WritePage) -> None:
    page = write_page(f"Session\nPosters\nHall\n{PAPER.replace('Bo Li', 'BO LI ⋅ Cy None Twombly')}")
    report, finished = await check(page, {"posters": Times(START)})
    assert finished
    assert "line 5: Author “Cy None Twombly” is shown as “Cy Twombly”." in report


async def test_a_missing_time_and_a_missing_room_need_a_person(write_page: WritePage) -> None:
    page = write_page(f"Session\nPosters\n{PAPER}")
    report, finished = await check(page, {})
    assert not finished
    assert "Session posters: Posters, no room, time not announced" in report
    assert "Needs a person (2):" in report
    assert "line 1: The heading has no line for the room." in report


async def test_a_time_for_a_session_that_is_not_there_needs_a_person(write_page: WritePage) -> None:
    page = write_page(f"Session\nPosters\nHall\n{PAPER}")
    report, finished = await check(page, {"posters": Times(START), "posterz": Times(START)})
    assert not finished
    assert 'whole file: The configuration gives a time to [sessions."posterz"]' in report
    assert "Its sessions: posters." in report


async def test_a_source_that_can_not_be_read_is_no_report(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such file"):
        await check(tmp_path / "page.txt", {})
