"""A real gunicorn with a canary at its Tagor, everything that it and its workers write caught in files."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import requests
from leaks_canary import CANARY, METRICS, Scanner, Secrets, canaries
from shared_process import PATIENCE, plain, until

from bridge.package_files import package_file
from bridge.simulators.demo import Card, card_of, environment
from bridge.simulators.provider.account import PhoneLine
from bridge.simulators.provider.api import RestApi
from bridge.simulators.provider.phone import Phone
from bridge.simulators.tagor import StandIn
from bridge.store.migrate import migrate

LOUD = {"BRIDGE_LOG_LEVEL": "DEBUG", "BRIDGE_METRICS": METRICS, "BRIDGE_TAGOR_SECONDS": "20"}


class Server:
    """The line as its operator runs it, on `port`; `extra` are further settings of the environment.

    `figures` is what its workers had counted when it ended. All canaries stand in the file `everything` of
    its folder, for whoever wants to break with them.
    """

    def __init__(self, folder: Path, port: int, tagor: StandIn, extra: Mapping[str, str]) -> None:
        self.tagor, self._folder, self.figures = tagor, folder, ""
        self.environ = environment(folder, port, tagor) | LOUD | dict(extra)
        sheet = folder / "offices" / "demo.toml"
        sheet.write_text(sheet.read_text("utf-8").replace("pin_digits = 6 ", "pin_digits = 8 "), "utf-8")
        self.api = RestApi(self.environ["BRIDGE_ACCOUNT"], self.environ["BRIDGE_TOKENS"])
        self.environ["BRIDGE_PROVIDER_API"] = self.api.url
        migrate(self.environ["DATABASE_URL"])
        tagor.controls.add_case(CANARY)
        self.card: Card = card_of(self.environ, tagor)
        secrets = Secrets(self.card.account, self.card.token, (tagor.key,), self.environ["BRIDGE_SECRET"])
        self.known = canaries(secrets)
        (folder / "everything").write_text("\n".join(self.known.values()), "utf-8")

    @property
    def written(self) -> str:
        """All that the server has written to its two streams."""
        return "".join((self._folder / name).read_text("utf-8") for name in ("stdout", "stderr"))

    def found(self) -> dict[str, list[str]]:
        """The canaries in what was written and counted, and in the database as it lies there."""
        scanner = Scanner(self.known)
        seen = {file.name: scanner.in_bytes(file.read_bytes()) for file in self._folder.glob("bridge.db*")}
        seen["streams"] = scanner.in_text(self.written)
        seen["figures"] = scanner.in_text(self.figures)
        return {place: names for place, names in seen.items() if names}

    def phone(self, caller: str) -> Phone:
        """A handset that calls it over HTTP."""
        card = self.card
        number = PhoneLine(
            voice_url=card.voice,
            account_sid=card.account,
            auth_token=card.token,
            number=card.number,
            fallback_url=card.fallback,
            status_url=card.status,
            owned=frozenset({card.caller_id}),
            keep=self.api.recordings.put,
        )
        return Phone(number, caller, strict=False)

    def workers(self) -> list[int]:
        """The processes that answer calls."""
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        return [int(child) for child in children.read_text().split()]

    def kill_a_worker(self) -> None:
        """End one of them where it stands, and wait until another has taken its place."""
        before = self.workers()
        os.kill(before[0], signal.SIGKILL)
        until(lambda: len(self.workers()) == len(before) and self.workers() != before)

    @contextmanager
    def running(self) -> Iterator["Server"]:
        """Serve while the block runs."""
        with ExitStack() as open_ones:
            open_ones.enter_context(self.api)
            out, err = (
                open_ones.enter_context((self._folder / name).open("w")) for name in ("stdout", "stderr")
            )
            self._process = subprocess.Popen(  # noqa: S603 - our own server
                [sys.executable, "-m", "gunicorn", "-c", str(package_file("gunicorn.conf.py"))],
                cwd=self._folder,
                env=plain(self.environ),
                stdout=out,
                stderr=err,
            )
            try:
                until(self._is_ready)
                yield self
                self.figures = self._counted()
            finally:
                self._process.terminate()
                self._process.wait(PATIENCE)

    def _counted(self) -> str:
        """Ask for the figures as Prometheus does."""
        headers = {"Authorization": f"Bearer {METRICS}"}
        answer = requests.get(f"{self.card.public}/metrics", headers=headers, timeout=30)
        assert answer.ok
        return answer.text

    def _is_ready(self) -> bool:
        assert self._process.poll() is None, self.written
        with suppress(requests.RequestException):
            return requests.get(f"{self.card.public}/readyz", timeout=5).ok
        return False
