"""The ledger of what must reach somebody."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the ledger."""
    op.create_table(
        "delivery",
        sa.Column("key", sa.String, nullable=False),
        sa.Column("target_id", sa.BigInteger, nullable=False),
        sa.Column("session_key", sa.String, nullable=False),
        sa.Column("starts_at", sa.DateTime, nullable=False),
        sa.Column("due_at", sa.DateTime, nullable=False),
        sa.Column("useful_until", sa.DateTime, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("batch", sa.String),
        sa.Column("claimed_at", sa.DateTime),
        sa.Column("claimed_until", sa.DateTime),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("sent_at", sa.DateTime),
        sa.Column("reason", sa.String),
        sa.PrimaryKeyConstraint("key", name="pk_delivery"),
        sa.CheckConstraint(
            "state IN ('planned', 'claimed', 'sent', 'failed', 'missed', 'cancelled')",
            name="ck_delivery_known_state",
        ),
        sa.CheckConstraint(
            "state != 'claimed' OR (batch IS NOT NULL AND claimed_until IS NOT NULL)",
            name="ck_delivery_claim_is_whole",
        ),
    )
    op.create_index("ix_delivery_state_due_at", "delivery", ["state", "due_at"])
    op.create_index("ix_delivery_target_id_state_due_at", "delivery", ["target_id", "state", "due_at"])
    op.create_index("ix_delivery_batch", "delivery", ["batch"])


def downgrade() -> None:
    """Drop the ledger."""
    op.drop_table("delivery")
