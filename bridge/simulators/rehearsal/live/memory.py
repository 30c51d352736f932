"""Watches the memory of workers while calls come and go: they must not keep what they no longer need."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bridge.simulators.rehearsal.live.site import LiveDeployment

EVERY = 2.0
"""Seconds between two measurements."""
WARM = 0.35
"""The part of the time after which a worker has all it ever needs."""
WINDOW = 0.15
"""The part of the time over which memory is averaged: what a turn needs comes and goes."""


def own_memory(process: int) -> int:
    """Return the bytes of a process: its own and its share of what it holds with others (Linux' PSS)."""
    for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    raise LookupError("this system does not tell a process's memory")


@dataclass
class Memory:
    """Measures the memory of all workers of a deployment every `EVERY` seconds."""

    site: LiveDeployment
    looks: dict[int, list[int]] = field(default_factory=dict)

    @contextmanager
    def watching(self, also: Callable[[], object] = lambda: None) -> Iterator["Memory"]:
        """Measure while the block runs; `also` is called each time."""
        over = threading.Event()

        def watch() -> None:
            while not over.wait(EVERY):
                self.look()
                also()

        thread = threading.Thread(target=watch, name="memory")
        thread.start()
        try:
            yield self
        finally:
            over.set()
            thread.join()

    def look(self) -> None:
        """Measure every worker there is."""
        for worker in [one for machine in self.site.machines for one in machine.workers()]:
            with suppress(OSError):
                self.looks.setdefault(worker, []).append(own_memory(worker))

    @property
    def largest(self) -> int:
        """Return the most that a worker ever held, in bytes."""
        return max((max(looks) for looks in self.looks.values()), default=0)

    @property
    def growth(self) -> int:
        """Return by how many bytes the worker that grew most has grown since it was warm."""
        return max((grown(looks) for looks in self.looks.values()), default=0)


def grown(looks: list[int]) -> int:
    """Return the bytes added between the first window after warming up and the last one."""
    size = max(1, int(len(looks) * WINDOW))
    warm = int(len(looks) * WARM)
    return int(median(looks[-size:]) - median(looks[warm : warm + size]))
