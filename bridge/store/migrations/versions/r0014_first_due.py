"""When a job was due before its first try: each further try moves `due_at` on."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add it; a job that an earlier version wrote down has none."""
    op.add_column("outbox", sa.Column("first_due_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("outbox", "first_due_at")
