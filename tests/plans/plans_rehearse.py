"""Rehearses the promise that no plan is made twice: 504 deaths of a real line, each told by its tally.

    make rehearsal-plans                    all of them
    make rehearsal-plans QUICK=1            a part that the seed chooses, in under 50 seconds
    make rehearsal-plans SEED=7 CELL=...    one again, as it was played with that seed
"""

import os
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from queue import Empty, SimpleQueue
from random import Random

from plans_cells import ALL, Cell, some
from plans_line import Line
from plans_rehearsal import Played, Rehearsal
from plans_verdict import PROMISES, Breach

from bridge.store.migrate import migrate

LINES = {1: 7, 2: 7}
"""Lines at work at the same time, by how many workers each has: cells mostly wait."""

EVERY = 15.0
NOT_PLAYED = "not played"


class Theatre:
    """Plays cells on many lines at once."""

    def __init__(self, folder: Path, seed: int, *, hurry: bool = False) -> None:
        self._folder, self._seed, self._hurry = folder, seed, hurry
        self._books = folder / "books.db"
        migrate(f"sqlite:///{self._books}")
        self.played: list[Played] = []

    def play(self, cells: Sequence[Cell], *, tell: bool = True) -> None:
        """Play them all, the longest first."""
        begun = told = time.monotonic()
        threads = []
        for workers, lines in LINES.items():
            waiting: SimpleQueue[Cell] = SimpleQueue()
            ours = [cell for cell in cells if cell.workers == workers]
            for cell in sorted(ours, key=lambda cell: -cell.delay):
                waiting.put(cell)
            threads += [
                threading.Thread(target=self._work, args=(workers, number, waiting))
                for number in range(min(lines, len(ours)))
            ]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            threads[0].join(0.1) if threads[0].is_alive() else time.sleep(0.1)
            if tell and time.monotonic() - told > EVERY:
                told = time.monotonic()
                say(f"{len(self.played)} of {len(cells)} cells played, {told - begun:.0f} s")

    def _work(self, workers: int, number: int, waiting: "SimpleQueue[Cell]") -> None:
        with Line(self._folder / f"line-{workers}-{number}", self._books, workers) as line:
            while True:
                try:
                    cell = waiting.get_nowait()
                except Empty:
                    return
                self.played.append(self._one(line, cell))

    def _one(self, line: Line, cell: Cell) -> Played:
        try:
            return Rehearsal(line, cell, ALL.index(cell), self._seed, hurry=self._hurry).play()
        except Exception as trouble:  # noqa: BLE001 - whatever it is, the other cells are played
            return Played(cell, [Breach(NOT_PLAYED, f"{type(trouble).__name__}: {trouble}")], [])


def tally(played: Iterable[Played], seed: int) -> str:
    """The last line: how many cells broke each promise, and how many held."""
    played = list(played)
    broken = Counter(promise for one in played for promise in {breach.promise for breach in one.breaches})
    counts = ", ".join(f"{broken[promise]} {promise}" for promise in PROMISES)
    if broken[NOT_PLAYED]:
        counts += f", {broken[NOT_PLAYED]} {NOT_PLAYED}"
    return f"{len(played)} cells, seed {seed}: {counts}, {sum(not one.breaches for one in played)} held"


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main() -> int:
    seed = int(os.environ.get("SEED") or 1)
    if os.environ.get("CELL"):
        cells = [Cell.named(os.environ["CELL"])]
    else:
        cells = some(seed) if os.environ.get("QUICK") else list(ALL)
    Random(seed).shuffle(cells)
    begun = time.monotonic()
    say(f"{len(cells)} cells, seed {seed}")
    with tempfile.TemporaryDirectory(prefix="rehearsal-plans-") as folder:
        theatre = Theatre(Path(folder), seed)
        theatre.play(cells)
    for one in theatre.played:
        if one.breaches or len(cells) == 1:
            say(f"make rehearsal-plans SEED={seed} CELL={one.cell}")
            for breach in one.breaches:
                say(f"  {breach.promise}: {breach.how}")
            for heard in one.heard:
                say(f"  heard {' '.join(heard)}")
    say(f"{sum(one.to_a_person for one in theatre.played)} repeats met a turn that a dead worker held")
    say(f"{time.monotonic() - begun:.0f} seconds")
    say(tally(theatre.played, seed))
    return 0 if len(theatre.played) == len(cells) and not any(one.breaches for one in theatre.played) else 1


if __name__ == "__main__":
    sys.exit(main())
