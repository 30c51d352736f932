"""Back-up and restore as docs/deployment.md tells them: calls go on, and PINs count from the back-up on."""

import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, nullcontext
from datetime import datetime
from pathlib import Path

import pytest
from shared_postgres import new_database, program
from sqlalchemy.engine import make_url
from store_engines import on_every_engine

from bridge.store.claim import OpenTurn, UnknownCall
from bridge.store.database import Database
from bridge.store.encryption import Sealer
from bridge.store.errors import WrongSecret
from bridge.store.migrate import head, migrate
from bridge.store.pin_attempts import BudgetExhausted, PinAttempt
from bridge.store.repositories import Repositories

Open = Callable[..., Database]
BackUp = Callable[[], Callable[[], Database]]
CALL, LATER = "CA" + "0b" * 16, "CA" + "0c" * 16


def back_up(url: str, file: Path) -> None:
    """Take a back-up by the engine's own means."""
    if url.startswith("sqlite"):
        with (
            closing(sqlite3.connect(str(make_url(url).database))) as line,
            closing(sqlite3.connect(file)) as copy,
        ):
            line.backup(copy)
    else:
        dump = [program("pg_dump"), "--format=custom", f"--file={file}", f"--dbname={url}"]
        subprocess.run(dump, check=True)  # noqa: S603 - PostgreSQL's own


@pytest.fixture
def backup(engine: str, url: str, tmp_path: Path, opened: Open) -> Iterator[BackUp]:
    """Take a back-up when called, and give what restores it: into an empty database, which is migrated."""
    file = tmp_path / "backup"
    with new_database() if engine == "postgresql" else nullcontext(f"sqlite:///{file}") as empty:

        def restore() -> Database:
            if engine == "postgresql":
                command = [program("pg_restore"), f"--dbname={empty}", str(file)]
                subprocess.run(command, check=True)  # noqa: S603 - PostgreSQL's own
            assert migrate(empty) == head()
            return opened(empty)

        def take() -> Callable[[], Database]:
            back_up(url, file)
            return restore

        yield take


def answer(kept: Repositories, call: str, turn: int, now: datetime) -> None:
    read = kept.calls.read(call, turn, now)
    assert isinstance(read, OpenTurn)
    kept.calls.save_reply(read, turn, state=b"%d" % turn, reply=b"r", next_turn=turn + 1, now=now)


def tried(kept: Repositories, now: datetime) -> list[object]:
    return list(kept.pin_attempts.count_attempts("gent", ["100"], caller=None, named=True, now=now))


@on_every_engine
def test_what_is_restored_is_what_was_backed_up(
    database: Database, backup: BackUp, seal: Sealer, now: datetime
):
    """What happened after it is unknown, and without the secret nothing can be read."""
    kept = Repositories(database, seal)
    answer(kept, CALL, 0, now)
    assert [type(one) for _ in range(3) for one in tried(kept, now)] == [PinAttempt] * 3
    restore = backup()
    answer(kept, CALL, 1, now)
    answer(kept, LATER, 0, now)
    restored = restore()
    again = Repositories(restored, seal)
    read = again.calls.read(CALL, 1, now)
    assert isinstance(read, OpenTurn)
    assert read.state == b"0"
    assert again.calls.read(LATER, 1, now) == UnknownCall()
    left = [type(one) for _ in range(3) for one in tried(again, now)]
    assert left == [PinAttempt, PinAttempt, BudgetExhausted]
    with pytest.raises(WrongSecret):
        Repositories(restored, Sealer(["the secret of somebody else"]))
