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
from bot.programme.source import Source, SourcePaper, SourceSession

ZONE = ZoneInfo("America/Los_Angeles")
START, END = datetime(2026, 5, 19, 1, tzinfo=UTC), datetime(2026, 5, 19, 3, tzinfo=UTC)
PAPER = SourcePaper(
    key="one", line=3, title="Frist", byline=("Ada Lovelace", "", "Bo Li"), abstract="Words.", number="4"
)
SESSION = SourceSession(key="one", name="Posters", room="Hall", starts_at=START, ends_at=END, papers=(PAPER,))
SOURCE = Source("test/1", (SESSION,))


def about_paper(field: str, value: str, was: str | None = None) -> Correction:
    return Correction("paper", "one", field, value, was)


def about_session(field: str, value: str, was: str | None = None) -> Correction:
    return Correction("session", "one", field, value, was)


def paper_with(*corrections: Correction) -> SourcePaper:
    return lay_over(SOURCE, corrections).sessions[0].papers[0]


def session_with(*corrections: Correction) -> SourceSession:
    return lay_over(SOURCE, corrections).sessions[0]


TEXTS = st.sampled_from(["", "First", "Ada Lovelace\n?\nCy; Di"])
MOMENTS = st.sampled_from(["", "2026-05-19T02:00:00+00:00", "2026-05-19T04:00:00+00:00"])
CORRECTIONS = st.lists(
    st.one_of(
        st.builds(
            Correction, st.just("paper"), st.sampled_from(["one", "gone"]), st.sampled_from(FIELDS["paper"]), TEXTS
        ),
        st.builds(Correction, st.just("session"), st.just("one"), st.sampled_from(["name", "room"]), TEXTS),
        st.builds(Correction, st.just("session"), st.just("one"), st.sampled_from(["starts_at", "ends_at"]), MOMENTS),
    ),
    max_size=6,
)


@pytest.mark.parametrize(
    ("correction", "fields"),
    [
        (about_paper("title", "First"), {"title": "First"}),
        (about_paper("title", ""), {}),
        (about_paper("authors", "Ada Lovelace\n?\nCy"), {"byline": ("Ada Lovelace", "", "Cy")}),
        (about_paper("authors", " Ada  Lovelace ;\nCy;;"), {"byline": ("Ada Lovelace", "Cy")}),
        (about_paper("authors", ""), {"byline": ()}),
        (about_paper("abstract", "Other words."), {"abstract": "Other words."}),
        (about_paper("abstract", ""), {"abstract": None}),
        (about_paper("number", "5"), {"number": "5"}),
        (about_paper("number", ""), {"number": None}),
        (Correction("paper", "gone", "title", "First"), {}),
        (Correction("session", "one", "title", "First"), {}),
    ],
)
def test_a_paper_is_as_it_was_corrected(correction: Correction, fields: dict[str, object]) -> None:
    assert paper_with(correction) == replace(PAPER, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("corrections", "fields"),
    [
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
    assert (once.sessions[0].key, once.sessions[0].papers[0].key) == ("one", "one")


def test_without_corrections_nothing_changes() -> None:
    assert lay_over(SOURCE, []) == SOURCE


def test_every_field_has_a_text_that_is_read_again() -> None:
    assert [field_text(PAPER, field) for field in FIELDS["paper"]] == ["Frist", "Ada Lovelace\n?\nBo Li", "Words.", "4"]
    assert [field_text(SESSION, field) for field in FIELDS["session"]] == [
        "Posters",
        "Hall",
        "2026-05-19T01:00:00+00:00",
        "2026-05-19T03:00:00+00:00",
    ]
    assert {field_text(SourcePaper(), field) for field in FIELDS["paper"]} == {None}
    same = [
        *(about_paper(field, field_text(PAPER, field) or "") for field in FIELDS["paper"]),
        *(about_session(field, field_text(SESSION, field) or "") for field in FIELDS["session"]),
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
    empty = replace(SOURCE, sessions=(replace(SESSION, papers=(SourcePaper(key="one"),)),))
    assert conflicts(empty, [about_paper("title", "First", was="Frist")]) == ()


def test_a_correction_that_the_source_took_over_is_redundant() -> None:
    taken = [about_paper("title", "Frist", "X"), about_session("ends_at", "2026-05-18T20:00:00-07:00", None)]
    assert redundant(
        SOURCE, [*taken, about_paper("number", "5", "4"), Correction("paper", "gone", "title", "")]
    ) == tuple(taken)


PLACES = st.sampled_from([(about, field) for about, fields in FIELDS.items() for field in fields])


@pytest.mark.parametrize(
    ("about", "field", "text", "value"),
    [
        ("paper", "title", "  A  new\ntitle ", "A new title"),
        ("paper", "authors", "Ada Lovelace; Bo Li;\n ? \n", "Ada Lovelace\nBo Li\n?"),
        ("paper", "authors", "", ""),
        ("paper", "abstract", " Two\n\nparts. ", "Two\n\nparts."),
        ("paper", "number", "7 b", "7 b"),
        ("session", "name", "Posters", "Posters"),
        ("session", "room", "", ""),
        ("session", "room", "H\0a\ud800ll", "Hall"),
        ("session", "starts_at", "2026-05-18 18:00", "2026-05-19T01:00:00+00:00"),
        ("session", "starts_at", "2026-05-18T9:00", "2026-05-18T16:00:00+00:00"),
        ("session", "ends_at", "2026-05-18 18:00:30 +0200", "2026-05-18T16:00:30+00:00"),
        ("session", "ends_at", "2026-05-18T18:00z", "2026-05-18T18:00:00+00:00"),
        ("session", "ends_at", "", ""),
        ("session", "starts_at", "2026-11-01 01:30-08:00", "2026-11-01T09:30:00+00:00"),
    ],
)
def test_what_is_typed_is_kept_in_one_form(about: Correctable, field: str, text: str, value: str) -> None:
    assert validated(about, field, text, ZONE) == value
    assert validated(about, field, value, ZONE) == value


@pytest.mark.parametrize(
    ("about", "field", "text", "told"),
    [
        ("paper", "room", "Hall", "can't correct “room” of a paper; what I can is title, authors, abstract, number"),
        ("paper", "title", " ", "title can't be empty"),
        ("paper", "title", "****", None),
        ("paper", "title", "x" * 301, "title may have 300 characters; this has 301"),
        ("session", "name", "", "session's name can't be empty"),
        ("session", "name", "\\textbf{}", "session's name can't be empty"),
        ("session", "room", "x" * 101, "room may have 100"),
        ("paper", "number", "x" * 13, "number may have 12"),
        ("paper", "authors", f"Ada, {'Bo, ' * 40}", "too long for a name. Separate the authors with “;”"),
        ("paper", "authors", "Ada\n\\textbf{}", "is no name"),
        ("paper", "authors", "Ada\n" * 2000, "authors may have 4000"),
        ("session", "starts_at", "tomorrow", "“tomorrow” is no date and time. Write it as 2026-05-18 18:00"),
        ("session", "starts_at", "2026-05-18", "is no date and time"),
        ("session", "starts_at", "2026-13-18 18:00", "is no date and time"),
        ("session", "starts_at", "2026-05-18 18:00+99:00", "is no date and time"),
        ("session", "starts_at", "0001-01-01 00:00+14:00", "year 0001 is hardly meant"),
        ("session", "starts_at", "9999-12-31 23:59", "year 9999 is hardly meant"),
        ("session", "starts_at", "2026-03-08 02:30", "does not exist in America/Los_Angeles.* mean 2026-03-08 03:30"),
        ("session", "ends_at", "2026-11-01 01:30", "01:30-07:00 for the first time or 2026-11-01 01:30-08:00"),
    ],
)
def test_what_cannot_be_used_is_refused_in_plain_words(
    about: Correctable, field: str, text: str, told: str | None
) -> None:
    if told is None:
        assert validated(about, field, text, ZONE) == text
        return
    with pytest.raises(UserError, match=told):
        validated(about, field, text, ZONE)


@given(PLACES, st.text(max_size=60))
def test_whatever_is_typed_is_refused_or_can_be_laid_over(place: tuple[Correctable, str], text: str) -> None:
    about, field = place
    try:
        value = validated(about, field, text, ZONE)
    except UserError:
        return
    assert validated(about, field, value, ZONE) == value
    lay_over(SOURCE, [about_paper(field, value) if about == "paper" else about_session(field, value)])
