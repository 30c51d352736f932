"""What is changed while the line runs: announcements, and options that are off for now."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "announcements",
        sa.Column("office", sa.String(), primary_key=True),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "switched_off",
        sa.Column("office", sa.String(), primary_key=True),
        sa.Column("service", sa.String(), primary_key=True),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("switched_off")
    op.drop_table("announcements")
