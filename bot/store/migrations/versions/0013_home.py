"""The server that the bot was first put to work in."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "home",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("server_id", sa.BigInteger, nullable=False),
        sa.Column("since", sa.DateTime, nullable=False),
        sa.CheckConstraint("id = 1", name="ck_home_single_row"),
        sa.PrimaryKeyConstraint("id", name="pk_home"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("home")
