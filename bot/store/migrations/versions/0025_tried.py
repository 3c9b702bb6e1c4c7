"""The index by which the reason is found why what is overdue was not sent, among very much that is overdue."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Create it."""
    op.create_index("ix_delivery_tried", "delivery", ["state", "due_at"], sqlite_where=sa.text("reason IS NOT NULL"))


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_delivery_tried", "delivery")
