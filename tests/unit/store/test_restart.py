"""A PostgreSQL that restarts: whoever meets it waits until it is back, and nothing is written twice."""

from collections.abc import Callable
from contextlib import closing

import psycopg
import pytest
from sqlalchemy import bindparam, func, insert, literal_column, select

from bridge.clock import Clock
from bridge.store.database import Database
from bridge.store.errors import StoreDown
from bridge.store.postgresql import BoundedConnection
from bridge.store.server_restart import RESTART_SECONDS, again_if_cut, seconds_without_restarts
from bridge.store.statement import Statement, Transaction
from bridge.store.tables import write_probe

Open = Callable[..., Database]

_PROBE = Statement(insert(write_probe).values(token=bindparam("word")))
_WHO = Statement(select(func.pg_backend_pid().label("pid")))
_NO_NUMBER = Statement(select(literal_column("1/0").label("none")))

pytestmark = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)


class Restart:
    """A server that greets nobody until the clock, which only waiting moves, has come so far."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seconds = self.back_at = 0.0
        self.clock = Clock(monotonic=lambda: self.seconds, sleep=self._sleep)
        connect = BoundedConnection.connect

        def greeted(*args: str, **kwargs: str) -> BoundedConnection:
            if self.seconds < self.back_at:
                raise psycopg.OperationalError("the database system is starting up")
            return connect(*args, **kwargs)

        monkeypatch.setattr(BoundedConnection, "connect", greeted)

    def _sleep(self, seconds: float) -> None:
        self.seconds += seconds


@pytest.fixture
def restart(monkeypatch: pytest.MonkeyPatch) -> Restart:
    return Restart(monkeypatch)


def write(database: Database) -> None:
    with database.on_cursor("turn") as transaction:
        _PROBE.execute(transaction, word="one")


def count(database: Database) -> int:
    with database.reading() as connection:
        return connection.scalar(select(func.count(write_probe.c.token)))


def end_session(transaction: Transaction, url: str) -> None:
    """Do to this session what a server does to all of them before it restarts."""
    [session] = _WHO.rows(transaction)
    with closing(psycopg.connect(url, autocommit=True)) as operator:
        assert operator.execute("SELECT pg_terminate_backend(%s, 60000)", [session.pid]).fetchone() == (True,)


@pytest.mark.parametrize("used", [write, Database.ping_write])
def test_whoever_finds_nobody_there_waits_until_it_is_back(
    url: str, opened: Open, restart: Restart, used: Callable[[Database], None]
):
    """And what was waited is known, so that nobody takes the database for a slow one."""
    database = opened(url, clock=restart.clock)
    before = seconds_without_restarts(restart.clock)
    restart.back_at = 1.0
    database.close()  # with the server go all of its connections
    used(database)
    assert restart.seconds == pytest.approx(1.0, abs=0.11)
    assert seconds_without_restarts(restart.clock) == pytest.approx(before)


def test_nobody_waits_longer_than_a_transaction_may(url: str, opened: Open, restart: Restart):
    database = opened(url, clock=restart.clock)
    restart.back_at = 100.0
    database.close()
    with database.budget.webhook(0.5), pytest.raises(StoreDown):
        write(database)
    assert 0.3 < restart.seconds <= 0.5


def test_a_server_that_stays_away_is_waited_for_by_nobody(url: str, opened: Open, restart: Restart):
    """Callers hear the fixed words at once, as in every outage; after it a restart is waited for again."""
    restart.back_at = 100.0
    database = opened(url, clock=restart.clock)
    gave_up = restart.seconds
    assert gave_up == pytest.approx(RESTART_SECONDS, abs=0.11)
    with pytest.raises(StoreDown):
        write(database)
    assert restart.seconds == gave_up
    restart.seconds = 100.0
    write(database)
    database.close()
    restart.back_at = 100.5
    assert count(database) == 1


def test_what_is_ended_before_its_commit_is_done_once_more(url: str, opened: Open):
    """The server has undone it, so it is there once."""
    database, tries = opened(url), list[int]()

    @again_if_cut("before commit")
    def write_amid_a_restart() -> None:
        tries.append(1)
        with database.on_cursor("durable") as transaction:
            _PROBE.execute(transaction, word="one")
            if len(tries) == 1:
                end_session(transaction, url)
            _PROBE.execute(transaction, word="two")

    write_amid_a_restart()
    assert (len(tries), count(database)) == (2, 2)


def test_what_is_ended_at_its_commit_is_not_done_again(url: str, opened: Open):
    """Nobody knows what became of it: only who compares a version may try once more."""
    database, tries = opened(url), list[int]()

    @again_if_cut("before commit")
    def write_amid_a_restart() -> None:
        tries.append(1)
        with database.on_cursor("durable") as transaction:
            _PROBE.execute(transaction, word="one")
            end_session(transaction, url)

    with pytest.raises(StoreDown) as down:
        write_amid_a_restart()
    assert (tries, down.value.cut, down.value.code) == ([1], "at commit", "57P01")


def test_what_the_server_refuses_is_not_done_again(url: str, opened: Open):
    """It would refuse it a second time."""
    with pytest.raises(StoreDown) as down, opened(url).on_cursor("durable") as transaction:
        _NO_NUMBER.execute(transaction)
    assert (down.value.code, down.value.cut) == ("22012", None)
