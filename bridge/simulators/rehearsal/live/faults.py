"""Strikes machines while people phone: kills workers, and replaces machines one after the other."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random

from bridge.simulators.rehearsal.live.machine import Machine
from bridge.simulators.rehearsal.live.site import LiveDeployment


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
