"""Lets 60 new callers a minute come for an hour, with Tagor at 300 ms: `make bench HOUR=1`."""

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import servers
from benchmarks.deployment import BridgeSetup, sqlite_file
from benchmarks.held import Held, at_rate
from benchmarks.tagor import tagors

RESULTS = Path(__file__).parent / "results" / "hour.json"
TAGOR_SECONDS = 0.3
CALLS_A_SECOND = 1.0


def hour(minutes: float) -> Held:
    """Play every call to its end, on a line of its own with two workers, and tell what became of them."""
    seconds = 60 * minutes
    with TemporaryDirectory(prefix="bridge-hour-") as name, sqlite_file(Path(name), "hour") as database:
        folder = Path(name)
        with tagors(int(CALLS_A_SECOND * seconds), [TAGOR_SECONDS]) as running:
            setup = BridgeSetup(folder / "line", running, database)
            with servers.bridge(folder, "line", setup.environ) as server:
                return at_rate(server, setup, TAGOR_SECONDS, CALLS_A_SECOND, seconds)


def main(minutes: float) -> None:
    """Tell the figures, and keep them beside those of the other measurements."""
    held = hour(minutes)
    told = {
        "minutes": minutes,
        "calls_a_minute": 60 * CALLS_A_SECOND,
        "webhooks": len(held.latencies),
        "apologies": held.apologies,
        "p99_s": round(held.p99, 3),
        "slowest_s": round(max(held.latencies), 3),
    }
    RESULTS.write_text(json.dumps(told, indent=1) + "\n", "utf-8")
    print(json.dumps(told))  # noqa: T201 - the figures are what it is played for


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 60.0)
