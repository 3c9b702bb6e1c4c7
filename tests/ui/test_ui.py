"""The pieces answers are made of: cutting text, escaping it, paging, wording, and keeping Discord's limits."""

import re
from datetime import UTC, datetime
from string import punctuation

import discord
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.lookup.answers.papers import byline_answer, paper_answer
from bot.lookup.answers.people import author_answer
from bot.programme.model import Author, Paper, Programme, Session, Unnamed
from bot.programme.source import Link
from bot.programme.text import Span, Text, clean
from bot.ui import wording as words
from bot.ui.answer import Answer, Button, Menu
from bot.ui.card import Card
from bot.ui.fitting import joined
from bot.ui.limits import clip, size
from bot.ui.markdown import escape, escaped, render
from bot.ui.menus import paper_menu
from bot.ui.pager import Page
from bot.ui.questions import Question, QuestionKind
from tests.support.messages import displayed

ADDRESS = re.compile(r"(?<=<)https?://[^\s<>]+(?=>)|(?<!<)https?://[^\s<]+[^<.,:;\"')\]\s]")
"""What Discord makes a link of, from its client's own rules: an address in angle brackets, or a bare one, which
swallows whatever follows it up to the next space."""

awkward = st.text(alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from(punctuation + "\n @#1.:/ ")))
one_line = awkward.map(lambda text: " ".join(text.split()))
spans = st.lists(st.builds(Span, one_line.filter(bool), bold=st.booleans(), italic=st.booleans()), max_size=6)


def paper(key: str = "a-paper", **fields: object) -> Paper:
    title = str(fields.pop("title", "A Paper"))
    made: dict[str, object] = {
        "key": key,
        "number": "1",
        "session_key": "s",
        "title": clean(title),
        "label": clean(title).plain,
        "byline": (Author("ann-lee", "Ann Lee", "Ann Lee"),),
        "abstract": clean("We write."),
        **fields,
    }
    return Paper(**made)  # type: ignore[arg-type]


def session_of(*papers: Paper) -> Session:
    return Session("s", "Session", "A session", "Room 1", None, None, papers)


# --- limits


def test_characters_beyond_the_basic_plane_count_twice() -> None:
    assert size("abc") == 3
    assert size("a😀") == 3


def test_a_text_that_fits_is_not_cut() -> None:
    assert clip("four word text here", 19) == "four word text here"


@pytest.mark.parametrize(
    ("limit", "cut"),
    [(18, "four word text…"), (15, "four word text…"), (14, "four word…"), (5, "four…"), (4, "fou…"), (1, "…")],
)
def test_a_text_is_cut_at_a_whole_word(limit: int, cut: str) -> None:
    assert clip("four word text here", limit) == cut


def test_a_single_long_word_is_cut_inside() -> None:
    assert clip("x" * 50, 10) == "x" * 9 + "…"
    assert clip("a " + "x" * 50, 10) == "a xxxxxxx…"


def test_no_punctuation_is_left_hanging_before_the_ellipsis() -> None:
    assert clip("First: second, third", 15) == "First: second…"


@given(awkward, st.integers(1, 60))
def test_a_cut_text_fits_and_is_the_beginning_of_the_text(text: str, limit: int) -> None:
    cut = clip(text, limit)

    assert size(cut) <= limit
    assert cut == text or (cut.endswith("…") and text.startswith(cut[:-1]))


# --- Markdown


@pytest.mark.parametrize(
    "text",
    [
        "*a*",
        "**a**",
        "_a_",
        "a_b_c",
        "~~a~~",
        "`a`",
        "```a```",
        "||a||",
        "> a",
        "# a",
        "-# a",
        "- a",
        "+ a",
        "* a",
        "1. a",
        "12. a",
        "2026. a",
        "  - a",
        "a\n- b",
        "a\n2. b",
        "[x](http://evil.example)",
        "http://evil.example",
        "discord://evil",
        "<http://evil.example>",
        "<@123>",
        "<@&123>",
        "<#123>",
        "<t:1>",
        "<:name:123>",
        "@everyone",
        "@here",
        ":smile:",
        ":+1:",
        ":e-mail:",
        "a\\*b*",
        "\\",
        "\\\\n",
    ],
)
def test_what_looks_like_markup_is_shown_as_the_characters_it_is(text: str) -> None:
    assert displayed(escape(text))[0] == text
    assert not ADDRESS.search(escape(text))


@given(one_line)
@example(":+1:")
@example("http://a.b")
def test_escaped_text_is_shown_as_it_is(text: str) -> None:
    assert displayed(escape(text))[0] == text.replace("\u200b", "")
    assert not ADDRESS.search(escape(text))


@given(one_line, st.integers(1, 300))
def test_escaping_keeps_within_a_limit_and_never_cuts_an_escape_in_two(text: str, limit: int) -> None:
    cut = escaped(text, limit)

    assert size(cut) <= limit
    shown = displayed(cut)[0]
    assert shown == text.replace("\u200b", "") or shown.endswith("…")


@given(spans, st.integers(1, 200))
@example([Span("abc", bold=True), Span("d", italic=True)], 7)
def test_rendered_text_keeps_within_its_limit_and_closes_its_emphasis(parts: list[Span], limit: int) -> None:
    rendered = render(parts, limit)

    assert size(rendered) <= limit
    displayed(rendered)


@given(spans)
def test_rendered_text_is_shown_as_it_is(parts: list[Span]) -> None:
    plain = "".join(span.text for span in parts)

    assert displayed(render(parts, 100_000))[0] == plain.replace("\u200b", "")


@given(awkward)
def test_a_cleaned_text_is_shown_as_it_is(raw: str) -> None:
    text = clean(raw)

    assert displayed(render(text, 100_000))[0].strip() == text.plain.strip()


def test_emphasis_is_kept_and_hugs_its_words() -> None:
    spans = (Span("a"), Span(" bold ", bold=True), Span("b"), Span("c", bold=True, italic=True))
    assert render(spans, 100) == "a **bold** b***c***"


def test_neighbouring_emphasis_does_not_run_together() -> None:
    shown, bold = displayed(render((Span("a", bold=True), Span("b", italic=True)), 100))
    assert (shown, bold) == ("ab", {"a"})


@pytest.mark.parametrize(
    "raw",
    [
        "code at https://github.com/a/b_c now",
        "code at https://github.com/a/b_c.",
        "code (https://github.com/a/b_c) now",
        "code [https://github.com/a/b_c] now",
        "code `https://github.com/a/b_c` now",
        "code *https://github.com/a/b_c* now",
        "code **https://github.com/a/b_c** now",
        r"code \url{https://github.com/a/b_c}_now",
        "code <https://github.com/a/b_c> now",
    ],
)
def test_an_address_is_a_link_to_exactly_that_address(raw: str) -> None:
    assert ADDRESS.findall(render(clean(raw), 200)) == ["https://github.com/a/b_c"]


def test_an_address_that_does_not_fit_is_left_out_rather_than_broken() -> None:
    rendered = render(clean("see https://example.org/a/very/long/address/that/does/not/fit"), 30)

    assert rendered == "see …"


# --- pages


@pytest.mark.parametrize(
    ("entries", "number", "shown", "note"),
    [
        (0, 0, [], ""),
        (10, 0, list(range(10)), ""),
        (11, 0, list(range(10)), "Page 1 of 2"),
        (11, 1, [10], "Page 2 of 2"),
        (11, 99, [10], "Page 2 of 2"),
        (30, 2, list(range(20, 30)), "Page 3 of 3"),
    ],
)
def test_a_page_of_a_list(entries: int, number: int, shown: list[int], note: str) -> None:
    page = Page.of(list(range(entries)), number)

    assert (list(page.entries), page.note, page.total) == (shown, note, entries)


@pytest.mark.parametrize("count", [1, 2, 3, 7, 100])
def test_the_page_buttons_lead_to_the_neighbours_and_end_at_the_ends(count: int) -> None:
    for number in range(count):
        page = Page.of(range(count * 10), number)
        buttons = page.buttons(Question(QuestionKind.SESSION, "key", number))
        if count == 1:
            assert buttons == ()
            continue
        before, after = buttons
        assert (before.label, after.label) == ("Previous", "Next")
        assert before.disabled == (number == 0)
        assert after.disabled == (number == count - 1)
        assert before.disabled or before.question.page == number - 1
        assert after.disabled or after.question.page == number + 1
        assert before.question != after.question


@given(st.sampled_from(QuestionKind), st.text(max_size=64), st.integers(0, 999_999))
def test_a_question_survives_being_written_on_a_button(kind: QuestionKind, key: str, page: int) -> None:
    question = Question(kind, key, page)

    assert Question.from_code(question.code) == question
    assert len(f"share:{question.code}") <= 100


@pytest.mark.parametrize(
    "code", ["", "paper", "paper:0", "poster:0:x", "paper:x:y", "paper:-1:y", f"paper:0:{'x' * 65}"]
)
def test_what_is_no_question_is_refused(code: str) -> None:
    with pytest.raises(UserError, match="older than I am"):
        Question.from_code(code)


# --- words


@pytest.mark.parametrize(("count", "text"), [(0, "0 papers"), (1, "1 paper"), (2, "2 papers")])
def test_plural(count: int, text: str) -> None:
    assert words.plural(count, "paper") == text


def test_what_does_not_fit_into_a_list_is_counted() -> None:
    assert joined(["Ann", "Bob", "Cy"], 100) == "Ann, Bob, Cy"
    assert joined(["Ann", "Bob", "Cy"], 19) == "Ann, Bob, Cy"
    assert joined(["Ann", "Bob", "Cy" * 20], 20) == "Ann, Bob and 1 more"
    assert joined([], 10) == ""


@given(st.lists(one_line.filter(bool).map(escape), max_size=30), st.integers(20, 300))
def test_a_list_keeps_within_its_limit(parts: list[str], limit: int) -> None:
    assert size(joined(parts, limit)) <= limit


def test_blank_authors_are_counted_in_their_place() -> None:
    shown = words.byline(paper(byline=(Author("a", "Ann", "Ann"), Unnamed(2), Author("b", "Bob", "Bob"))), 1024)
    assert shown == "Ann, *2 authors not named in the source*, Bob"


def test_the_first_author_stands_for_the_others() -> None:
    ann, bob = Author("a", "Ann", "Ann"), Author("b", "Bob", "Bob")
    assert words.first_author(paper(byline=(ann,))) == "Ann"
    assert words.first_author(paper(byline=(ann, bob))) == "Ann et al."
    assert words.first_author(paper(byline=(ann, Unnamed(1)))) == "Ann et al."
    assert words.first_author(paper(byline=())) == ""


@given(one_line.filter(lambda text: clean(text).plain != ""), one_line.filter(bool))
@example("A Title of Some Words " * 9, "😀" * 40)
def test_a_choice_fits_whatever_the_title_and_the_author_are(title: str, name: str) -> None:
    chosen = paper(title=title, byline=(Author("a", name, name),))

    assert 1 <= size(words.label(chosen)) <= 100
    assert size(words.option_note(chosen)) <= 100


def test_a_choice_keeps_the_author_and_cuts_the_title_at_a_whole_word() -> None:
    chosen = paper(title="Accelerating " * 12 + "Everything")

    assert words.label(chosen) == "Accelerating " * 5 + "Accelerating… — Ann Lee"


@given(one_line.filter(lambda text: clean(text).plain != ""), st.integers(100, 300))
def test_a_heading_keeps_within_its_limit_and_shows_the_title(title: str, limit: int) -> None:
    heading = words.heading(paper(title=title), limit)

    assert size(heading) <= limit
    shown = displayed(heading)[0]
    assert shown.strip() == f"#1 · {clean(title).plain}".strip() or shown.endswith("…")


@given(one_line.filter(lambda text: clean(text).plain != ""), one_line.filter(bool))
@example(r"Fast \textbf{bold} moves", "Ann Lee")
@example("Fast **bold**", "Ann Lee")
@example("Fast", "😀" * 60)
def test_a_line_of_a_list_is_bold_up_to_its_author(title: str, name: str) -> None:
    line = words.entry(paper(title=title, byline=(Author("a", name, name),)), 240)

    assert size(line) <= 240
    shown, bold = displayed(line)
    assert any(run.startswith("#1 · ") for run in bold)
    if not shown.endswith("…") and "…" not in shown:
        assert {run.strip() for run in bold} == {f"#1 · {clean(title).plain}".strip()}


def test_times_are_written_for_each_reader() -> None:
    start, end = datetime(2026, 5, 19, 1, tzinfo=UTC), datetime(2026, 5, 19, 3, tzinfo=UTC)
    assert words.when(Session("s", "", "S", None, start, end, ())) == (
        "<t:1779152400:F> – <t:1779159600:t> (<t:1779152400:R>)"
    )
    assert words.when(Session("s", "", "S", None, start, None, ())) == "<t:1779152400:F> (<t:1779152400:R>)"
    assert words.when(Session("s", "", "S", None, None, None, ())) == "time not announced"
    assert words.where(Session("s", "", "S", None, None, None, ())) == "room not announced"


# --- answers


def test_a_card_drops_empty_fields_and_cuts_what_is_too_long() -> None:
    card = Card("t" * 300, footer="f" * 3000, description="d" * 9000)
    for _ in range(4):
        card.add("n" * 300, "v" * 2000)
    embed = card.add("empty", "").embed()

    assert [len(entry.name or "") for entry in embed.fields] == [256] * 4
    assert [len(entry.value or "") for entry in embed.fields] == [1024] * 4
    assert len(embed.title or "") == 256
    assert len(embed) <= 6000


def test_links_of_a_paper_become_buttons() -> None:
    linked = paper(links=(Link("PDF", "https://example.org/a_b.pdf"), Link("Code *here*", "https://example.org/c")))
    answer = paper_answer(Programme((session_of(linked),)), linked, marked=False)

    fields = {entry.name: entry.value or "" for entry in shown_embed(answer).fields}
    assert fields["Links"].splitlines() == [
        "PDF: https://example.org/a_b.pdf",
        r"Code \*here\*: https://example.org/c",
    ]
    assert "https://example.org/a_b.pdf" in str(answer.rows[-1])


def test_an_address_longer_than_a_button_may_hold_does_not_cost_the_answer() -> None:
    long = paper(links=(Link("PDF", f"https://example.org/{'a' * 600}"), Link("Code", "https://example.org/c")))
    answer = paper_answer(Programme((session_of(long),)), long, marked=False)

    assert all(len(getattr(button, "url", "")) <= 512 for button in buttons_of(answer))
    assert any(getattr(button, "url", "") == "https://example.org/c" for button in buttons_of(answer))


def shown_embed(answer: Answer) -> discord.Embed:
    assert answer.embed
    return answer.embed


def buttons_of(answer: Answer) -> list[object]:
    return [button for row in answer.rows if not isinstance(row, Menu) for button in row]


def test_a_menu_never_offers_more_than_discord_takes() -> None:
    (menu,) = paper_menu([paper(f"p{number}") for number in range(60)])
    assert len(menu.options) == 25
    assert paper_menu([]) == ()


def test_the_other_papers_of_an_author_are_counted_once() -> None:
    title = "A Rather Long Title That Fills the Line of a List Almost to Its End and Then a Little More of the Same"
    papers = [paper(f"p{number}", number=str(number), title=f"{title} {number}") for number in range(1, 8)]
    answer = byline_answer(Programme((session_of(*papers),)), papers[0], 0)

    line = (shown_embed(answer).description or "").splitlines()[-1]
    named = len(re.findall(r"#\d", line))
    assert re.findall(r"and (\d+) more", line) == [str(6 - named)]


def test_an_author_of_many_papers_is_paged() -> None:
    papers = [paper(f"p{number}", number=str(number)) for number in range(1, 24)]
    programme = Programme((session_of(*papers),))
    answer = author_answer(programme.people["ann-lee"], 1)

    assert "23 papers in this programme" in (shown_embed(answer).description or "")
    assert shown_embed(answer).footer.text == "Page 2 of 3"
    assert "#11 ·" in (shown_embed(answer).description or "")
    assert "#10 ·" not in (shown_embed(answer).description or "")
    first = answer.rows[0]
    assert not isinstance(first, Menu)
    assert [button.label for button in first if isinstance(button, Button)] == ["Previous", "Next"]


def test_text_is_a_text_of_spans() -> None:
    assert render(Text((Span("a"), Span("b", bold=True))), 20) == "a**b**"
