"""The database, where every transaction is a unit of work: it commits all that it wrote, or nothing.

It is one SQLite file beside the bridge, or a PostgreSQL server for several machines. A transaction says
beforehand whether it writes. On SQLite a writer takes the write lock at once (`BEGIN IMMEDIATE`), because a
reader that turns writer fails without waiting; a reader cannot write at all.

A transaction is durable by default: what counts against a PIN or reaches people is on the disk before
anything happens. The turns of a call may be written with `synchronous=NORMAL` on SQLite: they survive every
crash of the bridge, and a power cut costs at most the last of them, never their order. PostgreSQL always
commits to the disk, whatever the server's own setting says.
"""

import math
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from secrets import token_hex
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Connection,
    Engine,
    Table,
    create_engine,
    delete,
    event,
    insert,
    inspect,
    literal_column,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from bridge.clock import SYSTEM_CLOCK, Clock
from bridge.store.errors import BadDatabaseUrl, StoreDown, WrongSchema
from bridge.store.tables import REVISION, write_probe
from bridge.store.time_budget import TimeBudget, seconds_left

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

Transaction = Connection
"""A transaction under way, for whoever hands one on without knowing what a database is."""

_SQLITE_BEGIN = {
    "read": ("PRAGMA query_only=ON", "BEGIN"),
    "turn": ("PRAGMA query_only=OFF", "PRAGMA synchronous=NORMAL", "BEGIN IMMEDIATE"),
    "durable": ("PRAGMA query_only=OFF", "PRAGMA synchronous=FULL", "BEGIN IMMEDIATE"),
    "log": ("PRAGMA busy_timeout=0",),
}
_ADVISORY_LOCK = {
    "sqlite": text("SELECT :word"),  # BEGIN IMMEDIATE keeps every other writer out already
    "postgresql": text("SELECT pg_advisory_xact_lock(hashtextextended(:word, 0))"),
}
_INSERT: dict[str, Callable[[Table], sqlite.Insert | postgresql.Insert]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}


class Database:
    """Opens transactions, and turns every error of the database into a plain one; make one after each fork.

    Args:
        url: `sqlite:///path` or `postgresql://...` (`postgres://` is understood too).
        patience: seconds that one transaction may take, waiting for a lock or a connection included.
        connections: the most connections that are open at once.
        clock: what measures the patience.

    Raises:
        BadDatabaseUrl: the address is neither.
        WrongSchema: the tables are not this bridge's. A database that is merely away raises nothing here:
            the line is answered meanwhile, and the database may come back.
    """

    def __init__(
        self, url: str, *, patience: float = 5.0, connections: int = 16, clock: Clock = SYSTEM_CLOCK
    ) -> None:
        self.budget = TimeBudget(clock, patience)
        self._free = BoundedSemaphore(connections)
        self._engine = engine_for(url, patience=patience, connections=connections)
        # Each kind of transaction is an engine of its own over the same pool, so none is set up per call.
        self._reading = self._engine.execution_options(mode="read", postgresql_readonly=True)
        self._turns = self._engine.execution_options(mode="turn")
        self._durable = self._engine.execution_options(mode="durable")
        self._log = self._engine.execution_options(mode="log")
        try:
            self.check_schema()
        except StoreDown:
            pass  # it may come back, and the line is answered meanwhile
        except WrongSchema:
            self.close()
            raise

    def reading(self) -> AbstractContextManager[Connection]:
        """Open a transaction that sees one moment and cannot write; raises `StoreDown`."""
        return self._transaction(self._reading)

    def writing(self, *, durable: bool = True) -> AbstractContextManager[Connection]:
        """Open a transaction that commits at its end, or not at all when anything is raised in it.

        Keep it short: on SQLite it keeps every other writer waiting. Raises `StoreDown`.
        """
        return self._transaction(self._durable if durable else self._turns)

    @contextmanager
    def _transaction(self, engine: Engine) -> Iterator[Connection]:
        """Take a connection, and give everything up when the time for this transaction is over."""
        left = self.budget.left()
        # The pool itself waits for a fixed time only, however little of the webhook's budget is left.
        if left <= 0 or not self._free.acquire(timeout=left):
            raise StoreDown("NoTimeLeft" if left <= 0 else "NoFreeConnection")
        try:
            with self.budget.transaction(left), translated_errors(), engine.begin() as connection:
                yield connection
        finally:
            self._free.release()

    def check_schema(self) -> None:
        """Raise `WrongSchema` unless the tables are the ones this bridge was written for."""
        with self.reading() as connection:
            found = revision(connection)
        if found != REVISION:
            raise WrongSchema(found, REVISION)

    def ping_write(self) -> None:
        """Prove that a write reaches the disk, and leave nothing behind; raises `StoreDown`."""
        token = token_hex(16)
        with self.writing() as connection:
            connection.execute(insert(write_probe).values(token=token))
            connection.execute(delete(write_probe).where(write_probe.c.token == token))

    def truncate_wal(self) -> None:
        """Fold SQLite's write-ahead log into the file and cut it: what was wiped is then nowhere on the disk.

        It never waits: with a transaction under way it leaves the log to the next time. Raises `StoreDown`.
        """
        # PostgreSQL keeps its log to itself, and its own vacuum reuses the pages.
        if self._engine.dialect.name == "sqlite":
            with translated_errors(), self._log.connect() as connection:
                connection.detach()  # its patience is changed for good, so it must not go back to the pool
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close all connections; the next transaction opens new ones."""
        self._engine.dispose()


@contextmanager
def translated_errors() -> Iterator[None]:
    """Turn whatever SQLAlchemy raises into `StoreDown`, for SQLAlchemy's own texts may carry values."""
    try:
        yield
    except SQLAlchemyError as broken:
        cause = getattr(broken, "orig", None)
        code = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None)
        raise StoreDown(code or type(broken).__name__) from None


def advisory_lock(connection: Connection, word: str) -> None:
    """Wait until no other transaction holds this word, and hold it until this transaction ends."""
    connection.execute(_ADVISORY_LOCK[connection.dialect.name], {"word": word})


def insert_if_absent(connection: Connection, table: Table, **values: Any) -> bool:  # noqa: ANN401 (columns differ in type)
    """Insert a row unless its key is there already, also when another transaction inserts it right now.

    Gives False when it was there.
    """
    added = _INSERT[connection.dialect.name](table).values(**values).on_conflict_do_nothing()
    return connection.scalar(added.returning(literal_column("1"))) is not None


def revision(connection: Connection) -> str | None:
    """Tell which migration the database is at; None when it was never migrated."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def engine_for(url: str, *, patience: float, connections: int) -> Engine:
    """Make the engine for an address, without connecting; raises `BadDatabaseUrl`."""
    try:
        address = make_url(url)
        make_engine = _ENGINES[address.get_backend_name()]
    except (ArgumentError, ValueError, KeyError):
        raise BadDatabaseUrl from None
    return make_engine(address, patience, connections)


def _sqlite(address: URL, patience: float, connections: int) -> Engine:
    if not address.database or address.database == ":memory:":
        raise BadDatabaseUrl  # every connection would have a database of its own
    engine = create_engine(
        address.set(drivername="sqlite"),
        hide_parameters=True,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=patience,
        connect_args={"timeout": patience},
    )

    def begin(connection: Connection) -> None:
        _limit_busy_waiting(connection, patience)
        for statement in _SQLITE_BEGIN[connection.get_execution_options()["mode"]]:
            connection.exec_driver_sql(statement)

    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", begin)
    return engine


def _set_up_sqlite(connection: "DBAPIConnection", _record: "ConnectionPoolEntry") -> None:
    # secure_delete overwrites what is deleted; WAL lets readers go on beside a writer.
    connection.isolation_level = None  # the driver's own BEGIN comes too late and is never IMMEDIATE
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "secure_delete=ON", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _limit_busy_waiting(connection: Connection, patience: float) -> None:
    """Let SQLite wait for a lock only as long as this transaction may still take.

    A turn with time enough pays nothing: the connection already has its full patience.
    """
    left = seconds_left()
    wanted = patience if left is None or left > 0.9 * patience else max(left, 0)
    if connection.info.get("busy_seconds", patience) != wanted:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={math.ceil(wanted * 1000)}")
        connection.info["busy_seconds"] = wanted


def _postgresql(address: URL, patience: float, connections: int) -> Engine:
    from bridge.store.postgresql import connect_in_time  # noqa: PLC0415 - its driver is an extra

    milliseconds = round(patience * 1000)
    engine = create_engine(
        address.set(drivername="postgresql+psycopg"),
        hide_parameters=True,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=patience,
        pool_pre_ping=True,  # a restarted server must not cost a caller the first turn after it
        connect_args={
            "connect_timeout": max(2, round(patience)),
            "tcp_user_timeout": milliseconds,
            # The server gives up a lock first, for then the connection is still good. And an office may have
            # set its server to commit without the disk: decisions must not be lost then.
            "options": f"-c lock_timeout={round(milliseconds * 0.8)} -c synchronous_commit=on",
        },
    )
    event.listen(
        engine, "do_connect", lambda _dialect, _record, args, kwargs: connect_in_time(*args, **kwargs)
    )
    return engine


_ENGINES = {"sqlite": _sqlite, "postgres": _postgresql, "postgresql": _postgresql}
