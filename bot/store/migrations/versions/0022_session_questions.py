"""Questions to sessions, the votes for them, their chairs, and where none are taken."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0020"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "session_question",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("session_key", sa.String, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("asker_id", sa.BigInteger, nullable=False),
        sa.Column("name", sa.String),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("asked_at", sa.DateTime, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("merged_into", sa.Integer),
        sa.Column("answer_url", sa.String),
        sa.Column("settled_at", sa.DateTime),
        sa.CheckConstraint("state IN ('open', 'answered', 'hidden', 'merged')", name="ck_session_question_known_state"),
        sa.PrimaryKeyConstraint("id", name="pk_session_question"),
        sa.UniqueConstraint("session_key", "number", name="uq_session_question_session_key_number"),
        sa.UniqueConstraint("session_key", "asker_id", "text", name="uq_session_question_session_key_asker_id_text"),
    )
    op.create_index("ix_session_question_asker_id", "session_question", ["asker_id"])
    op.create_table(
        "session_vote",
        sa.Column("question_id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("voted_at", sa.DateTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["session_question.id"],
            name="fk_session_vote_question_id_session_question",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("question_id", "user_id", name="pk_session_vote"),
    )
    op.create_index("ix_session_vote_user_id", "session_vote", ["user_id"])
    op.create_table(
        "session_chair",
        sa.Column("session_key", sa.String, nullable=False),
        sa.Column("user_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("since", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("session_key", "user_id", name="pk_session_chair"),
    )
    op.create_table(
        "question_switch",
        sa.Column("session_key", sa.String, nullable=False),
        sa.Column("takes_questions", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("session_key", name="pk_question_switch"),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("question_switch", "session_chair", "session_vote", "session_question"):
        op.drop_table(table)
