"""One process at a time sweeps a database, and the outbox is counted by an index."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the table and the index."""
    op.create_table(
        "leases",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("held_until", sa.BigInteger(), nullable=False),
    )
    op.drop_index("ix_outbox_ended_at")
    _index_ended("ended_at", "state")


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_outbox_ended_at")
    _index_ended("ended_at")
    op.drop_table("leases")


def _index_ended(*columns: str) -> None:
    ended = sa.text("ended_at IS NOT NULL")
    op.create_index("ix_outbox_ended_at", "outbox", list(columns), sqlite_where=ended, postgresql_where=ended)
