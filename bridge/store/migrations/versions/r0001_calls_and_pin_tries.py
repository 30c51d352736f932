"""The first tables: calls with their replies, PIN tries, and the pulse that proves a write."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make them."""
    _make_calls()
    _make_pin_tries()
    op.create_table("pulse", sa.Column("beat", sa.String(), primary_key=True))


def downgrade() -> None:
    """Drop them, replies before the calls they belong to."""
    for table in ("pulse", "pin_tries", "turns", "calls"):
        op.drop_table(table)


def _make_calls() -> None:
    op.create_table(
        "calls",
        sa.Column("call", sa.String(), primary_key=True),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("state", sa.LargeBinary()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("claim", sa.String()),
        sa.Column("claimed_until", sa.BigInteger()),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False, index=True),
        sa.Column("ended_at", sa.BigInteger()),
    )
    op.create_table(
        "turns",
        sa.Column("call", sa.String(), sa.ForeignKey("calls.call", ondelete="CASCADE"), primary_key=True),
        sa.Column("turn", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("reply", sa.LargeBinary(), nullable=False),
    )


def _make_pin_tries() -> None:
    op.create_table(
        "pin_tries",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("file", sa.String(), nullable=False, index=True),
        sa.Column("caller", sa.String(), index=True),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("tried_at", sa.BigInteger(), nullable=False),
        sa.Column("day_forgiven", sa.Boolean(), nullable=False),
        sa.Column("unlocked", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_pin_tries_office_tried_at", "pin_tries", ["office", "tried_at"])
