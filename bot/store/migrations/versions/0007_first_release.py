"""Everything that the bot keeps, up to its first release."""

import sqlalchemy as sa
from alembic import op

# The number is that of the last of the steps that led here, so that a database made by them goes on.
revision = "0007"
down_revision = None


def upgrade() -> None:
    """Create the tables."""
    _create_programme()
    _create_changes()
    _create_people()
    _create_outbox()


def downgrade() -> None:
    """Drop the tables."""
    for table in (
        "announcement",
        "delivery",
        "wish",
        "bookmark",
        "asked",
        "audit",
        "change",
        "correction",
        "problem",
        "link",
        "byline",
        "paper",
        "session",
        "programme_current",
        "programme_version",
    ):
        op.drop_table(table)


def _create_programme() -> None:
    op.create_table(
        "programme_version",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("loaded_at", sa.DateTime, nullable=False),
        sa.Column("source_name", sa.String, nullable=False),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("format", sa.String, nullable=False),
        sa.Column("loaded_by", sa.BigInteger),
        sa.Column("summary", sa.String),
        sa.PrimaryKeyConstraint("id", name="pk_programme_version"),
    )
    op.create_table(
        "programme_current",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("version_id", sa.Integer, nullable=False),
        sa.Column("before_id", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_programme_current"),
        sa.CheckConstraint("id = 1", name="ck_programme_current_single_row"),
        sa.ForeignKeyConstraint(
            ["version_id"], ["programme_version.id"], name="fk_programme_current_version_id_programme_version"
        ),
    )
    op.create_table(
        "session",
        sa.Column("version_id", sa.Integer, nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("line", sa.Integer),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("room", sa.String),
        sa.Column("starts_at", sa.DateTime),
        sa.Column("ends_at", sa.DateTime),
        sa.PrimaryKeyConstraint("version_id", "key", name="pk_session"),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["programme_version.id"],
            name="fk_session_version_id_programme_version",
            ondelete="CASCADE",
        ),
    )
    op.create_table(
        "paper",
        sa.Column("version_id", sa.Integer, nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("session_key", sa.String, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("line", sa.Integer),
        sa.Column("title", sa.String),
        sa.Column("abstract", sa.String),
        sa.Column("number", sa.String),
        sa.Column("source_id", sa.String),
        sa.PrimaryKeyConstraint("version_id", "key", name="pk_paper"),
        sa.ForeignKeyConstraint(
            ["version_id", "session_key"],
            ["session.version_id", "session.key"],
            name="fk_paper_version_id_session",
            ondelete="CASCADE",
        ),
    )
    for table, columns in {
        "byline": [sa.Column("name", sa.String, nullable=False)],
        "link": [sa.Column("label", sa.String, nullable=False), sa.Column("url", sa.String, nullable=False)],
    }.items():
        op.create_table(
            table,
            sa.Column("version_id", sa.Integer, nullable=False),
            sa.Column("paper_key", sa.String, nullable=False),
            sa.Column("position", sa.Integer, nullable=False),
            *columns,
            sa.PrimaryKeyConstraint("version_id", "paper_key", "position", name=f"pk_{table}"),
            sa.ForeignKeyConstraint(
                ["version_id", "paper_key"],
                ["paper.version_id", "paper.key"],
                name=f"fk_{table}_version_id_paper",
                ondelete="CASCADE",
            ),
        )
    op.create_table(
        "problem",
        sa.Column("version_id", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("line", sa.Integer),
        sa.Column("severity", sa.String, nullable=False),
        sa.Column("message", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("version_id", "position", name="pk_problem"),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["programme_version.id"],
            name="fk_problem_version_id_programme_version",
            ondelete="CASCADE",
        ),
    )


def _create_changes() -> None:
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


def _create_people() -> None:
    op.create_table(
        "asked",
        sa.Column("token", sa.String, nullable=False),
        sa.Column("query", sa.String, nullable=False),
        sa.Column("session_key", sa.String),
        sa.Column("author_key", sa.String),
        sa.Column("asked_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("token", name="pk_asked"),
    )
    op.create_table(
        "bookmark",
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("paper_key", sa.String, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("user_id", "paper_key", name="pk_bookmark"),
    )
    op.create_table(
        "wish",
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("unreachable", sa.Boolean, nullable=False),
        sa.Column("told", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_wish"),
    )


def _create_outbox() -> None:
    op.create_table(
        "delivery",
        sa.Column("key", sa.String, nullable=False),
        sa.Column("target_id", sa.BigInteger, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("starts_at", sa.DateTime, nullable=False),
        sa.Column("due_at", sa.DateTime, nullable=False),
        sa.Column("useful_until", sa.DateTime, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("batch", sa.String),
        sa.Column("claimed_at", sa.DateTime),
        sa.Column("claimed_until", sa.DateTime),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("sent_at", sa.DateTime),
        sa.Column("reason", sa.String),
        sa.Column("kind", sa.String, nullable=False, server_default="reminder"),
        sa.PrimaryKeyConstraint("key", name="pk_delivery"),
        sa.CheckConstraint(
            "state IN ('planned', 'claimed', 'sent', 'failed', 'missed', 'cancelled')",
            name="ck_delivery_known_state",
        ),
        sa.CheckConstraint(
            "state != 'claimed' OR (batch IS NOT NULL AND claimed_until IS NOT NULL)",
            name="ck_delivery_claim_is_whole",
        ),
    )
    op.create_index("ix_delivery_state_due_at", "delivery", ["state", "due_at"])
    op.create_index("ix_delivery_target_id_state_due_at", "delivery", ["target_id", "state", "due_at"])
    op.create_index("ix_delivery_batch", "delivery", ["batch"])
    op.create_index("ix_delivery_kind_subject", "delivery", ["kind", "subject"])
    op.create_table(
        "announcement",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("link", sa.String),
        sa.Column("image", sa.String),
        sa.Column("role", sa.String),
        sa.Column("due_at", sa.DateTime, nullable=False),
        sa.Column("author_id", sa.BigInteger, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("corrected_at", sa.DateTime),
        sa.Column("cancelled", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_announcement"),
    )
    op.create_index("ix_announcement_due_at", "announcement", ["due_at"])
