"""The world outside the bridge in an outbox rehearsal: does what it is asked, answers badly, counts.

One line in, one line out, on a socket. What becomes of a request is drawn from the seed and the job's key, so
that the same seed makes the same trouble whoever asks and however often somebody is killed.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Lock, Thread
from typing import cast

FATES = {"answered": 12, "answer lost": 3, "question lost": 3, "late": 3, "refused": 3, "never": 1}
"""What happens to a write, and how often in proportion."""


class World:
    """What has happened outside; safe for many threads.

    Args:
        seed: of all fates.
        troubles: how often a job is answered badly at most, so that a rehearsal ends.
        now: the rehearsal's clock.
        latest: how late an effect may come after a connection broke.
    """

    def __init__(self, seed: str, troubles: int, now: Callable[[], datetime], latest: timedelta) -> None:
        self.effects: Counter[str] = Counter()
        self.fates: Counter[str] = Counter()
        self.looks = 0
        self.too_early: list[str] = []
        self.mended = False
        self._seed, self._troubles, self._now, self._latest = seed, troubles, now, latest
        self._lock = Lock()
        self._asked: Counter[tuple[str, str]] = Counter()
        self._late: dict[str, list[datetime]] = defaultdict(list)

    def answer(self, line: str) -> str:
        """Do what a line asks and give the answer; empty when the connection breaks instead."""
        what, key = line.split(" ", 1)
        with self._lock:
            self._asked[what, key] += 1
            chance = Random(f"{self._seed} {line} {self._asked[what, key]}")
            return {"write": self._write, "look": self._look, "again": self._again}[what](key, chance)

    def settle(self) -> None:
        """Let everything happen that is still to come late."""
        with self._lock:
            for key, times in self._late.items():
                self.effects[key] += len(times)
            self._late.clear()

    def _write(self, key: str, chance: Random) -> str:
        """Have an effect that must be single."""
        fate = self._fate(key, chance)
        self.fates[fate] += 1
        if fate in ("answered", "answer lost"):
            self.effects[key] += 1
        if fate == "late":
            self._late[key].append(self._now() + chance.random() * self._latest)
        return {"answered": "done", "refused": "refused", "never": "never"}.get(fate, "")

    def _fate(self, key: str, chance: Random) -> str:
        doomed = Random(f"{self._seed} {key}").random() < FATES["never"] / sum(FATES.values())
        if doomed and not self.mended:
            return "never"
        troubles = [fate for fate in FATES if fate != "never"]
        if self._asked["write", key] > self._troubles:
            return "answered"
        return chance.choices(troubles, [FATES[fate] for fate in troubles])[0]

    def _look(self, key: str, chance: Random) -> str:
        """Tell whether the effect is there, but for every tenth time."""
        self.looks += 1
        due = [at for at in self._late[key] if at <= self._now()]
        self.effects[key] += len(due)
        self._late[key] = [at for at in self._late[key] if at not in due]
        if self._asked["look", key] <= self._troubles and chance.random() < 0.1:
            return ""
        return "yes" if self.effects[key] else "no"

    def _again(self, key: str, chance: Random) -> str:
        """Do what may be done again, but for every tenth time; it follows from a single effect."""
        if not self.effects[key.removesuffix(" after")]:
            self.too_early.append(key)
        if self._asked["again", key] <= self._troubles and chance.random() < 0.1:
            return ""
        self.effects[key] += 1
        return "done"


class Server(ThreadingTCPServer):
    """Answers for a world until it is closed."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, world: World) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.world = world
        self.address: tuple[str, int] = self.socket.getsockname()
        Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing when a worker is killed while it asks."""


class _Handler(StreamRequestHandler):
    def handle(self) -> None:
        line = self.rfile.readline().decode()
        if line.endswith("\n"):  # else its worker was killed in the middle of the word
            self.wfile.write(cast("Server", self.server).world.answer(line.strip()).encode())
