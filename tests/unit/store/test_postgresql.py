"""A PostgreSQL that does not answer: whoever waits for it is let go in time."""

import socket
from collections.abc import Callable
from threading import Event

import psycopg
import pytest
from sqlalchemy import Connection, text

from bridge.store.database import Database
from bridge.store.errors import StoreDown
from bridge.store.postgresql import BoundedConnection

Open = Callable[..., Database]

on_postgresql = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)


def sleep_without_limit(connection: Connection) -> None:
    """Do as if the server kept no time either."""
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    connection.execute(text("SELECT pg_sleep(600)"))


@on_postgresql
def test_a_statement_that_is_not_answered_is_given_up(url: str, opened: Open):
    """As with a server that was stopped in the middle; the next transaction gets a new connection."""
    database = opened(url, patience=0.3)
    with pytest.raises(StoreDown), database.writing() as connection:
        sleep_without_limit(connection)
    database.ping_write()


def test_a_server_that_greets_nobody_is_given_up():
    """The system takes connections for a stopped server, and the driver's own time-out is too long."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        database = Database(f"postgresql://office@127.0.0.1:{port}/bridge", patience=0.2)
        with pytest.raises(StoreDown):
            database.ping_write()
        database.close()


@pytest.mark.parametrize("comes", ["connection", "refusal"])
def test_a_connection_that_comes_too_late_is_closed(monkeypatch: pytest.MonkeyPatch, comes: str):
    """Nobody would ever use it, and the server has only so many."""
    go_on, closed, ended = Event(), Event(), Event()

    class Late:
        def close(self) -> None:
            closed.set()

    def connect(*_: object, **__: object) -> Late:
        go_on.wait(60)
        ended.set()
        if comes == "refusal":
            raise psycopg.OperationalError("refused")
        return Late()

    monkeypatch.setattr(BoundedConnection, "connect", connect)
    database = Database("postgresql://office@127.0.0.1:1/bridge", patience=0.1)
    go_on.set()
    assert ended.wait(60)
    assert closed.wait(60) if comes == "connection" else not closed.is_set()
    database.close()


@on_postgresql
def test_what_is_committed_is_on_the_disk_whatever_the_servers_own_setting_is(own_url: str, opened: Open):
    """A server set to answer before the disk does would lose a decision that was sent already."""
    with psycopg.connect(own_url, autocommit=True) as office:
        office.execute(f"ALTER DATABASE {office.info.dbname} SET synchronous_commit = off")
        with psycopg.connect(own_url) as anybody:
            assert anybody.execute("SHOW synchronous_commit").fetchone() == ("off",)
    with opened(own_url).writing() as connection:
        assert connection.scalar(text("SHOW synchronous_commit")) == "on"


@on_postgresql
def test_the_system_gives_up_a_connection_that_is_acknowledged_no_more(url: str, opened: Open):
    """A cut line is found out within the patience too, also while a worker only sends."""
    with opened(url, patience=2.0).reading() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, BoundedConnection)
        parameters = driver.info.get_parameters()
        assert (parameters["tcp_user_timeout"], parameters["connect_timeout"]) == ("2000", "2")
        assert connection.scalar(text("SHOW lock_timeout")) == "1600ms"


@on_postgresql
def test_the_server_gives_up_a_statement_within_the_patience(url: str, opened: Open):
    """So it does not go on working for a caller who was answered long ago; the connection stays good."""
    database = opened(url, patience=2.0)
    with pytest.raises(StoreDown, match="57014"), database.reading() as connection:
        connection.execute(text("SELECT pg_sleep(60)"))
    with database.reading() as connection:
        assert connection.scalar(text("SHOW statement_timeout")) == "1800ms"


def test_an_answer_in_time_is_an_answer(url: str, opened: Open):
    """With the budget of a webhook as without one."""
    database = opened(url)
    with database.budget.webhook(3.0), database.reading() as connection:
        assert connection.scalar(text("SELECT 42")) == 42
