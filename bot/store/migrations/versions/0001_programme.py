"""Versions of the programme and the pointer to the current one."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the programme's tables."""
    op.create_table(
        "programme_version",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("loaded_at", sa.DateTime, nullable=False),
        sa.Column("source_name", sa.String, nullable=False),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("format", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_programme_version"),
    )
    op.create_table(
        "programme_current",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("version_id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_programme_current"),
        sa.CheckConstraint("id = 1", name="ck_programme_current_single_row"),
        sa.ForeignKeyConstraint(
            ["version_id"], ["programme_version.id"], name="fk_programme_current_version_id_programme_version"
        ),
    )
    op.create_table(
        "session",
        sa.Column("version_id", sa.Integer, nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("line", sa.Integer),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("room", sa.String),
        sa.Column("starts_at", sa.DateTime),
        sa.Column("ends_at", sa.DateTime),
        sa.PrimaryKeyConstraint("version_id", "key", name="pk_session"),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["programme_version.id"],
            name="fk_session_version_id_programme_version",
            ondelete="CASCADE",
        ),
    )
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
    for table, columns in {
        "byline": [sa.Column("name", sa.String, nullable=False)],
        "link": [sa.Column("label", sa.String, nullable=False), sa.Column("url", sa.String, nullable=False)],
    }.items():
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
    op.create_table(
        "problem",
        sa.Column("version_id", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("line", sa.Integer),
        sa.Column("severity", sa.String, nullable=False),
        sa.Column("message", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("version_id", "position", name="pk_problem"),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["programme_version.id"],
            name="fk_problem_version_id_programme_version",
            ondelete="CASCADE",
        ),
    )


def downgrade() -> None:
    """Drop the programme's tables."""
    for table in ("problem", "link", "byline", "paper", "session", "programme_current", "programme_version"):
        op.drop_table(table)
