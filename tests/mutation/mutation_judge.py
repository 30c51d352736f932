"""Judging mutants without starting anew: pytest collects once, then every mutant gets a fork of its own."""

import gc
import json
import os
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FunctionType
from typing import Literal

import pytest
from mutation_mutants import Mutant

Verdict = Literal["killed", "survived", "timeout"]


SURVIVED, KILLED, LEFT = 0, 1, 77
"""How a fork ends."""


@dataclass(frozen=True)
class Case:
    """A mutant, the tests that can tell it, the quickest first, and the seconds they may take."""

    mutant: Mutant
    tests: Sequence[str]
    patience: float


class Awake:
    """Seconds that a run was awake: one that was stopped for a while gives nobody less time."""

    def __init__(self) -> None:
        self._seen, self._awake = time.monotonic(), 0.0

    def __call__(self) -> float:
        """Seconds until now; what lies between two questions counts for one at most."""
        now = time.monotonic()
        self._awake += min(1.0, now - self._seen)
        self._seen = now
        return self._awake


def functions(path: Path) -> Mapping[str, list[FunctionType]]:
    """Every function that was made from a module, however it is decorated, by its qualified name."""
    found: dict[str, list[FunctionType]] = {}
    for one in gc.get_objects():
        if isinstance(one, FunctionType) and one.__code__.co_filename == str(path):
            found.setdefault(one.__code__.co_qualname, []).append(one)
    return found


def codes(code: CodeType) -> Iterator[CodeType]:
    """A module's code and all code within it."""
    yield code
    for part in code.co_consts:
        if isinstance(part, CodeType):
            yield from codes(part)


def replaced(mutant: Mutant, path: Path, living: Mapping[str, list[FunctionType]]) -> bool:
    """Put a mutant's code into the living function; False when its mistake lies outside of any."""
    made = {code.co_qualname: code for code in codes(compile(mutant.text, str(path), "exec"))}
    code, old = made.get(mutant.scope), living.get(mutant.scope, [])
    if code is None or not old or any(one.__code__ == code for one in old):
        return False
    for one in old:
        one.__code__ = code
    return True


@dataclass
class Judge:
    """A pytest plugin that plays the tests it has collected on one mutant after the other.

    What cannot be put into a living function is left to a process of its own: `left`. Each verdict is a line
    of `told`: the number of the case, and what the tests said.
    """

    path: Path
    cases: Sequence[Case]
    told: Path
    items: dict[str, pytest.Item] = field(default_factory=dict)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """In place of playing all tests once."""
        self.items = {item.nodeid: item for item in session.items}
        living = functions(self.path)
        with self.told.open("a") as told:
            for number, case in enumerate(self.cases):
                told.write(json.dumps([number, self._verdict(case, living)]) + "\n")
                told.flush()
        return True

    def _verdict(self, case: Case, living: Mapping[str, list[FunctionType]]) -> Verdict | Literal["left"]:
        pid = os.fork()
        if not pid:
            os.setpgid(0, 0)
            code = KILLED
            try:
                code = self._played(case) if replaced(case.mutant, self.path, living) else LEFT
            finally:  # whatever a mutant makes of pytest itself, no fork goes on as if it were the judge
                os._exit(code)
        return awaited(pid, case.patience)

    def _played(self, case: Case) -> int:
        self.path.write_text(case.mutant.text)  # for processes that tests start
        items = [self.items[name] for name in case.tests]
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if item.session.testsfailed:
                return KILLED
        return SURVIVED


def awaited(pid: int, patience: float) -> Verdict | Literal["left"]:
    """Wait for a trial; whatever does not end in time is ended, with all it has started."""
    awake = Awake()
    while awake() < patience:
        gone, status = os.waitpid(pid, os.WNOHANG)
        if gone:
            code = os.waitstatus_to_exitcode(status)
            return "left" if code == LEFT else "killed" if code else "survived"
        time.sleep(0.005)
    os.killpg(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return "timeout"
