"""The changes of the source that a moderator chose to ignore."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "ignored_change",
        sa.Column("fingerprint", sa.String, nullable=False),
        sa.Column("ignored_by", sa.BigInteger, nullable=False),
        sa.Column("ignored_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name="pk_ignored_change"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("ignored_change")
