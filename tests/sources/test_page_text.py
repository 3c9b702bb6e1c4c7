"""The reader of the form "page text": every line of a page ends up in one place, and in the right one."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.programme.source import Severity, Source, SourcePaper
from bot.sources.read import SIZE_LIMIT, read
from tests.support.server import SESSION_PAGE

HEADINGS = "Session\nPoster Session 1\nEvergreen Ballroom\n"
ABSTRACT = " ".join(["Abstracts are long lines of many words that go on until everything has been said once"] * 4) + "."
SEPARATORS = "⋅·•∙"


def page(text: str) -> Source:
    return read(text.encode("utf-8"), "page.txt")


def read_or_refusal(data: bytes) -> Source | str:
    try:
        return read(data, "page.txt")
    except UserError as error:
        return str(error)


def papers_of(text: str) -> list[SourcePaper]:
    return [paper for session in page(text).sessions for paper in session.papers]


def fields_of(source: Source) -> Iterator[str]:
    """Every field that holds a line of the page, in the order of the page."""
    for session in source.sessions:
        yield from filter(None, (session.kind, session.name, session.room))
        for paper in session.papers:
            if paper.title is not None:
                yield paper.title
            if paper.byline:
                yield "".join(paper.byline)
            if paper.abstract is not None:
                yield paper.abstract


def bare(text: str) -> str:
    """A line without what the reader may take away: white space, a byte order mark, and the separators."""
    return re.sub(rf"[\s\ufeff{SEPARATORS}]+", "", text)


@pytest.fixture(scope="module")
def real() -> Source:
    return read(SESSION_PAGE.read_bytes(), SESSION_PAGE.name)


def test_real_page_is_one_session_of_34_papers(real: Source) -> None:
    (session,) = real.sessions
    assert (session.kind, session.name) == ("Session", "Poster Session 1 & Opening Reception")
    assert session.room == "Evergreen Ballroom"
    assert session.starts_at is None
    assert len(session.papers) == 34


def test_real_page_keeps_every_line_in_order(real: Source) -> None:
    lines = [line for line in SESSION_PAGE.read_text(encoding="utf-8").splitlines() if line.strip()]
    assert [bare(field) for field in fields_of(real)] == [bare(line) for line in lines]


def test_two_abstracts_of_the_real_page_stand_alone(real: Source) -> None:
    lost = [paper for paper in real.sessions[0].papers if paper.title is None or not paper.byline]
    assert [paper.line for paper in lost] == [10, 41]
    assert [(paper.title, paper.byline) for paper in lost] == [(None, ()), (None, ())]
    assert all(paper.abstract for paper in lost)
    neighbours = [paper for paper in real.sessions[0].papers if paper not in lost]
    assert all(paper.title and paper.byline and paper.abstract for paper in neighbours)


def test_blank_author_slots_of_the_real_page_stay_in_their_places(real: Source) -> None:
    by_line = {paper.line: paper.byline for paper in real.sessions[0].papers}
    assert by_line[7] == (
        *("Zhongshu Gu", "", "Salman Ahmed", "Julian James stephen", "", "", "Shixuan Zhao", "Zhiqiang Lin"),
    )
    assert by_line[26] == ("Gunjun Lee", "", "", "Younjoo Lee", "Jung Ho Ahn")
    assert sum(not name for names in by_line.values() for name in names) == 18


def test_problems_of_the_real_page_name_their_lines_in_order(real: Source) -> None:
    to_do = [(problem.line, problem.message) for problem in real.problems if problem.severity is Severity.ACTION]
    assert [line for line, message in to_do if "title and authors" in message] == [10, 41]
    assert [line for line, message in to_do if "blank" in message] == [8, 15, 27, 55, 67, 70, 73, 76, 79, 88, 100]
    assert len(to_do) == 13
    lines = [problem.line for problem in real.problems]
    assert lines == sorted(lines, key=lambda line: line or 0)


def test_repaired_names_and_unknown_macros_of_the_real_page_are_noted(real: Source) -> None:
    notes = {problem.line: problem.message for problem in real.problems if problem.severity is Severity.NOTE}
    assert "Julian James stephen" in notes[8]
    assert "LIZY JOHn" in notes[33]
    assert "Michael None Freedman" in notes[94]
    assert r"\nickname" in notes[13]
    assert r"\ourtool" in notes[92]


WORDS = st.sampled_from(
    ["a", "Ada", "Über", "caching", "GPU", "3DGS", "Li", "retrieval-augmented", "van", "çelik", "(RAG),"]
)
NAMES = st.lists(WORDS, min_size=2, max_size=3).map(lambda words: " ".join(words).title())
TITLES = st.lists(WORDS, min_size=1, max_size=14).map(" ".join)
ABSTRACTS = st.one_of(
    st.lists(WORDS, min_size=40, max_size=60).map(lambda words: " ".join(words) + "."),
    st.lists(st.lists(WORDS, min_size=2, max_size=9).map(lambda words: " ".join(words) + "s. "), min_size=2).map(
        lambda sentences: "".join(sentences).strip()
    ),
)


@st.composite
def bylines(draw: st.DrawFn) -> str:
    names = draw(st.lists(st.one_of(NAMES, NAMES, st.just("")), min_size=2, max_size=25))
    return f" {draw(st.sampled_from(SEPARATORS))} ".join(names)


ODD_LINES = st.text(
    st.characters(exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp", "Zs"), include_characters=" .,:⋅·•∙-"), max_size=60
)
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
def test_any_page_is_read_whole_and_in_order_or_refused(lines: list[tuple[str, str]], mark: str) -> None:
    outcome = read_or_refusal((mark + "".join(line + end for line, end in lines)).encode("utf-8"))
    if isinstance(outcome, str):
        assert outcome.startswith("page.txt: ")
        assert "\n" not in outcome
        return
    written = [line for line, _ in lines if bare(line) or any(separator in line for separator in SEPARATORS)]
    assert [bare(field) for field in fields_of(outcome)] == [bare(line) for line in written]
    assert outcome.paper_count > 0


@given(data=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    outcome = read_or_refusal(data)
    assert "\n" not in outcome if isinstance(outcome, str) else outcome.paper_count > 0


@st.composite
def well_formed(draw: st.DrawFn) -> tuple[str, list[tuple[str, tuple[str, ...], str]]]:
    """A page whose papers have all three parts, with the papers it was made of."""
    papers = draw(
        st.lists(
            st.tuples(TITLES, st.lists(st.one_of(NAMES, st.just("")), min_size=2, max_size=8).map(tuple), ABSTRACTS),
            min_size=1,
            max_size=6,
        )
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
    (session,) = page(text).sessions
    assert (session.kind, session.name, session.room) == ("Session", "Posters on Monday", "Main Hall")
    assert [(paper.title, paper.byline, paper.abstract) for paper in session.papers] == papers


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\n\n", "\r\n\r\n", "\n \t\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_blank_lines_and_a_byte_order_mark_change_nothing(end: str, mark: str) -> None:
    lines = [*HEADINGS.splitlines(), "Caching", "Ada Lovelace ⋅ Grace Hopper", ABSTRACT, "Batching"]
    (session,) = page(mark + end.join(lines)).sessions
    assert (session.kind, session.name, session.room) == tuple(lines[:3])
    first, second = session.papers
    assert (first.title, first.byline, first.abstract) == ("Caching", ("Ada Lovelace", "Grace Hopper"), ABSTRACT)
    assert (second.title, second.byline, second.abstract) == ("Batching", (), None)


@pytest.mark.parametrize("blank", ["\u00a0", "\u3000", "\u2003", "\u200b", "\ufeff", "\x0c", "\x0b", "\x85", "\u2028"])
def test_a_line_of_any_white_space_is_a_blank_line(blank: str) -> None:
    (paper,) = papers_of(f"{HEADINGS}Caching\nAda Lovelace ⋅ Grace Hopper\n{blank}\n{ABSTRACT}\n{blank}\n")
    assert (paper.title, len(paper.byline), paper.abstract) == ("Caching", 2, ABSTRACT)


@pytest.mark.parametrize("separator", [" ⋅ ", " · ", " • ", " ∙ ", "⋅", "•", "∙", "· ", " ·"])
def test_names_are_told_apart_by_any_of_the_separators(separator: str) -> None:
    (paper,) = papers_of(f"{HEADINGS}Caching\n{separator.join(['Ada Lovelace', 'Bo Li', 'Cy Twombly'])}\n{ABSTRACT}\n")
    assert paper.byline == ("Ada Lovelace", "Bo Li", "Cy Twombly")


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("⋅ Ada Lovelace ⋅ Bo Li", ("", "Ada Lovelace", "Bo Li")),
        ("Ada Lovelace ⋅ Bo Li ⋅", ("Ada Lovelace", "Bo Li", "")),
        ("Ada Lovelace ⋅ ⋅ ⋅ Bo Li", ("Ada Lovelace", "", "", "Bo Li")),
        ("Ada Lovelace ⋅", ("Ada Lovelace", "")),
        ("⋅ ⋅", ("", "", "")),
    ],
)
def test_blank_slots_are_kept_in_their_places(byline: str, names: tuple[str, ...]) -> None:
    source = page(f"{HEADINGS}Caching\n{byline}\n{ABSTRACT}\n")
    assert source.sessions[0].papers[0].byline == names
    (problem,) = source.problems
    assert (problem.line, problem.severity) == (5, Severity.ACTION)
    assert problem.message.startswith(f"{names.count('')} author slot")


@pytest.mark.parametrize("dot", ["·", "•"])
def test_a_catalan_name_is_not_cut_at_its_dot(dot: str) -> None:
    (paper,) = papers_of(f"{HEADINGS}Caching\nMarc Col·lell {dot} Núria Gal·la {dot} Bo Li\n{ABSTRACT}\n")
    assert paper.byline == ("Marc Col·lell", "Núria Gal·la", "Bo Li")


def test_a_catalan_word_does_not_make_a_title_a_byline() -> None:
    (paper,) = papers_of(f"{HEADINGS}Paral·lel decoding\nAda Lovelace ⋅ Bo Li\n{ABSTRACT}\n")
    assert (paper.title, paper.byline) == ("Paral·lel decoding", ("Ada Lovelace", "Bo Li"))


def test_a_long_byline_is_still_a_byline() -> None:
    names = tuple(f"Anneliese Number{number} van der Long-Surname" for number in range(80))
    (paper,) = papers_of(f"{HEADINGS}Caching\n{' ⋅ '.join(names)}\n{ABSTRACT}\n")
    assert (paper.title, paper.byline, paper.abstract) == ("Caching", names, ABSTRACT)


def test_a_list_with_bullets_in_an_abstract_is_not_a_byline() -> None:
    abstract = f"{ABSTRACT} • {ABSTRACT} • {ABSTRACT}"
    (paper,) = papers_of(f"{HEADINGS}Caching\nAda Lovelace ⋅ Bo Li\n{abstract}\n")
    assert paper.abstract == abstract


@pytest.mark.parametrize("name", ["Ada Lovelace", "Mihaela van der Schaar", "G. Edward Suh", "Seán O'Brien"])
def test_the_only_author_of_a_paper_is_its_author(name: str) -> None:
    source = page(f"{HEADINGS}Caching\n{name}\n{ABSTRACT}\nBatching\n{name}\n{ABSTRACT}\n")
    assert [(paper.title, paper.byline) for paper in source.sessions[0].papers] == [
        ("Caching", (name,)),
        ("Batching", (name,)),
    ]
    assert [(problem.line, problem.severity) for problem in source.problems] == [(5, Severity.NOTE), (8, Severity.NOTE)]
    assert all(f"only author: {name}" in problem.message for problem in source.problems)


@pytest.mark.parametrize(
    "abstract",
    [
        "We study caches. They help.",
        "Caches help a lot (by 39%). We show how! So do others.",
        "We study how caches help the planning of agents.",
    ],
)
def test_a_short_abstract_after_the_authors_is_an_abstract(abstract: str) -> None:
    text = f"{HEADINGS}Caching\nAda Lovelace ⋅ Bo Li\n{abstract}\nBatching\nCy Twombly ⋅ Di Wu\n{abstract}\n"
    assert [(paper.title, paper.byline, paper.abstract) for paper in papers_of(text)] == [
        ("Caching", ("Ada Lovelace", "Bo Li"), abstract),
        ("Batching", ("Cy Twombly", "Di Wu"), abstract),
    ]


def test_neighbours_are_not_glued_together_when_parts_are_missing() -> None:
    text = (
        f"{HEADINGS}Caching\n{ABSTRACT}\n{ABSTRACT}\nAda Lovelace ⋅ Bo Li\n{ABSTRACT}\n"
        f"Batching\nCy Twombly ⋅ Di Wu\nPruning\nEd Yong ⋅ Flo Rida\n{ABSTRACT}\n"
    )
    source = page(text)
    assert [
        (paper.line, paper.title, len(paper.byline), paper.abstract is not None) for paper in source.sessions[0].papers
    ] == [
        (4, "Caching", 0, True),
        (6, None, 0, True),
        (7, None, 2, True),
        (9, "Batching", 2, False),
        (11, "Pruning", 2, True),
    ]
    assert [(problem.line, problem.message.split(";")[0]) for problem in source.problems] == [
        (4, "A paper without its authors"),
        (6, "A paper without its title and authors"),
        (7, "A paper without its title"),
        (9, "A paper without its abstract"),
    ]


def test_a_title_that_is_there_twice_is_two_papers_and_noted() -> None:
    paper = f"Caching\nAda Lovelace ⋅ Bo Li\n{ABSTRACT}\n"
    source = page(HEADINGS + paper + paper)
    assert source.paper_count == 2
    (problem,) = source.problems
    assert (problem.line, problem.severity) == (7, Severity.NOTE)
    assert "line 4" in problem.message


def test_a_missing_room_line_is_reported_and_the_papers_stay_whole() -> None:
    source = page(f"Session\nPoster Session 1\nCaching\nAda Lovelace ⋅ Bo Li\n{ABSTRACT}\n")
    (session,) = source.sessions
    assert (session.name, session.room) == ("Poster Session 1", None)
    assert [paper.title for paper in session.papers] == ["Caching"]
    assert [(problem.line, problem.severity) for problem in source.problems] == [(1, Severity.ACTION)]
    assert "room" in source.problems[0].message


def test_missing_headings_are_each_reported() -> None:
    source = page(f"Caching\nAda Lovelace ⋅ Bo Li\n{ABSTRACT}\n")
    assert [paper.title for paper in source.sessions[0].papers] == ["Caching"]
    messages = " ".join(problem.message for problem in source.problems)
    assert all(part in messages for part in ("kind", "name", "room"))


def test_a_repeated_heading_begins_another_session() -> None:
    one = f"Caching\nAda Lovelace ⋅ Bo Li\n{ABSTRACT}\n"
    two = f"Batching\nCy Twombly ⋅ Di Wu\n{ABSTRACT}\n"
    first, second = page(f"{HEADINGS}{one}\nSESSION\nPoster Session 2\nCedar Room\n{two}{one}").sessions
    assert (first.name, first.room, first.line) == ("Poster Session 1", "Evergreen Ballroom", 1)
    assert (second.name, second.room, second.line) == ("Poster Session 2", "Cedar Room", 8)
    assert [paper.title for paper in first.papers] == ["Caching"]
    assert [paper.title for paper in second.papers] == ["Batching", "Caching"]


@pytest.mark.parametrize("data", [b"", b" \r\n\t\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n\n", "\u00a0\n".encode()])
def test_an_empty_file_is_said_to_be_empty(data: bytes) -> None:
    with pytest.raises(UserError, match=r"^page\.txt: .*(empty|no paper)"):
        read(data, "page.txt")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_wrong_encoding_names_the_line_and_the_byte(end: str) -> None:
    data = end.join(["Session", "Posters", "Hall", "Caching", "José García ⋅ Bo Li", ABSTRACT]).encode(
        "latin-1", "replace"
    )
    with pytest.raises(UserError, match=r"^page\.txt: line 5: byte 0xe9 is not UTF-8") as caught:
        read(data.replace(b"?", b"\xb7"), "page.txt")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0",
        b"PK\x03\x04\x14\0\0\0\x08\0",
        f"{HEADINGS}Caching".encode("utf-16"),
        b"<!doctype html><title>Posters</title>",
        b"\0" * 100,
    ],
)
def test_another_form_is_refused_with_what_can_be_read(data: bytes) -> None:
    with pytest.raises(UserError, match=r"^page\.txt: .*page text") as caught:
        read(data, "page.txt")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["Session\n", HEADINGS])
def test_a_page_without_papers_is_refused_with_what_is_expected(text: str) -> None:
    with pytest.raises(UserError, match=r"^page\.txt: no paper found.*heading"):
        page(text)


def test_a_file_larger_than_the_limit_is_refused() -> None:
    with pytest.raises(UserError, match=r"^page\.txt: the file is larger than 32 MiB"):
        read(b"a" * (SIZE_LIMIT + 1), "page.txt")
