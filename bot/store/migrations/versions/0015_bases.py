"""Versions that are stored as what differs from a base, which is stored whole."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

_KEPT = {"contribution": ("paper", "key"), "session": ("session", "key")}
"""What rows of a table are about, and their column with its key."""

_PARTS = {"credit": ("paper", "paper_key"), "appearance": ("session", "session_key")}
"""The same for rows that belong to one of those."""


def upgrade() -> None:
    """Let a version have a base; those that are there stay whole."""
    # SQLite takes a foreign key only with its column.
    op.execute(
        "ALTER TABLE programme_version ADD COLUMN base_id INTEGER "
        "CONSTRAINT fk_programme_version_base_id_programme_version REFERENCES programme_version (id)"
    )
    op.create_index("ix_programme_version_base_id", "programme_version", ["base_id"])
    op.create_table(
        "departure",
        sa.Column("version_id", sa.Integer, nullable=False),
        sa.Column("about", sa.String, nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("version_id", "about", "key", name="pk_departure"),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["programme_version.id"],
            name="fk_departure_version_id_programme_version",
            ondelete="CASCADE",
        ),
        sqlite_with_rowid=False,
    )
    # A session that has changed may show papers that the base has.
    _make_appearances_anew()


def downgrade() -> None:
    """Store every version whole."""
    for table, (about, key) in (_KEPT | _PARTS).items():
        rows = sa.inspect(op.get_bind()).get_columns(table)
        others = ", ".join(column["name"] for column in rows if column["name"] != "version_id")
        op.execute(
            f"INSERT INTO {table} (version_id, {others}) "  # noqa: S608 - names of tables and columns
            f"SELECT version.number, {others} FROM {table} "
            "JOIN (SELECT id AS number, base_id FROM programme_version) AS version ON base_id = version_id "
            f"WHERE {key} NOT IN "
            f"(SELECT departure.key FROM departure WHERE departure.version_id = version.number AND about = '{about}')"
        )
    _make_appearances_anew(
        sa.ForeignKeyConstraint(
            ["version_id", "paper_key"],
            ["contribution.version_id", "contribution.key"],
            name="fk_appearance_version_id_contribution",
            ondelete="CASCADE",
        )
    )
    op.drop_table("departure")
    op.drop_index("ix_programme_version_base_id", "programme_version")
    op.drop_column("programme_version", "base_id")


def _make_appearances_anew(*constraints: sa.ForeignKeyConstraint) -> None:
    """Move what appears into a table that minds other foreign keys, which SQLite can't change."""
    op.rename_table("appearance", "appearance_before")
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
        *constraints,
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO appearance SELECT * FROM appearance_before")
    op.drop_table("appearance_before")
