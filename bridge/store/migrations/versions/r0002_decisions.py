"""The decisions journal: what was confirmed on the phone happens at most once and is never lost."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make it, with the index that allows one open decision per file."""
    op.create_table(
        "decisions",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("payload", sa.LargeBinary()),
        sa.Column("result", sa.LargeBinary()),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger()),
        sa.Column("settled_at", sa.BigInteger()),
        sa.Column("next_look_at", sa.BigInteger(), index=True),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("claim", sa.String()),
    )
    op.create_index(
        "uq_decisions_open",
        "decisions",
        ["office", "file"],
        unique=True,
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )


def downgrade() -> None:
    """Drop it; nothing may be unsettled then, for nobody would look after it any more."""
    op.drop_table("decisions")
