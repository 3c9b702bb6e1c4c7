"""What the organizers were told and is not over yet, and which deliveries wait for a permission."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Create the table, the column, and the index by which the last message is found."""
    op.create_table(
        "notice",
        sa.Column("about", sa.String, nullable=False),
        sa.Column("since", sa.DateTime, nullable=False),
        sa.Column("told", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("about", name="pk_notice"),
    )
    op.add_column("delivery", sa.Column("awaits_permission", sa.Boolean, nullable=False, server_default="0"))
    op.create_index("ix_delivery_sent_at", "delivery", ["sent_at"], sqlite_where=sa.text("sent_at IS NOT NULL"))


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_delivery_sent_at", "delivery")
    op.drop_column("delivery", "awaits_permission")
    op.drop_table("notice")
