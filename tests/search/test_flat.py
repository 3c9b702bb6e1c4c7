"""Arrays of numbers changed a part at a time: the same comes out as when all is done at once."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.search import flat
from bot.search.flat import put_between, without

NUMBERS = st.lists(st.integers(0, 99), max_size=40)
same_part_throughout = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flat, "AT_ONCE", 7)


@same_part_throughout
@given(NUMBERS, st.data())
def test_what_goes_and_comes_is_as_with_all_at_once(numbers: list[int], data: st.DataObject) -> None:
    values = np.array(numbers, np.int32)
    gone = np.flatnonzero([data.draw(st.booleans()) for _ in numbers])
    left = without(values, gone)
    assert left.dtype == values.dtype
    assert left.tolist() == np.delete(values, gone).tolist()

    more = np.array(data.draw(NUMBERS), np.int32)
    places = np.sort(np.array([data.draw(st.integers(0, len(values))) for _ in more], np.int64))
    made = put_between(values, places, more)
    assert made.dtype == values.dtype
    assert made.tolist() == np.insert(values, places, more).tolist()
