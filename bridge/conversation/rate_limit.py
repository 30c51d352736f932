"""Rate limit of new calls for each office: beyond it a caller is sent to the switchboard at once."""

import secrets
from collections import Counter, deque
from collections.abc import Mapping
from hashlib import blake2b
from threading import Lock
from typing import Literal

import structlog

from bridge.clock import Clock
from bridge.conversation.bulkhead import share
from bridge.flow.inbound import CallEvent, Ring
from bridge.office.model import CallLimits, Office

log = structlog.get_logger()

MINUTE, HOUR = 60.0, 3600.0
MAX_REMEMBERED = 20_000
"""Marks kept at most, whatever the limits are: some megabyte in the worst hour."""

Verdict = Literal["admitted", "office", "number"]
"""Whether a call may begin, or whose budget is used up."""


class SlidingWindow:
    """Counts how often each mark was seen in the last `seconds`, with `MAX_REMEMBERED` marks at most."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._seen: deque[tuple[float, bytes]] = deque()
        self._times: Counter[bytes] = Counter()

    def __len__(self) -> int:
        return len(self._seen)

    def times(self, mark: bytes) -> int:
        """Give how often this mark was seen."""
        return self._times[mark]

    def add(self, mark: bytes, now: float) -> None:
        """Count that this mark was seen now."""
        self._seen.append((now, mark))
        self._times[mark] += 1

    def forget(self, now: float) -> None:
        """Forget marks that are too old, or in the future because the clock went back."""
        while self._seen and not (
            now - self._seconds < self._seen[0][0] <= now and len(self._seen) < MAX_REMEMBERED
        ):
            _, mark = self._seen.popleft()
            self._times[mark] -= 1
            if not self._times[mark]:
                del self._times[mark]


class CallRateLimiter:
    """Counts one office's new calls in this process, which has its share of the office's `limits`.

    Numbers and call ids are kept for an hour at most, and only as marks that another process cannot make.
    """

    def __init__(self, limits: CallLimits, workers: int, clock: Clock) -> None:
        self._a_minute = share(limits.calls_a_minute, workers)
        # Rounded up: one caller's calls do not come to all processes alike.
        self._a_number = -(-limits.calls_a_number // workers)
        self._clock, self._key, self._lock = clock, secrets.token_bytes(16), Lock()
        self._calls, self._numbers = SlidingWindow(MINUTE), SlidingWindow(HOUR)

    def admit(self, call: str, caller: str) -> Verdict:
        """Tell whether this call (id) may begin; `caller` is a number, or "" when it is withheld.

        The same call is admitted again, and counts once. A refused call does not count at all, so that nobody
        makes their own wait longer by calling again.
        """
        # Marks cannot be turned back into numbers, so that nobody's calls stand in memory for an hour.
        call_mark, number = self._mark(call), self._mark(caller)
        with self._lock:
            now = self._clock.monotonic()
            self._calls.forget(now)
            self._numbers.forget(now)
            if self._calls.times(call_mark):
                return "admitted"
            if len(self._calls) >= self._a_minute:
                return "office"
            if caller and self._numbers.times(number) >= self._a_number:
                return "number"
            self._calls.add(call_mark, now)
            if caller:
                self._numbers.add(number, now)
        return "admitted"

    def _mark(self, text: str) -> bytes:
        return blake2b(text.encode(), key=self._key, digest_size=12).digest()


class AdmissionControl:
    """Finds the rate limiter of an office by the number that was dialled."""

    def __init__(self, offices: Mapping[str, Office], workers: int, clock: Clock) -> None:
        each = {office.key: CallRateLimiter(office.limits, workers, clock) for office in offices.values()}
        self._by_number = {number: (office.key, each[office.key]) for number, office in offices.items()}

    def admits(self, heard: CallEvent) -> bool:
        """Tell whether this call may begin; any other event, and a call to an unknown number, is admitted."""
        ring = heard.event
        if not isinstance(ring, Ring) or ring.dialled not in self._by_number:
            return True
        office, crowd = self._by_number[ring.dialled]
        verdict = crowd.admit(heard.call, ring.caller)
        if verdict != "admitted":
            log.warning("call_shed", office=office, reason=verdict)
        return verdict == "admitted"
