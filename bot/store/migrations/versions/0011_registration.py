"""What Discord was told of the commands, for each application."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "registration",
        sa.Column("application_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("fingerprint", sa.String, nullable=False),
        sa.Column("ids", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("application_id", name="pk_registration"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("registration")
