"""What each change of the programme replaced, so that the last one can be taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "programme_step",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("made_by", sa.BigInteger),
        sa.Column("before_id", sa.Integer),
        sa.Column("after_id", sa.Integer),
        sa.Column("fixes", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_programme_step"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("programme_step")
