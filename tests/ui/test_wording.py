"""Papers in words: headings, lines of lists, bylines, choices."""

from string import punctuation
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.programme.model import Appearance, Author, Paper, Unnamed
from bot.programme.text import clean
from bot.ui import wording as words
from bot.ui.answer import Menu
from bot.ui.fitting import joined
from bot.ui.limits import size
from bot.ui.markdown import escape
from bot.ui.menus import paper_menu
from bot.ui.places import dated_entry
from tests.support.messages import displayed
from tests.support.programmes import paper as source_paper
from tests.support.programmes import programme_of, session

ANN, BOB = Author("ann-lee", "Ann Lee", "Ann Lee"), Author("bob-roy", "Bob Roy", "Bob Roy")
one_line = st.text(alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from(punctuation + "\n @#1.:/ "))).map(
    lambda text: " ".join(text.split())
)
titles = one_line.filter(lambda text: clean(text).plain != "")


def paper(title: str = "A Paper", *, board: str | None = None, **fields: Any) -> Paper:
    shown = (Appearance("a-paper", "s", board=board),)
    made: dict[str, Any] = {"title": clean(title), "label": clean(title).plain, "byline": (ANN,), "appearances": shown}
    return Paper(**({"key": "a-paper"} | made | fields))


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
    assert words.byline((ANN, Unnamed(2), BOB), 1024) == "Ann Lee, *2 authors not named in the source*, Bob Roy"


def test_authors_are_named_with_their_affiliations_where_there_is_room_for_all() -> None:
    ann = Author("ann-lee", "Ann Lee", "Ann Lee", ("MIT", "Acme *Labs*"))

    full = words.byline((ann, BOB, Unnamed(1)), 100)
    short = words.byline((ann, BOB, Unnamed(1)), 60)

    assert displayed(full)[0] == "Ann Lee (MIT; Acme *Labs*), Bob Roy, 1 author not named in the source"
    assert displayed(short)[0] == "Ann Lee, Bob Roy, 1 author not named in the source"


@given(
    st.lists(st.builds(Author, st.just("k"), one_line, one_line, st.lists(one_line).map(tuple))), st.integers(40, 999)
)
def test_a_byline_keeps_within_its_limit(authors: list[Author], limit: int) -> None:
    assert size(words.byline(authors, limit)) <= limit


def test_the_first_author_stands_for_the_others() -> None:
    assert words.first_author(paper(byline=(ANN,))) == "Ann Lee"
    assert words.first_author(paper(byline=(ANN, BOB))) == "Ann Lee et al."
    assert words.first_author(paper(byline=(ANN, Unnamed(1)))) == "Ann Lee et al."
    assert words.first_author(paper(byline=())) == ""


@given(titles, one_line.filter(bool))
@example("A Title of Some Words " * 9, "😀" * 40)
def test_a_choice_fits_whatever_the_title_and_the_author_are(title: str, name: str) -> None:
    chosen = paper(title, byline=(Author("a", name, name),), board="x" * 200)

    assert 1 <= size(words.label(chosen)) <= 100
    assert size(words.option_note(chosen)) <= 100


def test_a_choice_keeps_the_author_and_cuts_the_title_at_a_whole_word() -> None:
    chosen = paper("Accelerating " * 12 + "Everything")

    assert words.label(chosen) == "Accelerating " * 5 + "Accelerating… — Ann Lee"


def test_what_is_said_of_a_paper_is_that_of_its_own_edition() -> None:
    old, new = paper("An Old Title"), paper("A New Title", byline=(BOB,), board="7")

    for _ in range(2):
        assert words.label(old) == "An Old Title — Ann Lee"
        assert words.label(new) == "A New Title — Bob Roy"
        assert words.label(new, numbered=True) == "#7 · A New Title — Bob Roy"
        assert words.option_note(old) == "Ann Lee"
        assert words.option_note(new) == "#7 · Bob Roy"
        assert dated_entry(old, 100) == "**An Old Title** — Ann Lee"
        assert dated_entry(new, 100) == "**#7 · A New Title** — Bob Roy"


def test_a_number_is_shown_only_where_there_is_a_board() -> None:
    hung, talk = paper(board="P-7"), paper()

    assert displayed(words.heading(hung, 100))[0] == "#P-7 · A Paper"
    assert displayed(words.entry(hung, 100))[0] == "#P-7 · A Paper — Ann Lee"
    assert words.option_note(hung) == "#P-7 · Ann Lee"
    assert words.heading(talk, 100) == "A Paper"
    assert displayed(words.entry(talk, 100))[0] == "A Paper — Ann Lee"
    assert words.option_note(talk) == "Ann Lee"
    assert words.option_note(paper(byline=())) == ""


def test_the_board_in_a_list_is_the_one_that_is_there() -> None:
    hung = paper(board="7")

    assert displayed(words.entry(hung, 100, shown=Appearance("a-paper", "other", board="9")))[0].startswith("#9 · ")
    assert displayed(words.entry(hung, 100, shown=Appearance("a-paper", "oral")))[0].startswith("A Paper")


@given(titles, st.integers(100, 300))
def test_a_heading_keeps_within_its_limit_and_shows_the_title(title: str, limit: int) -> None:
    for board, before in ((None, ""), ("1", "#1 · ")):
        heading = words.heading(paper(title, board=board), limit)

        assert size(heading) <= limit
        shown = displayed(heading)[0]
        assert shown.strip() == f"{before}{clean(title).plain}".strip() or shown.endswith("…")


@given(titles, one_line.filter(bool), st.sampled_from([None, "1"]), st.sampled_from(["", "<t:1779152400:t>"]))
@example(r"Fast \textbf{bold} moves", "Ann Lee", None, "")
@example(r"\emph{Slow} and steady", "Ann Lee", None, "")
@example("Fast **bold**", "Ann Lee", "1", "")
@example("Fast", "😀" * 60, None, "<t:1779152400:t>")
def test_a_line_of_a_list_is_bold_up_to_its_author(title: str, name: str, board: str | None, note: str) -> None:
    line = words.entry(paper(title, byline=(Author("a", name, name),), board=board), 240, note=note)

    assert size(line) <= 240
    assert line.endswith(note)
    shown, bold = displayed(line)
    if not shown.endswith("…") and "…" not in shown:
        assert {run.strip() for run in bold} == {f"{'#1 · ' if board else ''}{clean(title).plain}".strip()}


@pytest.mark.parametrize(
    ("kind", "session_kind", "session_name", "told"),
    [
        ("Lightning talk", "", "Friday Afternoon", "Lightning talk"),
        ("demo", "Poster session", "Posters 1", "Demo"),
        ("Invited talk", "", "Morning", "Invited talk"),
        ("Long paper", "Paper session", "Session 3A", "Long paper"),
        ("Oral", "", "Oral Session 2A", ""),
        ("Poster", "Poster session", "Posters 1", ""),
        ("Dataset track", "Dataset Track", "Session 3A", ""),
        ("Talk", "", "Morning", ""),
        ("paper", "", "Morning", ""),
        ("", "", "Morning", ""),
    ],
)
def test_a_kind_is_told_where_it_says_something(kind: str, session_kind: str, session_name: str, told: str) -> None:
    programme = programme_of(session(session_name, source_paper("Title", kind=kind), kind=session_kind))
    (only,) = programme.papers.values()

    assert words.kind_of_paper(only, programme.sessions_of(only)) == told


def test_a_menu_never_offers_more_than_discord_takes() -> None:
    papers = [paper(key=f"p{number}") for number in range(60)]
    (menu,) = paper_menu(papers)
    assert isinstance(menu, Menu)
    assert len(menu.options) == 25
    assert paper_menu([]) == ()
