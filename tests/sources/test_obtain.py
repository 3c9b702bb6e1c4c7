"""A source that is a file: read, or refused with what to look at."""

from pathlib import Path

import pytest

from bot.errors import UserError
from bot.sources.fetch import Fetcher
from bot.sources.obtain import obtain
from bot.sources.reading.limits import SIZE_LIMIT


@pytest.mark.parametrize("name", ["nowhere.txt", "."])
async def test_a_file_that_can_not_be_read_is_named_with_the_key_to_look_at(name: str, tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        await obtain(tmp_path / name, Fetcher())
    assert str(caught.value).startswith(f"{tmp_path / name}: ")
    assert "programme.source" in str(caught.value)
    assert "\n" not in str(caught.value)


async def test_a_file_larger_than_the_limit_is_refused_without_reading_it_all(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    with path.open("wb") as file:
        file.truncate(SIZE_LIMIT + 1)
    with pytest.raises(UserError, match="larger than 224 MiB"):
        await obtain(path, Fetcher())
