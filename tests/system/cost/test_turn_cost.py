"""What a turn costs is counted, not timed: statements, transactions, and functions of ours that are entered.

The numbers are ceilings. Who makes a turn cheaper lowers them in the same commit, so that the gain stays; who
needs a statement more says in that commit what for.
"""

import sqlite3
import sqlite3.dbapi2
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Semaphore
from typing import Any

import pytest
from shared_line import LONG_ENOUGH, Line
from shared_profile import Profile

from bridge.store import pin_attempts
from bridge.store.deferred_results import DeferredResults
from bridge.telephony.reply_check import ReplyCheck

STATEMENTS = {"ring": 6, "welcome": 7, "menu key": 7, "repeated webhook": 2}
"""How many statements a turn may execute, its connection's settings and the journal of steps included."""
TRANSACTIONS = {"ring": 1, "welcome": 1, "menu key": 1, "repeated webhook": 0}
FUNCTIONS = {"ring": 77, "welcome": 75, "menu key": 80, "repeated webhook": 29}
"""How many different functions of the bridge and the flows a turn may enter, in the webhook's own thread."""
_BEGIN, _END = "BEGIN", ("COMMIT", "ROLLBACK")


class StatementLog:
    """Notes what SQLite executes in the thread that answers webhooks here, while `reading` is open."""

    def __init__(self) -> None:
        self._thread, self._noted = threading.get_ident(), list[str]()

    def note(self, statement: str) -> None:
        if threading.get_ident() == self._thread:
            self._noted.append(statement)

    @contextmanager
    def reading(self) -> Iterator[list[str]]:
        self._noted.clear()
        executed: list[str] = []
        yield executed
        executed += self._noted


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> StatementLog:
    """Reads along on every connection that is opened from now on, whoever opens it."""
    log, connect = StatementLog(), sqlite3.dbapi2.connect

    def connected(*arguments: Any, **options: Any) -> sqlite3.Connection:  # noqa: ANN401 - sqlite3's
        connection = connect(*arguments, **options)
        connection.set_trace_callback(log.note)
        return connection

    for module in (sqlite3, sqlite3.dbapi2):
        monkeypatch.setattr(module, "connect", connected)
    return log


@pytest.fixture
def turns(
    log: StatementLog,  # noqa: ARG001 - what is opened reads along
    real_patience: None,  # noqa: ARG001 - the look-up is not waited for
    open_line: Callable[[], Line],
    monkeypatch: pytest.MonkeyPatch,
) -> dict[str, Callable[[], object]]:
    """A new call rings, is welcomed, presses a menu key, and that webhook comes again.

    Connections are open already, and each turn finds what was asked ahead.
    """
    monkeypatch.setattr(ReplyCheck, "checks_all", False)  # as in production
    monkeypatch.setattr(pin_attempts, "PLENTY_LASTS", timedelta(days=1))  # however slow this machine is
    line, stored, put = open_line(), Semaphore(0), DeferredResults.put
    monkeypatch.setattr(DeferredResults, "put", lambda *late: (put(*late), stored.release()))

    def turn(path: str, call: str, *, asks_ahead: bool = False, **fields: str) -> Callable[[], object]:
        def play() -> None:
            assert line.webhook(path, call, **fields)[0] == 200
            assert not asks_ahead or stored.acquire(timeout=LONG_ENOUGH)

        return play

    def turns(call: str) -> dict[str, Callable[[], object]]:
        return {
            "ring": turn("/voice", call, asks_ahead=True),
            "welcome": turn("/voice/turn/1/on", call, asks_ahead=True),
            "menu key": turn("/voice/turn/2", call, Digits="1"),
            "repeated webhook": turn("/voice/turn/2", call, Digits="1"),
        }

    for play in turns("CA" + "6" * 32).values():
        play()
    return turns("CA" + "7" * 32)


def test_a_turn_executes_no_more_statements_than_are_written_down(
    turns: dict[str, Callable[[], object]], log: StatementLog
):
    """In no more transactions either; both are told if there are more."""
    for turn, play in turns.items():
        with log.reading() as executed:
            play()
        begun = [one for one in executed if one.startswith(_BEGIN)]
        work = [one for one in executed if not one.startswith((_BEGIN, *_END))]
        assert len(begun) <= TRANSACTIONS[turn], (turn, executed)
        assert 0 < len(work) <= STATEMENTS[turn], (turn, executed)


def test_a_turn_enters_no_more_functions_than_are_written_down(turns: dict[str, Callable[[], object]]):
    """Whoever reads what a turn does reads these."""
    for turn, play in turns.items():
        with Profile() as profile:
            play()
        names = sorted(f"{Path(code.co_filename).stem}.{code.co_qualname}" for code in profile.ours())
        assert 0 < len(names) <= FUNCTIONS[turn], (turn, " ".join(names))
