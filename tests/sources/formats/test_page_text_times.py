"""Times on a page: of sessions, of papers, and in which zone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.programme.source import Severity
from bot.sources.reading.file import Hints
from tests.sources.page_texts import (
    ABSTRACT,
    HEADINGS,
    PACIFIC,
    page,
    problems_of,
    reading_of,
    recognised,
    three_papers,
)


def moments(heading: str, hints: Hints = PACIFIC) -> tuple[datetime | None, datetime | None]:
    (session,) = page(f"{HEADINGS}{heading}\n{three_papers()}", hints).sessions
    assert (session.name, session.room) == ("Poster Session 1", "Evergreen Ballroom")
    assert len(session.appearances) == 3
    return session.starts_at, session.ends_at


def december(hour: int, minute: int = 0, day: int = 9) -> datetime:
    return datetime(2025, 12, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "Tue, Dec 9, 2025 • 11:00 AM – 2:00 PM PST",
        "Tue, Dec 9, 2025 • 11:00 AM – 2:00 PM",
        "[ Tue, Dec 9, 2025 • 11:00 AM – 2:00 PM PST ]",
        "Tuesday, December 9th, 2025, 11 a.m. – 2 p.m.",
        "Tue 9 Dec 2025 11 a.m. PST — 2 p.m. PST",
        "2025-12-09 11:00 - 14:00",
        "09.12.2025 11:00–14:00 Uhr",
        "Dienstag, 9. Dezember 2025 • 11–14 Uhr",
        "mardi 9 décembre 2025, 11h00 – 14h00",
        "9 de diciembre de 2025 • 11:00 – 14:00",
        "Tue, Dec 9, 2025 • 11:00 – 2:00 PM",
        "Tue, Dec 9, 2025 • 2:00 PM – 5:00 PM EST",
        "Tue, Dec 9, 2025 • 19:00 – 22:00 (UTC)",
        "Tue, Dec 9, 2025 • 20:00 – 23:00 UTC+1",
        "Tue, Dec 9, 2025\n11:00 AM – 2:00 PM",
        "Wed, Dec 10, 2025 • 4:00 AM – 7:00 AM JST",
    ],
)
def test_the_time_of_a_heading_is_the_sessions(text: str) -> None:
    assert moments(text) == (december(19), december(22))


def test_letters_of_a_zone_count_where_they_can_mean_one_only() -> None:
    india, china = Hints(zone=ZoneInfo("Asia/Kolkata")), Hints(zone=ZoneInfo("Asia/Shanghai"))
    assert moments("Dec 9, 2025 • 9:00 AM IST", india)[0] == december(3, 30)
    assert moments("Dec 9, 2025 • 9:00 AM CST", china)[0] == december(1)
    assert moments("Dec 9, 2025 • 9:00 AM PST", china)[0] == december(17)
    assert moments("Dec 9, 2025 • 9:00 AM ET", china)[0] == december(14)


@pytest.mark.parametrize(
    "text", ["Jul 9, 2026 • 9:00 AM PST", "Jul 9, 2026 • 9:00 AM CST", "Jul 9, 2026 • 9:00 AM IST"]
)
def test_other_letters_of_a_zone_leave_the_conferences_and_are_noted(text: str) -> None:
    hints = Hints(zone=ZoneInfo("Europe/Vienna"))
    source = page(f"{HEADINGS}{text}\n{three_papers()}", hints)
    assert source.sessions[0].starts_at == datetime(2026, 7, 9, 7, tzinfo=UTC)
    assert any(text[-3:] in message and "Europe/Vienna" in message for _, message in problems_of(source, Severity.NOTE))


def test_a_session_may_end_on_the_next_day() -> None:
    assert moments("Dec 9, 2025 • 10:00 PM – 1:00 AM PST") == (december(6, day=10), december(9, day=10))
    both_days = "Tue Dec 9 2025 11:00 PM – Wed Dec 10 2025 1:00 AM PST"
    assert moments(both_days) == (december(7, day=10), december(9, day=10))


@pytest.mark.parametrize("text", ["Tue, Dec 9 • 11:00 AM – 2:00 PM", "11:00 AM – 2:00 PM"])
def test_a_time_without_its_day_or_year_is_left_out_and_asked_for(text: str) -> None:
    source = page(f"{HEADINGS}{text}\n{three_papers()}")
    assert source.sessions[0].starts_at is None
    ((_, message),) = problems_of(source, Severity.ACTION)
    assert "missing" in message


def test_the_zone_is_told_when_it_was_needed() -> None:
    with_zone = f"{HEADINGS}Dec 9, 2025 • 11:00 AM UTC\n{three_papers()}"
    assert reading_of(with_zone).zone is None
    assert reading_of(with_zone.replace(" UTC", "")).zone == "America/Los_Angeles"


@pytest.mark.parametrize("order", ["before", "after the authors"])
def test_each_paper_may_have_its_time(order: str) -> None:
    text = f"{HEADINGS}Dec 9, 2025 • 11:00 AM – 12:00 PM PST\n"
    for at, minute in enumerate((0, 15, 30)):
        told = f"11:{minute:02} AM – 11:{minute + 15} AM\n"
        title, names = f"Paper {at} about caches\n", "Ada Lovelace ⋅ Bo Li\n"
        text += f"{told}{title}{names}" if order == "before" else f"{title}{names}{told}"
        text += f"{ABSTRACT}\n"
    assert recognised(text)
    (session,) = page(text).sessions
    assert (session.starts_at, session.ends_at) == (december(19), december(20))
    assert [(one.starts_at, one.ends_at) for one in session.appearances] == [
        (december(19, minute), december(19, minute + 15)) for minute in (0, 15, 30)
    ]


@pytest.mark.parametrize("title", ["Pi is 3.14", "GPT 4", "Llama 3.1", "12 angry caches", "May the fourth"])
def test_a_title_with_numbers_is_no_time(title: str) -> None:
    assert page(f"{HEADINGS}{title}\nAda Lovelace ⋅ Bo Li\n{ABSTRACT}\n").papers[0].title == title
