"""A copy of the project in which modules can be spoilt, and processes that play tests there."""

import importlib
import json
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

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
