"""Runs what a flow needs before it can go on: one action, on a bounded pool, with a limit on the whole."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from datetime import datetime

import structlog

from bridge.conversation.branch import Branch
from bridge.conversation.desk import OfficeDesk
from bridge.conversation.even import EvenTime
from bridge.flow.call import Call
from bridge.flow.engine import Need
from bridge.flow.errand import Errand, Outcome
from bridge.flow.steps import Do
from bridge.store.pin_tries import PinTries
from bridge.tagor import Deadline, TagorError

log = structlog.get_logger()

DOWN = Outcome("down")
GRACE = 0.25
"""Seconds beyond the deadline, for what a socket's deadline cannot cut (a slow name lookup)."""


class Errands:
    """Sends errands out and waits for them: those of one turn never take longer than `seconds` together."""

    def __init__(
        self,
        tries: PinTries,
        *,
        seconds: float,
        even: EvenTime,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tries, self._seconds, self._even, self._clock = tries, seconds, even, clock

    def deadline(self) -> Deadline:
        """A turn's deadline, from now: the provider waits for the whole turn, not for each question."""
        return Deadline(self._clock, self._seconds)

    def run(self, need: Need, call: Call, branch: Branch, now: datetime, turn: Deadline) -> Outcome:
        """The outcome of the action, or `down` when Tagor gave no usable answer within the `turn`.

        Raises:
            StoreDown: a PIN try could not be counted, so nothing was asked.
        """
        begun = self._clock()
        within = need.step.within if isinstance(need.step, Do) else None
        limit = min(turn.left(), within or self._seconds)
        desk = OfficeDesk(
            branch.office,
            branch.tagor,
            self._tries,
            caller=call.caller,
            now=now,
            deadline=Deadline(self._clock, limit),
        )
        outcome = self._within(need, branch.pool.submit(_perform, need, call, desk, now), limit)
        if isinstance(need.step, Do) and need.step.even:
            self._even.wait(begun, asked=desk.checked)
        log.info("errand", place=need.place, outcome=outcome.exit, ms=round(1000 * (self._clock() - begun)))
        return outcome

    def _within(self, need: Need, job: Future[Outcome], limit: float) -> Outcome:
        try:
            return job.result(timeout=limit + GRACE)
        except (TooLate, TagorError) as trouble:
            job.cancel()
            log.warning("tagor_down", place=need.place, trouble=type(trouble).__name__)
            return DOWN


def _perform(need: Need, call: Call, desk: OfficeDesk, now: datetime) -> Outcome:
    kinds = {name: kind for told in need.action.told.values() for name, kind in told.items()}
    errand = Errand(desk, caller=call.caller, notes=dict(call.notes), kinds=kinds)
    return need.action.perform(errand, call.file, call.known(now))
