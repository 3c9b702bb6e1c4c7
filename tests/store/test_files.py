"""The database's file and its neighbours: whose they are, and what happens when there is nothing in it any more."""

import os
import stat
from pathlib import Path

import pytest

from bot.errors import UserError
from bot.store.engine import Database
from tests.support.database import cut_off, rows
from tests.support.migrations import brought_to, revisions
from tests.support.versions import added

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows keeps permissions in another way")


def modes(folder: Path) -> dict[str, int]:
    return {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}


def readable_by_all(file: Path) -> None:
    if not file.exists():
        file.touch()
    file.chmod(0o777 if file.is_dir() else 0o664)


def lose(file: Path, *, gone: bool) -> None:
    if gone:
        file.unlink()
    else:
        cut_off(file, at=0)


def size_of(file: Path) -> int | None:
    return file.stat().st_size if file.exists() else None


async def test_nobody_but_its_owner_can_read_the_database_and_its_log(path: Path) -> None:
    before = os.umask(0)
    try:
        database = await Database.open(path)
        await added(database)
        found = modes(path.parent)
        await database.close()
    finally:
        os.umask(before)
    assert {f"{path.name}-wal", f"{path.name}-shm"} < found.keys()
    assert set(found.values()) == {0o600}


async def test_what_others_could_read_they_can_not_after_the_next_start(path: Path) -> None:
    await (await Database.open(path)).close()
    beside = [path.with_name(f"{path.name}{end}") for end in ("-wal", ".before-0009", ".kept", ".made")]
    beside.append(path.with_suffix(".heartbeat"))
    folder = beside[2]
    folder.mkdir()
    for file in (path, *beside):
        readable_by_all(file)
    another = path.with_name("conference.toml")
    readable_by_all(another)

    await (await Database.open(path)).close()

    found = modes(path.parent)
    assert found.pop(another.name) == 0o664
    assert found.pop(folder.name) == 0o700
    assert set(found.values()) == {0o600}


@pytest.mark.parametrize("gone", [False, True])
async def test_a_database_that_lost_everything_is_not_made_anew(gone: bool, path: Path) -> None:
    database = await Database.open(path)
    await added(database)
    await database.close()
    lose(path, gone=gone)

    with pytest.raises(UserError) as refused:
        await Database.open(path)

    said = str(refused.value)
    assert said.startswith(f"{path}: the database is {'gone' if gone else 'empty'}, and there was one.")
    assert "python -m bot restore FILE" in said
    assert "\n" not in said
    assert size_of(path) == (None if gone else 0)

    marker = path.with_name(f"{path.name}.made")
    assert f"To begin anew instead, delete {marker}." in said
    lose(marker, gone=True)
    await (await Database.open(path)).close()
    assert rows(path, "SELECT count(*) FROM programme_version") == [(0,)]


async def test_the_latest_copy_beside_it_is_named(path: Path) -> None:
    database = await Database.open(path)
    await added(database)
    await database.close()
    await brought_to(path, revisions()[-2])
    await (await Database.open(path)).close()
    lose(path, gone=False)

    with pytest.raises(UserError, match="The latest beside it is ") as refused:
        await Database.open(path)

    assert str(path.with_name(f"{path.name}.before-{revisions()[-1]}")) in str(refused.value)


async def test_a_damaged_database_is_refused_with_what_to_do(path: Path) -> None:
    database = await Database.open(path)
    await added(database)
    await database.close()
    cut_off(path, at=0.5)

    with pytest.raises(UserError, match=r"can't open the database: .* Restore a copy of it: python -m bot restore"):
        await Database.open(path)
