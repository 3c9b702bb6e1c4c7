"""The pieces answers are made of: cutting text, escaping it, paging, and keeping Discord's limits."""

import re
from string import punctuation

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.programme.text import Span, Text, clean
from bot.ui.card import Card
from bot.ui.limits import clip, size
from bot.ui.markdown import escape, escaped, render
from bot.ui.pager import Page
from bot.ui.questions import Question, QuestionKind
from tests.support.messages import displayed

ADDRESS = re.compile(r"(?<=<)https?://[^\s<>]+(?=>)|(?<!<)https?://[^\s<]+[^<.,:;\"')\]\s]")
"""What Discord makes a link of, from its client's own rules: an address in angle brackets, or a bare one, which
swallows whatever follows it up to the next space."""

awkward = st.text(alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from(punctuation + "\n @#1.:/ ")))
one_line = awkward.map(lambda text: " ".join(text.split()))
spans = st.lists(st.builds(Span, one_line.filter(bool), bold=st.booleans(), italic=st.booleans()), max_size=6)


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
    "code", ["", "paper", "paper:0", "poster:0:x", "paper:x:y", "paper:-1:y", f"paper:0:{'x' * 80}"]
)
def test_what_is_no_question_is_refused(code: str) -> None:
    with pytest.raises(UserError, match="older than I am"):
        Question.from_code(code)


def test_a_card_drops_empty_fields_and_cuts_what_is_too_long() -> None:
    card = Card("t" * 300, footer="f" * 3000, description="d" * 9000)
    for _ in range(4):
        card.add("n" * 300, "v" * 2000)
    embed = card.add("empty", "").embed()

    assert [len(entry.name or "") for entry in embed.fields] == [256] * 4
    assert [len(entry.value or "") for entry in embed.fields] == [1024] * 4
    assert len(embed.title or "") == 256
    assert len(embed) <= 6000


def test_text_is_a_text_of_spans() -> None:
    assert render(Text((Span("a"), Span("b", bold=True))), 20) == "a**b**"
