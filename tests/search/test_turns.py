"""Sorting that lets others have a turn."""

from hypothesis import given
from hypothesis import strategies as st

from bot.search.turns import each_in_order, in_order

sortable = st.lists(st.tuples(st.one_of(st.text("ab\x00\U0010ffff", max_size=4), st.text(max_size=4)), st.integers()))


@given(sortable)
def test_sorting_by_heaps_is_sorting(items: list[tuple[str, int]]) -> None:
    assert in_order(items, lambda item: item[0]) == sorted(items, key=lambda item: item[0])


@given(sortable)
def test_each_text_once_in_order_is_sorting_a_set(items: list[tuple[str, int]]) -> None:
    assert each_in_order(text for text, _ in items) == sorted({text for text, _ in items})
