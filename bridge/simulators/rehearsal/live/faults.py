"""Strikes machines while people phone: kills, replaces and besieges them, and freezes their database."""

import os
import signal
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from bridge.simulators.rehearsal.live.machine import Machine
from bridge.simulators.rehearsal.live.site import LiveDeployment, serving

HALF = (
    b"POST /voice HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\nCallSid=CA"
)
HALVES = 200
"""Half-sent requests that are open at the same time: more than a machine has threads."""
SHORT, LONG = 2.0, 5.0
"""For how long a strike goes on, in seconds."""


@dataclass
class RecurringFault:
    """Strikes again about `apart` seconds after the last fault is over; `struck` counts how often."""

    site: LiveDeployment
    rng: Random
    apart: float
    strike: Callable[[Machine, Random], None]
    struck: int = 0
    failed: list[BaseException] = field(default_factory=list)

    @contextmanager
    def striking(self) -> Iterator["RecurringFault"]:
        """Strike while the block runs, then leave every machine whole; raises MachineNotReady."""
        over = threading.Event()
        thread = threading.Thread(target=self._strike_until, args=(over,), name="trouble")
        thread.start()
        try:
            yield self
        finally:
            over.set()
            thread.join()
        if self.failed:
            raise self.failed[0]

    def _strike_until(self, over: threading.Event) -> None:
        try:
            while not over.wait(self.rng.uniform(0.5, 1.5) * self.apart):
                self.strike(self.site.machines[self.struck % len(self.site.machines)], self.rng)
                self.struck += 1
        except Exception as failure:  # noqa: BLE001 - whatever it is, the thread's owner raises it
            self.failed.append(failure)


def kill_a_worker(machine: Machine, rng: Random) -> None:
    """End one of its workers where it stands, and wait until another has taken its place."""
    victim = rng.choice(machine.workers())
    machine.kill_worker(victim)
    machine.replaced(victim)


def replace(machine: Machine, rng: Random) -> None:
    """Deploy it anew: end it and start it, or have it replace its workers."""
    if rng.random() < 0.5:  # noqa: PLR2004 - one as often as the other
        machine.restart()
    else:
        machine.reload()


def send_halves(machine: Machine, rng: Random) -> None:
    """Send it the beginnings of many requests, and hang up some seconds later."""
    with ExitStack() as opened:
        for _ in range(HALVES):
            client = socket.create_connection(("127.0.0.1", machine.port), LONG)
            opened.enter_context(client).sendall(HALF)
        time.sleep(rng.uniform(SHORT, LONG))


def freeze_database(machine: Machine, rng: Random) -> None:
    """Let its database answer nothing for some seconds, without closing a connection.

    The processes of a PostgreSQL that serve it are stopped; an SQLite file is locked.
    """
    seconds, file = rng.uniform(SHORT, LONG), machine.database.removeprefix("sqlite:///")
    if file != machine.database:
        with closing(sqlite3.connect(file, timeout=LONG, isolation_level=None)) as database:
            database.execute("BEGIN EXCLUSIVE")
            time.sleep(seconds)
            database.execute("ROLLBACK")
        return
    # The numbers of a server on another computer mean other processes here, or none.
    stopped = [process for process in serving(machine.database) if _is_postgresql(process)]
    try:
        for process in stopped:
            os.kill(process, signal.SIGSTOP)
        time.sleep(seconds)
    finally:
        for process in stopped:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGCONT)


def _is_postgresql(process: int) -> bool:
    """Tell whether a process of this computer is a PostgreSQL's."""
    with suppress(OSError):
        return Path(f"/proc/{process}/comm").read_text().startswith("postgres")
    return False
