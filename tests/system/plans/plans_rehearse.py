"""Rehearses that no plan is ever made twice: a real line dies 504 times, and a tally says what held.

`make rehearsal-plans` plays all cells; with `QUICK=1` a part that the seed chooses, in under 50 seconds;
with `CELL=...` one of them, as it was played with that `SEED`.
"""

import os
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from queue import Empty, SimpleQueue
from random import Random

from plans_cells import ALL, Cell, some
from plans_line import Line
from plans_rehearsal import Played, Rehearsal
from plans_server import Stage
from plans_verdict import PROMISES, Breach

LINES, FEWER_LINES = 9, 4
"""Lines at work side by side for each number of workers: cells mostly wait, but a start takes a second."""

EVERY = 15.0
NOT_PLAYED = "not played"


class Theatre:
    """Plays cells side by side, on so many lines for each number of workers."""

    def __init__(self, folder: Path, seed: int, lines: int, *, hurry: bool = False) -> None:
        self._folder, self._stage = folder, Stage(folder)
        self._seed, self._lines, self._hurry = seed, lines, hurry
        self.played: list[Played] = []

    def play(self, cells: Sequence[Cell]) -> Iterator[int]:
        """Play them all, the longest first; gives, every 15 seconds, how many have been played."""
        threads = [
            thread
            for workers in (1, 2)
            for thread in self._threads(workers, [cell for cell in cells if cell.workers == workers])
        ]
        for thread in threads:
            thread.start()
        told = time.monotonic()
        while any(thread.is_alive() for thread in threads):
            time.sleep(0.1)
            if time.monotonic() > told + EVERY:
                told = time.monotonic()
                yield len(self.played)

    def _threads(self, workers: int, cells: Sequence[Cell]) -> Iterator[threading.Thread]:
        waiting: SimpleQueue[Cell] = SimpleQueue()
        for cell in sorted(cells, key=lambda cell: -cell.delay):
            waiting.put(cell)
        for number in range(min(self._lines, len(cells))):
            folder = self._folder / f"line-{number}-of-{workers}"
            yield threading.Thread(target=self._work, args=(folder, workers, waiting))

    def _work(self, folder: Path, workers: int, waiting: "SimpleQueue[Cell]") -> None:
        with Line(folder, self._stage, workers) as line:
            while line.server.is_up:
                try:
                    cell = waiting.get_nowait()
                except Empty:
                    return
                self.played.append(self._one(line, cell))

    def _one(self, line: Line, cell: Cell) -> Played:
        try:
            return Rehearsal(line, cell, ALL.index(cell), self._seed, hurry=self._hurry).play()
        except Exception as trouble:  # noqa: BLE001 - whatever it is, the other cells are played
            return Played(cell, [Breach(NOT_PLAYED, f"{type(trouble).__name__}: {trouble}")])
        finally:
            line.clear()


def tally(played: Sequence[Played], cells: Sequence[Cell], seed: int) -> str:
    """The last line: how many cells broke each promise, and how many held."""
    broken = Counter(promise for one in played for promise in {breach.promise for breach in one.breaches})
    broken[NOT_PLAYED] += len(cells) - len(played)
    told = [*PROMISES, *([NOT_PLAYED] if broken[NOT_PLAYED] else [])]
    counts = ", ".join(f"{broken[promise]} {promise}" for promise in told)
    return f"{len(cells)} cells, seed {seed}: {counts}, {sum(not one.breaches for one in played)} held"


def told(one: Played, seed: int) -> Iterator[str]:
    """How to play it again, what it broke, and what was heard."""
    yield f"make rehearsal-plans SEED={seed} CELL={one.cell}"
    yield from (f"  {breach.promise}: {breach.how}" for breach in one.breaches)
    for call in one.story.calls if one.story else ():
        yield "  heard " + " ".join(prompt for prompt, _ in groupby(call.prompts))


def chosen(seed: int) -> list[Cell]:
    """The cells that the environment asks for."""
    if os.environ.get("CELL"):
        return [Cell.named(os.environ["CELL"])]
    cells = some(seed) if os.environ.get("QUICK") else list(ALL)
    Random(seed).shuffle(cells)
    return cells


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main() -> int:
    """Play, tell, and give the exit status: 1 when anything did not hold."""
    seed = int(os.environ.get("SEED") or 1)
    cells = chosen(seed)
    begun = time.monotonic()
    say(f"{len(cells)} cells, seed {seed}")
    with tempfile.TemporaryDirectory(prefix="rehearsal-plans-") as folder:
        theatre = Theatre(Path(folder), seed, LINES if len(cells) == len(ALL) else FEWER_LINES)
        for played in theatre.play(cells):
            say(f"{played} of {len(cells)} cells played, {time.monotonic() - begun:.0f} s")
    for one in theatre.played:
        for line in told(one, seed) if one.breaches or len(cells) == 1 else ():
            say(line)
    to_a_person = sum(one.story.to_a_person for one in theatre.played if one.story)
    say(f"{time.monotonic() - begun:.0f} s; {to_a_person} deliveries met a turn in dead hands")
    say(tally(theatre.played, cells, seed))
    return 0 if sum(not one.breaches for one in theatre.played) == len(cells) else 1


if __name__ == "__main__":
    sys.exit(main())
