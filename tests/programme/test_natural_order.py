"""The order in which people count."""

from hypothesis import given
from hypothesis import strategies as st

from bot.programme.natural_order import natural

IN_ORDER = ["1", "2", "10", "Émile", "Hall", "hall 2", "Hall 10", "P1.2", "P1.10", "P10", "zoo"]


def test_numbers_in_names_count_as_numbers_and_case_and_accents_do_not_count() -> None:
    assert sorted(sorted(IN_ORDER, reverse=True), key=natural) == IN_ORDER


@given(st.lists(st.text()))
def test_any_names_can_be_put_in_order(names: list[str]) -> None:
    assert len(sorted(names, key=natural)) == len(names)
