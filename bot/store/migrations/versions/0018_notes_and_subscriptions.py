"""Private notes on papers, and private addresses of calendars."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "note",
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("paper_key", sa.String, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("reading", sa.String),
        sa.Column("changed_at", sa.DateTime, nullable=False),
        sa.CheckConstraint("reading IN ('seen', 'wanted')", name="ck_note_known_reading"),
        sa.PrimaryKeyConstraint("user_id", "paper_key", name="pk_note"),
    )
    op.create_table(
        "subscription",
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("token_hash", sa.String, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("told", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_subscription"),
        sa.UniqueConstraint("token_hash", name="uq_subscription_token_hash"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("subscription")
    op.drop_table("note")
