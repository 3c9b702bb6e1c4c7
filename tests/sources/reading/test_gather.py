"""Gathering a programme record by record."""

from datetime import UTC, datetime

from bot.programme.source import Link, SourceAppearance, SourcePaper, SourceSession
from bot.sources.reading.file import Hints
from bot.sources.reading.gather import Gathering

START = datetime(2026, 5, 19, 1, tzinfo=UTC)


def gathering() -> Gathering:
    return Gathering("x.json", "test/1", Hints())


def test_a_session_without_a_time_lasts_as_long_as_what_appears_in_it() -> None:
    made = gathering()
    session, paper = made.session(SourceSession(name="S"), 1), made.paper(SourcePaper(title="a"))
    made.appear(session, paper, starts_at=START, room="Hall")
    made.appear(session, paper, starts_at=START, room="Hall")
    (found,) = made.finish().source.sessions
    assert (found.starts_at, found.room) == (START, "Hall")
    assert found.appearances == (SourceAppearance(0, START, None, "Hall"),)


def test_nothing_is_worked_out_from_a_form_that_says_all() -> None:
    made = gathering()
    made.exact = True
    session, paper = made.session(SourceSession(name="S"), 1), made.paper(SourcePaper(title="a"))
    made.appear(session, paper, starts_at=START, room="Hall")
    made.appear(session, paper, starts_at=START, room="Hall")
    (found,) = made.finish().source.sessions
    assert (found.starts_at, found.room, len(found.appearances)) == (None, None, 2)


def test_a_paper_keeps_the_identifiers_of_all_its_records() -> None:
    made = gathering()
    for source_id, other_ids in (("1", ("u",)), ("2", ("u",)), ("3", ("v",))):
        made.paper(SourcePaper(title="a", source_id=source_id, other_ids=other_ids), "mark")
    (paper,) = made.finish().source.papers
    assert {paper.source_id, *paper.other_ids} == {"1", "2", "3", "u", "v"}


def test_what_a_thousand_records_add_to_a_paper_stays_within_bounds() -> None:
    made = gathering()
    for number in range(1000):
        made.paper(SourcePaper(title="a", links=(Link("Page", f"https://example.org/{number}"),)), "mark")
    (paper,) = made.finish().source.papers
    assert 100 <= len(paper.links) < 200
