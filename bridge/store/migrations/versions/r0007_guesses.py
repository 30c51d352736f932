"""One guess on one file in one round is one PIN attempt, checked silently and then named."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the columns; what stands there already is no guess that is known."""
    op.add_column("pin_attempts", sa.Column("guess", sa.String()))
    op.add_column("pin_attempts", sa.Column("wrong", sa.Boolean(), nullable=False, server_default=sa.false()))
    there = sa.text("guess IS NOT NULL")
    op.create_index(
        "ix_pin_attempts_guesses",
        "pin_attempts",
        ["attempted_at"],
        sqlite_where=there,
        postgresql_where=there,
    )


def downgrade() -> None:
    """Drop them; a silent and a named attempt with the same PIN then count twice."""
    op.drop_index("ix_pin_attempts_guesses")
    op.drop_column("pin_attempts", "guess")
    op.drop_column("pin_attempts", "wrong")
