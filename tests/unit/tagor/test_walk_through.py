"""The walk-through in CONTRIBUTING leads from Tagor's contract to a service that answers."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[3]
MAX_FILES = 8

STEP = re.compile(
    r"(?P<where>new file|after|before|at the end of)?(?: |\n)*`(?P<path>[a-z_/]+\.py)`"
    r"(?:, (?P<side>after|before) `(?P<line>[^`]+)`)?:\n\n   ```(?:python|text)\n(?P<code>.*?)\n   ```\n",
    re.DOTALL,
)
ASK = """
import time
from types import SimpleNamespace

from bridge.clock import SYSTEM_CLOCK
from bridge.conversation.services.file import FileService
from bridge.simulators.tagor import CASES, StandIn
from bridge.tagor import ApiKey, Deadline, Tagor

with StandIn() as standin:
    tagor = Tagor(standin.url, ApiKey(standin.key), allow_http=True)
    scope = SimpleNamespace(tagor=tagor, deadline=Deadline(SYSTEM_CLOCK, 30))
    for case in CASES[:2]:
        print(FileService(scope).opened(SimpleNamespace(id=case.file_id)))
"""


class Step(NamedTuple):
    """One block of code: the file it belongs to, the line it stands beside, and on which side."""

    path: str
    side: str
    line: str
    code: str


def steps() -> list[Step]:
    section = (ROOT / "CONTRIBUTING.md").read_text().split("## Adding a question to Tagor", 1)[1]
    section = section.split("\n## ", 1)[0]
    found = [
        Step(one["path"], one["side"] or one["where"] or "", one["line"] or "", unindented(one["code"]))
        for one in STEP.finditer(section)
    ]
    assert 2 * len(found) == section.count("   ```"), "every block of code names its file"
    return found


def unindented(code: str) -> str:
    """Take away the three blanks by which a block stands in its list, and no others."""
    return "".join(f"{line[3:]}\n" for line in code.split("\n"))


def follow(step: Step, root: Path) -> None:
    path = root / step.path
    if not step.line:
        before = path.read_text() if path.exists() else ""
        assert bool(before) is (step.side == "at the end of"), step.path
        path.write_text(before + step.code)
        return
    lines = path.read_text().splitlines(keepends=True)
    [at] = [number for number, line in enumerate(lines) if line.rstrip("\n") == step.line]
    lines.insert(at + (step.side == "after"), step.code)
    path.write_text("".join(lines))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the project in which the steps were followed."""
    for part in ("bridge", "voice_flows"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for step in steps():
        follow(step, tmp_path)
    return tmp_path


def python(root: Path, *arguments: str) -> str:
    command = [sys.executable, *arguments]
    environment = {"PYTHONPATH": str(root), "PATH": ""}
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own Python
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_whoever_follows_the_steps_gets_an_answer(copy: Path):
    """The days on which two files were opened; the code keeps to the project's rules."""
    assert python(copy, "-c", dedent(ASK)).split("\n") == ["2023-01-18", "2023-02-19", ""]
    written = sorted({step.path for step in steps()})
    assert len(written) <= MAX_FILES
    python(copy, "-m", "ruff", "check", "--no-cache", *written)
