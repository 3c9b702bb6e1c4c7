"""What organizers and moderators change, and deliveries of other kinds than reminders."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the tables and columns."""
    # Altered in place: a table that others refer to can't be made anew while they hold to it.
    op.execute("ALTER TABLE delivery RENAME COLUMN session_key TO subject")
    op.add_column("delivery", sa.Column("kind", sa.String, nullable=False, server_default="reminder"))
    op.execute("UPDATE delivery SET kind = 'direct' WHERE key LIKE 'direct:%'")
    op.create_index("ix_delivery_kind_subject", "delivery", ["kind", "subject"])
    op.add_column("programme_version", sa.Column("loaded_by", sa.BigInteger))
    op.add_column("programme_version", sa.Column("summary", sa.String))
    op.add_column("programme_current", sa.Column("before_id", sa.Integer))
    op.create_table(
        "correction",
        sa.Column("about", sa.String, nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("field", sa.String, nullable=False),
        sa.Column("value", sa.String, nullable=False),
        sa.Column("was", sa.String),
        sa.Column("made_by", sa.BigInteger, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("about", "key", "field", name="pk_correction"),
    )
    op.create_table(
        "change",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("news", sa.String, nullable=False),
        sa.Column("planned", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_change"),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("action", sa.String, nullable=False),
        sa.Column("about", sa.String, nullable=False),
        sa.Column("before", sa.String),
        sa.Column("after", sa.String),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("audit", "change", "correction"):
        op.drop_table(table)
    op.drop_index("ix_delivery_kind_subject", "delivery")
    for table, column in (
        ("programme_current", "before_id"),
        ("programme_version", "summary"),
        ("programme_version", "loaded_by"),
        ("delivery", "kind"),
    ):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    op.execute("ALTER TABLE delivery RENAME COLUMN subject TO session_key")
