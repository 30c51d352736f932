"""Follows a page that leads to a change of the project, step by step, in a copy of it."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]

STEP = re.compile(
    r"(?P<where>new file|after|before|at the end\s+of)?(?: |\n *)*`(?P<path>[a-z_/]+\.(?:py|toml))`"
    r"(?:, (?P<side>after|before|in place of) `(?P<line>[^`]+)`)?:\n\n   ```(?:python|text|toml)\n"
    r"(?P<code>.*?)\n   ```\n",
    re.DOTALL | re.IGNORECASE,
)


class Step(NamedTuple):
    """One block of code: the file it belongs to, the line it stands beside or replaces, and how."""

    path: str
    side: str
    line: str
    code: str


def steps(page: str, heading: str) -> list[Step]:
    """Find the steps below a heading of a page; what is shown of a screen is none."""
    section = (ROOT / page).read_text("utf-8").split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return [
        Step(
            one["path"],
            (one["side"] or one["where"] or "").lower(),
            one["line"] or "",
            _unindented(one["code"]),
        )
        for one in STEP.finditer(section)
    ]


def blocks(page: str, heading: str) -> int:
    """Count the blocks of code below a heading."""
    section = (ROOT / page).read_text("utf-8").split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return section.count("   ```") // 2


def _unindented(code: str) -> str:
    """Take away the three blanks by which a block stands in its list, and no others."""
    return "".join(f"{line[3:]}\n" for line in code.split("\n"))


def copy_after(followed: Iterable[Step], folder: Path) -> Path:
    """Copy the project's program there, follow the steps in it, and give the folder."""
    for part in ("bridge", "voice_flows", "offices"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "gunicorn.conf.py"):
        shutil.copy(ROOT / name, folder)
    for step in followed:
        _follow(step, folder)
    return folder


def _follow(step: Step, root: Path) -> None:
    path = root / step.path
    if not step.line:
        before = path.read_text("utf-8") if path.exists() else ""
        assert bool(before) is step.side.startswith("at the end"), step.path
        path.write_text(before + step.code, "utf-8")
        return
    lines = path.read_text("utf-8").splitlines(keepends=True)
    [at] = [number for number, line in enumerate(lines) if line.rstrip("\n") == step.line]
    lines[at + (step.side == "after") : at + (step.side != "before")] = [step.code]
    path.write_text("".join(lines), "utf-8")


def python(root: Path, *arguments: str) -> str:
    """Run Python in the copy, and give what it says."""
    command = [sys.executable, *arguments]
    environment = {"PYTHONPATH": str(root), "PATH": ""}
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own Python
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
