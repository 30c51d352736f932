"""Plays the plan drill: a real line dies 504 times while a plan is made, and a table says what held.

`make rehearsal-plans` plays all cells; with `QUICK=1` fourteen that the seed chooses; with `CELL=...` one of
them, as it was played with that `SEED`.
"""

import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from random import Random

from bridge.simulators.rehearsal.judging.promises import PROMISES
from bridge.simulators.rehearsal.live.plan_cells import ALL, PlanCell, sample
from bridge.simulators.rehearsal.live.plan_drill import PlanDrill, PlayedCell

LINES, FEWER_LINES = 9, 4
"""Lines at work side by side for each number of workers: cells mostly wait, but a start takes a second."""


def tally(played: Sequence[PlayedCell], cells: Sequence[PlanCell], seed: int) -> str:
    """Return the last line: how many cells broke each promise, and how many held."""
    broken = Counter(promise for one in played for promise in {why.partition(":")[0] for why in one.broken})
    if missing := len(cells) - len(played):
        broken["not played"] += missing
    counts = ", ".join(
        f"{broken[promise]} broke {promise}" for promise in (*PROMISES, "not played") if broken[promise]
    )
    held = sum(not one.broken for one in played)
    return f"{len(cells)} cells, seed {seed}: {counts or 'no promise broken'}, {held} held"


def told(one: PlayedCell, seed: int) -> Iterator[str]:
    """Yield how to play a cell again, what it broke, and what was heard."""
    yield f"make rehearsal-plans SEED={seed} CELL={one.cell}"
    yield from (f"  {why}" for why in one.broken)
    for prompts in one.heard:
        yield "  heard " + " ".join(prompt for prompt, _ in groupby(prompts))


def chosen(seed: int) -> list[PlanCell]:
    """Return the cells that the environment asks for; raises ValueError for a name that none has."""
    if os.environ.get("CELL"):
        return [PlanCell.named(os.environ["CELL"])]
    cells = sample(seed) if os.environ.get("QUICK") else list(ALL)
    Random(seed).shuffle(cells)
    return cells


def say(words: str) -> None:
    """Print a line at once, also into a pipe."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main() -> int:
    """Play and tell; return the exit status: 1 when anything did not hold."""
    seed = int(os.environ.get("SEED") or 1)
    cells = chosen(seed)
    begun = time.monotonic()
    say(f"{len(cells)} cells, seed {seed}")
    drill = PlanDrill(seed, LINES if len(cells) == len(ALL) else FEWER_LINES)
    for played in drill.play(cells):
        say(f"{played} of {len(cells)} cells played, {time.monotonic() - begun:.0f} s")
    for one in drill.played:
        for line in told(one, seed) if one.broken or len(cells) == 1 else ():
            say(line)
    say(tally(drill.played, cells, seed))
    return 0 if sum(not one.broken for one in drill.played) == len(cells) else 1


if __name__ == "__main__":
    sys.exit(main())
