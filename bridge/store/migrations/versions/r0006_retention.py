"""Calls leave tombstones, hash keys survive a changed secret, sweeps find their rows by an index."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

INDEXES = {
    "ix_pin_attempts_attempted_at": ("pin_attempts", ["attempted_at"]),
    "ix_decisions_settled_at": ("decisions", ["settled_at"]),
    "ix_callbacks_ends_at": ("callbacks", ["ends_at"]),
}
PARTIAL_INDEXES = {
    "ix_calls_ended_at": ("calls", "ended_at", "ended_at IS NOT NULL"),
    "ix_pin_attempts_numbers": ("pin_attempts", "attempted_at", "caller IS NOT NULL"),
    "ix_pin_attempts_unlocked": ("pin_attempts", "attempted_at", "unlocked"),
    "ix_outbox_ended_at": ("outbox", "ended_at", "ended_at IS NOT NULL"),
    "ix_decisions_results": ("decisions", "settled_at", "result IS NOT NULL"),
    "ix_callbacks_payloads": ("callbacks", "ends_at", "payload IS NOT NULL"),
}


def upgrade() -> None:
    """Make the two tables and the indexes."""
    op.create_table(
        "keyring",
        sa.Column("position", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("sealed_by", sa.String(), nullable=False),
        sa.Column("hash_key", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "tombstones",
        sa.Column("call", sa.LargeBinary(), primary_key=True),
        sa.Column("month", sa.Integer(), nullable=False, index=True),
        sqlite_with_rowid=False,
    )
    op.add_column(
        "pin_attempts", sa.Column("office_reset", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    for name, (table, columns) in INDEXES.items():
        op.create_index(name, table, columns)
    for name, (table, column, where) in PARTIAL_INDEXES.items():
        condition = sa.text(where)
        op.create_index(name, table, [column], sqlite_where=condition, postgresql_where=condition)


def downgrade() -> None:
    """Drop them; a finished call that is posted again is then a new one."""
    for name in (*INDEXES, *PARTIAL_INDEXES):
        op.drop_index(name)
    op.drop_column("pin_attempts", "office_reset")
    op.drop_table("tombstones")
    op.drop_table("keyring")
