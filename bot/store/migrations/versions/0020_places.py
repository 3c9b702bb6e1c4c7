"""Places to talk about a paper or a session, and the tags that the bot made in forums."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "place",
        sa.Column("server_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("planned", sa.DateTime),
        sa.Column("claimed_at", sa.DateTime),
        sa.Column("claimed_until", sa.DateTime),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("channel_id", sa.BigInteger),
        sa.Column("thread_id", sa.BigInteger),
        sa.Column("starter_id", sa.BigInteger),
        sa.Column("is_post", sa.Boolean, server_default="0", nullable=False),
        sa.Column("shown", sa.String),
        sa.Column("messages", sa.Integer, server_default="0", nullable=False),
        sa.Column("last_message_id", sa.BigInteger),
        sa.CheckConstraint("kind IN ('paper', 'session')", name="ck_place_known_kind"),
        sa.PrimaryKeyConstraint("server_id", "kind", "key", name="pk_place"),
        sa.UniqueConstraint("thread_id", name="uq_place_thread_id"),
    )
    op.create_table(
        "place_tag",
        sa.Column("channel_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("label", sa.String, nullable=False),
        sa.Column("tag_id", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("channel_id", "label", name="pk_place_tag"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("place_tag")
    op.drop_table("place")
