"""Alembic's migrations, applied whenever the store is opened."""

from functools import cache
from pathlib import Path
from typing import Final

from alembic.script import ScriptDirectory

FOLDER: Final = Path(__file__).parent


@cache
def known_revisions() -> tuple[str, ...]:
    """Return what this version of the bot can bring the tables to, the oldest first."""
    return tuple(script.revision for script in ScriptDirectory(str(FOLDER)).walk_revisions())[::-1]
