"""The reader of OpenReview's notes: both versions of the API, and which submissions are accepted papers."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.programme.source import Credit, Link, Severity, Source, SourcePaper
from bot.sources.formats import openreview, paper_list, virtual_site
from bot.sources.reading.file import File, Hints, Reading
from tests.sources.mutations import read_or_refused

NAME = "notes.json"


def note(place: str = "Zx9", **content: object) -> dict[str, Any]:
    """A paper as version 2 of the API gives it; `content` changes its fields."""
    fields = {
        "title": "Caching",
        "authors": ["Ada Lovelace", "Bo Li"],
        "authorids": ["~Ada_Lovelace1", "~Bo_Li2"],
        "keywords": ["caches", "memory"],
        "abstract": "We study $a<b$ and **caches**.",
        "pdf": "/pdf/0a1b.pdf",
        "venue": "Example 2026 poster",
        "venueid": "Example.org/2026/Conference",
        **content,
    }
    return {
        "id": place,
        "forum": place,
        "number": 17,
        "invitations": ["Example.org/2026/Conference/-/Submission", "Example.org/2026/Conference/-/Edit"],
        "readers": ["everyone"],
        "content": {name: {"value": value} for name, value in fields.items() if value is not None},
    }


def old_note(place: str = "Zx9", **content: object) -> dict[str, Any]:
    """The same as version 1 gives it."""
    made = note(place, **content)
    return {
        **made,
        "invitations": None,
        "invitation": "Example.org/2026/Conference/-/Blind_Submission",
        "content": {name: field["value"] for name, field in made["content"].items()},
    }


def undecided(place: str = "Zx9", **content: object) -> dict[str, Any]:
    return old_note(place, **{"venue": None, "venueid": None, **content})


def decision(of: str, text: str, **fields: object) -> dict[str, Any]:
    return {
        "id": f"{of}-decision",
        "forum": of,
        "replyto": of,
        "invitation": "Example.org/2026/Conference/Paper1/-/Decision",
        "content": {"title": "Paper Decision", "decision": text},
        **fields,
    }


def reading(*notes: object, hints: Hints | None = None, **page: object) -> Reading:
    file = File(NAME, json.dumps({"notes": list(notes), **page}).encode())
    assert openreview.recognises(file)
    assert not paper_list.recognises(file)
    assert not virtual_site.recognises(file)
    return openreview.read(file, hints or Hints())


def load(*notes: object) -> Source:
    return reading(*notes).source


def titles(*notes: object) -> list[str | None]:
    return [paper.title for paper in load(note("first", title="First"), *notes).papers[1:]]


def refusal(document: object) -> str:
    with pytest.raises(UserError) as caught:
        openreview.read(File(NAME, json.dumps(document).encode()), Hints())
    message = str(caught.value)
    assert message.startswith(f"{NAME}:")
    return message


@pytest.mark.parametrize("made", [note, old_note], ids=["version 2", "version 1"])
def test_a_paper_is_read_with_all_that_is_said_of_it(made: Any) -> None:
    source = load(made())
    assert source.papers == (
        SourcePaper(
            title="Caching",
            authors=(Credit("Ada Lovelace"), Credit("Bo Li")),
            abstract="We study $a<b$ and **caches**.",
            kind="poster",
            topics=("caches", "memory"),
            source_id="Zx9",
            links=(
                Link("OpenReview", "https://openreview.net/forum?id=Zx9"),
                Link("PDF", "https://openreview.net/pdf/0a1b.pdf"),
            ),
        ),
    )
    assert source.problems == ()
    assert source.sessions == ()


def test_the_list_of_notes_alone_says_the_same() -> None:
    notes = [note(), note("b", title="Pages")]
    file = File(NAME, json.dumps(notes).encode())
    assert openreview.recognises(file)
    assert openreview.read(file, Hints()).source == load(*notes)


def test_nothing_is_invented_where_fields_are_missing() -> None:
    assert load({"id": "a", "content": {"title": {"value": "Caching"}}}).papers == (
        SourcePaper(title="Caching", source_id="a", links=(Link("OpenReview", "https://openreview.net/forum?id=a"),)),
    )


@pytest.mark.parametrize(
    ("authors", "people"),
    [
        (
            [
                {
                    "fullname": "Ada Lovelace",
                    "username": "~Ada_Lovelace1",
                    "institutions": [{"name": "Uni A"}, {"name": ""}],
                },
                {"username": "~Bo_Li2"},
            ],
            (Credit("Ada Lovelace", ("Uni A",)), Credit("Bo Li")),
        ),
        ("Ada Lovelace, Bo Li", (Credit("Ada Lovelace"), Credit("Bo Li"))),
        (["Ada", None], (Credit("Ada"), Credit(""))),
        ([], ()),
    ],
)
@pytest.mark.parametrize("made", [note, old_note], ids=["version 2", "version 1"])
def test_authors_come_in_several_shapes(authors: object, people: tuple[Credit, ...], made: Any) -> None:
    assert load(made(authors=authors)).papers[0].authors == people


def test_authors_that_reviewers_do_not_see_come_from_the_original() -> None:
    hidden = {
        **old_note(authors=["Anonymous"]),
        "details": {"original": {"content": {"authors": ["Ada Lovelace"], "title": "Caching"}}},
    }
    assert load(hidden).papers[0].byline == ("Ada Lovelace",)
    assert load(old_note(authors=["Anonymous"])).papers[0].byline == ("Anonymous",)


@pytest.mark.parametrize("keywords", [["caches", " memory ", None], "caches;memory", "caches, memory"])
def test_keywords_come_in_several_shapes(keywords: object) -> None:
    assert load(note(keywords=keywords, primary_area="systems")).papers[0].topics == ("caches", "memory", "systems")


@pytest.mark.parametrize(
    ("venue", "kind"),
    [
        ("ICLR 2024 oral", "oral"),
        ("NeurIPS 2023 Track Datasets and Benchmarks Oral", "Track Datasets and Benchmarks Oral"),
        ("ICLR 2023 notable top 5%", "notable top 5%"),
        ("Example 2026", ""),
        ("Example 2026 Conference", ""),
        ("Published as a conference paper at Example 2026", ""),
        (None, ""),
    ],
)
def test_the_venue_names_the_presentation(venue: str | None, kind: str) -> None:
    assert load(note(venue=venue)).papers[0].kind == kind


def test_links_are_of_the_site_or_of_others() -> None:
    (paper,) = load(
        note(
            pdf="https://e.org/1.pdf",
            code="https://e.org/code",
            supplementary_material="/attachment/0a.zip",
            video="will follow",
            Code_URL=["https://e.org"],
            doi="10.1000/182",
        )
    ).papers
    assert paper.links == (
        Link("OpenReview", "https://openreview.net/forum?id=Zx9"),
        Link("PDF", "https://e.org/1.pdf"),
        Link("Code", "https://e.org/code"),
        Link("Supplement", "https://openreview.net/attachment/0a.zip"),
        Link("DOI", "https://doi.org/10.1000/182"),
    )


def test_an_identifier_that_is_none_makes_no_address() -> None:
    assert [link.label for link in load(note("a b&c")).papers[0].links] == ["PDF"]


# Which submissions are accepted papers.


@pytest.mark.parametrize(
    "values",
    [
        {"venue": "Submitted to Example 2026"},
        {"venue": "Example 2026 Submitted"},
        {"venue": "Example 2026 Conference Submission", "venueid": "Example.org/2026/Conference/Submission"},
        {"venue": "Example 2026 Conference Withdrawn Submission"},
        {"venue": "Example 2026 Conference Desk Rejected Submission"},
        {"venue": None, "venueid": "Example.org/2026/Conference/Rejected_Submission"},
        {"venueid": "Example.org/2026/Conference/Withdrawn_Submission"},
        {"venueid": "Example.org/2026/Conference/Desk_Rejected_Submission"},
        {"venue": "Under review for TMLR", "venueid": "TMLR/Under_Review"},
        {"venue": "Decision pending for TMLR", "venueid": "TMLR/Decision_Pending"},
        {"venueid": "TMLR/Withdrawn_by_Authors"},
        {"venueid": "TMLR/Retracted_Acceptance"},
        {"venueid": "TMLR/Assigned_AE"},
        {"decision": "Reject"},
        {"decision": "Maybe"},
    ],
)
@pytest.mark.parametrize("made", [note, old_note], ids=["version 2", "version 1"])
def test_what_is_not_accepted_is_not_shown(values: dict[str, object], made: Any) -> None:
    found = reading(note("first", title="First"), made("second", **values))
    assert [paper.title for paper in found.source.papers] == ["First"]
    assert sum(found.account.left_out.values()) == 1


@pytest.mark.parametrize(
    "values",
    [
        {"venue": "Example 2026 Workshop on Test-Time Training of Private Models"},
        {"venue": None},
        {"venueid": None},
        {"venueid": "Example.org/2026/Conference/Accepted_Submission"},
        {"venue": "TMLR", "venueid": "TMLR"},
        {"venue": "J. Example 2026", "venueid": "dblp.org/journals/JE/2026"},
        {"decision": "Accept (oral)"},
    ],
)
def test_what_is_accepted_is_shown(values: dict[str, object]) -> None:
    assert titles(note("second", **values)) == ["Caching"]


@pytest.mark.parametrize("where", ["in the note", "in its details", "as a note", "as a note of version 2"])
@pytest.mark.parametrize(("text", "kind"), [("Accept (Oral)", "Oral"), ("Accept", ""), ("Reject", None)])
def test_a_decision_is_found_wherever_it_is(where: str, text: str, kind: str | None) -> None:
    paper, others = undecided("p"), []
    if where == "in the note":
        paper = undecided("p", decision=text)
    elif where == "in its details":
        paper["details"] = {"directReplies": [{"content": {"review": "Good."}}, decision("p", text)]}
    elif where == "as a note":
        others = [decision("p", text)]
    else:
        others = [decision("p", text, content={"decision": {"value": text}})]
    found = reading(*others, paper)
    assert [one.kind for one in found.source.papers] == ([] if kind is None else [kind])
    assert found.account.records == 1 + len(others)


def test_an_acceptance_decides_what_was_submitted_but_not_what_was_withdrawn() -> None:
    submitted = note("p", venue="Submitted to Example 2026", venueid="Example.org/2026/Conference/Submission")
    assert titles(submitted, decision("p", "Accept (poster)")) == ["Caching"]
    withdrawn = note("p", venueid="Example.org/2026/Conference/Withdrawn_Submission")
    assert titles(withdrawn, decision("p", "Accept (poster)")) == []


def test_submissions_without_a_decision_are_not_shown_and_a_person_is_told() -> None:
    found = reading(undecided("a"), undecided("b"))
    assert found.source.papers == ()
    assert found.account.left_out == {"blind submission": 2}
    (problem,) = found.source.problems
    assert problem.severity is Severity.ACTION
    assert "2 submissions" in problem.message
    assert "directReplies" in problem.message


def test_a_withdrawn_submission_of_version_1_is_told_by_its_invitation() -> None:
    withdrawn = {**undecided(), "invitation": "Example.org/2026/Conference/-/Withdrawn_Submission"}
    assert reading(withdrawn).account.left_out == {"withdrawn submission": 1}


def test_reviews_deleted_notes_and_notes_without_a_title_are_left_out() -> None:
    review = {
        "id": "r",
        "forum": "Zx9",
        "replyto": "Zx9",
        "content": {"title": "Review", "keywords": 5, "pdf": {"value": []}, "rating": {"value": 8}},
    }
    found = reading(note(), review, {**note("b"), "ddate": 1_700_000_000_000}, note("c", title=" "))
    assert len(found.source.papers) == 1
    assert found.account.left_out == {"review, comment or decision": 1, "deleted": 1, "no title": 1}
    assert found.account.records == 4


def test_what_the_configuration_calls_public_is_shown() -> None:
    hints = Hints(public=frozenset({"submitted to example 2026", "Maybe"}))
    found = reading(note(venue="Submitted to Example 2026"), note("b", decision="maybe"), hints=hints)
    assert len(found.source.papers) == 2


def test_an_unknown_decision_asks_a_person() -> None:
    source = load(note(decision="Maybe"))
    assert any("status “Maybe”" in one.message for one in source.problems if one.severity is Severity.ACTION)


def test_a_note_that_is_there_twice_is_one_paper() -> None:
    found = reading(note(), note())
    assert (found.account.papers, found.account.merged) == (1, 1)


# Files that can't be read, or are another reader's.


def test_the_first_notes_of_many_are_refused() -> None:
    message = refusal({"notes": [note()], "count": 1234})
    assert "1 of 1,234 notes" in message
    assert "&offset=1000" in message
    assert len(reading(note(), count=1).source.papers) == 1


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ({"notes": [note(), note(title=5)]}, "notes[1].content.title"),
        ({"notes": [note(authors=[5])]}, "notes[0].content.authors[0]"),
        ({"notes": [note(keywords={})]}, "notes[0].content.keywords"),
        ({"notes": [5]}, "notes[0]"),
        ({"notes": {}}, "notes"),
        ({"count": 0}, "notes"),
        ([{"id": [], "content": {"title": "x"}}], "notes[0].id"),
    ],
)
def test_a_value_of_a_wrong_type_is_refused_with_its_place(document: object, place: str) -> None:
    assert place in refusal(document)


def test_a_file_without_notes_is_refused() -> None:
    assert "no papers and no sessions" in refusal({"notes": []})


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"notes": []},
        {"notes": "Bring a pen"},
        {"notes": [{"title": "x"}]},
        [{"title": "a", "content": "Long text"}],
        [{"content": {"title": "a"}}],
        [5],
        5,
    ],
)
def test_other_files_are_not_taken(document: object) -> None:
    assert not openreview.recognises(File(NAME, json.dumps(document).encode()))


@pytest.mark.parametrize("data", [b"", b"[", b'{"notes": [{"id": ', b"\xff", b"id,title\n1,a\n"])
def test_what_is_no_json_is_not_taken(data: bytes) -> None:
    assert not openreview.recognises(File(NAME, data))


# Anything at all.

TEXTS = st.text(max_size=4)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                "notes count id forum replyto invitation invitations content title value authors details "
                "directReplies original decision venue venueid pdf ddate".split()
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)
CONTENTS = st.fixed_dictionaries(
    {},
    optional={
        "title": TEXTS | st.just("Caching"),
        "authors": st.lists(TEXTS | st.none(), max_size=2) | TEXTS,
        "venue": st.sampled_from(["Example 2026 oral", "Submitted to Example"]) | TEXTS,
        "venueid": st.sampled_from(["X/Conference", "X/Rejected_Submission", "X/Submission"]) | TEXTS,
        "decision": st.sampled_from(["Accept (oral)", "Reject"]) | ANYTHING,
        "pdf": st.sampled_from(["/pdf/1", "https://["]) | TEXTS,
        "code": ANYTHING,
    },
)
IDS = st.none() | st.sampled_from(["a", "b"]) | st.integers(0, 2)
NOTES = st.fixed_dictionaries(
    {
        "id": IDS,
        "content": CONTENTS | CONTENTS.map(lambda fields: {name: {"value": it} for name, it in fields.items()}),
    },
    optional={"forum": IDS, "replyto": IDS, "ddate": IDS, "invitation": TEXTS, "details": ANYTHING},
)


@given(notes=st.lists(NOTES | ANYTHING, max_size=5), is_bare=st.booleans())
def test_any_notes_are_read_or_refused(notes: list[object], is_bare: bool) -> None:
    read_or_refused(openreview, json.dumps(notes if is_bare else {"notes": notes}).encode())


@given(document=ANYTHING, cut=st.none() | st.integers(0, 100))
def test_any_json_is_read_or_refused(document: object, cut: int | None) -> None:
    read_or_refused(openreview, json.dumps(document).encode()[:cut])
