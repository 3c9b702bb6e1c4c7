"""From a source to the programme people see, and what is still unfinished in it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.programme.build import AUTHOR_KEY_LIMIT, Times, author_key, build, unfinished
from bot.programme.identity import assign_keys
from bot.programme.model import Author, Programme, Unnamed
from bot.programme.names import display_name
from bot.programme.source import Severity, Source, SourcePaper, SourceSession
from bot.sources.read import read
from tests.support.server import SESSION_PAGE

START = datetime(2026, 5, 19, 1, tzinfo=UTC)


def source_of(*papers: SourcePaper, starts_at: datetime | None = None) -> Source:
    session = SourceSession(key="posters", line=1, kind="Session", name="Posters", starts_at=starts_at, papers=papers)
    return Source("test/1", (session,))


@pytest.fixture(scope="module")
def real() -> Programme:
    return build(assign_keys(read(SESSION_PAGE.read_bytes(), SESSION_PAGE.name)))


def test_the_real_programme_has_34_papers_and_everybody_it_names(real: Programme) -> None:
    assert len(real.papers) == 34
    assert len(real.people) == 188
    assert [paper.number for paper in real.papers.values()] == [str(number) for number in range(1, 35)]


def test_blank_slots_stay_where_they_are_in_the_byline(real: Programme) -> None:
    paper = next(paper for paper in real.papers.values() if paper.label.startswith("Blueprint"))
    assert [entry.name if isinstance(entry, Author) else entry.count for entry in paper.byline] == [
        *("Zhongshu Gu", 1, "Salman Ahmed", "Julian James Stephen", 2, "Shixuan Zhao", "Zhiqiang Lin"),
    ]
    assert paper.unnamed == 3
    assert len(paper.authors) == 5


def test_a_name_put_right_keeps_what_the_source_has(real: Programme) -> None:
    (author,) = [
        author for paper in real.papers.values() for author in paper.authors if author.raw == "Michael None Freedman"
    ]
    assert (author.name, author.key) == ("Michael Freedman", "michael-freedman")


def test_only_blank_slots_are_authors_whose_number_is_known() -> None:
    paper = build(source_of(SourcePaper(key="a", title="Caching", byline=("", " ", "")))).papers["a"]
    assert paper.byline == (Unnamed(3),)


def test_one_person_written_in_two_ways_is_one_person() -> None:
    programme = build(
        source_of(
            SourcePaper(key="a", title="Caching", byline=("Émile Zola", "Bo Li")),
            SourcePaper(key="b", title="Batching", byline=("EMILE ZOLA", "Cy Twombly")),
        )
    )
    zola = programme.people["emile-zola"]
    assert zola.name == "Émile Zola"
    assert [paper.key for paper in zola.papers] == ["a", "b"]
    assert [other.name for other in zola.coauthors] == ["Bo Li", "Cy Twombly"]


@given(st.text(max_size=120).map(display_name))
@example(". .")
def test_any_authors_key_is_short_and_has_no_spaces(name: str) -> None:
    key = author_key(name)
    assert len(key) <= AUTHOR_KEY_LIMIT
    assert not name or key.split() == [key]


def test_long_names_that_begin_alike_have_keys_of_their_own() -> None:
    names = [f"{'Wolfeschlegelsteinhausenbergerdorff ' * 3}{suffix}" for suffix in ("Adler", "Bauer")]
    assert len({author_key(name) for name in names}) == 2


def test_a_session_without_a_time_is_unfinished_and_the_remedy_is_named() -> None:
    (problem,) = unfinished(source_of(SourcePaper(key="a", title="Caching")), {})
    assert (problem.line, problem.severity) == (1, Severity.ACTION)
    assert "“Posters” has no announced time" in problem.message
    assert '[sessions."posters"] start = ' in problem.message


def test_a_session_whose_time_the_source_gives_is_finished() -> None:
    assert unfinished(source_of(starts_at=START), {}) == ()


def test_a_session_whose_time_the_configuration_gives_is_finished() -> None:
    assert unfinished(source_of(), {"posters": Times(START)}) == ()


def test_a_time_for_a_session_that_is_not_there_is_reported_with_those_that_are() -> None:
    (problem,) = unfinished(source_of(starts_at=START), {"posterz": Times(START)})
    assert (problem.line, problem.severity) == (None, Severity.ACTION)
    assert '[sessions."posterz"]' in problem.message
    assert "Its sessions: posters." in problem.message


def test_a_configured_time_wins_over_the_sources() -> None:
    later = Times(START + timedelta(days=1), START + timedelta(days=1, hours=2))
    (session,) = build(source_of(starts_at=START), {"posters": later}).sessions
    assert (session.starts_at, session.ends_at) == (later.starts_at, later.ends_at)
    (session,) = build(source_of(starts_at=START), {"others": later}).sessions
    assert (session.starts_at, session.ends_at) == (START, None)
