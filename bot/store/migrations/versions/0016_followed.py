"""The topics and tracks that people follow."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "followed",
        sa.Column("user_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("facet", sa.String, nullable=False),
        sa.Column("token", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("words", sa.String, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("user_id", "facet", "token", name="pk_followed"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("followed")
