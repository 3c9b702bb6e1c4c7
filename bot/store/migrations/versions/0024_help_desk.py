"""Requests for help, reports of conduct, and what is written about these."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "help_request",
        sa.Column("token", sa.String, nullable=False),
        sa.Column("server_id", sa.BigInteger, nullable=False),
        sa.Column("channel_id", sa.BigInteger, nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("text", sa.String),
        sa.Column("quote", sa.String),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("thread_id", sa.BigInteger),
        sa.Column("starter_id", sa.BigInteger),
        sa.Column("taken_by", sa.BigInteger),
        sa.Column("closed_by", sa.BigInteger),
        sa.Column("closed_at", sa.DateTime),
        sa.Column("step", sa.String, nullable=False),
        sa.Column("claimed_until", sa.DateTime),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("token", name="pk_help_request"),
    )
    op.create_index("ix_help_request_user_id", "help_request", ["user_id"])
    op.create_table(
        "conduct_report",
        sa.Column("token", sa.String, nullable=False),
        sa.Column("channel_id", sa.BigInteger, nullable=False),
        sa.Column("reporter_id", sa.BigInteger),
        sa.Column("named", sa.Boolean, nullable=False),
        sa.Column("text", sa.String),
        sa.Column("quote", sa.String),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("delete_at", sa.DateTime, nullable=False),
        sa.Column("taken_by", sa.BigInteger),
        sa.Column("closed_at", sa.DateTime),
        sa.PrimaryKeyConstraint("token", name="pk_conduct_report"),
    )
    op.create_index("ix_conduct_report_reporter_id", "conduct_report", ["reporter_id"])
    op.create_index("ix_conduct_report_delete_at", "conduct_report", ["delete_at"])
    op.create_table(
        "conduct_word",
        sa.Column("token", sa.String, nullable=False),
        sa.Column("report", sa.String, nullable=False),
        sa.Column("to_reporter", sa.Boolean, nullable=False),
        sa.Column("text", sa.String),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("token", name="pk_conduct_word"),
        sa.ForeignKeyConstraint(
            ["report"], ["conduct_report.token"], ondelete="CASCADE", name="fk_conduct_word_report_conduct_report"
        ),
    )
    op.create_index("ix_conduct_word_report", "conduct_word", ["report"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("conduct_word")
    op.drop_table("conduct_report")
    op.drop_table("help_request")
