"""Authors' claims, what they ask the moderators, and what they say."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "author_claim",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("paper_key", sa.String, nullable=False),
        sa.Column("author_key", sa.String),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("way", sa.String, nullable=False),
        sa.Column("claimed_at", sa.DateTime, nullable=False),
        sa.Column("quiet", sa.Boolean, nullable=False),
        sa.Column("told", sa.Boolean, nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("heard", sa.BigInteger, nullable=False),
        sa.CheckConstraint("way IN ('code', 'ticket', 'moderator')", name="ck_author_claim_known_way"),
        sa.PrimaryKeyConstraint("id", name="pk_author_claim"),
        sa.UniqueConstraint("user_id", "paper_key", name="uq_author_claim_user_id_paper_key"),
        sa.UniqueConstraint("paper_key", "author_key", "number", name="uq_author_claim_paper_key_author_key_number"),
    )
    op.create_table(
        "author_request",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("paper_key", sa.String, nullable=False),
        sa.Column("author_key", sa.String),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("note", sa.String, nullable=False),
        sa.Column("asked_at", sa.DateTime, nullable=False),
        sa.Column("refused_at", sa.DateTime),
        sa.PrimaryKeyConstraint("id", name="pk_author_request"),
        sa.UniqueConstraint("user_id", "paper_key", name="uq_author_request_user_id_paper_key"),
    )
    op.create_table(
        "author_saying",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("claim_id", sa.Integer, nullable=False),
        sa.Column("about", sa.String, nullable=False),
        sa.Column("stage", sa.String, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("links", sa.String, nullable=False),
        sa.Column("url", sa.String, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.CheckConstraint("about IN ('words', 'picture')", name="ck_author_saying_known_about"),
        sa.CheckConstraint("stage IN ('waiting', 'public')", name="ck_author_saying_known_stage"),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["author_claim.id"], name="fk_author_saying_claim_id_author_claim", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_author_saying"),
        sa.UniqueConstraint("claim_id", "about", "stage", name="uq_author_saying_claim_id_about_stage"),
    )
    op.create_table(
        "guarded_author",
        sa.Column("paper_key", sa.String, nullable=False),
        sa.Column("author_key", sa.String, nullable=False),
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("paper_key", "author_key", "number", name="pk_guarded_author"),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("guarded_author", "author_saying", "author_request", "author_claim"):
        op.drop_table(table)
