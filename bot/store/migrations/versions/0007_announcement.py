"""What the organizers announce."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "announcement",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("link", sa.String),
        sa.Column("image", sa.String),
        sa.Column("role", sa.String),
        sa.Column("due_at", sa.DateTime, nullable=False),
        sa.Column("author_id", sa.BigInteger, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("corrected_at", sa.DateTime),
        sa.Column("cancelled", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_announcement"),
    )
    op.create_index("ix_announcement_due_at", "announcement", ["due_at"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_announcement_due_at", "announcement")
    op.drop_table("announcement")
