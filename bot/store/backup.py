"""Copies of the database: made while the bot runs, and put back when it does not."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from bot.errors import UserError
from bot.store.files import beside, free_beside, is_empty, mark, private
from bot.store.migrations import known_revisions
from bot.store.tables import kept_moment

_BEGINNING: Final = b"SQLite format 3\0"
_PATIENCE: Final = 30.0
"""How long a copy waits for whoever has the file locked, in seconds; in the log's mode nobody does for long."""

_LEFT_OUT: Final = {
    "conduct_report": "true",
    "conduct_word": "true",
    "delivery": "kind LIKE 'conduct-%'",
}
"""What no copy has, by its table: reports of conduct have a date at which they are deleted, and nobody would delete
them from copies."""

_REASON: Final = "it was due between the copy of the database and its return"


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of putting a copy back.

    Attributes:
        aside: where the database is that was there before; None where there was none.
        due: how many messages were due since the copy was made, and are not sent.
    """

    aside: Path | None
    due: int


def back_up(path: Path, target: Path) -> None:
    """Copy a database into a file that only its owner can read, while others go on using it.

    The copy is whole or not there, it is checked, and it takes the place of an earlier one. It has no reports of
    conduct.

    Raises:
        UserError: there is no database, the target is something else than an earlier copy, or it can't be written.
    """
    if is_empty(path):
        raise UserError(f"{path}: there is no database to copy.")
    if target.is_dir():
        raise UserError(f"{target}: a folder. Name the file for the copy.")
    if target.exists() and (target.samefile(path) or not (is_empty(target) or _is_database(target))):
        raise UserError(f"{target}: it is there and no earlier copy, so it is not written over.")
    with _finished(path, target) as database:
        _leave_out(database)


def back_up_before_migration(path: Path) -> None:
    """Copy a database of an earlier version of the bot before its tables are changed.

    Raises:
        UserError: it can't be copied.
    """
    if is_empty(path):
        return
    try:
        with closing(_opened(path)) as database:
            revision = _revision(database)
    except sqlite3.Error:
        return  # whoever opens it says what is wrong with it
    known = known_revisions()
    if revision in known[:-1]:
        back_up(path, free_beside(path, f"before-{known[-1]}"))


def restore(path: Path, copy: Path, now: datetime) -> Restored:
    """Put a copy in a database's place, and the database aside. No bot may have it open.

    What was to be sent and fell due since the copy was made is not sent: nobody knows whether it was. Reports of
    conduct, which no copy has, are taken over from the database that is put aside, where it can be read.

    Args:
        path: the database.
        copy: a copy of it.
        now: the time.

    Raises:
        UserError: the copy is none or broken, the bot is running, or the files can't be written.
    """
    if not copy.is_file() or not _is_database(copy):
        raise UserError(f"{copy}: {'it is no copy of a database' if copy.exists() else 'no such file'}.")
    if path.exists() and copy.samefile(path):
        raise UserError(f"{copy}: this is the database itself.")
    aside = None if is_empty(path) else free_beside(path, "before-restore")
    with _finished(copy, path) as database:
        if _revision(database) not in known_revisions():
            raise UserError(f"{copy}: it is no database of this bot, or one of a newer version.")
        _check_nobody_uses(path)
        database.execute("BEGIN")
        due = database.execute(
            "UPDATE delivery SET state = 'missed', reason = ? WHERE state = 'planned' AND due_at <= ?",
            (_REASON, kept_moment(now)),
        ).rowcount
        database.execute("COMMIT")
        taken_over = aside is not None and _take_over(path, database)
        if aside:
            path.rename(aside)
        for end in ("-wal", "-shm", "-journal"):
            left = path.with_name(path.name + end)
            if left.exists():
                left.rename(f"{aside or free_beside(path, 'before-restore')}{end}")
    if aside and taken_over:
        with closing(_opened(aside)) as old:
            _leave_out(old)
    mark(path)
    return Restored(aside, due)


def _leave_out(database: sqlite3.Connection) -> None:
    """Delete from a database what no copy has, so that zeros stand in its place."""
    database.execute("PRAGMA secure_delete = ON")
    there = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    for table, which in _LEFT_OUT.items():
        if table in there:
            database.execute(f"DELETE FROM {table} WHERE {which}")  # noqa: S608 - both are written above


def _take_over(path: Path, database: sqlite3.Connection) -> bool:
    """Take what no copy has over from another database; tell whether that could be done."""
    try:
        with closing(_opened(path)) as old:
            if _revision(old) != _revision(database):
                return False
        database.execute("ATTACH ? AS old", (f"{path.absolute().as_uri()}?mode=ro",))
        try:
            database.execute("BEGIN")
            for table, which in _LEFT_OUT.items():
                rows = f"SELECT * FROM old.{table} WHERE {which}"  # noqa: S608 - both are written above
                database.execute(f"INSERT OR IGNORE INTO main.{table} {rows}")
            database.execute("COMMIT")
        except sqlite3.Error:
            database.execute("ROLLBACK")
            raise
        finally:
            database.execute("DETACH old")
    except sqlite3.Error:
        return False  # it is damaged, which may be why a copy is put back
    return True


@contextmanager
def _finished(source: Path, target: Path) -> Iterator[sqlite3.Connection]:
    """Copy a database, hand the copy out to be changed, and put it in its place when all of that went well."""
    unfinished = beside(target, "unfinished")
    try:
        unfinished.unlink(missing_ok=True)
        os.close(private(str(unfinished), os.O_CREAT | os.O_EXCL | os.O_RDWR))
        with closing(_opened(unfinished)) as made:
            with closing(_opened(source)) as database:
                database.backup(made)
            # A copy is one file, without a log beside it.
            made.execute("PRAGMA journal_mode = DELETE")
            if made.execute("PRAGMA quick_check(1)").fetchall() != [("ok",)]:
                raise UserError(f"{source}: the database is damaged.")
            yield made
        _to_disk(unfinished)
        unfinished.replace(target)
        _to_disk(target.parent)
    except sqlite3.Error as error:
        raise UserError(f"{source}: can't copy the database to {target}: {error}.") from None
    except OSError as error:
        raise UserError(f"{error.filename or target}: {(error.strerror or str(error)).lower()}.") from None
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def _opened(path: Path) -> sqlite3.Connection:
    # Never makes a file.
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=_PATIENCE, isolation_level=None)


def _revision(database: sqlite3.Connection) -> str | None:
    tables = database.execute("SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'").fetchone()[0]
    row = database.execute("SELECT version_num FROM alembic_version").fetchone() if tables else None
    return row[0] if row else None


def _check_nobody_uses(path: Path) -> None:
    """Refuse while another has the database open, also where it is empty; a damaged one can't tell."""
    if not path.exists():
        return
    try:
        with closing(sqlite3.connect(path, timeout=1, isolation_level=None)) as database:
            # Leaving the log's mode takes the file for oneself, and folds the log into it.
            database.execute("PRAGMA journal_mode = DELETE")
            database.execute("BEGIN EXCLUSIVE")
            database.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise UserError(f"{path}: the bot is running. Stop it, restore, and start it again.") from None
    except sqlite3.DatabaseError:
        return


def _is_database(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(_BEGINNING)) == _BEGINNING
    except OSError as error:
        raise UserError(f"{path}: {(error.strerror or str(error)).lower()}.") from None


def _to_disk(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
