"""How news look: complete, escaped, within Discord's limits."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from string import punctuation

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.news.answers import news_embed
from bot.programme.news import SessionNews, Slot
from bot.ui.limits import size
from tests.support.messages import displayed

NINE, TEN, ELEVEN = (datetime(2026, 5, 18, hour, tzinfo=UTC) for hour in (9, 10, 11))
MARKUP = "@everyone <@1> [x](http://evil.example) **b** _c_ `f` ||h|| :smile: <t:0:R> \\"

wild = st.text(alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from(punctuation + "\n @#1.:/ 😀")))
wild |= st.sampled_from([MARKUP, MARKUP * 8, "😀" * 400, "word " * 100])


def news(key: str, before: Slot | None, after: Slot | None) -> SessionNews:
    return SessionNews(key, f"Session {key}", before, after)


HALL, ATTIC = Slot(NINE, TEN, "Hall"), Slot(NINE, TEN, "Attic")
LATER = Slot(TEN, ELEVEN, "Hall")


def told(*entries: SessionNews) -> str:
    embed = news_embed(entries, UTC)
    assert embed.title == "The programme has changed"
    assert 1 <= size(embed.description or "") <= 4096
    return displayed(embed.description or "")[0]


def span(slot: Slot) -> str:
    assert slot.starts_at
    assert slot.ends_at
    local = f"Mon 18 May, {slot.starts_at:%H:%M}–{slot.ends_at:%H:%M} UTC"
    return f"{local} (for you <t:{slot.starts_at.timestamp():.0f}:f> – <t:{slot.ends_at.timestamp():.0f}:t>)"


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        (HALL, None, f"Cancelled\nSession a: was planned for {span(HALL)}"),
        (Slot(), None, "Cancelled\nSession a: will not take place"),
        (None, LATER, f"New\nSession a: {span(LATER)}, Hall"),
        (None, Slot(), "New\nSession a: time not announced, a room not announced"),
        (HALL, LATER, f"Another time\nSession a: now {span(LATER)}, not {span(HALL)}, Hall"),
        (ATTIC, LATER, f"Another time\nSession a: now {span(LATER)}, not {span(ATTIC)}, now in Hall, not Attic"),
        (Slot(), LATER, f"now has a time: {span(LATER)}, now in Hall, not a room not announced"),
        (HALL, Slot(room="Hall"), f"no longer {span(HALL)}; the new time is not announced, Hall"),
        (HALL, ATTIC, "Another room\nSession a: now in Attic, not Hall"),
    ],
)
def test_news_says_what_changed(before: Slot | None, after: Slot | None, text: str) -> None:
    assert text in told(news("a", before, after))


def test_each_kind_of_news_has_its_heading_once() -> None:
    text = told(news("a", HALL, None), news("b", HALL, LATER), news("c", HALL, None), news("d", HALL, ATTIC))
    assert re.findall(r"^(?:Cancelled|Another \w+|New)$", text, re.MULTILINE) == [
        "Cancelled",
        "Another time",
        "Another room",
    ]
    assert text.index("Session c") < text.index("Another time") < text.index("Session b")


def test_the_news_of_five_hundred_sessions_fits_and_counts_what_it_leaves_out() -> None:
    text = told(*(news(str(at), HALL, (None, LATER, ATTIC)[at % 3]) for at in range(500)))
    (left,) = re.findall(r"… and (\d+) more$", text)
    assert len(re.findall(r"^Session \d+: ", text, re.MULTILINE)) + int(left) == 500


@given(wild, st.integers(1, 60))
def test_news_of_any_names_and_rooms_fits(text: str, count: int) -> None:
    kinds = (replace(HALL, room=text), replace(LATER, room=f"R{text}"), None)
    told(*(SessionNews(str(at), f"N{text}", kinds[at % 3], kinds[(at + 1) % 3]) for at in range(count)))
