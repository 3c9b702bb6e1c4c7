"""What moderators put right stays right, whatever is loaded later, and never unnoticed when the source disagrees."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.programme.corrections import (
    FIELDS,
    Conflict,
    Correctable,
    Correction,
    conflicts,
    field_text,
    lay_over,
    redundant,
    validated,
)
from bot.programme.source import Credit, Source, SourcePaper, SourceSession
from tests.support.programmes import at, credited, paper, session, source_of

ZONE = ZoneInfo("America/Los_Angeles")
START, END = datetime(2026, 5, 19, 1, tzinfo=UTC), datetime(2026, 5, 19, 3, tzinfo=UTC)
ADA = Credit("Ada Lovelace", ("London", "Turin"))
SOURCE = source_of(
    session(
        "Posters",
        at(
            paper(
                "Frist", key="one", line=3, authors=(ADA, *credited("", "Bo Li")), abstract="Words.", topics=("x", "y")
            ),
            board="4",
        ),
        key="one",
        kind="Poster Session",
        room="Hall",
        starts_at=START,
        ends_at=END,
    )
)
(PAPER,), (SESSION,) = SOURCE.papers, SOURCE.sessions


def about_paper(field: str, value: str, was: str | None = None) -> Correction:
    return Correction("paper", "one", field, value, was)


def about_session(field: str, value: str, was: str | None = None) -> Correction:
    return Correction("session", "one", field, value, was)


def paper_with(*corrections: Correction) -> SourcePaper:
    return lay_over(SOURCE, corrections).papers[0]


def session_with(*corrections: Correction) -> SourceSession:
    return lay_over(SOURCE, corrections).sessions[0]


TEXTS = st.sampled_from(["", "First", "Ada Lovelace\n?\nCy; Di"])
MOMENTS = st.sampled_from(["", "2026-05-19T02:00:00+00:00", "2026-05-19T04:00:00+00:00"])
CORRECTIONS = st.lists(
    st.one_of(
        st.builds(
            Correction, st.just("paper"), st.sampled_from(["one", "gone"]), st.sampled_from(FIELDS["paper"]), TEXTS
        ),
        st.builds(Correction, st.just("session"), st.just("one"), st.sampled_from(["name", "kind", "room"]), TEXTS),
        st.builds(Correction, st.just("session"), st.just("one"), st.sampled_from(["starts_at", "ends_at"]), MOMENTS),
    ),
    max_size=6,
)


@pytest.mark.parametrize(
    ("correction", "fields"),
    [
        (about_paper("title", "First"), {"title": "First"}),
        (about_paper("title", ""), {}),
        (about_paper("authors", "Ada Lovelace\n?\nCy"), {"authors": (ADA, *credited("", "Cy"))}),
        (about_paper("authors", " Ada  Lovelace ;\nCy;;"), {"authors": (ADA, *credited("Cy"))}),
        (about_paper("authors", ""), {"authors": ()}),
        (about_paper("abstract", "Other words."), {"abstract": "Other words."}),
        (about_paper("abstract", ""), {"abstract": None}),
        (about_paper("topics", "LLMs; y"), {"topics": ("LLMs", "y")}),
        (about_paper("topics", ""), {"topics": ()}),
        (Correction("paper", "gone", "title", "First"), {}),
        (Correction("session", "one", "title", "First"), {}),
    ],
)
def test_a_paper_is_as_it_was_corrected(correction: Correction, fields: dict[str, object]) -> None:
    assert paper_with(correction) == replace(PAPER, **fields)  # type: ignore[arg-type]


def boards_with(source: Source, *corrections: Correction) -> list[list[str | None]]:
    """Return the boards of what appears in each session."""
    return [[one.board for one in made.appearances] for made in lay_over(source, corrections).sessions]


def test_a_poster_is_on_the_board_it_was_corrected_to() -> None:
    assert boards_with(SOURCE, about_paper("board", "5")) == [["5"]]
    assert boards_with(SOURCE, about_paper("board", "")) == [[None]]
    assert paper_with(about_paper("board", "5")) == PAPER


def test_a_corrected_board_takes_the_place_of_the_one_there_is_or_else_the_first_appearance() -> None:
    one, two = paper("One", key="one"), paper("Two", key="two")
    fixes = (about_paper("board", "5"), Correction("paper", "two", "board", "6"), about_paper("board", "7"))
    shown = source_of(session("Talks", two, one), session("Posters", at(one, board="4"), at(two), at(one, board="9")))
    assert boards_with(shown, *fixes) == [["6", None], ["7", None, "9"]]
    assert field_text(lay_over(shown, fixes), "paper", "one", "board") == "7"
    assert boards_with(source_of(session("Talks", two), unscheduled=[one]), *fixes) == [["6"]], "it has no place"


@pytest.mark.parametrize(
    ("corrections", "fields"),
    [
        ([about_session("kind", "Demo")], {"kind": "Demo"}),
        ([about_session("kind", "")], {"kind": ""}),
        ([about_session("name", "Demos")], {"name": "Demos"}),
        ([about_session("name", "")], {}),
        ([about_session("room", "")], {"room": None}),
        ([about_session("room", "Attic"), about_session("room", "Cellar")], {"room": "Cellar"}),
        ([about_session("starts_at", "2026-05-18T19:00:00-07:00")], {"starts_at": START.replace(hour=2)}),
        ([about_session("starts_at", "")], {"starts_at": None}),
        ([about_session("starts_at", "2026-05-19T03:00:00+00:00")], {"starts_at": END, "ends_at": None}),
        ([about_session("ends_at", "")], {"ends_at": None}),
    ],
)
def test_a_session_is_as_it_was_corrected(corrections: list[Correction], fields: dict[str, object]) -> None:
    assert session_with(*corrections) == replace(SESSION, **fields)  # type: ignore[arg-type]


def test_a_source_whose_times_are_wrong_stays_as_it_is_where_nobody_corrected_them() -> None:
    wrong = replace(SOURCE, sessions=(replace(SESSION, ends_at=START),))
    assert lay_over(wrong, [about_paper("title", "First")]).sessions[0].ends_at == START


@given(CORRECTIONS)
def test_laying_over_twice_is_laying_over_once_and_keeps_every_key(corrections: list[Correction]) -> None:
    once = lay_over(SOURCE, corrections)
    assert lay_over(once, corrections) == once
    assert (once.sessions[0].key, once.papers[0].key) == ("one", "one")


def test_without_corrections_nothing_changes() -> None:
    assert lay_over(SOURCE, []) == SOURCE


def test_every_field_has_a_text_that_is_read_again() -> None:
    def texts(source: Source, about: Correctable) -> list[str | None]:
        return [field_text(source, about, "one", field) for field in FIELDS[about]]

    assert texts(SOURCE, "paper") == ["Frist", "Ada Lovelace\n?\nBo Li", "Words.", "4", "x\ny"]
    assert texts(SOURCE, "session") == [
        "Posters",
        "Poster Session",
        "Hall",
        "2026-05-19T01:00:00+00:00",
        "2026-05-19T03:00:00+00:00",
    ]
    empty = source_of(session("", key="one"), unscheduled=[paper(key="one")])
    assert {*texts(empty, "paper"), *texts(empty, "session")} == {None}
    with pytest.raises(KeyError):
        field_text(SOURCE, "session", "gone", "name")
    same = [
        Correction(about, "one", field, text or "")
        for about, fields in FIELDS.items()
        for field, text in zip(fields, texts(SOURCE, about), strict=True)
    ]
    assert lay_over(SOURCE, same) == SOURCE
    assert redundant(SOURCE, same) == tuple(same)


@pytest.mark.parametrize(
    ("correction", "source_value"),
    [
        (about_paper("title", "First", was="Frist"), None),
        (about_paper("title", "First", was="Fisrt"), "Frist"),
        (about_paper("title", "First"), "Frist"),
        (about_paper("title", "Frist", was="Fisrt"), None),
        (about_paper("title", "First", was=" Frist "), None),
        (about_paper("abstract", "", was="Old words."), "Words."),
        (about_paper("authors", "Cy", was="Ada Lovelace; ?; Bo Li"), None),
        (about_paper("authors", "Cy", was="Ada Lovelace; Bo Li"), "Ada Lovelace\n?\nBo Li"),
        (about_paper("topics", "z", was="y; x"), "x\ny"),
        (about_paper("topics", "z", was=" x ;y"), None),
        (about_paper("board", "5", was="4"), None),
        (about_paper("board", "5", was="3"), "4"),
        (about_session("kind", "Demo", was="Posters"), "Poster Session"),
        (about_session("starts_at", "2026-05-19T02:00:00+00:00", was="2026-05-18T18:00:00-07:00"), None),
        (about_session("starts_at", "2026-05-19T02:00:00+00:00", was=None), "2026-05-19T01:00:00+00:00"),
        (Correction("paper", "gone", "title", "First", "Fisrt"), None),
    ],
)
def test_a_correction_is_in_conflict_when_the_source_says_something_new(
    correction: Correction, source_value: str | None
) -> None:
    expected = () if source_value is None else (Conflict(correction, source_value),)
    assert conflicts(SOURCE, [correction]) == expected


def test_a_source_that_lost_a_value_is_in_no_conflict() -> None:
    empty = replace(SOURCE, papers=(SourcePaper(key="one"),))
    assert conflicts(empty, [about_paper("title", "First", was="Frist")]) == ()


def test_a_correction_that_the_source_took_over_is_redundant() -> None:
    taken = [about_paper("title", "Frist", "X"), about_session("ends_at", "2026-05-18T20:00:00-07:00", None)]
    assert redundant(
        SOURCE, [*taken, about_paper("board", "5", "4"), Correction("paper", "gone", "title", "")]
    ) == tuple(taken)


PLACES = st.sampled_from([(about, field) for about, fields in FIELDS.items() for field in fields])


@pytest.mark.parametrize(
    ("about", "field", "text", "value"),
    [
        ("paper", "title", "  A  new\ntitle ", "A new title"),
        ("paper", "authors", "Ada Lovelace; Bo Li;\n ? \n", "Ada Lovelace\nBo Li\n?"),
        ("paper", "authors", "", ""),
        ("paper", "abstract", " Two\n\nparts. ", "Two\n\nparts."),
        ("paper", "board", " 7  b", "7 b"),
        ("paper", "topics", "KV  caches; LLMs\n\nLLMs;", "KV caches\nLLMs"),
        ("session", "kind", " Poster  session", "Poster session"),
        ("session", "name", "Posters", "Posters"),
        ("session", "room", "", ""),
        ("session", "room", "H\0a\ud800ll", "Hall"),
        ("session", "starts_at", "2026-05-18T18:00:00-07:00", "2026-05-19T01:00:00+00:00"),
        ("session", "ends_at", "", ""),
    ],
)
def test_what_is_typed_is_kept_in_one_form(about: Correctable, field: str, text: str, value: str) -> None:
    assert validated(about, field, text) == value
    assert validated(about, field, value) == value


@pytest.mark.parametrize(
    ("about", "field", "text", "told"),
    [
        (
            "paper",
            "room",
            "Hall",
            "can't correct “room” of a paper; what I can is title, authors, abstract, board, topics",
        ),
        ("paper", "title", " ", "title can't be empty"),
        ("paper", "title", "****", None),
        ("paper", "title", "x" * 301, "title may have 300 characters; this has 301"),
        ("session", "name", "", "session's name can't be empty"),
        ("session", "name", "\\textbf{}", "session's name can't be empty"),
        ("session", "room", "x" * 101, "room may have 100"),
        ("paper", "board", "x" * 13, "number of the board may have 12"),
        ("paper", "authors", f"Ada, {'Bo, ' * 40}", "too long for a name. Separate the authors with “;”"),
        ("paper", "authors", "Ada\n\\textbf{}", "is no name"),
        ("paper", "authors", "Ada\n" * 2000, "authors may have 4000"),
        ("session", "starts_at", "tomorrow", "“tomorrow” is no date and time"),
        ("session", "starts_at", "0001-01-01T00:00+14:00", "is no date and time"),
        ("session", "starts_at", "1999-12-31T23:59:00+00:00", "year 1999 is hardly meant"),
        ("session", "starts_at", "2100-01-01T00:00:00+00:00", "year 2100 is hardly meant"),
    ],
)
def test_what_cannot_be_used_is_refused_in_plain_words(
    about: Correctable, field: str, text: str, told: str | None
) -> None:
    if told is None:
        assert validated(about, field, text) == text
        return
    with pytest.raises(UserError, match=told):
        validated(about, field, text)


@given(PLACES, st.text(max_size=60))
def test_whatever_is_typed_is_refused_or_can_be_laid_over(place: tuple[Correctable, str], text: str) -> None:
    about, field = place
    try:
        value = validated(about, field, text)
    except UserError:
        return
    assert validated(about, field, value) == value
    lay_over(SOURCE, [about_paper(field, value) if about == "paper" else about_session(field, value)])
