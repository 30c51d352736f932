"""The database, where every transaction is a unit of work: it commits all that it wrote, or nothing.

It is one SQLite file beside the bridge, or a PostgreSQL server for several machines. A transaction says
beforehand whether it writes. On SQLite a writer takes the write lock at once (`BEGIN IMMEDIATE`), because a
reader that turns writer fails without waiting; a reader cannot write at all.

A transaction is durable by default: what counts against a PIN or reaches people is on the disk before
anything happens. The turns of a call may be written with `synchronous=NORMAL` on SQLite: they survive every
crash of the bridge, and a power cut costs at most the last of them, never their order. PostgreSQL always
commits to the disk, whatever the server's own setting says.

A PostgreSQL that restarts is waited for (`server_restart.py`).
"""

import math
import sqlite3
from collections import deque
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from secrets import token_hex
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any, Literal

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
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from bridge.clock import SYSTEM_CLOCK, Clock
from bridge.store.errors import BadDatabaseUrl, Cut, StoreDown, WrongSchema
from bridge.store.server_restart import ServerRestart
from bridge.store.statement import Transaction, absent_insert
from bridge.store.tables import OLDER_REVISIONS, REVISION, write_probe
from bridge.store.time_limits import TRANSACTION, TimeBudget, WriteQueue, seconds_left

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

Mode = Literal["read", "turn", "durable", "log"]
"""What a transaction does: it reads, writes a turn, writes what must be on the disk, or cuts SQLite's log."""

_SQLITE_SETTINGS = {
    "read": ("PRAGMA query_only=ON",),
    "turn": ("PRAGMA query_only=OFF", "PRAGMA synchronous=NORMAL"),
    "durable": ("PRAGMA query_only=OFF", "PRAGMA synchronous=FULL"),
}
_LOCK = "BEGIN IMMEDIATE"

WRITE_LOCK_POLL = 0.0005
"""Seconds between two tries to get the write lock of SQLite: about as long as a turn holds it."""


class Database:
    """Opens transactions, and turns every error of the database into a plain one; make one after each fork.

    Args:
        url: `sqlite:///path` or `postgresql://...` (`postgres://` is understood too).
        patience: seconds that one transaction may take, waiting for a lock or a connection included.
        connections: the most connections that are open at once.
        clock: what measures the patience.

    Raises:
        BadDatabaseUrl: the address is neither.
        WrongSchema: the tables are older than this bridge, or there are none. A database that is merely away
            raises nothing here: the line is answered meanwhile, and the database may come back.
    """

    def __init__(
        self, url: str, *, patience: float = 5.0, connections: int = 16, clock: Clock = SYSTEM_CLOCK
    ) -> None:
        self.budget = TimeBudget(clock, patience)
        self._patience, self._clock = patience, clock
        self._free = BoundedSemaphore(connections)
        self._engine = engine_for(url, patience=patience, connections=connections)
        self._driver_errors = driver_errors(self._engine)
        self._is_sqlite = self._engine.dialect.name == "sqlite"
        self._writers = WriteQueue() if self._is_sqlite else None
        # SQLAlchemy's pool takes longer to give a connection than SQLite takes to read a call with it. So
        # turns keep theirs; the pool gets one back when something goes wrong, or when it needs one.
        self._kept: deque[PoolProxiedConnection] = deque()
        self._restart = ServerRestart(clock)
        # A file that cannot be opened does not come back by itself, so nobody waits for it.
        self._unreached = () if self._is_sqlite else (SQLAlchemyError, self._driver_errors)
        # Each kind of transaction is an engine of its own over the same pool, so none is set up per call.
        self._reading = self._engine.execution_options(mode="read", postgresql_readonly=True)
        self._turns = self._engine.execution_options(mode="turn")
        self._durable = self._engine.execution_options(mode="durable")
        try:
            self.check_schema()
        except StoreDown:
            pass  # it may come back, and the line is answered meanwhile
        except WrongSchema:
            self.close()
            raise

    def reading(self) -> AbstractContextManager[Connection]:
        """Open a transaction that sees one moment and cannot write; raises `StoreDown`."""
        return self._transaction(self._reading, "read")

    def writing(self, *, durable: bool = True) -> AbstractContextManager[Connection]:
        """Open a transaction that commits at its end, or not at all when anything is raised in it.

        Keep it short: on SQLite it keeps every other writer waiting. Raises `StoreDown`.
        """
        return self._transaction(*((self._durable, "durable") if durable else (self._turns, "turn")))

    @contextmanager
    def on_cursor(self, mode: Mode) -> Iterator[Transaction]:
        """Open a transaction for `Statement`s; a reading one sees one moment in each statement only.

        It commits at its end, or not at all when anything is raised in it. Raises `StoreDown`.
        """
        with self._admitted(mode):
            try:
                pooled = self._kept.pop()
            except IndexError:
                pooled = self._restart.reached(self._engine.raw_connection, self._unreached)
            driver: Any = pooled.dbapi_connection
            keep = committing = False
            try:
                if self._is_sqlite:
                    # What a reading statement does is known, so it needs no setting that forbids writing.
                    _set_up_transaction(driver, pooled.info, "" if mode == "read" else mode, self._patience)
                elif mode == "read":
                    # A single SELECT is its own transaction, which saves two ways to the server and back.
                    driver.autocommit = True
                yield Transaction(driver, self._engine.dialect)
                committing = True
                driver.commit()
                keep = self._is_sqlite  # a server may have gone meanwhile, which the pool finds out
            except self._driver_errors as broken:
                # A connection that was given up because time is over is closed too, but by us.
                if self._is_sqlite or not driver.closed or (seconds_left() or 0) <= 0:
                    raise
                pooled.invalidate()
                raise store_down(broken, "at commit" if committing else "before commit") from None
            finally:
                if keep:
                    self._kept.append(pooled)
                else:
                    pooled.close()  # the pool rolls back what was not committed

    @contextmanager
    def _transaction(self, engine: Engine, mode: Mode) -> Iterator[Connection]:
        with self._admitted(mode):
            self._give_back()
            with self._restart.reached(engine.connect, self._unreached) as connection, connection.begin():
                yield connection

    def _give_back(self) -> None:
        """Give the pool one of the kept connections back, so that whoever is admitted finds one there."""
        with suppress(IndexError):
            self._kept.pop().close()

    @contextmanager
    def _admitted(self, mode: Mode) -> Iterator[None]:
        """Wait for a connection, as a writer of SQLite first in the queue; give up when the time is over."""
        queue = self._writers if mode in {"turn", "durable"} else None
        left = self.budget.left()
        if left <= 0:
            raise StoreDown("NoTimeLeft")
        before = TRANSACTION.set((self._clock.monotonic() + left, self._clock))
        try:
            # Writers queue without a connection, so that readers find one.
            if queue is not None and not queue.enter(left):
                raise StoreDown("SQLITE_BUSY")
            try:
                # The pool itself waits for a fixed time only, however little of the webhook's budget is left.
                if not self._free.acquire(timeout=max(0.0, seconds_left() or 0.0)):
                    raise StoreDown("NoFreeConnection")
                try:
                    yield
                finally:
                    self._free.release()
            except (SQLAlchemyError, self._driver_errors) as broken:
                raise store_down(broken) from None
            finally:
                if queue is not None:
                    queue.leave()
        finally:
            TRANSACTION.reset(before)

    def check_schema(self) -> str:
        """Return the revision of the tables; raises `WrongSchema` if it is older than this bridge's.

        A newer one is no trouble: revisions only add, so that a roll-back can leave the tables as they are.
        """
        with self.reading() as connection:
            found = revision(connection)
        if found is None or found in OLDER_REVISIONS:
            raise WrongSchema(found, REVISION)
        return found

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
        if self._is_sqlite:
            with self.on_cursor("log") as transaction:
                # Most of it beside the writers; what is left then keeps them out for a moment only.
                for what in ("PASSIVE", "TRUNCATE"):
                    transaction.connection.execute(f"PRAGMA wal_checkpoint({what})").fetchall()

    def close(self) -> None:
        """Close all connections; the next transaction opens new ones."""
        while self._kept:
            self._kept.pop().close()
        self._engine.dispose()


def driver_errors(engine: Engine) -> type[Exception]:
    """Give what every error of the engine's driver is."""
    raised: type[Exception] = engine.dialect.loaded_dbapi.Error
    return raised


def store_down(broken: Exception, cut: Cut | None = None) -> StoreDown:
    """Make a plain error of what SQLAlchemy or the driver raised, for their own texts may carry values."""
    cause = getattr(broken, "orig", None) or broken
    code = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None)
    return StoreDown(code or type(broken).__name__, cut)


@contextmanager
def translated_errors(raised_by_driver: type[Exception]) -> Iterator[None]:
    """Turn what SQLAlchemy or the driver raises into `StoreDown`."""
    try:
        yield
    except (SQLAlchemyError, raised_by_driver) as broken:
        raise store_down(broken) from None


def advisory_lock(connection: Connection, word: str) -> None:
    """Wait until no other transaction holds this word, and hold it until this transaction ends."""
    Transaction.of(connection).lock(word)


def insert_if_absent(connection: Connection, table: Table, **values: Any) -> bool:  # noqa: ANN401 (columns differ in type)
    """Insert a row unless its key is there already, also when another transaction inserts it right now.

    Gives False when it was there.
    """
    added = absent_insert(table)(connection.dialect.name).values(**values)
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
        pool_use_lifo=True,  # the connection used last has the most in its cache
        max_overflow=0,
        pool_timeout=patience,
        connect_args={"timeout": patience},
    )

    def begin(connection: Connection) -> None:
        driver: Any = connection.connection.dbapi_connection
        mode = connection.get_execution_options()["mode"]
        _set_up_transaction(driver, connection.info, mode, patience)
        if mode == "read":
            driver.execute("BEGIN")

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


def _set_up_transaction(
    driver: sqlite3.Connection, known: dict[Any, Any], mode: str, patience: float
) -> None:
    """Begin a transaction of SQLite, and limit how long SQLite itself waits for a lock in it.

    `known` remembers what the connection is set to, so that nothing is set twice.
    """
    left = seconds_left()
    patient = patience if left is None or left > 0.9 * patience else max(left, 0)
    wanted = patient if mode in ("", "read") else 0.0
    if known.get("busy_seconds", patience) != wanted:
        driver.execute(f"PRAGMA busy_timeout={math.ceil(wanted * 1000)}")
        known["busy_seconds"] = wanted
    if mode in _SQLITE_SETTINGS and known.get("mode") != mode:
        for setting in _SQLITE_SETTINGS[mode]:
            driver.execute(setting)
        known["mode"] = mode
    if mode in ("turn", "durable"):
        try:
            driver.execute(_LOCK)
        except sqlite3.OperationalError as error:
            _wait_for_lock(driver, patient, error)


def _wait_for_lock(driver: sqlite3.Connection, seconds: float, error: sqlite3.OperationalError) -> None:
    """Begin to write once another process gives the write lock back; raises `error` if that takes too long.

    The writers of this process come one after the other. SQLite's own wait sleeps longer and longer, up to
    0.1 s, so that under load each process in turn would idle beside a free lock.
    """
    # The machine's clock, as SQLite's own wait has: what is waited for is another process.
    until = SYSTEM_CLOCK.monotonic() + seconds
    while error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY and SYSTEM_CLOCK.monotonic() < until:
        SYSTEM_CLOCK.sleep(WRITE_LOCK_POLL)
        try:
            driver.execute(_LOCK)
        except sqlite3.OperationalError as again:
            error = again
        else:
            return
    raise error


def _postgresql(address: URL, patience: float, connections: int) -> Engine:
    from bridge.store.postgresql import connect_in_time  # noqa: PLC0415 - its driver is an extra

    milliseconds = round(patience * 1000)
    # The server gives up first, for then the connection is still good. And an office may have set its server
    # to commit without the disk: decisions must not be lost then.
    limits = {
        "lock_timeout": round(milliseconds * 0.8),
        "statement_timeout": round(milliseconds * 0.9),
        "synchronous_commit": "on",
    }
    engine = create_engine(
        address.set(drivername="postgresql+psycopg"),
        hide_parameters=True,
        pool_size=connections,
        pool_use_lifo=True,  # the connection used last has the most in its cache
        max_overflow=0,
        pool_timeout=patience,
        pool_pre_ping=True,  # a restarted server must not cost a caller the first turn after it
        connect_args={
            "connect_timeout": max(2, round(patience)),
            "tcp_user_timeout": milliseconds,
            "options": " ".join(f"-c {name}={value}" for name, value in limits.items()),
        },
    )
    event.listen(
        engine, "do_connect", lambda _dialect, _record, args, kwargs: connect_in_time(*args, **kwargs)
    )
    event.listen(engine, "reset", _end_autocommit)
    return engine


def _end_autocommit(driver: Any, _record: object, _state: object) -> None:  # noqa: ANN401 - psycopg's, an extra
    """Let what comes next begin a transaction, also after a statement that failed."""
    if driver.autocommit and not driver.closed:
        driver.rollback()
        driver.autocommit = False


_ENGINES = {"sqlite": _sqlite, "postgres": _postgresql, "postgresql": _postgresql}
