"""The version of a call tells whose turn it is, so that a claim needs no name of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Drop the name; a turn that is claimed right now stays claimed until its lease is over."""
    op.drop_column("calls", "claim")


def downgrade() -> None:
    """Bring it back, empty: every turn is free."""
    op.add_column("calls", sa.Column("claim", sa.String()))
