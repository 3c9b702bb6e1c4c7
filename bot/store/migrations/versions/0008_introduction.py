"""The servers that the bot has introduced itself to."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "introduction",
        sa.Column("server_id", sa.BigInteger, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("server_id", name="pk_introduction"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("introduction")
