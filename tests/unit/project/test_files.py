"""What lies beside the code: locks, documents, commands and rooms, each held to what it promises."""

import configparser
import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from bridge.commands.main import COMMANDS
from bridge.settings import Settings

ROOT = Path(__file__).parents[3]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)(\[[a-z0-9,-]+\])?==([^ ;\\]+)")


def pins(lock: Path) -> dict[str, str]:
    """Package and version of every line that names one."""
    return {match[1]: match[3] for line in lock.read_text().splitlines() if (match := PIN.match(line))}


def test_there_are_three_locks() -> None:
    """To run, to set up, to develop."""
    assert [lock.name for lock in LOCKS] == ["dev.txt", "run.txt", "setup.txt"]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_holds_no_address(lock: Path) -> None:
    """Where packages come from is the machine's business; a lock names versions and hashes."""
    text = lock.read_text()
    assert "://" not in text
    assert "index-url" not in text
    assert " @ " not in text


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_locked_package_has_a_hash(lock: Path) -> None:
    """Without one pip would take whatever it is given."""
    packages = re.split(r"\n(?=[a-z])", lock.read_text().split("\n", 2)[2])
    assert len(packages) == len(pins(lock))
    assert [package for package in packages if "--hash=sha256:" not in package] == []


@pytest.mark.parametrize("name", ["run.txt", "setup.txt"])
def test_developers_run_what_users_run(name: str) -> None:
    """The development lock repeats the versions of the other two."""
    own = pins(ROOT / "requirements" / name)
    dev = pins(ROOT / "requirements" / "dev.txt")
    assert {package: dev.get(package) for package in own} == own


def test_every_dependency_is_locked() -> None:
    """A package that pyproject.toml wants and the lock lacks would be installed unchecked."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    names = {re.split(r"[\[<>=!]", wanted)[0] for wanted in project["project"]["dependencies"]}
    assert names <= set(pins(ROOT / "requirements" / "run.txt"))


def test_every_setting_is_documented() -> None:
    """Who reads the README and docs/ finds each environment variable that counts."""
    documents = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    text = "\n".join(document.read_text("utf-8") for document in documents)
    assert [name for name in Settings.names() if not re.search(rf"\b{name}\b", text)] == []


def test_every_command_is_documented() -> None:
    """Who reads the README or CONTRIBUTING.md meets each of them by its name."""
    text = "".join((ROOT / name).read_text("utf-8") for name in ("README.md", "CONTRIBUTING.md"))
    assert [name for name in COMMANDS if not re.search(rf"\bbridge {name}\b", text)] == []


def test_the_readme_is_soon_read() -> None:
    """What needs more words has a page of its own in docs/."""
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= 115


def test_the_readmes_call_is_a_real_one() -> None:
    """Its six lines are those of the recorded call, in the same order."""
    readme, call = ((ROOT / name).read_text("utf-8") for name in ("README.md", "docs/calls/balance-en.md"))
    lines = re.findall(r"^    (line|caller) +(.+)$", readme, re.MULTILINE)
    assert len(lines) == 6
    at = 0
    for who, what in lines:
        at = call.find(f"presses {what}." if who == "caller" else what.rstrip("."), at)
        assert at >= 0, what


def test_the_glossary_has_the_words_that_docs_rely_on() -> None:
    """A reader of the other pages finds the terms they are built on, and none stands there twice."""
    terms = re.findall(r"^\| ([^|]+?) \|", (ROOT / "docs" / "glossary.md").read_text("utf-8"), re.MULTILINE)
    terms = [term for term in terms if term != "term"]
    assert {"claim", "decision", "whisper", "turn", "outbox", "dead letter", "circuit breaker"} <= set(terms)
    assert len(terms) == len(set(terms))


def test_every_room_has_its_place() -> None:
    """A room that .importlinter does not name could import whatever it likes."""
    rules = configparser.ConfigParser()
    rules.read(ROOT / ".importlinter")
    layers = re.findall(r"[a-z_.]+", rules["importlinter:contract:rooms"]["layers"])
    rooms = {
        f"bridge.{room.stem}"
        for room in (ROOT / "bridge").iterdir()
        if not room.name.startswith("_") and (room.suffix == ".py" or (room / "__init__.py").is_file())
    }
    assert {room for room in rooms if not any(layer.startswith(room) for layer in layers)} == set()


def test_make_alone_tells_every_target() -> None:
    """A newcomer types `make` and sees what there is."""
    told = make("--silent")
    targets = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert targets
    assert re.findall(r"^make (\w+) ", told, re.MULTILINE) == targets[1].split()


def test_the_demo_needs_no_developers_tools(tmp_path: Path) -> None:
    """On a fresh machine `make demo` installs what runs and nothing else."""
    steps = make("--dry-run", "demo", at=fresh(tmp_path))
    assert "requirements/run.txt" in steps
    assert "requirements/dev.txt" not in steps
    assert "venv --without-pip" in steps


def test_a_second_run_installs_nothing(tmp_path: Path) -> None:
    """Once set up, `make demo` and `make test` start at once."""
    place = fresh(tmp_path)
    for stamp in (".venv/pyvenv.cfg", ".venv/.run-installed", ".venv/.dev-installed"):
        (place / stamp).parent.mkdir(exist_ok=True)
        (place / stamp).touch()
    assert make("--dry-run", "demo", at=place).splitlines() == [".venv/bin/bridge demo "]
    assert "install" not in make("--dry-run", "test", at=place)


def test_a_changed_lock_is_installed(tmp_path: Path) -> None:
    """After a pull with new versions nobody has to think of it."""
    place = fresh(tmp_path)
    (place / ".venv").mkdir()
    for stamp in (".venv/pyvenv.cfg", ".venv/.run-installed", ".venv/.dev-installed"):
        (place / stamp).touch()
    lock = place / "requirements" / "run.txt"
    newer = (place / ".venv" / ".run-installed").stat().st_mtime + 10
    os.utime(lock, (newer, newer))
    assert "requirements/run.txt" in make("--dry-run", "demo", at=place)


def test_an_old_python_is_refused_in_a_sentence(tmp_path: Path) -> None:
    """Before anything is installed."""
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\nexit 1\n")
    python.chmod(0o755)
    place = fresh(tmp_path)
    with pytest.raises(subprocess.CalledProcessError) as failed:
        make("setup", f"PYTHON={python}", at=place)
    assert "The bridge needs Python 3.11 or newer" in failed.value.stdout
    assert not (place / ".venv" / ".run-installed").exists()


def fresh(tmp_path: Path) -> Path:
    """A copy of what set-up reads, without a .venv."""
    place = tmp_path / "clone"
    shutil.copytree(ROOT / "requirements", place / "requirements")
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, place)
    return place


def make(*words: str, at: Path = ROOT) -> str:
    command = ["make", "--no-print-directory", *words]
    # What `make test` itself was called with is nothing to this one.
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    done = subprocess.run(command, cwd=at, env=bare, capture_output=True, text=True, check=True)  # noqa: S603
    return done.stdout
