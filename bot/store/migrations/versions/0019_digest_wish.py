"""Wishes for a digest."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "digest_wish",
        sa.Column("user_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("since", sa.DateTime, nullable=False),
        sa.Column("unreachable", sa.Boolean, nullable=False),
        sa.Column("told", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_digest_wish"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("digest_wish")
