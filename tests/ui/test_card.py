"""A card: all that is put in is shown as far as Discord takes it, and nothing is dropped without a sign."""

import discord
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.ui.card import Card
from bot.ui.limits import size

blank = st.sampled_from(["", " ", "\n", "\u2003\n"])
text = st.builds(lambda part, times: part * times, st.text(max_size=30), st.sampled_from([1, 1, 3, 40, 400]))
text |= st.sampled_from(["😀" * 600, "word " * 900, "w" * 5_000]) | blank
fields = st.lists(st.tuples(text, text), max_size=25)


def assert_within_limits(embed: discord.Embed) -> None:
    parts = [part or "" for field in embed.fields for part in (field.name, field.value)]
    title, description, footer = embed.title or "", embed.description or "", embed.footer.text or ""
    assert sum(map(size, (title, description, footer, *parts))) <= 6000
    assert size(title) <= 256
    assert size(description) <= 4096
    assert size(footer) <= 2048
    assert len(embed.fields) <= 25
    for field in embed.fields:
        assert 1 <= size(field.name or "") <= 256
        assert 1 <= size(field.value or "") <= 1024
        assert (field.name or "").strip()
        assert (field.value or "").strip()


def assert_shows(shown: str | None, whole: str) -> None:
    """Check that a text is shown whole, or cut with the sign of it."""
    shown = shown or ""
    assert shown == whole or (shown.endswith("…") and whole.startswith(shown[:-1]))


@given(text, text, text, fields)
@example("t" * 300, "d" * 9_000, "f" * 3_000, [("n" * 300, "v" * 3_000)] * 25)
@example("😀" * 300, "😀" * 9_000, "😀" * 3_000, [("😀" * 300, "😀" * 3_000)] * 25)
def test_whatever_is_put_in_the_limits_are_kept_and_no_field_is_dropped(
    title: str, description: str, footer: str, added: list[tuple[str, str]]
) -> None:
    card = Card(title, footer, description)
    for name, value in added:
        card.add(name, value)
    embed = card.embed()
    assert_within_limits(embed)
    kept = [(name, value) for name, value in added if value.strip()]
    assert len(embed.fields) == len(kept)
    for field, (name, value) in zip(embed.fields, kept, strict=True):
        assert_shows(field.name, name if name.strip() else "\u200b")
        assert_shows(field.value, value)
    assert_shows(embed.title, title)


@pytest.mark.parametrize("count", [5, 6, 12, 25])
def test_a_fifth_and_every_further_field_is_shown_with_a_text_to_read(count: int) -> None:
    card = Card("Status", description="word " * 2_000)
    for number in range(count):
        card.add(f"Part {number}", "word " * 1_000)
    shown = card.embed()
    assert [field.name for field in shown.fields] == [f"Part {number}" for number in range(count)]
    for field in shown.fields:
        assert (field.value or "").startswith("word word word")
        assert (field.value or "").endswith("…")


def test_what_fits_is_shown_whole_and_in_its_order() -> None:
    card = Card("Title", "Footer", "Description").add("One", "1").add("Two", "2", inline=True)
    embed = card.embed()
    assert (embed.title, embed.description, embed.footer.text) == ("Title", "Description", "Footer")
    assert [(field.name, field.value, field.inline) for field in embed.fields] == [
        ("One", "1", False),
        ("Two", "2", True),
    ]


def test_the_description_gets_the_room_that_the_fields_leave() -> None:
    card = Card("T", description="d" * 9_000)
    assert size(card.embed().description or "") == 4096
    for number in range(4):
        card.add(f"Field {number}", "v" * 1_024)
    assert len(card.embed()) == 6000
    assert card.room == size(card.embed().description or "")
    assert [size(field.value or "") for field in card.embed().fields] == [1_024] * 4


def test_a_field_too_many_is_an_error_and_not_dropped() -> None:
    card = Card("T")
    for number in range(26):
        card.add(f"Field {number}", "v")
    with pytest.raises(ValueError, match="26 fields, but an embed has at most 25"):
        card.embed()
