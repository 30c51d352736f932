"""The outcomes: what Tagor answered when the caller had already been asked for a moment."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the table; it goes with its call."""
    op.create_table(
        "outcomes",
        sa.Column("call", sa.String(), sa.ForeignKey("calls.call", ondelete="CASCADE"), primary_key=True),
        sa.Column("step", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("ready_at", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.LargeBinary(), nullable=False),
    )


def downgrade() -> None:
    """Drop it; who waits for an answer then hears that there is none."""
    op.drop_table("outcomes")
