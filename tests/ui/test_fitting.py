"""Joining texts as far as they fit."""

from hypothesis import given
from hypothesis import strategies as st

from bot.ui.fitting import lines_that_fit
from bot.ui.limits import size

PARTS = st.lists(st.text("ab😀", min_size=1, max_size=50), max_size=30)


@given(PARTS, st.integers(50, 300), st.none() | st.integers(0, 30))
def test_lines_that_do_not_fit_are_counted(lines: list[str], limit: int, most: int | None) -> None:
    text = lines_that_fit(lines, limit, most)
    assert size(text) <= limit
    kept = text.splitlines()
    if kept and kept[-1].startswith("… and "):
        assert int(kept[-1].split()[2]) == len(lines) - len(kept) + 1
        assert kept[:-1] == lines[: len(kept) - 1]
        assert most is None or len(kept) - 1 <= most
    else:
        assert kept == lines


def test_as_many_lines_are_kept_as_fit() -> None:
    assert lines_that_fit(["one", "two", "three"], 13) == "one\ntwo\nthree"
    assert lines_that_fit(["one", "two", "three", "four"], 18) == "one\ntwo\nthree\nfour"
    assert lines_that_fit(["one", "two", "three", "four"], 17) == "one\n… and 3 more"
    assert lines_that_fit(["one", "two", "three"], 100, most=2) == "one\ntwo\n… and 1 more"
    assert lines_that_fit(["one"], 2) == ""
