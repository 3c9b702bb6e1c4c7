"""Papers and talks on their own, each shown in any number of sessions, with times, rooms and boards of its own."""

import json
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_SESSION_COLUMNS = ("track", "chairs", "abstract", "source_id", "links")

_FILTERS = ("topic", "affiliation")
"""What a search may be narrowed down to from now on."""

_UNSCHEDULED = ("unscheduled", "Not scheduled")
"""The key and the name of the session that holds what is in none, in the earlier tables."""


def upgrade() -> None:
    """Move what there is to new tables: each paper is a contribution that appears in its session."""
    for name in _SESSION_COLUMNS:
        op.add_column("session", sa.Column(name, sa.String))
    for name in _FILTERS:
        op.add_column("asked", sa.Column(name, sa.String))
    _create_contributions()
    _create_credits()
    _create_appearances()
    op.execute(
        """
        INSERT INTO contribution (version_id, key, position, line, title, abstract, kind, source_id)
        SELECT paper.version_id, paper.key,
               row_number() OVER (
                   PARTITION BY paper.version_id ORDER BY session.position, session.key, paper.position, paper.key
               ) - 1,
               paper.line, paper.title, paper.abstract, '', paper.source_id
        FROM paper JOIN session ON session.version_id = paper.version_id AND session.key = paper.session_key
        """
    )
    op.execute(
        """
        INSERT INTO credit (version_id, paper_key, position, name)
        SELECT version_id, paper_key, position, name FROM byline
        """
    )
    op.execute(
        """
        INSERT INTO appearance (version_id, session_key, position, paper_key, board)
        SELECT version_id, session_key,
               row_number() OVER (PARTITION BY version_id, session_key ORDER BY position, key) - 1,
               key, number
        FROM paper
        """
    )
    _set_links(op.get_bind().execute(sa.text("SELECT * FROM link ORDER BY version_id, paper_key, position")))
    op.execute("UPDATE correction SET field = 'board' WHERE about = 'paper' AND field = 'number'")
    for table in ("link", "byline", "paper"):
        op.drop_table(table)


def downgrade() -> None:
    """Move back what the earlier tables can hold.

    A paper stays in the first of its sessions, with its first board. Kinds of papers, tracks, topics, affiliations,
    chairs, sessions' abstracts and links, and the times and rooms of talks are lost, and so are the fixes of topics and
    kinds, and the topics and affiliations that searches were narrowed down to.
    """
    _create_papers()
    _create_bylines()
    _create_links()
    key, name = _UNSCHEDULED
    op.execute(
        f"""
        INSERT OR IGNORE INTO session (version_id, key, position, kind, name)
        SELECT DISTINCT version_id, '{key}', (SELECT coalesce(max(position) + 1, 0) FROM session), '', '{name}'
        FROM contribution
        WHERE (version_id, key) NOT IN (SELECT version_id, paper_key FROM appearance)
        """  # noqa: S608 - two constants
    )
    op.execute(
        f"""
        INSERT INTO paper (version_id, key, session_key, position, line, title, abstract, number, source_id)
        WITH shown AS (
            SELECT appearance.*, row_number() OVER (
                PARTITION BY appearance.version_id, paper_key ORDER BY session.position, appearance.position
            ) AS time
            FROM appearance JOIN session ON session.version_id = appearance.version_id AND session.key = session_key
        ),
        boards AS (
            SELECT version_id, paper_key, board, min(time) FROM shown WHERE board != '' GROUP BY version_id, paper_key
        )
        SELECT one.version_id, one.key, coalesce(shown.session_key, '{key}'),
               coalesce(shown.position, one.position), one.line, one.title, one.abstract, boards.board, one.source_id
        FROM contribution AS one
        LEFT JOIN shown ON shown.version_id = one.version_id AND shown.paper_key = one.key AND shown.time = 1
        LEFT JOIN boards ON boards.version_id = one.version_id AND boards.paper_key = one.key
        """  # noqa: S608 - a constant
    )
    op.execute(
        """
        INSERT INTO byline (version_id, paper_key, position, name)
        SELECT version_id, paper_key, position, name FROM credit
        """
    )
    _write_links(
        op.get_bind().execute(sa.text("SELECT version_id, key, links FROM contribution WHERE links IS NOT NULL"))
    )
    op.execute("UPDATE correction SET field = 'number' WHERE about = 'paper' AND field = 'board'")
    op.execute("DELETE FROM correction WHERE (about, field) IN (VALUES ('paper', 'topics'), ('session', 'kind'))")
    for table in ("appearance", "credit", "contribution"):
        op.drop_table(table)
    for column in _SESSION_COLUMNS:
        op.drop_column("session", column)
    for column in _FILTERS:
        op.drop_column("asked", column)


def _set_links(rows: Iterable[Any]) -> None:
    """Keep the links of each paper as JSON, from rows in their order."""
    links: dict[tuple[int, str], list[tuple[str, str]]] = {}
    for row in rows:
        links.setdefault((row.version_id, row.paper_key), []).append((row.label, row.url))
    if links:
        op.get_bind().execute(
            sa.text("UPDATE contribution SET links = :links WHERE version_id = :version_id AND key = :key"),
            [
                {"version_id": version_id, "key": key, "links": json.dumps(pairs, ensure_ascii=False)}
                for (version_id, key), pairs in links.items()
            ],
        )


def _write_links(rows: Iterable[Any]) -> None:
    """Keep each of the papers' links as a row, from JSON."""
    links = [
        {"version_id": row.version_id, "key": row.key, "position": position, "label": label, "url": url}
        for row in rows
        for position, (label, url) in enumerate(json.loads(row.links))
    ]
    if links:
        op.get_bind().execute(sa.text("INSERT INTO link VALUES (:version_id, :key, :position, :label, :url)"), links)


def _create_contributions() -> None:
    op.create_table(
        "contribution",
        sa.Column("version_id", sa.Integer, nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("line", sa.Integer),
        sa.Column("title", sa.String),
        sa.Column("abstract", sa.String),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("track", sa.String),
        sa.Column("topics", sa.String),
        sa.Column("source_id", sa.String),
        sa.Column("other_ids", sa.String),
        sa.Column("links", sa.String),
        sa.PrimaryKeyConstraint("version_id", "key", name="pk_contribution"),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["programme_version.id"],
            name="fk_contribution_version_id_programme_version",
            ondelete="CASCADE",
        ),
    )


def _create_credits() -> None:
    op.create_table(
        "credit",
        sa.Column("version_id", sa.Integer, nullable=False),
        sa.Column("paper_key", sa.String, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("affiliations", sa.String),
        sa.PrimaryKeyConstraint("version_id", "paper_key", "position", name="pk_credit"),
        sa.ForeignKeyConstraint(
            ["version_id", "paper_key"],
            ["contribution.version_id", "contribution.key"],
            name="fk_credit_version_id_contribution",
            ondelete="CASCADE",
        ),
        sqlite_with_rowid=False,
    )


def _create_appearances() -> None:
    op.create_table(
        "appearance",
        sa.Column("version_id", sa.Integer, nullable=False),
        sa.Column("session_key", sa.String, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("paper_key", sa.String, nullable=False),
        sa.Column("starts_at", sa.DateTime),
        sa.Column("ends_at", sa.DateTime),
        sa.Column("room", sa.String),
        sa.Column("board", sa.String),
        sa.PrimaryKeyConstraint("version_id", "session_key", "position", name="pk_appearance"),
        sa.ForeignKeyConstraint(
            ["version_id", "session_key"],
            ["session.version_id", "session.key"],
            name="fk_appearance_version_id_session",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["version_id", "paper_key"],
            ["contribution.version_id", "contribution.key"],
            name="fk_appearance_version_id_contribution",
            ondelete="CASCADE",
        ),
        sqlite_with_rowid=False,
    )


def _create_papers() -> None:
    op.create_table(
        "paper",
        sa.Column("version_id", sa.Integer, nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("session_key", sa.String, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("line", sa.Integer),
        sa.Column("title", sa.String),
        sa.Column("abstract", sa.String),
        sa.Column("number", sa.String),
        sa.Column("source_id", sa.String),
        sa.PrimaryKeyConstraint("version_id", "key", name="pk_paper"),
        sa.ForeignKeyConstraint(
            ["version_id", "session_key"],
            ["session.version_id", "session.key"],
            name="fk_paper_version_id_session",
            ondelete="CASCADE",
        ),
    )


def _create_bylines() -> None:
    _create_parts("byline", sa.Column("name", sa.String, nullable=False))


def _create_links() -> None:
    _create_parts("link", sa.Column("label", sa.String, nullable=False), sa.Column("url", sa.String, nullable=False))


def _create_parts(table: str, *columns: sa.Column[str]) -> None:
    """Create a table of what a paper has several of."""
    op.create_table(
        table,
        sa.Column("version_id", sa.Integer, nullable=False),
        sa.Column("paper_key", sa.String, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("version_id", "paper_key", "position", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(
            ["version_id", "paper_key"],
            ["paper.version_id", "paper.key"],
            name=f"fk_{table}_version_id_paper",
            ondelete="CASCADE",
        ),
    )
