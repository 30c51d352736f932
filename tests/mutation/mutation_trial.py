"""A trial: the tests of an area against one mutant of one module, and what they said."""

import json
import os
import signal
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from coverage import CoverageData
from mutation_areas import Target
from mutation_judge import Awake, Case, Judge, Verdict
from mutation_mutants import Mutant, plain
from mutation_tree import Chosen, Tree

Reached = Mapping[int, frozenset[str]]
"""Per line of a module as `plain` writes it the tests that ran it."""


@dataclass
class Baseline:
    """A module's own tests on the module as it is: which of them run which line, and how long they take."""

    reached: Reached
    imported: frozenset[int]
    seconds: Mapping[str, float]

    def case(self, mutant: Mutant) -> Case:
        """How a mutant is judged."""
        tests = self.of(mutant)
        return Case(mutant, tests, 40 + 6 * sum(self.seconds[name] for name in tests))

    def of(self, mutant: Mutant) -> list[str]:
        """The tests that can tell a mutant, the quickest first."""
        return sorted(self.reached.get(mutant.written_line, ()), key=lambda name: (self.seconds[name], name))


def baseline(tree: Tree, target: Target) -> Baseline:
    """Play all tests of a target on its own text.

    Raises:
        RuntimeError: they fail without any mistake, so they can tell none.
    """
    tree.write(target.module, plain(tree.read(target.module)))
    (tree.folder / "mutation.coveragerc").write_text(
        f"[run]\nconcurrency = thread\ninclude = {target.module}\ndata_file = {tree.folder}/reached\n"
    )
    coverage = ["--cov", "--cov-config=mutation.coveragerc", "--cov-context=test", "--cov-report="]
    tests = [f"tests/{name}" for name in target.tests]
    pid = tree.play([*coverage, *tests], learn=Chosen())
    _, status = os.waitpid(pid, 0)
    if status:
        raise RuntimeError(f"{target.module}: its tests fail on the module as it is:\n{tree.told()[-3000:]}")
    seconds = json.loads((tree.folder / "seconds.json").read_text())
    return _known(tree, target, seconds)


def _known(tree: Tree, target: Target, seconds: Mapping[str, float]) -> Baseline:
    data = CoverageData(str(tree.folder / "reached"))
    data.read()
    found = data.contexts_by_lineno(str(tree.folder / target.module))
    # What runs when the module is imported runs in nobody's name, and any test may see what it left.
    imported = frozenset(line for line, told in found.items() if "" in told)
    names = frozenset(seconds)
    reached = {line: names & {one.rpartition("|")[0] for one in told} for line, told in found.items()}
    return Baseline({line: names if line in imported else reached[line] for line in found}, imported, seconds)


@dataclass
class Trial:
    """A mutant being judged in a tree."""

    case: Case
    tree: Tree
    pid: int
    awake: Awake

    @classmethod
    def begin(cls, tree: Tree, target: Target, case: Case) -> "Trial":
        """Spoil the module and play the tests that reach the mistake."""
        tree.write(target.module, case.mutant.text)
        pid = tree.play(["-x", *files(case.tests)], Chosen(case.tests))
        return cls(case, tree, pid, Awake())

    def verdict(self) -> Verdict | None:
        """What the tests said; None as long as they play."""
        gone, status = os.waitpid(self.pid, os.WNOHANG)
        if gone:
            return "survived" if status == 0 else "killed"
        if self.awake() < self.case.patience:
            return None
        os.killpg(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        return "timeout"


def files(names: Iterable[str]) -> list[str]:
    """The files that tests are in."""
    return list(dict.fromkeys(name.partition("::")[0] for name in names))


def judged(
    trees: Sequence[Tree], target: Target, mutants: Sequence[Mutant], known: Baseline
) -> Iterator[tuple[Mutant, Verdict]]:
    """Judge mutants side by side in the trees; what no test reaches has survived."""
    yield from ((mutant, "survived") for mutant in mutants if not known.of(mutant))
    cases = [known.case(mutant) for mutant in mutants if known.of(mutant)]
    inside = [case for case in cases if case.mutant.written_line not in known.imported]
    left = [case for case in cases if case.mutant.written_line in known.imported]
    for case, verdict in _in_one_go(trees, target, inside):
        if verdict == "left":
            left.append(case)
        else:
            yield case.mutant, verdict
    yield from _one_by_one(trees, target, left)


def _in_one_go(
    trees: Sequence[Tree], target: Target, cases: Sequence[Case]
) -> Iterator[tuple[Case, Verdict | Literal["left"]]]:
    """Mistakes within functions: each tree collects its tests once and forks for every mutant."""
    begun = []
    for number, tree in enumerate(trees):
        mine, told = cases[number :: len(trees)], tree.folder / "verdicts.txt"
        told.write_text("")
        tree.write(target.module, plain(tree.read(target.module)))
        names = sorted({name for case in mine for name in case.tests})
        judge = Judge(tree.folder / target.module, mine, told)
        begun.append((tree, mine, told, tree.play(files(names), Chosen(names), judge) if mine else 0))
    for tree, mine, told, pid in begun:
        status = os.waitpid(pid, 0)[1] if pid else 0
        lines = [json.loads(line) for line in told.read_text().splitlines()]
        if status or len(lines) != len(mine):
            raise RuntimeError(f"{target.module}: its tests were not played:\n{tree.told()[-3000:]}")
        yield from ((mine[number], verdict) for number, verdict in lines)


def _one_by_one(
    trees: Sequence[Tree], target: Target, cases: Sequence[Case]
) -> Iterator[tuple[Mutant, Verdict]]:
    """Mistakes that show when a module is imported: everything is imported anew for each."""
    waiting, free, running = list(reversed(cases)), list(trees), list[Trial]()
    while waiting or running:
        while free and waiting:
            running.append(Trial.begin(free.pop(), target, waiting.pop()))
        time.sleep(0.01)
        for trial in running[:]:
            if (verdict := trial.verdict()) is not None:
                running.remove(trial)
                free.append(trial.tree)
                yield trial.case.mutant, verdict
