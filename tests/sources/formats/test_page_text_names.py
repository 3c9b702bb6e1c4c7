"""Lines of names on a page: told from titles and lists, with dots or with commas."""

import pytest

from bot.programme.source import Severity
from tests.sources.page_texts import ABSTRACT, HEADINGS, page, problems_of, recognised, three_papers


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\n\n", "\r\n\r\n", "\n \t\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_blank_lines_and_a_byte_order_mark_change_nothing(end: str, mark: str) -> None:
    lines = [*HEADINGS.splitlines(), "Caching", "Ada Lovelace ⋅ Grace Hopper", ABSTRACT]
    source = page(mark + end.join(lines))
    (session,) = source.sessions
    assert (session.kind, session.name, session.room) == tuple(lines[:3])
    (paper,) = source.papers
    assert (paper.title, paper.byline, paper.abstract) == ("Caching", ("Ada Lovelace", "Grace Hopper"), ABSTRACT)


@pytest.mark.parametrize("blank", ["\u00a0", "\u3000", "\u2003", "\u200b", "\ufeff", "\x0c", "\x0b", "\x85", "\u2028"])
def test_a_line_of_any_white_space_is_a_blank_line(blank: str) -> None:
    (paper,) = page(f"{HEADINGS}Caching\nAda Lovelace ⋅ Grace Hopper\n{blank}\n{ABSTRACT}\n{blank}\n").papers
    assert (paper.title, len(paper.byline), paper.abstract) == ("Caching", 2, ABSTRACT)


@pytest.mark.parametrize("separator", [" ⋅ ", " · ", " • ", " ∙ ", "⋅", "•", "∙", "· ", " ·"])
def test_names_are_told_apart_by_any_of_the_dots(separator: str) -> None:
    (paper,) = page(
        f"{HEADINGS}Caching\n{separator.join(['Ada Lovelace', 'Bo Li', 'Cy Twombly'])}\n{ABSTRACT}\n"
    ).papers
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
    assert source.papers[0].byline == names
    ((_, message),) = problems_of(source, Severity.ACTION)
    assert f"{names.count('')} author slot" in message


@pytest.mark.parametrize("dot", ["·", "•"])
def test_a_catalan_name_is_not_cut_at_its_dot(dot: str) -> None:
    (paper,) = page(f"{HEADINGS}Caching\nMarc Col·lell {dot} Núria Gal·la {dot} Bo Li\n{ABSTRACT}\n").papers
    assert paper.byline == ("Marc Col·lell", "Núria Gal·la", "Bo Li")


def test_a_catalan_word_does_not_make_a_title_a_byline() -> None:
    (paper,) = page(f"{HEADINGS}Paral·lel decoding\nAda Lovelace ⋅ Bo Li\n{ABSTRACT}\n").papers
    assert (paper.title, paper.byline) == ("Paral·lel decoding", ("Ada Lovelace", "Bo Li"))


def test_a_title_with_a_dot_before_the_authors_is_a_title() -> None:
    source = page(f"{HEADINGS}{three_papers()}Caches • Batches\nAda Lovelace ⋅ Bo Li\n{ABSTRACT}\n")
    assert (source.papers[3].title, source.papers[3].byline) == ("Caches • Batches", ("Ada Lovelace", "Bo Li"))


def test_a_long_byline_is_still_a_byline() -> None:
    names = tuple(f"Anneliese Number{number} van der Long-Surname" for number in range(80))
    (paper,) = page(f"{HEADINGS}Caching\n{' ⋅ '.join(names)}\n{ABSTRACT}\n").papers
    assert (paper.title, paper.byline, paper.abstract) == ("Caching", names, ABSTRACT)


def test_lists_with_bullets_in_an_abstract_are_no_bylines() -> None:
    abstract = f"{ABSTRACT} • {ABSTRACT} • {ABSTRACT}"
    text = f"{HEADINGS}Caching\nAda Lovelace ⋅ Bo Li\n{abstract}\n• we cache\n• we batch too\n"
    (paper,) = page(text).papers
    assert paper.abstract == f"{abstract}\n• we cache • we batch too"


def test_authors_may_have_a_label_and_say_where_they_work() -> None:
    source = page(
        f"{HEADINGS}Caching\nAuthors: Ada Lovelace (University of London) ⋅ Bo Li (ETH)\n{ABSTRACT}\n"
        f"Batching\nYuan (Rick) Wu ⋅ Cy Twombly (Rome)\n{ABSTRACT}\n"
    )
    first, second = source.papers
    assert [(author.name, author.affiliations) for author in first.authors] == [
        ("Ada Lovelace", ("University of London",)),
        ("Bo Li", ("ETH",)),
    ]
    assert second.byline == ("Yuan (Rick) Wu", "Cy Twombly (Rome)")


COMMA_PAGE = (
    f"{HEADINGS}Caching, batching and pruning\nAda Lovelace, Bo Li and Cy Twombly\n"
    "Know me, respond to me: a study\nDi Wu, Ed Yong\n"
    "Vision Transformers, Language Models\nFlo Rida, Mihaela van der Schaar, G. Edward Suh\n"
    "An only author's paper\nGrace Hopper\n"
    "Typed without the shift key\nvartika singh, Jean-Pierre O'Brien\n"
)


def test_authors_between_commas_without_abstracts() -> None:
    assert recognised(COMMA_PAGE)
    assert [(paper.title, paper.byline, paper.abstract) for paper in page(COMMA_PAGE).papers] == [
        ("Caching, batching and pruning", ("Ada Lovelace", "Bo Li", "Cy Twombly"), None),
        ("Know me, respond to me: a study", ("Di Wu", "Ed Yong"), None),
        ("Vision Transformers, Language Models", ("Flo Rida", "Mihaela van der Schaar", "G. Edward Suh"), None),
        ("An only author's paper", ("Grace Hopper",), None),
        ("Typed without the shift key", ("vartika singh", "Jean-Pierre O'Brien"), None),
    ]


def test_authors_between_commas_with_abstracts() -> None:
    text = HEADINGS + three_papers().replace(" ⋅ ", ", ")
    assert recognised(text)
    assert [(paper.byline[0], paper.abstract) for paper in page(text).papers] == [
        ("Ada Lovelace", ABSTRACT),
        ("Cy Twombly", ABSTRACT),
        ("Flo Rida", ABSTRACT),
    ]


def test_titles_of_two_sentences_are_titles_where_there_are_no_abstracts() -> None:
    text = COMMA_PAGE.replace("An only author's paper", "Caches are odd. Can we fix them?")
    assert page(text).papers[3].title == "Caches are odd. Can we fix them?"
