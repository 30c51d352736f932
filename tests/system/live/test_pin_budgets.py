"""PIN budgets hold exactly in 64-way races, and while the database dies and comes back in the middle."""

import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from live_tries import Race
from shared_postgres import OwnServer, new_database

from bridge.app.create import STORE_SECONDS
from bridge.store.database import Database
from bridge.store.migrate import migrate
from bridge.store.pin_attempts import PinLimits

NOW = datetime(2026, 3, 29, 10, tzinfo=UTC)
FULL = 10_000


def wide(most: int) -> PinLimits:
    """So many tries on every file, and no other limit."""
    office = {"office_hour": 99 * most, "office_day": 99 * most}
    return PinLimits(file_day=most, file_life=most, silent_day=most, silent_life=most, **office)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path, empty_database: Path) -> Iterator[str]:
    """An empty store on either engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{shutil.copy(empty_database, tmp_path / 'race.db')}"
        return
    with new_database() as address:
        migrate(address)
        yield address


@pytest.fixture(scope="module")
def server() -> OwnServer:
    return OwnServer()


@contextmanager
def race(url: str, limits: PinLimits, patience: float = 20.0) -> Iterator[Race]:
    with closing(Database(url, patience=patience)) as database:
        yield Race(database, limits, NOW)


def test_64_callers_whose_number_has_three_files_try_each_exactly_three_times(url: str):
    with race(url, PinLimits()) as running:
        running.run(threads=64, tries=64, files=["7", "8", "9"], named=False)
        assert Counter(running.asked) == {"7": 3, "8": 3, "9": 3}


def test_tagor_is_never_asked_more_often_than_counted_when_postgresql_dies_in_the_middle(server: OwnServer):
    survives_crashes(server, tries=96, crashes=1)


def test_tagor_is_never_asked_more_often_than_counted_when_the_file_cannot_be_written_for_a_while(
    tmp_path: Path, empty_database: Path
):
    survives_locks(Path(shutil.copy(empty_database, tmp_path / "race.db")), tries=96, locks=1)


@pytest.mark.rehearsal
@pytest.mark.timeout(1800)
def test_10_000_tries_ask_tagor_exactly_as_often_as_every_budget_allows(url: str):
    with race(url, wide(500)) as running:
        running.run(threads=64, tries=FULL, files=["7", "8", "9"], named=False)
        assert Counter(running.asked) == {"7": 500, "8": 500, "9": 500}


@pytest.mark.rehearsal
@pytest.mark.timeout(1800)
def test_10_000_tries_through_ten_crashes_of_postgresql_stay_within_every_budget(server: OwnServer):
    survives_crashes(server, tries=FULL, crashes=10)


@pytest.mark.rehearsal
@pytest.mark.timeout(1800)
def test_10_000_tries_through_ten_times_without_a_writable_file_stay_within_every_budget(
    tmp_path: Path, empty_database: Path
):
    survives_locks(Path(shutil.copy(empty_database, tmp_path / "race.db")), tries=FULL, locks=10)


def survives_crashes(server: OwnServer, *, tries: int, crashes: int) -> None:
    def crash() -> None:
        server.crash()
        server.start()

    with server.new_database() as url:
        migrate(url)
        with race(url, wide(tries * 3 // 4), patience=STORE_SECONDS) as running:
            interrupted(running, tries=tries, times=crashes, interrupt=crash)


def survives_locks(file: Path, *, tries: int, locks: int) -> None:
    with race(f"sqlite:///{file}", wide(tries * 3 // 4), patience=0.05) as running:

        def lock() -> None:
            """Nothing can be written until somebody was refused."""
            refused = running.refused
            with closing(sqlite3.connect(file, isolation_level=None)) as other:
                other.execute("PRAGMA busy_timeout=20000")
                other.execute("BEGIN IMMEDIATE")
                running.wait(lambda: running.refused > refused or running.over)
                other.execute("ROLLBACK")

        interrupted(running, tries=tries, times=locks, interrupt=lock)


def interrupted(running: Race, *, tries: int, times: int, interrupt: Callable[[], None]) -> None:
    """Run a race through so many interruptions, then prove that every question was counted, and none more."""
    files = ["7", "8", "9"]
    with ThreadPoolExecutor(1) as other:
        raced = other.submit(running.run, threads=64, tries=tries, files=files, named=False)
        for time in range(times):
            running.wait(lambda at=time: running.done >= tries * (at + 1) // times or running.over)
            interrupt()
        raced.result()
    running.use_up(files)
    counted = running.counted()
    assert running.refused > 0
    assert set(running.asked_ids) <= set(counted), "Tagor was asked, and the try is not counted"
    assert Counter(counted.values()) == dict.fromkeys(files, tries * 3 // 4)
