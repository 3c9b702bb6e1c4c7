"""The links that authors type: read as they are meant, or refused with what to write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.authors.answers import link_line
from bot.authors.links import MOST_LINKS, links_text, read_links
from bot.errors import UserError
from bot.programme.source import Link
from bot.ui.links import host_of


@pytest.mark.parametrize(
    ("typed", "links"),
    [
        ("", []),
        ("Slides https://example.org/s.pdf", [("Slides", "https://example.org/s.pdf")]),
        ("https://example.org/a_b Code and data", [("Code and data", "https://example.org/a_b")]),
        ("\n https://example.org \n\nMore: http://example.com/x?y=1#z\n", [
            ("", "https://example.org"), ("More", "http://example.com/x?y=1#z")
        ]),
        ("Demo https://exämple.org:8080/x", [("Demo", "https://xn--exmple-cua.org:8080/x")]),
    ],
)  # fmt: skip
def test_links_are_read_a_line_each(typed: str, links: list[tuple[str, str]]) -> None:
    found = read_links(typed)
    assert [(link.label, link.url) for link in found] == links
    assert read_links(links_text(found)) == found


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("Slides", "line 1: no address in “Slides”. Write what it is and one address"),
        ("ok https://example.org\nSlides example.org/s.pdf", "line 2: no address"),
        ("a https://example.org https://example.com", "two addresses"),
        ("Slides https://user@evil.example", "no address that browsers understand alike"),
        ("Slides https://example.org:99999/", "no address that browsers understand alike"),
        ("Slides https://localhost/", "no address that browsers understand alike"),
        ("google.com https://evil.example", "call it by a few words"),
        (f"{'x' * 41} https://example.org", "call it by a few words"),
        (f"https://example.org/{'x' * 300}", "longer than 300 characters"),
        ("\n".join(f"https://example.org/{number}" for number in range(MOST_LINKS + 1)), "5 links are the most"),
    ],
)
def test_what_is_no_link_is_refused_and_says_where_and_what_to_write(typed: str, told: str) -> None:
    with pytest.raises(UserError) as refused:
        read_links(typed)
    assert told in str(refused.value)


@given(st.text(max_size=120) | st.from_regex(r"[A-Za-z \]\[()<>*_|:@]{0,20}https?://[^\n]{1,60}", fullmatch=True))
def test_no_link_pings_or_looks_as_if_it_led_elsewhere(typed: str) -> None:
    try:
        links = read_links(typed)
    except UserError:
        return
    for link in links:
        assert host_of(link.url)
        line = link_line(link)
        assert line.endswith(f": <{link.url}>")
        name = line.removesuffix(f": <{link.url}>")
        assert "@" not in name.replace("\\@", "")
        assert "](" not in line.replace("\\](", "").replace("\\]\\(", "")
        assert "\n" not in line


def test_a_link_without_a_name_is_called_by_where_it_leads() -> None:
    assert link_line(Link("", "https://www.example.org/x")) == "example.org: <https://www.example.org/x>"
