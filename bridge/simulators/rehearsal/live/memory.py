"""Whether workers keep what they no longer need: their memory while calls come and go for a long time."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bridge.simulators.rehearsal.live.site import LiveDeployment

EVERY = 2.0
"""Seconds between two looks."""
WARM = 0.35
"""The part of the time after which a worker has all it ever needs."""
WINDOW = 0.15
"""The part of the time over which memory is averaged: what is in hand at a moment comes and goes."""


def own_memory(process: int) -> int:
    """Bytes a process holds for itself alone, and its share of what it holds with others (Linux' PSS)."""
    for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    raise LookupError("this system does not tell a process's memory")


@dataclass
class Memory:
    """The memory of all workers of a site, looked at every `EVERY` seconds."""

    site: LiveDeployment
    looks: dict[int, list[int]] = field(default_factory=dict)

    @contextmanager
    def watching(self, also: Callable[[], object] = lambda: None) -> Iterator["Memory"]:
        """Look while the block runs; `also` is called with every look."""
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
        """Note the memory of every worker there is."""
        for worker in [one for machine in self.site.machines for one in machine.workers()]:
            with suppress(OSError):
                self.looks.setdefault(worker, []).append(own_memory(worker))

    @property
    def largest(self) -> int:
        """The most that a worker ever held, in bytes."""
        return max((max(looks) for looks in self.looks.values()), default=0)

    @property
    def growth(self) -> int:
        """By how many bytes the worker that grew most has grown since it was warm."""
        return max((grown(looks) for looks in self.looks.values()), default=0)


def grown(looks: list[int]) -> int:
    """What was added between the first window after warming up and the last one."""
    size = max(1, int(len(looks) * WINDOW))
    warm = int(len(looks) * WARM)
    return int(median(looks[-size:]) - median(looks[warm : warm + size]))
