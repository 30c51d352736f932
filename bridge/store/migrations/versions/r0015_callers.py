"""The caller and the minute of a call, as one keyed hash in its first step."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

_KNOWN = sa.text("caller IS NOT NULL")


def upgrade() -> None:
    """Add the column, and an index of the steps that have one."""
    op.add_column("steps", sa.Column("caller", sa.String()))
    op.create_index("ix_steps_caller", "steps", ["caller"], sqlite_where=_KNOWN, postgresql_where=_KNOWN)


def downgrade() -> None:
    """Take both away."""
    op.drop_index("ix_steps_caller", "steps")
    op.drop_column("steps", "caller")
