"""Bookmarks: which papers somebody wants to see."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the table of bookmarks."""
    op.create_table(
        "bookmark",
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("paper_key", sa.String, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("user_id", "paper_key", name="pk_bookmark"),
    )


def downgrade() -> None:
    """Drop the table of bookmarks."""
    op.drop_table("bookmark")
