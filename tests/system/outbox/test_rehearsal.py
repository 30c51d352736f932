"""Four couriers, killed at random moments, in a world that answers badly: every job done, nothing doubled."""

import sys
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # its workers import their neighbours too

from outbox_rehearsal import Played, Rehearsal, play
from outbox_world import FATES
from shared_postgres import new_database

from bridge.store.job import JobState
from bridge.store.migrate import migrate


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        migrate(f"sqlite:///{tmp_path}/outbox.db")
        yield f"sqlite:///{tmp_path}/outbox.db"
        return
    with new_database() as url:
        migrate(url)
        yield url


@pytest.fixture
def seed(rng: Random) -> str:
    """Give the rehearsal's seed, which a failure shows."""
    seed = f"{rng.getrandbits(32):08x}"
    print(f"rehearsal: {seed}")  # noqa: T201 - shown with a failure
    return seed


def check(played: Played, jobs: int) -> None:
    world = played.world
    followed = sum(number % 3 > 0 for number in range(jobs))
    assert played.counts == {JobState.READY: 0, JobState.DONE: jobs + followed, JobState.DEAD: 0}
    single = {key: times for key, times in world.effects.items() if not key.endswith(" after")}
    assert Counter(single.values()) == {1: jobs}
    assert len(world.effects) - len(single) == followed
    assert world.too_early == []
    assert 0 < played.dead <= world.fates["never"]  # who is killed before the burial asks once more
    assert set(world.fates) == set(FATES)
    assert world.looks > 0


def test_every_job_is_done_and_what_must_be_single_is_single(url: str, seed: str):
    """A sample of the rehearsal: 300 jobs, a dozen workers killed."""
    rehearsal = Rehearsal(
        seed, jobs=300, troubles=1, kills=12, kills_per_second=4, speed=60, latest=timedelta(minutes=3)
    )
    played = play(rehearsal, url)
    check(played, 300)
    assert played.kills > 0


@pytest.mark.rehearsal
@pytest.mark.timeout(3600)
def test_ten_thousand_jobs(url: str, seed: str, capsys: pytest.CaptureFixture[str]):
    rehearsal = Rehearsal(
        seed, jobs=10_000, troubles=2, kills=400, kills_per_second=4, speed=20, latest=timedelta(minutes=2)
    )
    played = play(rehearsal, url)
    with capsys.disabled():
        print(f"\n{url[:6]} {seed} kills {played.kills} dead {played.dead} {played.world.fates}")  # noqa: T201
    check(played, 10_000)
    assert played.kills > 100
