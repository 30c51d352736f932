"""The tables of the store, for SQLite and PostgreSQL alike.

Calls, files, telephone numbers and keys stand in them as keyed hashes; what was said, decided and promised is
encrypted. The tables alone therefore tell nothing about any caller; `audit` names the office's own people.
A change here needs a new revision in `migrations/versions`, and its number in `REVISION`.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    text,
)
from sqlalchemy.types import TypeDecorator

REVISION = "0017"
OLDER_REVISIONS = frozenset(f"{number:04}" for number in range(1, int(REVISION)))
"""The revisions before it. Any other was made by a newer bridge, on whose tables this one works as well."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""From when on moments are counted, in microseconds."""
_MICROSECOND = timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
    """A moment in time, stored as microseconds since 1970 (UTC): it compares alike on both engines."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 (SQLAlchemy's signature)
        """Turn a datetime into the number to store; one without a time zone is an error."""
        return None if value is None else (value - EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 (as above)
        """Turn the stored number into a datetime in UTC."""
        return None if value is None else EPOCH + value * _MICROSECOND


def _partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """Index only the rows that a condition holds for: a sweep then never reads the others."""
    condition: ColumnElement[bool] = text(where)  # type: ignore[assignment]  # as SQLAlchemy takes it
    return Index(name, *columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

keyring = Table(
    "keyring",
    metadata,
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("sealed_by", String, nullable=False),
    Column("hash_key", LargeBinary, nullable=False),
)

calls = Table(
    "calls",
    metadata,
    Column("call", String, primary_key=True),
    Column("office", String, nullable=False),
    Column("state", LargeBinary),
    Column("version", Integer, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("claimed_until", Instant),
    Column("started_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False, index=True),
    Column("ended_at", Instant),
    _partial_index("ix_calls_ended_at", "ended_at", where="ended_at IS NOT NULL"),
)

turns = Table(
    "turns",
    metadata,
    Column("call", ForeignKey("calls.call", ondelete="CASCADE"), primary_key=True),
    Column("turn", Integer, primary_key=True, autoincrement=False),
    Column("reply", LargeBinary, nullable=False),
)

# Without rowids a tombstone costs SQLite its sixteen bytes once, not twice.
tombstones = Table(
    "tombstones",
    metadata,
    Column("call", LargeBinary, primary_key=True),
    Column("month", Integer, nullable=False, index=True),
    sqlite_with_rowid=False,
)

deferred_results = Table(
    "deferred_results",
    metadata,
    Column("call", ForeignKey("calls.call", ondelete="CASCADE"), primary_key=True),
    Column("step", Integer, primary_key=True, autoincrement=False),
    Column("ready_at", Instant, nullable=False),
    Column("result", LargeBinary, nullable=False),
)

pin_attempts = Table(
    "pin_attempts",
    metadata,
    Column("id", String, primary_key=True),
    Column("office", String, nullable=False),
    Column("file", String, nullable=False, index=True),
    Column("caller", String, index=True),
    Column("named", Boolean, nullable=False),
    Column("attempted_at", Instant, nullable=False, index=True),
    Column("daily_reset", Boolean, nullable=False, default=False),
    Column("unlocked", Boolean, nullable=False, default=False),
    Column("office_reset", Boolean, nullable=False, default=False),
    Column("guess", String),
    Column("wrong", Boolean, nullable=False, default=False),
    Index(None, "office", "attempted_at"),
    _partial_index("ix_pin_attempts_numbers", "attempted_at", where="caller IS NOT NULL"),
    _partial_index("ix_pin_attempts_guesses", "attempted_at", where="guess IS NOT NULL"),
    _partial_index("ix_pin_attempts_unlocked", "attempted_at", where="unlocked"),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", String, primary_key=True),
    Column("office", String, nullable=False),
    Column("file", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("state", String, nullable=False),
    Column("payload", LargeBinary),
    Column("result", LargeBinary),
    Column("opened_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("settled_at", Instant, index=True),
    Column("next_check_at", Instant, index=True),
    Column("checks", Integer, nullable=False),
    Column("claim", String),
    Column("plan", String),
    _partial_index("uq_decisions_open", "office", "file", where="settled_at IS NULL", unique=True),
    _partial_index("ix_decisions_results", "settled_at", where="result IS NOT NULL"),
    _partial_index("ix_decisions_plans", "plan", where="plan IS NOT NULL"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", String, primary_key=True),
    Column("office", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("state", String, nullable=False),
    Column("payload", LargeBinary),
    Column("due_at", Instant, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("sent_at", Instant),
    Column("claim", String),
    Column("claimed_until", Instant),
    Column("trouble", String),
    Column("ended_at", Instant),
    Column("first_due_at", Instant),
    _partial_index("ix_outbox_ended_at", "ended_at", "state", where="ended_at IS NOT NULL"),
    _partial_index("ix_outbox_ready", "due_at", where="state = 'ready'"),
)

callbacks = Table(
    "callbacks",
    metadata,
    Column("id", String, primary_key=True),
    Column("office", String, nullable=False),
    Column("state", String, nullable=False),
    Column("payload", LargeBinary),
    Column("promised_at", Instant, nullable=False, index=True),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False, index=True),
    Column("scheduled_at", Instant),
    Column("settled_at", Instant),
    _partial_index("ix_callbacks_payloads", "ends_at", where="payload IS NOT NULL"),
)

steps = Table(
    "steps",
    metadata,
    # SQLite counts a key up by itself only where it is an INTEGER.
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("call", String, nullable=False, index=True),
    Column("office", String, nullable=False),
    Column("step", String, nullable=False),
    Column("exit", String, nullable=False),
    Column("language", String, nullable=False),
    Column("at", Instant, nullable=False, index=True),
    Column("milliseconds", Integer),
    Column("caller", String),
    Index(None, "office", "at"),
    _partial_index("ix_steps_caller", "caller", where="caller IS NOT NULL"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("at", Instant, nullable=False, index=True),
    Column("who", String, nullable=False),
    Column("what", String, nullable=False),
    Column("whom", String, nullable=False),
)

announcements = Table(
    "announcements",
    metadata,
    Column("office", String, primary_key=True),
    Column("words", LargeBinary, nullable=False),
    Column("until", Instant, nullable=False),
)

switched_off = Table(
    "switched_off",
    metadata,
    Column("office", String, primary_key=True),
    Column("service", String, primary_key=True),
)

leases = Table(
    "leases",
    metadata,
    Column("name", String, primary_key=True),
    Column("held_until", Instant, nullable=False),
)

write_probe = Table("write_probe", metadata, Column("token", String, primary_key=True))
