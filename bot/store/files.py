"""The database's file and what lies beside it: readable by their owner alone, and never made anew by mistake."""

import logging
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bot.errors import UserError

_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_MARKER_TEXT: Final = """\
The database beside this file holds a conference. Where it is gone or empty the bot does not begin anew:
restore a copy of it with `python -m bot restore FILE`, or delete this file if you want a new one.
"""

log = logging.getLogger(__name__)


def beside(path: Path, what: str) -> Path:
    """Return the file of this name beside a database."""
    return path.with_name(f"{path.name}.{what}")


def free_beside(path: Path, what: str) -> Path:
    """Return a file of this name beside a database that is not there yet, with a number where it has to have one."""
    found, number = beside(path, what), 1
    while found.exists():
        number += 1
        found = beside(path, f"{what}-{number}")
    return found


def was_made(path: Path) -> bool:
    """Tell whether the marker says that there is a database, or was."""
    return _marker(path).exists()


def is_empty(path: Path) -> bool:
    """Tell whether a file is not there, or has nothing in it."""
    try:
        return path.stat().st_size == 0
    except FileNotFoundError:
        return True


def make_if_missing(path: Path) -> None:
    """Make the database's file, if there is none, so that only its owner can read it and the log that SQLite adds.

    Raises:
        OSError: the file can't be made.
    """
    if not path.exists():
        os.close(private(str(path), os.O_RDWR | os.O_CREAT))


def make_private(path: Path) -> None:
    """Let nobody but its owner read the database's file and what lies beside it."""
    for file in (path, *_neighbours(path)):
        try:
            mode = file.stat().st_mode
            if mode & _OTHERS:
                file.chmod(stat.S_IMODE(mode) & ~_OTHERS)
        except FileNotFoundError:  # another copy of the bot has just folded its log
            continue
        except OSError as error:
            log.warning("%s can be read by others than its owner: %s", file, error.strerror or error)


def check_not_lost(path: Path) -> None:
    """Refuse to make a database where there was one.

    Raises:
        UserError: it is gone or empty, and the marker beside it says that there was one.
    """
    if not is_empty(path) or not was_made(path):
        return
    copies = sorted(_copies(path), key=lambda copy: copy.stat().st_mtime)
    latest = f" The latest beside it is {copies[-1]}." if copies else ""
    state = "is empty" if path.exists() else "is gone"
    raise UserError(
        f"{path}: the database {state}, and there was one. Restore a copy of it: python -m bot restore FILE.{latest} "
        f"To begin anew instead, delete {_marker(path)}."
    )


def mark(path: Path) -> None:
    """Leave word that there is a database.

    Raises:
        OSError: the marker can't be written.
    """
    if not was_made(path):
        with open(_marker(path), "w", encoding="utf-8", opener=private) as file:
            file.write(_MARKER_TEXT)


def private(path: str, flags: int) -> int:
    """Open a file that only its owner can read; for `open(…, opener=…)`."""
    return os.open(path, flags, 0o600)


def write_privately(path: Path, text: str) -> None:
    """Write a file that only its owner can read, also where there was one that others could.

    Raises:
        UserError: it can't be written.
    """
    try:
        with open(path, "w", encoding="utf-8", newline="", opener=private) as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(text)
    except OSError as error:
        raise UserError(f"{path}: {(error.strerror or str(error)).lower()}.") from None


def _marker(path: Path) -> Path:
    return beside(path, "made")


def _copies(path: Path) -> Iterator[Path]:
    return (file for file in _neighbours(path) if ".before-" in file.name and not is_empty(file))


def _neighbours(path: Path) -> Iterator[Path]:
    heartbeat = path.with_suffix(".heartbeat").name
    for file in path.parent.iterdir():
        if file != path and (file.name.startswith((f"{path.name}-", f"{path.name}.")) or file.name == heartbeat):
            yield file
