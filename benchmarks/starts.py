"""Measures how soon a new server answers and what its two workers hold, the bridge beside the sample."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks import servers
from benchmarks.deployment import BridgeSetup
from benchmarks.load import asking, play
from benchmarks.servers import WORKERS, Server
from benchmarks.webhooks import CallBytes
from bridge.package_files import import_folder
from bridge.simulators.rehearsal.live.machine import until

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

FIRST_CALLS = 40
"""New calls after which both workers have served some."""


@dataclass(frozen=True, slots=True)
class Start:
    """How many seconds after exec a server answered, and how many megabytes its two workers then hold."""

    first_answer: float
    megabytes: float


def starts(folder: Path, setup: BridgeSetup, environ: Mapping[str, str], times: int) -> dict[str, Start]:
    """Start the sample and the bridge in turns; gives the medians of both."""
    ways: dict[str, Callable[[], AbstractContextManager[Server]]] = {
        "signed_sample": lambda: servers.sample(folder, "signed_sample", environ),
        "bridge": lambda: servers.bridge(folder, "bridge", setup.environ),
    }
    seen: dict[str, list[Start]] = {name: [] for name in ways}
    for _ in range(times):
        for name, way in ways.items():
            with way() as server:
                until(lambda server=server: len(server.workers()) == WORKERS)  # type: ignore[misc]
                calls = [CallBytes(setup.account, "+32471000001", setup.number()) for _ in range(FIRST_CALLS)]
                play(server, asking([one.ring() for one in calls]))
                seen[name].append(Start(server.first_answer, server.memory()))
    return {
        name: Start(median(one.first_answer for one in each), median(one.megabytes for one in each))
        for name, each in seen.items()
    }


def help_seconds(times: int) -> float:
    """Return how long `bridge --help` takes, in seconds."""
    taken = []
    for _ in range(times):
        began = time.monotonic()
        subprocess.run(
            [sys.executable, "-m", "bridge", "--help"],
            check=True,
            stdout=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": str(import_folder())},
        )
        taken.append(time.monotonic() - began)
    return median(taken)
