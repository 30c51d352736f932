"""The image, where no container engine is at hand: each step of the Dockerfile is run in a fresh root."""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from fnmatch import fnmatch
from pathlib import Path
from string import Template

import pytest
from fresh_office import Office, post_to
from fresh_root import PATH, PROJECT, FreshRoot, StepFailed, cloned_into, copied
from shared_process import until

DOCKERFILE = PROJECT / "deploy" / "Dockerfile"
PORT = 8000


class Stage:
    """One stage of the build: a root, and what its instructions have set."""

    def __init__(self, root: FreshRoot) -> None:
        self.root = root
        self.environ = {"PATH": PATH}
        self.user, self.at = "root", "/"
        self.command: list[str] = []
        self.health: list[str] = []
        self.stop_signal = "SIGTERM"

    def run(self, *words: str, **more: str) -> str:
        """Run a command as the container's user does."""
        return self.root.run(*words, environ=self.environ, **{"user": self.user, "at": self.at, **more})


class Build:
    """Runs the instructions that our Dockerfile uses, and no others.

    `python:...` is the fresh Debian with its own Python, under the image's name for it; what `FROM` pulls is
    not tried. `context` is the folder that `COPY` copies from, less what `.dockerignore` names.
    """

    def __init__(self, context: Path, new_root: Callable[[], FreshRoot]) -> None:
        self._context, self._new_root = context, new_root
        self._stages: dict[str, Stage] = {}
        self._stage: Stage | None = None
        self._ignored = [
            row
            for row in (context / ".dockerignore").read_text().splitlines()
            if row and not row.startswith("#")
        ]

    def all_of(self, dockerfile: Path) -> Stage:
        """Run every instruction and give the last stage.

        Raises:
            StepFailed: an instruction failed; the text names it.
        """
        text = re.sub(r"^\s*#.*\n", "", dockerfile.read_text("utf-8"), flags=re.MULTILINE)
        for step in filter(str.strip, text.replace("\\\n", " ").splitlines()):
            word, _, rest = step.partition(" ")
            does = getattr(self, f"_{word.lower()}", None)
            assert does, f"{word}: this test does not know how"
            try:
                does(rest.strip())
            except (StepFailed, OSError, subprocess.CalledProcessError) as error:
                raise StepFailed(f"{step}\n{error}") from error
        return self._now

    @property
    def _now(self) -> Stage:
        assert self._stage, "a Dockerfile begins with FROM"
        return self._stage

    def _from(self, rest: str) -> None:
        image, _, name = rest.partition(" AS ")
        assert image.startswith("python:")
        self._stage = self._stages[name] = Stage(self._new_root())

    def _run(self, rest: str) -> None:
        self._now.run("/bin/sh", "-c", rest)

    def _copy(self, rest: str) -> None:
        *sources, target = rest.split()
        place = self._now.root.path(os.path.join(self._now.at, target))  # noqa: PTH118 - as the image sees it
        if sources[0].startswith("--from="):
            other = self._stages[sources.pop(0).removeprefix("--from=")]
            for source in sources:
                shutil.copytree(other.root.path(source), place, symlinks=True)
            return
        for source in sources:
            if (self._context / source).is_dir():
                shutil.copytree(self._context / source, place, ignore=self._leaves_out, dirs_exist_ok=True)
            else:
                place.mkdir(parents=True, exist_ok=True)
                shutil.copy(self._context / source, place)

    def _leaves_out(self, folder: str, names: list[str]) -> set[str]:
        anywhere = [pattern.removeprefix("**/") for pattern in self._ignored if pattern.startswith("**/")]
        here = self._ignored if Path(folder) == self._context else []
        return {name for name in names if any(fnmatch(name, one) for one in (*anywhere, *here))}

    def _env(self, rest: str) -> None:
        for word in shlex.split(rest):
            name, _, value = word.partition("=")
            self._now.environ[name] = Template(value).substitute(self._now.environ)

    def _user(self, rest: str) -> None:
        self._now.user = rest

    def _workdir(self, rest: str) -> None:
        self._now.at = rest
        self._now.root.path(rest).mkdir(parents=True, exist_ok=True)

    def _expose(self, rest: str) -> None:
        assert int(rest) == PORT

    def _stopsignal(self, rest: str) -> None:
        self._now.stop_signal = rest

    def _healthcheck(self, rest: str) -> None:
        self._now.health = json.loads(rest.partition("CMD ")[2])

    def _cmd(self, rest: str) -> None:
        self._now.command = json.loads(rest)


@contextmanager
def roots_of_python(debian: Path) -> Iterator[Callable[[], FreshRoot]]:
    """Make roots that hold what an image of Python does: `python` with pip and venv, which may install."""
    with ExitStack() as ends:
        base = ends.enter_context(copied(debian))
        base.run("apt-get", "update")
        base.run("apt-get", "install", "-y", "--no-install-recommends", "python3-venv", "python3-pip")
        base.path("/usr/local/bin/python").symlink_to("/usr/bin/python3")
        for guard in base.path("/usr/lib").glob("python3*/EXTERNALLY-MANAGED"):
            guard.unlink()
        ends.callback(base.end_processes)
        yield lambda: ends.enter_context(copied(base.folder))


@pytest.mark.rehearsal
@pytest.mark.timeout(1800)
def test_the_image_that_the_dockerfile_makes_answers_a_call(debian: Path, office: Office, tmp_path: Path):
    """Every instruction runs, the health check holds, a signed call hears the balance, a stop ends it."""
    with roots_of_python(debian) as new_root:
        context = FreshRoot(tmp_path / "context")
        cloned_into(context, "/")
        image = Build(context.folder, new_root).all_of(DOCKERFILE)
        root = image.root
        image.run(
            *("bridge", "office", "new", "myoffice", "--folder", "/etc/bridge/offices"),
            user="root",
            answers=office.answers,
        )
        office.trust(root)
        image.environ |= {**office.settings, "DATABASE_URL": "sqlite:////tmp/bridge.db"}
        image.run("bridge", "migrate")
        line = root.start("bridge", *image.command, user=image.user, at=image.at, environ=image.environ)
        log = root.path("/var/log/bridge.log")

        def is_healthy() -> bool:
            try:
                return image.run(*image.health) == ""
            except StepFailed:
                return False

        until(lambda: is_healthy() or line.poll() is not None)
        assert line.poll() is None, log.read_text()
        office.hears_the_balance(post_to(f"http://127.0.0.1:{PORT}"))
        written = root.run(
            "find", "/", "-xdev", "-uid", image.user, "-not", "-path", f"{image.at}/*", "-type", "f"
        )
        assert written == "", "the root could not be read-only"
        line.send_signal(signal.Signals[image.stop_signal])
        assert line.wait(timeout=30) == 0, log.read_text()
