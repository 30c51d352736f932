"""An index of steps by office and moment: what one office's pages read is all that they read."""

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Add it."""
    op.create_index("ix_steps_office_at", "steps", ["office", "at"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_steps_office_at", "steps")
