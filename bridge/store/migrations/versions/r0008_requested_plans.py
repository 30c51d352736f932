"""A plan that a call requested is known by its id again, also once the request's result is wiped."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the column; the plans of decisions that stand there already are not known."""
    op.add_column("decisions", sa.Column("plan", sa.String()))
    there = sa.text("plan IS NOT NULL")
    op.create_index("ix_decisions_plans", "decisions", ["plan"], sqlite_where=there, postgresql_where=there)


def downgrade() -> None:
    """Drop it; a plan that nobody approved is then told as any other."""
    op.drop_index("ix_decisions_plans")
    op.drop_column("decisions", "plan")
