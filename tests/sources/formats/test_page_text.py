"""The reader of page text: every line of a page ends up in one place, and in the right one."""

from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.programme.source import Severity, Source
from tests.sources.page_texts import (
    SEPARATORS,
    SESSION_PAGE,
    bare,
    page,
    problems_of,
    read_or_refusal,
    reading_of,
    recognised,
)


@pytest.fixture(scope="module")
def real() -> Source:
    return reading_of(SESSION_PAGE.read_bytes()).source


def test_first_conference_is_one_session_of_34_papers(real: Source) -> None:
    (session,) = real.sessions
    assert (session.kind, session.name) == ("Session", "Poster Session 1 & Opening Reception")
    assert session.room == "Evergreen Ballroom"
    assert session.starts_at is None
    assert [appearance.paper for appearance in session.appearances] == list(range(34))
    assert {(one.starts_at, one.room, one.board) for one in session.appearances} == {(None, None, None)}


def test_first_conference_keeps_every_line_in_order(real: Source) -> None:
    (session,) = real.sessions
    fields = [session.kind, session.name, session.room or ""]
    for paper in real.papers:
        fields += filter(None, (paper.title, "".join(paper.byline), paper.abstract))
    lines = [line for line in SESSION_PAGE.read_text(encoding="utf-8").splitlines() if line.strip()]
    assert [bare(field) for field in fields] == [bare(line) for line in lines]


def test_two_abstracts_of_the_first_conference_stand_alone(real: Source) -> None:
    lost = [paper for paper in real.papers if paper.title is None or not paper.byline]
    assert [(paper.line, paper.title, paper.byline) for paper in lost] == [(10, None, ()), (41, None, ())]
    assert all(paper.abstract for paper in lost)
    assert all(paper.title and paper.byline and paper.abstract for paper in real.papers if paper not in lost)


def test_blank_author_slots_of_the_first_conference_stay_in_their_places(real: Source) -> None:
    by_line = {paper.line: paper.byline for paper in real.papers}
    assert by_line[7] == (
        *("Zhongshu Gu", "", "Salman Ahmed", "Julian James stephen", "", "", "Shixuan Zhao", "Zhiqiang Lin"),
    )
    assert by_line[26] == ("Gunjun Lee", "", "", "Younjoo Lee", "Jung Ho Ahn")
    assert sum(not name for names in by_line.values() for name in names) == 18


def test_problems_of_the_first_conference_name_their_lines_in_order(real: Source) -> None:
    to_do = problems_of(real, Severity.ACTION)
    assert [line for line, message in to_do if "no title" in message] == [10, 41]
    assert [line for line, message in to_do if "blank" in message] == [7, 14, 26, 54, 66, 69, 72, 75, 78, 87, 99]
    assert len(to_do) == 13
    lines = [problem.line or 0 for problem in real.problems]
    assert lines == sorted(lines)


def test_names_put_right_and_unknown_macros_of_the_first_conference_are_noted(real: Source) -> None:
    notes = dict(problems_of(real, Severity.NOTE))
    assert "Julian James stephen" in notes[8]
    assert "LIZY JOHn" in notes[33]
    assert "Michael None Freedman" in notes[94]
    assert r"\nickname" in notes[13]
    assert r"\ourtool" in notes[92]


def test_first_conference_is_recognised() -> None:
    assert recognised(SESSION_PAGE.read_bytes())


WORDS = st.sampled_from(
    ["a", "Ada", "Über", "caching", "GPU", "3DGS", "Li", "retrieval-augmented", "van", "çelik", "(RAG),"]
)
NAMES = st.lists(WORDS, min_size=2, max_size=3).map(lambda words: " ".join(words).title().replace(",", ""))
TITLES = st.lists(WORDS, min_size=1, max_size=14).map(" ".join)
ABSTRACTS = st.lists(WORDS, min_size=40, max_size=60).map(lambda words: " ".join(words) + ".")


@st.composite
def bylines(draw: st.DrawFn) -> str:
    names = draw(st.lists(st.one_of(NAMES, NAMES, st.just("")), min_size=2, max_size=25))
    return f" {draw(st.sampled_from(SEPARATORS))} ".join(names)


ODD_LINES = st.text(
    st.characters(exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp", "Zs", "Nd"), include_characters=" .,:⋅·•∙-"),
    max_size=60,
).filter(lambda line: "#" not in line)
LINES = st.one_of(TITLES, bylines(), ABSTRACTS, ODD_LINES, st.sampled_from(["", "  ", "\t", "\u00a0", "Session"]))


@given(
    lines=st.lists(st.tuples(LINES, st.sampled_from(["\n", "\r\n", "\r"])), max_size=24),
    mark=st.sampled_from(["", "\ufeff"]),
)
@example(lines=[("", "\n")], mark="\ufeff")
@example(lines=[("\u00a0", "\n")], mark="")
@example(lines=[("Session", "\n"), ("Session", "\n")], mark="")
@example(lines=[("Ada ⋅ Bob", "\n"), ("Session", "\n"), ("Session", "\n"), ("Session", "\n")], mark="")
@example(lines=[("-", "\n")] * 8, mark="")
def test_any_page_is_read_whole_or_refused(lines: list[tuple[str, str]], mark: str) -> None:
    outcome = read_or_refusal((mark + "".join(line + end for line, end in lines)).encode())
    if isinstance(outcome, str):
        assert outcome.startswith("page.txt: ")
        assert "\n" not in outcome
        return
    written = bare("\n".join(_fields(outcome.source)))
    for line, _ in lines:
        assert bare(line) in written


def _fields(source: Source) -> Iterator[str]:
    for session in source.sessions:
        yield from filter(None, (session.kind, session.name, session.room, session.abstract))
        yield from (chair.name for chair in session.chairs)
    for session in source.sessions:
        yield from (one.room or "" for one in session.appearances)
    for paper in source.papers:
        yield paper.kind
        yield paper.title or ""
        yield "".join(
            f"{author.name}({author.affiliations[0]})" if author.affiliations else author.name
            for author in paper.authors
        )
        yield paper.abstract or ""


@given(data=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    recognised(data)
    outcome = read_or_refusal(data)
    assert not isinstance(outcome, str) or "\n" not in outcome


@st.composite
def well_formed(draw: st.DrawFn) -> tuple[str, list[tuple[str, tuple[str, ...], str]]]:
    """A page whose papers have all three parts, with the papers it was made of."""
    titles = st.lists(WORDS, min_size=3, max_size=14).map(" ".join)
    plain_names = st.one_of(NAMES.filter(lambda name: "(" not in name), st.just(""))
    papers = draw(
        st.lists(
            st.tuples(titles, st.lists(plain_names, min_size=2, max_size=8).map(tuple), ABSTRACTS),
            min_size=1,
            max_size=6,
        ).filter(lambda papers: all(names[0] or len(names) > 2 for _, names, _ in papers))
    )
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    blank = draw(st.sampled_from(["", end, end + end]))
    separator = draw(st.sampled_from(SEPARATORS))
    parts = [
        line for title, names, abstract in papers for line in (title, f" {separator} ".join(names), abstract + blank)
    ]
    mark = draw(st.sampled_from(["", "\ufeff"]))
    return mark + end.join(["Session", "Posters on Monday", "Main Hall", *parts]), papers


@given(well_formed())
def test_papers_with_all_three_parts_are_read_back_exactly(
    made: tuple[str, list[tuple[str, tuple[str, ...], str]]],
) -> None:
    text, papers = made
    source = page(text)
    (session,) = source.sessions
    assert (session.kind, session.name, session.room) == ("Session", "Posters on Monday", "Main Hall")
    assert [(paper.title, paper.byline, paper.abstract) for paper in source.papers] == papers
