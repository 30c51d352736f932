"""The tables: calls under way with their replies and late outcomes, PIN tries, decisions, jobs, promises.

Calls, files, numbers and keys stand here as keyed hashes, what was said, decided and promised is sealed: the
tables alone tell nothing about anybody. A change here needs a new revision in `migrations/versions` and its
number in `REVISION`.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
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

REVISION = "0005"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
    """A moment as microseconds since 1970 (UTC): compares and sorts alike on both engines."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 (SQLAlchemy's signature)
        """Give the number to store; a datetime without time zone is an error."""
        return None if value is None else (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 (as above)
        """Give the moment back, in UTC."""
        return None if value is None else _EPOCH + value * _MICROSECOND


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

calls = Table(
    "calls",
    metadata,
    Column("call", String, primary_key=True),
    Column("office", String, nullable=False),
    Column("state", LargeBinary),
    Column("version", Integer, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("claim", String),
    Column("claimed_until", Instant),
    Column("started_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False, index=True),
    Column("ended_at", Instant),
)

turns = Table(
    "turns",
    metadata,
    Column("call", ForeignKey("calls.call", ondelete="CASCADE"), primary_key=True),
    Column("turn", Integer, primary_key=True, autoincrement=False),
    Column("reply", LargeBinary, nullable=False),
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
    Column("attempted_at", Instant, nullable=False),
    Column("daily_reset", Boolean, nullable=False, default=False),
    Column("unlocked", Boolean, nullable=False, default=False),
    Index(None, "office", "attempted_at"),
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
    Column("settled_at", Instant),
    Column("next_check_at", Instant, index=True),
    Column("checks", Integer, nullable=False),
    Column("claim", String),
    Index(
        "uq_decisions_open",
        "office",
        "file",
        unique=True,
        sqlite_where=text("settled_at IS NULL"),
        postgresql_where=text("settled_at IS NULL"),
    ),
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
    Index(
        "ix_outbox_ready",
        "due_at",
        sqlite_where=text("state = 'ready'"),
        postgresql_where=text("state = 'ready'"),
    ),
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
    Column("ends_at", Instant, nullable=False),
    Column("scheduled_at", Instant),
    Column("settled_at", Instant),
)

write_probe = Table("write_probe", metadata, Column("token", String, primary_key=True))
