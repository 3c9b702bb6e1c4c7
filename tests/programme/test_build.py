"""From a source to the programme people see, and what is still unfinished in it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.programme.build import AUTHOR_KEY_LIMIT, Times, author_key, build, unfinished
from bot.programme.identity import assign_keys
from bot.programme.kinds import Kind
from bot.programme.model import Appearance, Author, Programme, Unnamed
from bot.programme.names import display_name
from bot.programme.source import Credit, Link, Severity, Source, SourcePaper
from bot.sources.read import read
from tests.support.programmes import at, credited, paper, session, source_of
from tests.support.server import SESSION_PAGE

START = datetime(2026, 5, 19, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def posters(*papers: SourcePaper, starts_at: datetime | None = None) -> Source:
    return source_of(session("Posters", *papers, key="posters", line=1, kind="Session", starts_at=starts_at))


@pytest.fixture(scope="module")
def real() -> Programme:
    return build(assign_keys(read(SESSION_PAGE.read_bytes(), SESSION_PAGE.name).source))


def test_the_real_programme_has_34_papers_and_everybody_it_names(real: Programme) -> None:
    assert len(real.papers) == 34
    assert len(real.people) == 188
    assert {paper.board for paper in real.papers.values()} == {None}, "no number is invented"
    assert {paper.session_keys for paper in real.papers.values()} == {("poster-session-1-opening",)}
    assert real.unscheduled == ()


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
    programme = build(posters(paper("Caching", "", " ", "", key="a")))
    assert programme.papers["a"].byline == (Unnamed(3),)


def test_one_person_written_in_two_ways_is_one_person() -> None:
    programme = build(
        posters(
            paper("Caching", "Émile Zola", "Bo Li", key="a"),
            paper("Batching", "EMILE ZOLA", "Cy Twombly", key="b"),
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
    (problem,) = unfinished(posters(paper("Caching", key="a")), {})
    assert (problem.line, problem.severity) == (1, Severity.ACTION)
    assert "“Posters” has no announced time" in problem.message
    assert '[sessions."posters"] start = ' in problem.message


def test_a_session_whose_time_the_source_gives_is_finished() -> None:
    assert unfinished(posters(starts_at=START), {}) == ()


def test_a_session_whose_time_the_configuration_gives_is_finished() -> None:
    assert unfinished(posters(), {"posters": Times(START)}) == ()


def test_a_time_for_a_session_that_is_not_there_is_reported_with_those_that_are() -> None:
    (problem,) = unfinished(posters(starts_at=START), {"posterz": Times(START)})
    assert (problem.line, problem.severity) == (None, Severity.ACTION)
    assert '[sessions."posterz"]' in problem.message
    assert "Its sessions: posters." in problem.message


def test_a_configured_time_wins_over_the_sources() -> None:
    later = Times(START + timedelta(days=1), START + timedelta(days=1, hours=2))
    (session,) = build(posters(starts_at=START), {"posters": later}).sessions
    assert (session.starts_at, session.ends_at) == (later.starts_at, later.ends_at)
    (session,) = build(posters(starts_at=START), {"others": later}).sessions
    assert (session.starts_at, session.ends_at) == (START, None)


def test_a_talk_has_its_own_time_and_room_and_a_poster_those_of_its_session() -> None:
    both = paper("Both", key="both")
    programme = build(
        source_of(
            session(
                "Posters",
                at(both, board=" 7 b"),
                key="posters",
                room="Hall",
                starts_at=START + 2 * HOUR,
                ends_at=START + 4 * HOUR,
            ),
            session(
                "Talks",
                at(paper("Late", key="late"), START + HOUR, START + 1.5 * HOUR),
                at(both, START, room="Attic"),
                key="talks",
                room="Hall",
                starts_at=START,
                ends_at=START + 2 * HOUR,
            ),
        )
    )
    talk = Appearance("both", "talks", START, None, "Attic", has_slot=True)
    poster = Appearance("both", "posters", START + 2 * HOUR, START + 4 * HOUR, "Hall", "7 b")
    shown = programme.papers["both"]
    assert shown.appearances == (talk, poster), "in the order of time"
    assert (shown.board, shown.session_keys) == ("7 b", ("talks", "posters"))
    assert shown.appearances_in("posters") == (poster,)
    assert [one.key for one in programme.sessions_of(shown)] == ["talks", "posters"]
    assert [one.key for one in programme.sessions[1].papers] == ["both", "late"], "talks are in the order of time"
    assert programme.papers["late"].appearances == (
        Appearance("late", "talks", START + HOUR, START + 1.5 * HOUR, "Hall", has_slot=True),
    )


def test_posters_stay_in_the_order_of_the_source_and_a_paper_is_listed_once() -> None:
    twice = paper("Twice", key="twice")
    (shown,) = build(source_of(session("Posters", "B", twice, "A", twice, key="posters"))).sessions
    assert [one.label for one in shown.papers] == ["B", "Twice", "A"]


def test_a_paper_that_appears_nowhere_is_in_the_programme_all_the_same() -> None:
    programme = build(source_of(session("Lunch", key="lunch"), unscheduled=[paper("Alone", "Ada Lovelace", key="a")]))
    assert [one.label for one in programme.unscheduled] == ["Alone"]
    assert programme.papers["a"].appearances == ()
    assert programme.sessions_of(programme.papers["a"]) == []
    assert [one.label for one in programme.people["ada-lovelace"].papers] == ["Alone"]


def test_what_the_source_says_besides_is_kept_clean() -> None:
    link = Link("Page", "https://example.org/1")
    programme = build(
        source_of(
            session(
                "Oral Session 1",
                paper(
                    "Caching",
                    key="a",
                    kind=" Long  paper ",
                    track="\\textbf{Systems}",
                    topics=("KV  caches", "", "KV caches", "**LLMs**"),
                    links=(link,),
                ),
                key="talks",
                kind="Session",
                track=" ",
                chairs=(Credit("GRACE HOPPER", ("Yale",)), Credit(" ")),
                abstract="**New** talks.",
                links=(link,),
            )
        )
    )
    shown, (talks,) = programme.papers["a"], programme.sessions
    assert (shown.kind, shown.kind_name, shown.track) == (Kind.PAPER, "Long paper", "Systems")
    assert (shown.topics, shown.links) == (("KV caches", "LLMs"), (link,))
    assert (talks.kind, talks.kind_name, talks.track) == (Kind.ORAL, "Session", None), "the name tells more"
    assert talks.abstract is not None
    assert talks.abstract.plain == "New talks."
    assert talks.chairs == (Author("grace-hopper", "Grace Hopper", "GRACE HOPPER", ("Yale",)),)
    assert talks.links == (link,)


def test_a_person_is_everything_the_programme_says_of_them() -> None:
    programme = build(
        source_of(
            session(
                "Talks",
                paper("Caching", key="a", authors=(Credit("Ada Lovelace", ("London", "Turin")),)),
                key="talks",
                chairs=credited("Ada Lovelace", "Grace Hopper"),
            ),
            unscheduled=[paper("Alone", key="b", authors=(Credit("ADA LOVELACE", ("Turin", "Paris")),))],
        )
    )
    ada, grace = programme.people["ada-lovelace"], programme.people["grace-hopper"]
    assert [one.key for one in ada.papers] == ["a", "b"]
    assert [one.key for one in ada.chaired] == ["talks"]
    assert ada.affiliations == ("London", "Turin", "Paris")
    assert (grace.papers, [one.key for one in grace.chaired], grace.affiliations) == ((), ["talks"], ())
