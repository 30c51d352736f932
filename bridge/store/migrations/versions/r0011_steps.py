"""A journal of the steps that calls take, for the office's reports."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make the table and its indexes."""
    op.create_table(
        "steps",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column("call", sa.String(), nullable=False),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("exit", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("milliseconds", sa.Integer()),
    )
    op.create_index("ix_steps_call", "steps", ["call"])
    op.create_index("ix_steps_at", "steps", ["at"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("steps")
