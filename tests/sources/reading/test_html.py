"""HTML becomes text with its paragraphs and lists; what is no HTML stays as it is."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.reading.html import to_text

PIECES = (
    "<p> </p> <br> <li> </ul> <pre> </pre> <a </a>"
    " <script> </script> <td> <title> <!-- --> & &amp; &#0; < > text <plaintext> <svg> <b"
).split()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  Two lines,\n\n  indented  ",
        "p<0.05 and a<b and c>d",
        "A List<String>, a <token>, <ada@example.org> and <https://example.org>",
        "AT&T, R&D and https://example.org/?a=1&copy=2",
        "if a<b then <",
        "$x<y$ & \\emph{z}",
    ],
)
def test_what_is_no_html_comes_back_as_it_is(text: str) -> None:
    assert to_text(text) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("<p>One\n  line</p>\n\n<p>\n Two</p>\n", "One line\n\nTwo"),
        ("<h2>Topic</h2><p>One<p>Two", "Topic\n\nOne\n\nTwo"),
        ("One<br>two<br/>three<br /><br />four", "One\ntwo\nthree\n\nfour"),
        ("<div>One</div><div>two</div>", "One\ntwo"),
        ("<p>Bring:</p>\n<ul>\n<li>a pen</li>\n<li>paper</li>\n</ul>\n<p>End</p>", "Bring:\n\n• a pen\n• paper\n\nEnd"),
        ("<ol><li><p>a pen</p></li><li><p>paper</p></li></ol>", "• a pen\n\n• paper"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<p>Run:</p><pre><code>if x:\n    y()\n</code></pre><p>End</p>", "Run:\n\nif x:\n    y()\n\nEnd"),
        ("A <b>bold</b> and <i>slanted</i>word", "A bold and slantedword"),
        ("One <b>bold</b> line\n\nand a paragraph", "One bold line\n\nand a paragraph"),
        ("<p>Caf&eacute; &amp; b&#97;r&nbsp;&lt;3 &#x201C;x&#x201d;</p>", "Café & bar <3 “x”"),
        ("Caf&eacute; &amp; b&#97;r", "Café & bar"),
        ("<p>p<0.05 for List<T></p>", "p<0.05 for List<T>"),
        ("<p>a</p><script>if (a<b) { x('<p>') }</script><style>p { a: b }</style><!-- c --><p>b</p>", "a\n\nb"),
        ("<P CLASS='x'>Upper<BR>case</P>", "Upper\ncase"),
        ('<p>See <a href="https://e.org/x">our site</a>.</p>', "See our site (https://e.org/x)."),
        ('<a href="https://www.e.org/">e.org</a>', "e.org"),
        (
            '<a href="https://e.org">https://e.org</a>, <a href="mailto:a@e.org">mail</a>, <a>x</a>',
            "https://e.org, mail, x",
        ),
        ("<p></p>", ""),
        ("<p>a\ud800b</p>", "a\ufffdb"),
    ],
)
def test_html_becomes_text(html: str, text: str) -> None:
    assert to_text(html) == text


def test_deep_nesting_keeps_all_the_text() -> None:
    assert to_text("<div>" * 3000 + "deep" + "</div>" * 3000 + "after") == "deep\nafter"


@pytest.mark.parametrize(
    "unit",
    [
        "<div>",
        "<",
        "<a ",
        '<a b="',
        "<p>x",
        "<!--",
        "<![CDATA[",
        "</",
        "<li>",
        "<br>",
        "<pre>\n</pre>",
        "&",
        "&lt;",
        "<a href=https://e.org>x<p>",
        "<script></scrip",
        "<p>" + " " * 20,
        "<table>",
        "</a",
        "<b><p>",
    ],
)
def test_no_text_takes_more_time_than_in_proportion(unit: str) -> None:
    to_text(unit)
    started = time.perf_counter()
    to_text(f"<p>{unit * 40_000}")
    assert time.perf_counter() - started < 5, "a parser that is not linear takes minutes"


@given(
    st.lists(
        st.sampled_from(
            [
                *PIECES,
                "<a href='https://e.org'>",
                "\0",
                "\ud800",
                "\n",
                " ",
                "\xa0",
            ]
        )
        | st.text(max_size=4)
    ).map("".join)
)
def test_any_text_is_read(html: str) -> None:
    text = to_text(html)
    if "<" not in html and "&" not in html:
        assert text == html
