"""Corrections of announcements that their messages may not say yet."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "correction_underway",
        sa.Column("announcement_id", sa.Integer, nullable=False),
        sa.Column("corrected_at", sa.DateTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["announcement_id"], ["announcement.id"], name="fk_correction_underway_announcement_id_announcement"
        ),
        sa.PrimaryKeyConstraint("announcement_id", name="pk_correction_underway"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("correction_underway")
