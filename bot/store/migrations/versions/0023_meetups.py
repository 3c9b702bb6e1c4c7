"""Meetups, who comes to them, and what they were before they were changed."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "meetup",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("server_id", sa.BigInteger, nullable=False),
        sa.Column("channel_id", sa.BigInteger, nullable=False),
        sa.Column("opener_id", sa.BigInteger),
        sa.Column("topic", sa.String, nullable=False),
        sa.Column("about", sa.String, nullable=False),
        sa.Column("place", sa.String, nullable=False),
        sa.Column("starts_at", sa.DateTime, nullable=False),
        sa.Column("ends_at", sa.DateTime, nullable=False),
        sa.Column("people", sa.Integer, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("ended_as", sa.String),
        sa.Column("ended_at", sa.DateTime),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("posts", sa.Integer, nullable=False),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("thread_id", sa.BigInteger),
        sa.Column("shown", sa.String, nullable=False),
        sa.Column("settled", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_meetup"),
        sa.CheckConstraint("ended_as IN ('over', 'cancelled', 'closed', 'gone')", name="ck_meetup_known_end"),
    )
    op.create_table(
        "meetup_guest",
        sa.Column("meetup_id", sa.Integer, nullable=False),
        sa.Column("user_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("since", sa.DateTime, nullable=False),
        sa.Column("waits", sa.Boolean, nullable=False),
        sa.Column("in_thread", sa.Boolean, nullable=False),
        sa.Column("unreachable", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("meetup_id", "user_id", name="pk_meetup_guest"),
        sa.ForeignKeyConstraint(
            ["meetup_id"], ["meetup.id"], name="fk_meetup_guest_meetup_id_meetup", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "meetup_change",
        sa.Column("meetup_id", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("before", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("meetup_id", "number", name="pk_meetup_change"),
        sa.ForeignKeyConstraint(
            ["meetup_id"], ["meetup.id"], name="fk_meetup_change_meetup_id_meetup", ondelete="CASCADE"
        ),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("meetup_change")
    op.drop_table("meetup_guest")
    op.drop_table("meetup")
