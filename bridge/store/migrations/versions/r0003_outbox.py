"""The outbox and the promises: what a call leaves to be done is done, and call-backs promised are counted."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make both, with the index by which a worker finds what is due."""
    op.create_table(
        "outbox",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("payload", sa.LargeBinary()),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.BigInteger()),
        sa.Column("claim", sa.String()),
        sa.Column("claimed_until", sa.BigInteger()),
        sa.Column("trouble", sa.String()),
        sa.Column("ended_at", sa.BigInteger()),
    )
    op.create_index(
        "ix_outbox_ready",
        "outbox",
        ["due_at"],
        sqlite_where=sa.text("state = 'ready'"),
        postgresql_where=sa.text("state = 'ready'"),
    )
    op.create_table(
        "promises",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("payload", sa.LargeBinary()),
        sa.Column("made_at", sa.BigInteger(), nullable=False, index=True),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("noted_at", sa.BigInteger()),
        sa.Column("settled_at", sa.BigInteger()),
    )


def downgrade() -> None:
    """Drop both; nothing may be waiting in the outbox then, for nobody would do it any more."""
    op.drop_table("promises")
    op.drop_table("outbox")
