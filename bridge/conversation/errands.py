"""Runs what a flow needs before it can go on: one action, on a bounded pool, with a limit on the whole."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from bridge.conversation.branch import Branch
from bridge.conversation.colleague_desk import ColleagueDesk
from bridge.conversation.decider import Decider, StillGoing
from bridge.conversation.desk import Seat
from bridge.conversation.even import EvenTime
from bridge.conversation.plan_desk import PlanDesk
from bridge.conversation.post_desk import PostDesk
from bridge.flow.call import Call
from bridge.flow.engine import Need
from bridge.flow.errand import Errand, Outcome, Task
from bridge.flow.steps import Decide, Do
from bridge.store.pin_tries import PinTries
from bridge.tagor import Deadline, TagorError

log = structlog.get_logger()

DOWN = Outcome("down")
GRACE = 0.25
"""Seconds beyond the deadline, for what a socket's deadline cannot cut (a slow name lookup)."""


class Desk(ColleagueDesk, PlanDesk, PostDesk):
    """All that flows may ask of an office."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of one call: the call's id and state, its number, the office, and when it must be over.

    `tasks` is what its errands leave to be done once it is saved.
    """

    call: str
    number: int
    state: Call
    branch: Branch
    now: datetime
    deadline: Deadline
    tasks: list[Task] = field(default_factory=list)


class Errands:
    """Sends errands out and waits for them: those of one turn never take longer than `seconds` together."""

    def __init__(
        self,
        tries: PinTries,
        decider: Decider,
        *,
        seconds: float,
        even: EvenTime,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tries, self._decider = tries, decider
        self._seconds, self._even, self._clock = seconds, even, clock

    def begun(self, branch: Branch, confirmation: str) -> bool:
        """Whether this was confirmed and written down; may raise `StoreDown`."""
        return self._decider.begun(branch, confirmation)

    def deadline(self) -> Deadline:
        """A turn's deadline, from now: the provider waits for the whole turn, not for each question."""
        return Deadline(self._clock, self._seconds)

    def run(self, need: Need, turn: Turn) -> Outcome:
        """The outcome of the action, or `down` when Tagor gave no usable answer within the turn.

        Raises:
            StillGoing: a decision is being made.
            StoreDown: a PIN try could not be counted, or a decision not written down: nothing was asked.
        """
        begun = self._clock()
        within = need.step.within if isinstance(need.step, Do) else None
        limit = min(turn.deadline.left(), within or self._seconds)
        desk = self._desk(turn, Deadline(self._clock, limit))
        outcome = self._within(need, turn.branch.pool.submit(_perform, need, turn, desk), limit)
        if isinstance(need.step, Do) and need.step.even:
            self._even.wait(begun, asked=desk.checked)
        turn.tasks.extend(outcome.tasks)
        log.info("errand", place=need.place, outcome=outcome.exit, ms=round(1000 * (self._clock() - begun)))
        return outcome

    def _desk(self, turn: Turn, deadline: Deadline) -> Desk:
        return Desk(
            Seat(
                turn.branch,
                self._tries,
                self._decider,
                confirmation=confirmation(turn.call, turn.state),
                caller=turn.state.caller,
                file=turn.state.file,
                now=turn.now,
                deadline=deadline,
            )
        )

    def _within(self, need: Need, job: Future[Outcome], limit: float) -> Outcome:
        try:
            return job.result(timeout=limit + GRACE)
        except (TooLate, TagorError) as trouble:
            job.cancel()
            if isinstance(need.step, Decide) and isinstance(trouble, TooLate):
                # It may be in the journal by now: the next turn will know.
                raise StillGoing from None
            log.warning("tagor_down", place=need.place, trouble=type(trouble).__name__)
            return DOWN


def confirmation(call_id: str, call: Call) -> str:
    """What names a confirmation: the call, and how often it moved on when its question was answered.

    So terms that were left and chosen again are another one, and the same question repeated is not.
    """
    return f"{call_id} {call.moves}"


def _perform(need: Need, turn: Turn, desk: Desk) -> Outcome:
    call = turn.state
    kinds = {name: kind for told in need.action.told.values() for name, kind in told.items()}
    errand = Errand(desk, caller=call.caller, notes=dict(call.notes), kinds=kinds, language=call.language)
    return need.action.perform(errand, call.file, call.known(turn.now))
