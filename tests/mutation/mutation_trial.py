"""A trial: the tests of an area against one text of one module, in a process and a tree of their own."""

import importlib
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from coverage import CoverageData
from mutation_areas import Target
from mutation_judge import Case, Judge, Verdict
from mutation_mutants import Mutant, plain

ROOT = Path(__file__).parents[2]
WARM = (
    "alembic.command",
    "babel.numbers",
    "flask",
    "hypothesis",
    "phonenumbers",
    "pydantic_settings",
    "requests",
)
WARM += (
    "sqlalchemy.orm",
    "structlog",
    "twilio.request_validator",
    "urllib3",
    "werkzeug.serving",
    "logging.config",
)
OPTIONS = ("-q", "-p", "no:randomly", "-p", "no:cacheprovider", "-p", "no:xdist", "--hypothesis-seed=1")
OPTIONS += ("-W", "ignore::pytest.PytestAssertRewriteWarning", "--timeout=300")

Reached = Mapping[int, frozenset[str]]
"""Per line of a module as `plain` writes it the tests that ran it."""


def warm() -> None:
    """Import what all tests need, and nothing of the bridge: every trial forks from here."""
    for name in WARM:
        importlib.import_module(name)


class Chosen:
    """A pytest plugin that plays some tests only, in an order, and takes down how long each of them took."""

    def __init__(self, names: Sequence[str] | None = None) -> None:
        self._ranks = None if names is None else {name: rank for rank, name in enumerate(names)}
        self.seconds: dict[str, float] = {}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out PostgreSQL and rehearsals: SQLite and small runs tell the same sooner."""
        items[:] = [
            item
            for item in items
            if "postgresql" not in item.nodeid and not item.get_closest_marker("rehearsal")
        ]
        if (ranks := self._ranks) is not None:
            items[:] = sorted(
                (item for item in items if item.nodeid in ranks), key=lambda item: ranks[item.nodeid]
            )

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add up set-up, test and clean-up."""
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0.0) + report.duration


class Tree:
    """A copy of the project in which modules can be spoilt."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve() / "tree"
        left_out = shutil.ignore_patterns(".git", ".venv", "var", "__pycache__", ".*_cache", ".hypothesis")
        shutil.copytree(ROOT, self.folder, ignore=left_out)

    def read(self, module: str) -> str:
        """The text of a module as it is now."""
        return (self.folder / module).read_text()

    def write(self, module: str, text: str) -> None:
        """Put a text in a module's place; Python must not take an older one out of its cache."""
        path = self.folder / module
        path.write_text(text)
        for cached in path.parent.glob(f"__pycache__/{path.stem}.*"):
            cached.unlink()

    def play(self, tests: Sequence[str], *plugins: object, learn: Chosen | None = None) -> int:
        """Fork a process that plays tests here, and tells how long they took if it is to `learn` it."""
        pid = os.fork()
        if pid:
            return pid
        os.setpgid(0, 0)
        os.chdir(self.folder)
        sys.dont_write_bytecode = learn is None
        os.environ |= {"PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1"}
        sys.path.insert(0, str(self.folder))
        told = os.open(self.folder / "told.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for stream in (1, 2):
            os.dup2(told, stream)
        base = f"--basetemp={self.folder.parent / 'tmp'}"
        code = pytest.main([*OPTIONS, base, *tests], plugins=[*plugins, *([learn] if learn else [])])
        if learn:
            (self.folder / "seconds.json").write_text(json.dumps(learn.seconds))
        os._exit(code)

    def told(self) -> str:
        """What the last trial printed."""
        return (self.folder / "told.txt").read_text()


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
    tests = [f"tests/{name}" for name in target.tests if (tree.folder / "tests" / name).exists()]
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
    until: float

    @classmethod
    def begin(cls, tree: Tree, target: Target, case: Case) -> "Trial":
        """Spoil the module and play the tests that reach the mistake."""
        tree.write(target.module, case.mutant.text)
        pid = tree.play(["-x", *files(case.tests)], Chosen(case.tests))
        return cls(case, tree, pid, time.monotonic() + case.patience)

    def verdict(self) -> Verdict | None:
        """What the tests said; None as long as they play."""
        gone, status = os.waitpid(self.pid, os.WNOHANG)
        if gone:
            return "survived" if status == 0 else "killed"
        if time.monotonic() < self.until:
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
