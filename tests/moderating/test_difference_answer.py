"""How a difference is shown to a moderator: complete, escaped, within Discord's limits."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from string import punctuation
from typing import Any

import discord
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.moderating.difference_answer import LISTED, difference_text
from bot.moderating.model import Findings
from bot.programme.build import build
from bot.programme.corrections import Conflict, Correction
from bot.programme.difference import Difference, compare
from bot.programme.identity import Recognised
from bot.programme.model import Programme
from bot.programme.source import Credit, Link, Problem, Severity, SourcePaper
from bot.ui.answer import Answer
from bot.ui.limits import size
from tests.support.messages import displayed
from tests.support.moments import clock
from tests.support.programmes import Made, Shown, at, credited, paper, session, source_of

NINE, TEN, ELEVEN = (datetime(2026, 5, 18, hour, tzinfo=UTC) for hour in (9, 10, 11))
MARKUP = "@everyone <@1> [x](http://evil.example) **b** _c_ `f` ||h|| :smile: <t:0:R> \\"
PAPERS = tuple(paper(f"Paper {number}", "Ada Lovelace", key=f"p{number}") for number in range(4))

LINKS = (Link("Page", "https://example.org/1"),)

wild = st.text(alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from(punctuation + "\n @#1.:/ 😀")))
wild |= st.sampled_from([MARKUP, MARKUP * 8, "😀" * 400, "word " * 100])


def posters(*shown: SourcePaper | Shown, **fields: Any) -> Made:
    usual = {"key": "posters", "kind": "Poster Session", "room": "Hall", "starts_at": NINE}
    return session(fields.pop("name", "Posters"), *shown, **{**usual, **fields})


def programme(*sessions: Made) -> Programme:
    return build(source_of(*sessions))


BEFORE = programme(posters(*PAPERS))


def difference_to(*shown: SourcePaper | Shown, **fields: Any) -> Difference:
    return compare(BEFORE, programme(posters(*shown or PAPERS, **fields)))


def embed_of(answer: Answer) -> discord.Embed:
    assert answer.embed
    return answer.embed


def assert_fits(embed: discord.Embed) -> None:
    texts = [embed.title or "", embed.description or "", embed.footer.text or ""]
    assert sum(map(size, texts)) <= 6000
    assert 1 <= size(texts[0]) <= 256
    assert 1 <= size(texts[1]) <= 4096
    assert not embed.fields


def pages_of(difference: Difference, findings: Findings | None = None) -> Iterator[str]:
    """Return what every page shows, checked for its size and for markup that is not ours."""
    findings = findings or Findings()
    _, count = difference_text(difference, findings)
    for number in range(count):
        answer, same = difference_text(difference, findings, number)
        assert same == count
        assert embed_of(answer).title == "What would change"
        assert embed_of(answer).footer.text == (f"Page {number + 1} of {count}" if count > 1 else None)
        assert_fits(embed_of(answer))
        yield displayed(embed_of(answer).description or "")[0]


def shown(difference: Difference, findings: Findings | None = None) -> str:
    return "\n".join(pages_of(difference, findings))


def test_no_difference_is_said_in_two_words() -> None:
    assert list(pages_of(Difference())) == ["Nothing changes."]


def test_what_is_suspicious_comes_first_and_loud() -> None:
    answer, _ = difference_text(difference_to(room="Attic"), Findings(suspicions=("It has no papers.",)))
    assert (embed_of(answer).description or "").startswith("⚠ **It has no papers.**\n1 session changed.")


def test_papers_and_sessions_are_counted_and_listed() -> None:
    boards = [at(one, board=str(number)) for number, one in enumerate(PAPERS, 1)]
    new = at(paper("New", key="n"), board="3")
    after = programme(
        posters(*boards[1:3], new, name="Demos", room=None, starts_at=TEN),
        session("Keynote", key="keynote", kind="Keynote", starts_at=TEN),
        session("Talks", paper("Talk", key="t"), key="talks", kind="Oral", room="Attic"),
        session("Evening posters", *(paper(f"E{n}", key=f"e{n}") for n in range(2)), key="evening"),
    )
    text = shown(compare(programme(posters(*boards)), after), Findings(bookmarkers=1, reminders=3))
    assert "4 papers added, 2 papers removed, 3 sessions added, 1 session changed." in text
    assert "1 person has bookmarked papers that would go." in text
    assert "3 reminders get another time." in text
    assert "Papers removed (2)\n#1 · Paper 0 — Ada Lovelace\n#4 · Paper 3 — Ada Lovelace" in text
    assert "Papers added (4)\n#3 · New\nTalk" in text
    assert f"Keynote: {clock(TEN, 'f')}\n" in text, "there is nothing to count"
    assert "Talks: time not announced, Attic, 1 talk\n" in text
    assert "Evening posters: time not announced, 2 posters" in text
    assert (
        f"Demos: name “Posters” → “Demos”; room “Hall” → nothing; start {clock(NINE, 'f')} → {clock(TEN, 'f')}"
    ) in text


def test_no_number_is_shown_that_the_source_has_not() -> None:
    text = shown(difference_to(*PAPERS[:2], paper("New", key="n")))
    assert "Papers removed (2)\nPaper 2 — Ada Lovelace\nPaper 3 — Ada Lovelace" in text
    assert "#" not in text


def test_a_changed_paper_is_shown_field_by_field() -> None:
    changed = replace(
        PAPERS[0],
        title="Paper Zero",
        authors=credited("Bo Li"),
        topics=("Caches", "LLMs"),
        track="Systems",
        links=(Link("PDF", "https://example.org"),),
    )
    assert (
        "#7 · Paper Zero: title “Paper 0” → “Paper Zero”; authors “Ada Lovelace” → “Bo Li” (1 author); "
        "track nothing → “Systems”; topics nothing → “Caches, LLMs”; links nothing → “PDF: https://example.org”; "
        "board nothing → “7”"
    ) in shown(difference_to(at(changed, board="7"), *PAPERS[1:]))


def test_a_talk_in_another_slot_is_shown_with_its_times_and_rooms() -> None:
    before = programme(posters(at(PAPERS[0], NINE, TEN), at(PAPERS[1], TEN)))
    after = programme(posters(at(PAPERS[0], TEN, ELEVEN, room="Attic"), at(PAPERS[1], TEN)))
    nine, ten, eleven = (clock(moment, "f") for moment in (NINE, TEN, ELEVEN))
    assert (f"Papers changed (1)\nPaper 0: start {nine} → {ten}; end {ten} → {eleven}; room “Hall” → “Attic”") in shown(
        compare(before, after)
    )


def test_a_paper_that_is_shown_elsewhere_is_told_by_the_sessions_names() -> None:
    after = programme(posters(*PAPERS), session("Talks", PAPERS[0], key="talks", starts_at=TEN))
    assert "Paper 0: session “Posters” → “Posters, Talks”" in shown(compare(BEFORE, after))


def test_of_a_paper_in_which_all_is_other_as_much_is_shown_as_fits_on_a_page() -> None:
    long = "word " * 100
    links = tuple(Link(long, f"https://example.org/{number}") for number in range(3))
    before = [session(f"Talks {n}", at(PAPERS[0], NINE, room=f"A {long}"), key=f"s{n}") for n in range(9)]
    everything = replace(
        PAPERS[0],
        title=long,
        authors=(Credit(long, (long,)),),
        abstract=long,
        kind=long,
        track=long,
        topics=(long,),
        links=links,
    )
    after = [session(f"Talks {n}", at(everything, TEN, room=f"B {long}", board=long), key=f"s{n}") for n in range(9)]
    (page,) = pages_of(compare(programme(*before), programme(*after)))
    assert "title “Paper 0” → “word" in page
    assert re.search(r" and \d+ more$", page)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (
            f"{'Same words. ' * 40}We find little of it in the end.",
            f"{'Same words. ' * 40}We found much of it.",
            "“… words. We find little of it in the end.” → “… words. We found much of it.”",
        ),
        (f"One {'word ' * 40}", f"Two {'word ' * 40}", "“One" + " word" * 11 + " …” → “Two" + " word" * 11 + " …”"),
        ("One two three.", None, "“One two three.” → nothing"),
        (None, "One two three.", "nothing → “One two three.”"),
        ("One two three. Four five six.", "One two three.", "“… two three. Four five six.” → “… two three.”"),
        ("One  two.", "One\ntwo.", None),
    ],
)
def test_an_abstract_is_shown_where_it_changed(before: str | None, after: str | None, told: str | None) -> None:
    one, other = (programme(posters(replace(PAPERS[0], abstract=it))) for it in (before, after))
    assert (f"abstract changed: {told}" in shown(compare(one, other))) == (told is not None)


def test_what_was_recognised_is_told_with_its_reason() -> None:
    one = Recognised("paper", "p", "Old Title", "New Title", "the same authors")
    text = shown(Difference(), Findings(recognised=(one, replace(one, kind="session"))))
    assert "recognised although the title changed: “Old Title” → “New Title”, by the same authors" in text
    assert "recognised although the name changed: “Old Title”" in text


def test_corrections_in_conflict_are_told_with_both_values() -> None:
    moved = Correction("session", "posters", "starts_at", NINE.isoformat())
    renamed = Correction("paper", "p1", "abstract", "")
    credited_to = Correction("paper", "p2", "authors", "Ada Lovelace\n?")
    conflicts = (Conflict(moved, TEN.isoformat()), Conflict(renamed, "Text."), Conflict(credited_to, "Bo Li\nCy"))
    text = shown(Difference(), Findings(conflicts=conflicts))
    start, other = (clock(moment, "f") for moment in (TEN, NINE))
    assert f"posters: start is {start} in the source now; the correction {other} stays" in text
    assert "p1: abstract is “Text.” in the source now; the correction nothing stays" in text
    assert "p2: authors are “Bo Li; Cy” in the source now; the correction “Ada Lovelace; ?” stays" in text


def test_problems_are_counted_and_the_first_ones_told_the_urgent_before_the_others() -> None:
    notes = [Problem(line, Severity.NOTE, f"Note {line}.") for line in range(1, 8)]
    text = shown(Difference(), Findings(problems=(*notes, Problem(None, Severity.ACTION, "No title."))))
    assert "Problems in the source (8)\nwhole file: No title.\nline 1: Note 1." in text
    assert "line 4: Note 4.\nand 3 more" in text


def test_a_long_difference_is_paged_and_every_paper_is_on_some_page() -> None:
    pages = list(
        pages_of(difference_to(*(paper(f"New paper {n} of a great many", key=f"n{n}") for n in range(LISTED))))
    )
    assert len(pages) >= 3
    assert [int(number) for page in pages for number in re.findall(r"New paper (\d+)", page)] == list(range(LISTED))
    assert pages[0].startswith(f"{LISTED} papers added, 4 papers removed.")
    assert all(page.startswith(f"Papers added ({LISTED}), continued\n") for page in pages[1:])


def test_more_than_anybody_reads_is_counted() -> None:
    difference = difference_to(*(paper(f"New {n}", key=f"n{n}") for n in range(LISTED + 7)))
    assert list(pages_of(difference))[-1].endswith("\nand 7 more")


@pytest.mark.parametrize("page", [-3, 99])
def test_a_page_that_is_not_there_is_the_nearest(page: int) -> None:
    difference = difference_to(*(paper(f"New {n}", key=f"n{n}") for n in range(400)))
    _, count = difference_text(difference, Findings())
    answer, _ = difference_text(difference, Findings(), page)
    assert embed_of(answer).footer.text == f"Page {1 if page < 0 else count} of {count}"


@settings(max_examples=40)
@given(wild, wild)
def test_whatever_the_source_says_is_shown_as_it_is_and_fits(one: str, other: str) -> None:
    before = {"key": "s", "room": one, "kind": other, "starts_at": NINE, "track": other, "abstract": one}
    after = {"key": "s", "room": other, "kind": one, "chairs": (Credit(other, (one,)),), "links": LINKS}
    changed = replace(
        PAPERS[0],
        title=f"T{other}",
        authors=(Credit(one, (other,)), Credit(other)),
        abstract=other,
        kind=one,
        track=one,
        topics=(one, other),
        links=(Link(one, "https://example.org"),),
    )
    difference = compare(
        programme(session(f"N{one}", *PAPERS, **before)),
        programme(
            session(f"N{other}", at(changed, TEN, room=one, board=f"N{other}"), *PAPERS[2:], **after),
            session(f"N{one}", at(changed, NINE, board=one), **before | {"key": "t"}),
        ),
    )
    findings = Findings(
        suspicions=(f"S{one}", f"S{other}") * 5,
        recognised=(Recognised("paper", "p0", one, other, other),) * 3,
        conflicts=(Conflict(Correction("paper", "p0", "title", one), other),) * 3,
        problems=(Problem(3, Severity.NOTE, other),) * 9,
    )
    text = shown(difference, findings)
    assert text.count("⚠") >= 5
    assert "Problems in the source (9)" in text
