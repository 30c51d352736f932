"""The audit list is only added to: the database itself refuses to change a line, or to delete a young one."""

from alembic import op

revision = "0017"
down_revision = "0016"

_REFUSAL = "the audit list is only added to"
_KEPT = 399 * 86_400 * 1_000_000
"""Microseconds for which a line stays at least, by the clock of the database.

Sweeps go by the clock of the bridge and delete after 400 days: the two may differ by a day.
"""
# A line that takes another's place (INSERT OR REPLACE) is no deletion to SQLite.
_SQLITE = {
    "audit_no_change": "UPDATE ON audit",
    "audit_no_place_taken": "INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)",
    "audit_no_deletion": "DELETE ON audit "
    f"WHEN OLD.at > CAST(strftime('%s', 'now') AS INTEGER) * 1000000 - {_KEPT}",
}
_POSTGRESQL = f"""
CREATE FUNCTION audit_is_only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.at <= CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint) - {_KEPT} THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION '{_REFUSAL}';
END $$
"""


def upgrade() -> None:
    """Make the triggers."""
    if op.get_bind().dialect.name == "sqlite":
        for name, event in _SQLITE.items():
            op.execute(f"CREATE TRIGGER {name} BEFORE {event} BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END")
        return
    op.execute(_POSTGRESQL)
    for name, event, each in (
        ("audit_no_change", "UPDATE OR DELETE", "ROW"),
        ("audit_no_emptying", "TRUNCATE", "STATEMENT"),
    ):
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON audit FOR EACH {each} "
            "EXECUTE FUNCTION audit_is_only_added_to()"
        )


def downgrade() -> None:
    """Drop them."""
    if op.get_bind().dialect.name == "sqlite":
        for name in _SQLITE:
            op.execute(f"DROP TRIGGER {name}")
        return
    for name in ("audit_no_change", "audit_no_emptying"):
        op.execute(f"DROP TRIGGER {name} ON audit")
    op.execute("DROP FUNCTION audit_is_only_added_to()")
