"""Spoils the five areas line by line and tells which mistakes no test notices: `make mutation`.

`AREA=money,redaction` plays some areas, `ONLY=door` modules with such a name, `SAMPLE=40` so many mutants of
each module as `SEED` chooses, `JOBS=2` so many side by side.
"""

import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Literal

from mutation_areas import AREAS, Target
from mutation_judge import Verdict
from mutation_mutants import Mutant, mutants
from mutation_tree import Tree, warm
from mutation_trial import baseline, judged

WANTED = 95.0
"""Per cent of an area's mutants that its tests must notice."""

ALIKE = Path(__file__).with_name("mutation_alike.txt")
HEAD = f"{'area':<16}{'mutants':>8}{'killed':>8}{'timeout':>8}{'alike':>7}{'survived':>9}{'score':>8}"


def alike() -> frozenset[str]:
    """The mutants that no test can tell from the module; each stands with its reason."""
    lines = ALIKE.read_text().splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def chosen(target: Target, source: str) -> list[Mutant]:
    """All mutants of a module, or a sample of them."""
    made = list(mutants(source))
    most = int(os.environ.get("SAMPLE", len(made)))
    dice = Random(f"{os.environ.get('SEED', '1')} {target.module}")
    kept = dice.sample(made, min(most, len(made)))
    return sorted(kept, key=made.index)


def play(target: Target, trees: list[Tree]) -> Iterator[Verdict | Literal["alike"]]:
    """Judge a module's mutants, and show those that live."""
    source, same = trees[0].read(target.module), alike()
    known = baseline(trees[0], target)
    for mutant, verdict in judged(trees, target, chosen(target, source), known):
        listed = f"{target.module} {mutant.name}" in same
        if verdict == "survived" and not listed:
            tell(f"{target.module}:{mutant.line} {mutant.name}")
        yield "alike" if verdict == "survived" and listed else verdict
    for tree in trees:
        tree.write(target.module, source)


def tell(text: str) -> None:
    """Say it at once: a run is long, and who starts it looks on."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def row(area: str, tally: Counter[str]) -> str:
    """An area's line in the table."""
    return (
        f"{area:<16}{tally.total():>8}{tally['killed']:>8}{tally['timeout']:>8}{tally['alike']:>7}"
        f"{tally['survived']:>9}{score(tally):>7.1f}%"
    )


def score(tally: Counter[str]) -> float:
    """Per cent of the mutants that were noticed, of those that can be."""
    return 100 * (tally["killed"] + tally["timeout"]) / max(1, tally.total() - tally["alike"])


def main() -> int:
    """Play, and fail when an area's tests notice too little."""
    areas = os.environ.get("AREA", "").split(",") if os.environ.get("AREA") else list(AREAS)
    tallies: dict[str, Counter[str]] = {area: Counter() for area in areas}
    warm()
    with tempfile.TemporaryDirectory(prefix="bridge-mutation-") as folder:
        trees = [Tree(Path(folder) / str(number)) for number in range(int(os.environ.get("JOBS", "2")))]
        for area in areas:
            for target in AREAS[area]:
                if os.environ.get("ONLY", "") in target.module:
                    began, tally = time.monotonic(), Counter(play(target, trees))
                    tallies[area] += tally
                    tell(f"{row(target.module, tally)} in {time.monotonic() - began:.0f} s")
    tell("\n".join(["", HEAD, *(row(area, tally) for area, tally in tallies.items())]))
    return 0 if all(score(tally) >= WANTED for tally in tallies.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
