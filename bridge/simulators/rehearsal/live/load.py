"""Plays many callers at once, and tells what became of all of them."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from random import Random

from bridge.simulators.provider.phone import Phone
from bridge.simulators.rehearsal.judging.prompt_recognition import PromptRecognizer
from bridge.simulators.rehearsal.live.caller import PlanCaller, PlanCallResult
from bridge.simulators.rehearsal.live.router import Router
from bridge.simulators.rehearsal.live.site import LiveDeployment
from bridge.simulators.tagor import Case

STACK = 512 * 1024
"""Bytes of memory for one caller's thread: there are thousands."""
LONGEST_WAIT = 600.0
HALF = 0.5


@dataclass(frozen=True, slots=True)
class CallArrivals:
    """Says how callers come: one every `apart` seconds, who thinks `thinks` seconds on average before a key.

    `together`: nobody presses a key before everybody is on the line.
    """

    apart: float
    thinks: float
    together: bool = False


class LineCounter:
    """Counts who is on the line, and lets callers wait until everybody is."""

    def __init__(self, expected: int) -> None:
        self._expected = expected
        self._changed = threading.Condition()
        self.now = self.most = self.came = 0

    def joined(self) -> None:
        """Count one more who is on the line."""
        with self._changed:
            self.now, self.came = self.now + 1, self.came + 1
            self.most = max(self.most, self.now)
            self._changed.notify_all()

    def left(self) -> None:
        """Count one less who is on the line."""
        with self._changed:
            self.now -= 1
            self._changed.notify_all()

    def wait_for(self, share: float) -> None:
        """Wait until this share of those expected have come."""
        with self._changed:
            self._changed.wait_for(lambda: self.came >= share * self._expected, LONGEST_WAIT)


@dataclass(frozen=True, slots=True)
class CallLoad:
    """Holds what became of many calls; `most` were on the line at once, `seconds` is what all of it took.

    `busy` are the seconds of a processor that workers used, which mean something if none of them died.
    """

    told: Sequence[PlanCallResult]
    most: int
    seconds: float
    busy: float

    @property
    def turns(self) -> int:
        """Return how many webhooks asked for a document."""
        return sum(one.turns for one in self.told)

    @property
    def ends(self) -> Counter[str]:
        """Return how many calls had each end."""
        return Counter(one.end for one in self.told)

    @property
    def broken(self) -> list[str]:
        """Return every broken promise, with the file."""
        lost = [f"file {one.case.file}: {one.end}" for one in self.told if one.end.startswith("lost")]
        return lost + [f"file {one.case.file}: {what}" for one in self.told for what in one.broken]


def phone_in(
    site: LiveDeployment,
    cases: Sequence[Case],
    manner: CallArrivals,
    seed: str,
    recognizer: PromptRecognizer,
    *,
    meanwhile: Callable[[], object] = lambda: None,
) -> CallLoad:
    """Let everybody call once about their file, and do something when half of them have come.

    Returns when the last has hung up.
    """
    board, router = LineCounter(len(cases)), Router([one.address for one in site.machines])
    began, used = time.monotonic(), _busy(site)
    before = threading.stack_size(STACK)
    try:
        with ThreadPoolExecutor(len(cases), thread_name_prefix="caller") as threads:
            calls = []
            for place, case in enumerate(cases):
                one = _LiveCall(site, case, manner, Random(f"{seed} {case.file}"), board, router, recognizer)
                calls.append(threads.submit(one.play, began + place * manner.apart))
            board.wait_for(HALF)
            meanwhile()
            told = [call.result() for call in calls]
    finally:
        threading.stack_size(before)
        router.close()
    return CallLoad(told, board.most, time.monotonic() - began, _busy(site) - used)


def _busy(site: LiveDeployment) -> float:
    return sum(machine.busy() for machine in site.machines)


@dataclass(frozen=True, slots=True)
class _LiveCall:
    """Plays one call of many."""

    site: LiveDeployment
    case: Case
    manner: CallArrivals
    rng: Random
    board: LineCounter
    router: Router
    recognizer: PromptRecognizer

    def play(self, when: float) -> PlanCallResult:
        time.sleep(max(0.0, when - time.monotonic()))
        phone = Phone(
            self.site.number,
            self.case.phone or "",
            post=self.router.way(self.rng),
            seed=self.rng.getrandbits(64),
            strict=False,
            elapse=time.sleep,
        )
        caller = PlanCaller(
            phone,
            self.case,
            self.recognizer,
            self.rng,
            fallback=self.site.number.fallback_url or "",
            pause=self._think,
            opened=self._opened,
        )
        try:
            return caller.calls()
        finally:
            self.board.left()

    def _opened(self) -> None:
        self.board.joined()
        if self.manner.together:
            self.board.wait_for(1.0)

    def _think(self) -> None:
        time.sleep(self.rng.uniform(0.0, 2 * self.manner.thinks))
