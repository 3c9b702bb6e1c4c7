"""Alembic's migrations, applied whenever the store is opened."""

from functools import cache
from pathlib import Path
from typing import Final

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

FOLDER: Final = Path(__file__).parent


@cache
def known_revisions() -> tuple[str, ...]:
    """Return what this version of the bot can bring the tables to, the oldest first."""
    return tuple(script.revision for script in _scripts().walk_revisions())[::-1]


def migrate(connection: Connection, revision: str = "head") -> None:
    """Bring the tables to a later revision, within the connection's transaction.

    Raises:
        CommandError: they are at a revision that is not known.
    """
    scripts = _scripts()
    config = Config(attributes={"connection": connection})
    # As in `alembic.command.upgrade`, which would load every migration anew.
    with EnvironmentContext(config, scripts, fn=lambda now, _: scripts._upgrade_revs(revision, now)):  # noqa: SLF001
        scripts.run_env()


@cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(FOLDER))
