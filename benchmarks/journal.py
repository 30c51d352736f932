"""Plays calls in pairs, one with the journal of steps and one without, and compares what their turns take.

`make bench PAGES=1` measures it too; `python -m benchmarks.journal` does so alone.
"""

import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from unittest.mock import patch

from flask.testing import FlaskClient

from benchmarks.deployment import BridgeSetup
from benchmarks.tagor import tagors
from benchmarks.webhooks import CallBytes
from bridge.app.create import create_app
from bridge.settings import Settings
from bridge.simulators.rehearsal.live.site import numbered_case

RESULTS = Path(__file__).parent / "results" / "journal.json"
WARM, PAIRS = 30, 400
MAX_RATIO = 1.05
"""What the turns of a call may cost with the journal, as a share of what they cost without."""
TURNS = ("ring", "welcome", "menu key", "wrong key", "end")


def turn_costs(folder: Path, pairs: int = PAIRS) -> dict[str, dict[str, float]]:
    """Give, for each kind of turn, its median milliseconds with the journal and without, and their ratio.

    The two calls of a pair go turn by turn, and who goes first changes with each pair. What the processor
    does on the whole way of a webhook is measured: signature, flow, database, reply.
    """
    with tagors(1, [0.0]) as running:
        setup = BridgeSetup(folder / "line", running, f"sqlite:///{folder / 'line.db'}")
        app = create_app(Settings.read(setup.environ), environ=setup.environ)
        took = defaultdict[tuple[str, bool], list[float]](list)
        for number in range(WARM + pairs):
            calls = {kept: TimedCall(app.test_client(), setup, kept=kept) for kept in (True, False)}
            order = (True, False) if number % 2 else (False, True)
            for turn in TURNS:
                for kept in order:
                    milliseconds = calls[kept].play(turn)
                    if number >= WARM:
                        took[turn, kept].append(milliseconds)
    return {turn: _compared(took[turn, True], took[turn, False]) for turn in TURNS} | {"call": _calls(took)}


def too_dear(told: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Say whether a call costs more with the journal than it may."""
    ratio = told["call"]["ratio"]
    over = f"a call costs {ratio} of one without the journal, more than {MAX_RATIO}"
    return [over] if ratio > MAX_RATIO else []


class TimedCall:
    """A call whose turns are timed; `kept` tells whether its steps are written down."""

    def __init__(self, client: FlaskClient, setup: BridgeSetup, *, kept: bool = True) -> None:
        self._client, self._kept = client, kept
        self._bytes = CallBytes(setup.account, numbered_case(0).phone or "", setup.number())
        self._url, self._last = setup.account.url, b""

    def play(self, turn: str) -> float:
        """Play one turn of `TURNS`, and give its milliseconds of the processor."""
        match turn:
            case "ring":
                asked = self._bytes.ring()
            case "welcome":
                asked = self._bytes.following(self._last) or b""
            case "end":
                asked = self._bytes.ended()
            case _:
                asked = self._bytes.keys(self._last, "1" if turn == "menu key" else "*")
        head, _, body = asked.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines)
        with _journal(self._kept):
            begun = time.thread_time()
            answer = self._client.post(first.split()[1], data=body, headers=headers, base_url=self._url)
            took = 1000 * (time.thread_time() - begun)
        assert answer.status_code in (200, 204), (turn, answer.status)  # noqa: S101 - an error is not measured
        self._last = answer.data
        return took


@contextmanager
def _journal(kept: bool) -> Iterator[None]:  # noqa: FBT001 - as it is
    if kept:
        yield
        return
    with patch("bridge.store.calls.write_steps", lambda *_: None):
        yield


def _compared(kept: list[float], without: list[float]) -> dict[str, float]:
    """Compare pair by pair: a slow moment of the machine slows both."""
    ratios = [one / other for one, other in zip(kept, without, strict=True)]
    return {
        "with": round(median(kept), 3),
        "without": round(median(without), 3),
        "ratio": round(median(ratios), 3),
    }


def _calls(took: Mapping[tuple[str, bool], list[float]]) -> dict[str, float]:
    sums = (
        [sum(one) for one in zip(*(took[turn, kept] for turn in TURNS), strict=True)]
        for kept in (True, False)
    )
    return _compared(*sums)


def main(pairs: int) -> int:
    """Measure, write the ratios as JSON, and say by the exit status whether they hold."""
    with TemporaryDirectory(prefix="bridge-journal-") as folder:
        told = turn_costs(Path(folder), pairs)
    failures = too_dear(told)
    RESULTS.write_text(
        json.dumps({"pairs": pairs, "turns": told, "failures": failures}, indent=1) + "\n", "utf-8"
    )
    print(json.dumps(told["call"]), *(f"FAIL: {one}" for one in failures), sep="\n")  # noqa: T201 - the figures are what it is run for
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else PAIRS))
