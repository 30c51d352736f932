"""Runs the line on several machines with workers of their own, one database and one Tagor."""

import secrets
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from pathlib import Path
from random import Random
from threading import Lock

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from bridge.simulators.demo import card_of, environment
from bridge.simulators.provider.account import PhoneLine
from bridge.simulators.rehearsal.live.machine import Machine, free_port
from bridge.simulators.rehearsal.live.release import Release
from bridge.simulators.tagor import Case, StandIn
from bridge.store.migrate import migrate

MACHINES, WORKERS = 2, 2
_MIGRATING = Lock()
"""Held by whoever migrates a database: Alembic keeps its context in globals, and drills have threads."""
SERVING = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
LEAST = 200
"""The smallest balance, in euro; every file has another one."""


class LiveDeployment:
    """Holds all machines of a line; `with LiveDeployment.open(...)` starts and ends them.

    `machines` may be killed, reloaded and replaced; `tagor` tells what was asked and done.
    """

    def __init__(
        self,
        folder: Path,
        tagor: StandIn,
        database: str,
        *,
        workers: int,
        machines: int,
        application: str = "",
    ) -> None:
        self.tagor, self.folder = tagor, folder
        self.release = Release.of_today(folder / "release")
        self.environ = environment(folder, free_port(), tagor) | {
            "BRIDGE_PUBLIC_URL": "http://line.invalid",
            "BRIDGE_WORKERS": str(workers),
            "DATABASE_URL": database,
            "DRILL_FOLDER": str(folder),
        }
        self.machines = [
            Machine(folder, free_port(), self.release, self.environ, application) for _ in range(machines)
        ]
        card = card_of(self.environ, tagor)
        self.number = PhoneLine(
            voice_url=card.voice,
            account_sid=card.account,
            auth_token=card.token,
            number=card.number,
            fallback_url=card.fallback,
            status_url=card.status,
            owned=frozenset({card.caller_id}),
        )

    @classmethod
    @contextmanager
    def open(
        cls,
        database: str = "",
        *,
        workers: int = WORKERS,
        machines: int = MACHINES,
        application: str = "",
    ) -> Iterator["LiveDeployment"]:
        """Run a line on a database of its own, made on the server that `database` names.

        Without one it is an SQLite file. Raises `MachineNotReady`.
        """
        with ExitStack() as rooms:
            folder = Path(rooms.enter_context(tempfile.TemporaryDirectory(prefix="bridge-live-")))
            tagor = rooms.enter_context(StandIn())
            tagor.controls.hours("open")  # also when it is rehearsed at night
            url = rooms.enter_context(own_database(database)) if database else f"sqlite:///{folder}/bridge.db"
            with _MIGRATING:
                migrate(url)
            site = cls(folder, tagor, url, workers=workers, machines=machines, application=application)
            for machine in site.machines:
                rooms.callback(machine.stop)
                machine.start()
            yield site

    def new_release(self) -> Release:
        """Return another copy of the code, to be changed."""
        return Release.of_today(self.folder / secrets.token_hex(4))

    def open_file(self, number: int, **changes: object) -> Case:
        """Add a new defendant with a file of their own; `changes` are fields of the `Case`."""
        case = numbered_case(number, **changes)
        self.tagor.controls.add_case(case)
        return case


def numbered_case(number: int, **changes: object) -> Case:
    """Return a defendant with a file of their own, one of many; `changes` are fields of the `Case`."""
    usual: Mapping[str, object] = {
        "note": "One of many.",
        "name": f"Caller {number}",
        "phone": f"+32471{number:06d}",
        "file": f"3{number:07d}",
        "file_id": f"92000000000000{number:05d}",
        "party_id": f"93000000000000{number:05d}",
        "reference": f"88{number:05d}",
        "pin": f"{Random(number).randrange(1_000_000):06d}",
        "house_number": "7",
        "balance": LEAST + number + Decimal("0.56"),
    }
    return Case(**{**usual, **changes})  # type: ignore[arg-type]  # as `Case` has them


def serving(database: str) -> list[int]:
    """Return the processes that serve a PostgreSQL database, by their numbers on the server's computer."""
    engine = create_engine(make_url(database).set(drivername="postgresql+psycopg"), hide_parameters=True)
    try:
        with engine.connect() as ours:
            return list(ours.execute(text(SERVING)).scalars())
    finally:
        engine.dispose()


@contextmanager
def own_database(server: str) -> Iterator[str]:
    """Make an empty PostgreSQL database on a server, give its address, and drop it at the end."""
    address = make_url(server).set(drivername="postgresql+psycopg")
    name = f"rehearsal_{secrets.token_hex(8)}"
    engine = create_engine(address, isolation_level="AUTOCOMMIT", hide_parameters=True)
    try:
        with engine.connect() as ours:
            ours.execute(text(f"CREATE DATABASE {name}"))
        yield address.set(database=name).render_as_string(hide_password=False)
        with engine.connect() as ours:
            ours.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    finally:
        engine.dispose()
