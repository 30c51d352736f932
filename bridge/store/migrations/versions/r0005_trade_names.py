"""Tables, columns and states get the names that an engineer would search for; every row stays."""

from alembic import op

revision = "0005"
down_revision = "0004"

TABLES = {
    "outcomes": "deferred_results",
    "pin_tries": "pin_attempts",
    "promises": "callbacks",
    "pulse": "write_probe",
}
COLUMNS = {
    "deferred_results": {"outcome": "result"},
    "pin_attempts": {"tried_at": "attempted_at", "day_forgiven": "daily_reset"},
    "callbacks": {"made_at": "promised_at", "noted_at": "scheduled_at"},
    "decisions": {"looks": "checks", "next_look_at": "next_check_at"},
    "write_probe": {"beat": "token"},
}
STATES = {"decisions": {"handed": "escalated"}, "callbacks": {"noted": "scheduled"}}
INDEXES: dict[str, dict[tuple[str, ...], str]] = {
    "pin_attempts": {
        ("file",): "ix_pin_tries_file",
        ("caller",): "ix_pin_tries_caller",
        ("office", "attempted_at"): "ix_pin_tries_office_tried_at",
    },
    "callbacks": {("promised_at",): "ix_promises_made_at"},
    "decisions": {("next_check_at",): "ix_decisions_next_look_at"},
}


def upgrade() -> None:
    """Rename them, so that a database can be read beside the code that uses it."""
    for old, new in TABLES.items():
        op.rename_table(old, new)
    for table, columns in COLUMNS.items():
        for old, new in columns.items():
            op.execute(f"ALTER TABLE {table} RENAME COLUMN {old} TO {new}")
    for table, indexes in INDEXES.items():
        for names, old in indexes.items():
            op.drop_index(old)
            op.create_index(f"ix_{table}_{'_'.join(names)}", table, list(names))
    _rename_states(STATES)
    _rename_constraints(TABLES)


def downgrade() -> None:
    """Give everything its former name again."""
    _rename_states({table: {new: old for old, new in names.items()} for table, names in STATES.items()})
    for table, indexes in INDEXES.items():
        for names, old in indexes.items():
            op.drop_index(f"ix_{table}_{'_'.join(names)}")
            op.create_index(old, table, list(names))
    for table, columns in COLUMNS.items():
        for old, new in columns.items():
            op.execute(f"ALTER TABLE {table} RENAME COLUMN {new} TO {old}")
    for old, new in TABLES.items():
        op.rename_table(new, old)
    _rename_constraints({new: old for old, new in TABLES.items()})


def _rename_states(states: dict[str, dict[str, str]]) -> None:
    for table, names in states.items():
        for old, new in names.items():
            op.execute(f"UPDATE {table} SET state = '{new}' WHERE state = '{old}'")  # noqa: S608 - our own names


def _rename_constraints(tables: dict[str, str]) -> None:
    """Rename what PostgreSQL names after the table; SQLite names no constraint."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for old, new in tables.items():
        op.execute(f"ALTER TABLE {new} RENAME CONSTRAINT pk_{old} TO pk_{new}")
    calls = "fk_outcomes_calls", "fk_deferred_results_calls"
    old, new = calls if "outcomes" in tables else calls[::-1]
    table = "deferred_results" if "outcomes" in tables else "outcomes"
    op.execute(f"ALTER TABLE {table} RENAME CONSTRAINT {old} TO {new}")
