"""The outbox's rehearsal: many jobs, workers that are killed while they work, a world that answers badly."""

import multiprocessing
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.context import ForkServerProcess
from random import Random

from outbox_worker import SINGLE, Address, FakeClock, opened, work
from outbox_world import Server, World

from bridge.store.job import JobState, NewJob

WORKERS = 4
BATCH = 50
BEAT = 0.02


@dataclass(frozen=True)
class Rehearsal:
    """What is played; times are its own clock's, which goes `speed` times as fast as ours.

    `kills` is the most, so that it ends on a slow machine too. No worker is ever held up for as long as
    `latest`, or it would rightly be taken for dead.
    """

    seed: str
    jobs: int
    troubles: int
    kills: int
    kills_per_second: float
    speed: float
    latest: timedelta


@dataclass(frozen=True)
class Played:
    """What came of it: the world, how many were killed, how many letters died, what the outbox counts."""

    world: World
    kills: int
    dead: int
    counts: dict[JobState, int]


class Crew:
    """Worker processes of which one is killed now and then, and replaced at once."""

    def __init__(self, url: str, world: Address, clock: FakeClock, rehearsal: Rehearsal) -> None:
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["bridge.after_call.outbox_worker"])
        self._start_with = url, world, clock
        self._chance = Random(rehearsal.seed)
        self._rehearsal = rehearsal
        self._crew = [self._started() for _ in range(WORKERS)]
        self.kills = 0

    def run_forever(self) -> None:
        """Let them work for a moment, after which one may be killed, whatever it is doing."""
        moment = BEAT * self._chance.random()
        time.sleep(moment)
        wanted = self._chance.random() < moment * self._rehearsal.kills_per_second
        if wanted and self.kills < self._rehearsal.kills:
            number = self._chance.randrange(WORKERS)
            kill(self._crew[number])
            self._crew[number] = self._started()
            self.kills += 1

    def close(self) -> None:
        for process in self._crew:
            kill(process)

    def _started(self) -> ForkServerProcess:
        process = self._context.Process(target=work, args=self._start_with, daemon=True)
        process.start()
        return process


def kill(process: ForkServerProcess) -> None:
    """Kill -9 a worker, which has not ended by itself."""
    process.kill()
    process.join()
    assert process.exitcode == -9
    process.close()


def play(rehearsal: Rehearsal, url: str) -> Played:
    """Play it on a migrated database until nothing waits any more, dead letters retried."""
    clock = FakeClock(time.time(), rehearsal.speed, rehearsal.latest)
    world = World(rehearsal.seed, rehearsal.troubles, clock.now, 0.9 * rehearsal.latest)
    database, outbox = opened(url)
    kinds = list(SINGLE)

    def put(numbers: range) -> None:
        with database.on_cursor("durable") as connection:
            for number in numbers:
                kind = kinds[number % len(kinds)]
                key = f"{kind} {number}"
                outbox.put(connection, NewJob(key, "gent", kind, key.encode(), clock.now()))

    def finish() -> None:
        while outbox.counts()[JobState.READY]:
            for _ in range(10):
                crew.run_forever()

    with closing(Server(world)) as server, closing(Crew(url, server.address, clock, rehearsal)) as crew:
        for first in range(0, rehearsal.jobs, BATCH):
            put(range(first, min(first + BATCH, rehearsal.jobs)))
            crew.run_forever()
        finish()
        letters = outbox.dead_letters()
        world.mended = True
        for letter in letters:
            assert outbox.retry(letter.id, clock.now())
        finish()
    world.settle()
    counts = outbox.counts()
    database.close()
    return Played(world, crew.kills, len(letters), counts)
