"""Who wants a direct message before the sessions that hold their bookmarks."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the table of wishes."""
    op.create_table(
        "wish",
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("unreachable", sa.Boolean, nullable=False),
        sa.Column("told", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_wish"),
    )


def downgrade() -> None:
    """Drop the table of wishes."""
    op.drop_table("wish")
