"""Runs simulated Tagors in a process of their own, one for each answer time (`with tagors(...)`)."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from bridge.simulators.rehearsal.live.site import numbered_case
from bridge.simulators.tagor import StandIn


@dataclass(frozen=True, slots=True)
class RunningTagor:
    """A Tagor that takes `seconds` for each answer, and how it is reached."""

    seconds: float
    url: str
    key: str = field(repr=False)


@contextmanager
def tagors(callers: int, waits: Sequence[float]) -> Iterator[list[RunningTagor]]:
    """Run one Tagor for each of `waits` (seconds); each knows the first `callers` of `numbered_case`."""
    command = [sys.executable, "-m", "benchmarks.tagor", str(callers), *map(str, waits)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own
        assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018 - pipes, as asked
        try:
            places = json.loads(process.stdout.readline())
            yield [RunningTagor(wait, *place) for wait, place in zip(waits, places, strict=True)]
        finally:
            process.stdin.close()  # it runs for as long as somebody holds the other end


def main(callers: int, waits: Sequence[float]) -> None:
    """Run the Tagors, tell where they are, and end with the standard input."""
    with ExitStack() as rooms:
        running = [rooms.enter_context(StandIn()) for _ in waits]
        for tagor, seconds in zip(running, waits, strict=True):
            tagor.controls.hours("open")  # also when it is measured at night
            for number in range(callers):
                tagor.controls.add_case(numbered_case(number))
            if seconds:
                tagor.fault("*", "delay", seconds=seconds)
        print(json.dumps([[tagor.url, tagor.key] for tagor in running]), flush=True)  # noqa: T201 - to our parent
        sys.stdin.read()


if __name__ == "__main__":
    main(int(sys.argv[1]), [float(word) for word in sys.argv[2:]])
