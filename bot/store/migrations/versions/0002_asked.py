"""Searches whose buttons must outlive a restart."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the table of searches."""
    op.create_table(
        "asked",
        sa.Column("token", sa.String, nullable=False),
        sa.Column("query", sa.String, nullable=False),
        sa.Column("session_key", sa.String),
        sa.Column("author_key", sa.String),
        sa.Column("asked_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("token", name="pk_asked"),
    )


def downgrade() -> None:
    """Drop the table of searches."""
    op.drop_table("asked")
