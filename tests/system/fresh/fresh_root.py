"""A fresh Debian in a folder: what debootstrap lays down, with this machine's own ways to packages."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

import pytest
from shared_process import until
from shared_programs import needed

PROJECT = Path(__file__).parents[3]
PLACE = "/var/tmp"  # noqa: S108 - on a disk: where memory is mounted, no devices may be
DEBOOTSTRAP = "debootstrap"
"""Only long runs need it, so CI, which plays none of them, does not install it."""
AUTHORITY = "/etc/authority-of-packages.pem"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
PIP = re.compile(
    r"^\S+?\.(index-url|trusted-host|proxy|default-timeout|timeout|retries|cert)='(.*)'$", re.MULTILINE
)
APT = re.compile(r"^Acquire::(?:Check-|http|Retries|ForceIP).*$", re.MULTILINE)


class StepFailed(AssertionError):
    """A command of a page or of a Dockerfile failed in a fresh root; the text names it, with its output."""


class FreshRoot:
    """One root: commands run in it as `chroot` runs them, with this machine's network and no systemd."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._started: list[subprocess.Popen[bytes]] = []
        self.environ = {"PATH": PATH, "HOME": "/root", "LANG": "C.UTF-8"} | _ways_to_packages()

    def path(self, inside: str) -> Path:
        """Give where a path of this root lies on this machine."""
        return self.folder / inside.lstrip("/")

    def write(self, inside: str, text: str, mode: int = 0o644) -> None:
        """Write a file, with the folders above it."""
        self.path(inside).parent.mkdir(parents=True, exist_ok=True)
        self.path(inside).write_text(text, "utf-8")
        self.path(inside).chmod(mode)

    def command(self, *words: str, user: str = "root", at: str = "/") -> list[str]:
        """Give the words that run a command in here, as a user of this root and at a folder of it."""
        chroot = ["/usr/sbin/chroot", f"--userspec={user}", str(self.folder)]
        return [*chroot, "/bin/sh", "-c", 'cd "$0" && exec "$@"', at, *words]

    def run(
        self,
        *words: str,
        user: str = "root",
        at: str = "/",
        environ: Mapping[str, str] | None = None,
        answers: str = "",
    ) -> str:
        """Run a command to its end and give what it said; `answers` are typed to it.

        Raises:
            StepFailed: it ended with another status than 0.
        """
        done = subprocess.run(  # noqa: S603 - in a root of our own
            self.command(*words, user=user, at=at),
            env={**self.environ, **(environ or {})},
            input=answers,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            raise StepFailed(f"{shlex.join(words)}\nended with status {done.returncode}:\n{done.stdout}")
        return done.stdout

    def start(
        self, name: str, *words: str, user: str, at: str, environ: Mapping[str, str]
    ) -> "subprocess.Popen[bytes]":
        """Start a command that goes on; its output is in `/var/log/NAME.log` of this root."""
        with self.path(f"/var/log/{name}.log").open("ab") as log:
            process = subprocess.Popen(  # noqa: S603 - in a root of our own
                self.command(*words, user=user, at=at),
                env=dict(environ),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._started.append(process)
        return process

    def processes(self) -> set[int]:
        """Find the processes that run in this root."""
        found = set()
        for place in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if (place / "root").readlink() == self.folder:
                    found.add(int(place.name))
        return found

    def end_processes(self) -> None:
        """End what still runs in here, whoever started it: the package's nginx, the shell, the line."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            for process in self.processes():
                with suppress(ProcessLookupError):
                    os.kill(process, number)
            with suppress(AssertionError):
                until(lambda: not self.processes())
        for process in self._started:
            process.wait()


class Shell:
    """A root's shell at which somebody types line after line: folder, variables and options stay."""

    _DONE = "the line is done:"

    def __init__(self, root: FreshRoot) -> None:
        self._root = root
        self._process = subprocess.Popen(  # noqa: S603 - in a root of our own
            root.command("bash", at="/root"),
            env=root.environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def type(self, line: str, answers: str = "") -> str:
        """Type a line and give what it said; `answers` are what it asks for.

        Raises:
            StepFailed: it ended with another status than 0.
        """
        keyboard, screen = self._process.stdin, self._process.stdout
        assert keyboard
        assert screen
        self._root.write("/root/answers", answers)
        keyboard.write(f'{{ {line}\n}} < /root/answers; echo "{self._DONE} $?"\n')
        keyboard.flush()
        said = []
        for row in screen:
            before, done, status = row.partition(self._DONE)
            said.append(before)
            if done and int(status) == 0:
                return "".join(said)
            if done:
                raise StepFailed(f"{line}\nended with status {int(status)}:\n{''.join(said)}")
        raise StepFailed(f"{line}\nended the shell:\n{''.join(said)}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        """Let the shell end, as its reader's does who goes home."""
        with self._process:
            self._process.terminate()


@contextmanager
def fresh_debian() -> Iterator[Path]:
    """Lay the smallest Debian down, of this machine's own version and from its own mirror.

    Where that cannot be done the test is skipped, and says why.
    """
    if os.geteuid() != 0:
        pytest.skip("no fresh Debian was made: debootstrap and chroot are for root only")
    needed(DEBOOTSTRAP, DEBOOTSTRAP)
    mirrors = _mirrors()
    if not mirrors:
        pytest.skip("no fresh Debian was made: this machine's own packages come from no Debian mirror")
    base, version, _ = next(row for row in mirrors if "-" not in row[1])
    with _folder("bridge-debian-") as root:
        _told(DEBOOTSTRAP, "--variant=minbase", version, str(root), base)
        sources = "".join(f"deb {address} {suite} {part}\n" for address, suite, part in mirrors)
        (root / "etc/apt/sources.list").write_text(sources)
        (root / "etc/apt/apt.conf.d/99machine").write_text(
            "\n".join(APT.findall(_told("apt-config", "dump")))
        )
        (root / "etc/hosts").write_text("127.0.0.1 localhost\n")
        shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
        if authority := _pip().get("cert"):
            shutil.copy(authority, root / AUTHORITY.lstrip("/"))
        yield root


@contextmanager
def copied(base: Path) -> Iterator[FreshRoot]:
    """Give a copy of a root to work in; in the end its processes and its files are gone."""
    with _folder("bridge-root-") as folder:
        _told("cp", "-ax", f"{base}/.", str(folder))
        root = FreshRoot(folder)
        _told("mount", "-t", "proc", "proc", str(root.path("proc")))
        try:
            yield root
        finally:
            root.end_processes()


@contextmanager
def _folder(prefix: str) -> Iterator[Path]:
    """Make a folder that goes in the end; nothing is deleted while something is mounted below it."""
    folder = Path(tempfile.mkdtemp(dir=PLACE, prefix=prefix))
    folder.chmod(0o755)  # users of the root come through it
    try:
        yield folder
    finally:
        for place in reversed(_mounted_below(folder)):
            _told("umount", "--lazy", place)
        assert not _mounted_below(folder)
        shutil.rmtree(folder)


def _mounted_below(folder: Path) -> list[str]:
    places = [row.split()[1] for row in Path("/proc/mounts").read_text().splitlines()]
    return [place for place in places if place.startswith(f"{folder}/")]


def cloned_into(root: FreshRoot, place: str) -> None:
    """Put a repository there that holds the project's files as they are now, committed or not."""
    names = _told("git", "-C", str(PROJECT), "ls-files", "-z", "-co", "--exclude-standard").split("\0")
    for name in filter(None, names):
        if (PROJECT / name).is_file():
            root.path(f"{place}/{name}").parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(PROJECT / name, root.path(f"{place}/{name}"))
    git = ("git", "-C", str(root.path(place)), "-c", "user.name=t", "-c", "user.email=t@example.be")
    for words in (("init", "-q"), ("add", "-Af"), ("commit", "-qm", "all")):
        _told(*git, *words)


def _mirrors() -> list[tuple[str, str, str]]:
    """List address, suite and component of the Debian mirrors that this machine's apt has."""
    form = "$(REPO_URI) $(RELEASE) $(COMPONENT) $(ORIGIN)"
    told = (
        _told("apt-get", "indextargets", "--format", form, "Created-By: Packages")
        if shutil.which("apt-get")
        else ""
    )
    rows = (line.split() for line in sorted(set(told.splitlines())))
    return [(address, suite, part) for address, suite, part, *origin in rows if origin == ["Debian"]]


def _ways_to_packages() -> dict[str, str]:
    """Give the environment in which apt and pip find packages as they do on this machine."""
    pip = _pip() | ({"cert": AUTHORITY} if "cert" in _pip() else {})
    proxies = {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}
    told = {f"PIP_{name.upper().replace('-', '_')}": value for name, value in pip.items()}
    return {"DEBIAN_FRONTEND": "noninteractive"} | proxies | told


def _pip() -> dict[str, str]:
    return dict(PIP.findall(_told(f"{sys.base_prefix}/bin/python3", "-m", "pip", "config", "list")))


def _told(*words: str) -> str:
    done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603 - this machine's own
    assert done.returncode == 0, f"{shlex.join(words)}\n{done.stdout}{done.stderr}"
    return done.stdout
