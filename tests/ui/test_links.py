"""Links as buttons: what they say, where they lead, and which get none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.programme.source import Link
from bot.programme.text import Span, Text
from bot.ui.answer import LinkButton
from bot.ui.limits import size
from bot.ui.links import host_of, link_buttons, link_lines


def labels(*links: Link, text: Text | None = None, rows: int = 1) -> list[str]:
    return [button.label for row in link_buttons(links, text, rows=rows) for button in _buttons(row)]


def _buttons(row: object) -> tuple[LinkButton, ...]:
    assert isinstance(row, tuple)
    assert all(isinstance(button, LinkButton) for button in row)
    return row


def test_what_people_open_most_comes_first_and_each_button_names_its_host() -> None:
    links = (
        Link("Poster", "https://example.org/poster.png"),
        Link("DOI", "https://doi.org/10.1/2"),
        Link("Code", "https://www.github.com/a/b"),
        Link("PDF", "https://proceedings.mlsys.org/a.pdf"),
        Link("Page", "https://mlsys.org/a"),
    )

    assert labels(*links) == [
        "Page · mlsys.org",
        "PDF · proceedings.mlsys.org",
        "Code · github.com",
        "DOI · doi.org",
        "Poster · example.org",
    ]


def test_addresses_in_an_abstract_have_buttons_too_each_once() -> None:
    urls = ("https://github.com/a/b", "https://youtu.be/c", "https://lab.example.org/d", "https://example.org/e/")
    text = Text(tuple(Span(url, url=url) for url in urls))

    assert labels(Link("Page", "https://example.org/e"), text=text) == [
        "Page · example.org",
        "Code · github.com",
        "Video · youtu.be",
        "Link · lab.example.org",
    ]


def test_there_are_no_more_than_the_rows_hold_and_the_rest_is_told() -> None:
    links = tuple(Link(f"Link {number}", f"https://example.org/{number}") for number in range(12))

    rows = link_buttons(links, rows=2)

    assert [len(_buttons(row)) for row in rows] == [5, 5]
    assert link_lines(links, rows).splitlines() == [
        "Link 10: https://example.org/10",
        "Link 11: https://example.org/11",
    ]
    assert link_buttons(links, rows=0) == ()


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com@evil.example/a",
        "https://github.com:x@evil.example/",
        "https://evil.example\\@github.com/",
        "javascript:alert(1)",
        "data:text/html,a",
        "ftp://example.org/a",
        "https://",
        "https://localhost/a",
        "https://exa mple.org/",
        "https://[::1/",
        "https://example.org/\u202egpj.exe",
    ],
)
def test_an_address_that_may_lead_elsewhere_than_it_looks_has_no_button(url: str) -> None:
    assert host_of(url) is None
    assert labels(Link("PDF", url)) == []


@pytest.mark.parametrize("name", ["github.com/meta", "https://acm.org", "acm\u2024org · acm.org", "\u202e\u200b", " "])
def test_a_name_cannot_say_that_it_leads_elsewhere(name: str) -> None:
    assert labels(Link(name, "https://evil.example/a")) == ["Link · evil.example"]


def test_a_host_that_looks_like_another_one_is_shown_as_it_is() -> None:
    assert labels(Link("Code", "https://gith\u0443b.com/a")) == ["Code · xn--githb-hze.com"]


@given(st.text(), st.text(), st.text())
def test_any_link_keeps_discords_limits(name: str, host: str, path: str) -> None:
    for url in (f"https://{host}/{path}", f"http://example.org/{path}", host):
        for label in labels(Link(name, url)):
            assert 1 <= size(label) <= 80
            assert label.isprintable()
