"""What is taken for a page and what is not, and that no input takes long."""

import time

import pytest

from bot.errors import UserError
from bot.sources.formats.page_text.lines import MOST_LINES
from tests.sources.page_texts import (
    ABSTRACT,
    HEADINGS,
    LONG,
    long_papers,
    read_or_refusal,
    reading_of,
    recognised,
    three_papers,
)

OTHERS = {
    "yaml": "sessions:\n- name: Caches\n  papers:\n  - main.1\n  - main.2\n- name: Batches\n  room: Hall A\n",
    "csv": "title,authors,abstract\nCaching,Ada Lovelace|Bo Li,We cache.\nBatching,Cy Twombly|Di Wu,We batch.\n",
    "csv with dots": "title,authors\n" + "Caching for all,Ada Lovelace ⋅ Bo Li\n" * 20,
    "tsv": "title\tauthors\nCaching\tAda Lovelace, Bo Li\nBatching\tCy Twombly, Di Wu\n",
    "icalendar": "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nSUMMARY:Caching\nEND:VEVENT\nEND:VCALENDAR\n",
    "json": '{"papers": [{"title": "Caching", "authors": ["Ada Lovelace ⋅ Bo Li"]}]}',
    "html": f"<html><body>{HEADINGS}{ABSTRACT}</body></html>",
    "log": "".join(f"2026-05-18 10:00:{at:02} INFO cache • hit ⋅ {at} ms\n" for at in range(40)),
    "prose": "The Session\n\n" + f"{ABSTRACT}\n\n" * 20,
    "prose with a dot": f"A history of caches\n{ABSTRACT}\nAda Lovelace ⋅ Bo Li\n" + f"{ABSTRACT}\n" * 20,
    "python": 'import os\n\n\ndef names() -> str:\n    return "Ada Lovelace ⋅ Bo Li"\n\n\nclass Cache:\n    size = 3\n'
    * 5,
    "toml": '[tool.cache]\nsize = 3\nnames = "Ada Lovelace ⋅ Bo Li"\n' * 5,
    "markdown": "# Notes\n\n- Ada Lovelace • Bo Li\n- Cy Twombly • Di Wu\n\n## Next\n\n* buy milk • eggs\n",
    "markdown with people": "# Session notes\n\n## Caching\nAda Lovelace, Bo Li\n\n## Batching\nCy Twombly, Di Wu\n"
    * 4,
    "a bulleted list": "Things to do\n" + "• call the venue\n• print the badges\n" * 20,
    "a menu": "Home • Programme • Venue\nImprint • Contact • About us\n" * 10,
    "a list of people": "Committee\n" + "Ada Lovelace, Bo Li, Cy Twombly\n" * 20,
    "a letter": "Dear Ada,\n\nthe session starts at ten.\n\nYours,\nBo\n",
    "picture": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0",
    "archive": b"PK\x03\x04\x14\0\0\0\x08\0",
    "nothing": b"",
    "blanks": " " * 60_000,
    "zeroes": b"\0" * 100,
    "dots": "⋅" * 10_000,
}


@pytest.mark.parametrize("other", list(OTHERS.values()), ids=list(OTHERS))
def test_what_is_no_page_is_not_recognised(other: str | bytes) -> None:
    assert not recognised(other)


def test_one_paper_is_enough_to_recognise_a_page() -> None:
    assert recognised(f"{HEADINGS}Caching\nAda Lovelace ⋅ Bo Li\n{ABSTRACT}\n")
    assert recognised((f"{HEADINGS}Caching\nAda Lovelace ⋅ Bo Li\n{ABSTRACT}\n").encode("utf-16"))


def test_a_page_without_authors_is_recognised_and_refused_with_what_to_do() -> None:
    text = HEADINGS + "".join(f"Paper {at} about caches\n{ABSTRACT}\n" for at in range(5))
    assert recognised(text)
    with pytest.raises(UserError, match=r"^page\.txt: no line of authors found\. .*⋅.*Copy the page again"):
        reading_of(text)


def test_a_page_most_of_whose_papers_have_no_authors_is_refused() -> None:
    text = f"{HEADINGS}{long_papers(2)}" + "".join(f"Paper {at} about batches\n{LONG}\n" for at in range(5))
    with pytest.raises(UserError, match=r"^page\.txt: line \d+: 5 of 7 papers have no line of authors"):
        reading_of(text)


@pytest.mark.parametrize("data", [b"", b" \r\n\t\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n\n", "\u00a0\n".encode()])
def test_an_empty_file_is_said_to_hold_no_paper(data: bytes) -> None:
    with pytest.raises(UserError, match=r"^page\.txt: no paper found"):
        reading_of(data)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_wrong_encoding_names_the_line_and_the_byte(end: str) -> None:
    data = end.join(["Session", "Posters", "Hall", "Caching", "José García ⋅ Bo Li", ABSTRACT]).encode(
        "latin-1", "replace"
    )
    with pytest.raises(UserError, match=r"^page\.txt: line 5: byte 0xe9 is not UTF-8"):
        reading_of(data.replace(b"?", b"\xb7"))


@pytest.mark.parametrize(
    "text",
    [
        " " * 60_000,
        f"A{' ' * 200_000}B\n",
        f"{HEADINGS}{three_papers()}A{' ' * 200_000}B ⋅ C\n",
        "word " * 2_000_000,
        "⋅" * 3_000_000,
        "• " * 3_000_000,
        "·a" * 3_000_000,
        "Ada Li, " * 1_200_000,
        " and" * 2_500_000,
        "." * 10_000_000,
        "[" * 100_000 + "]" * 100_000,
        "\u00a0" * 2_000_000,
        "Session\n" * 10_000,
        HEADINGS + "#101\n" * 10_000 + three_papers(),
        HEADINGS + "10:00 AM\n" * 10_000 + three_papers(),
    ],
    ids=range(15),
)
def test_hostile_input_takes_no_time(text: str) -> None:
    started = time.process_time()
    data = text.encode()
    recognised(data)
    read_or_refusal(data)
    assert time.process_time() - started < 5


def test_twice_the_papers_take_about_twice_the_time() -> None:
    def seconds(count: int) -> float:
        text = HEADINGS + three_papers() * count
        started = time.process_time()
        reading_of(text)
        return time.process_time() - started

    seconds(10)
    assert seconds(800) < 6 * max(seconds(200), 0.01) * 1.5


def test_more_lines_than_a_page_has_are_refused() -> None:
    with pytest.raises(UserError, match=rf"^page\.txt: it has more than {MOST_LINES:,} lines"):
        reading_of("a\n" * (MOST_LINES + 1))
