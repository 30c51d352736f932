"""Runs what a flow needs before it can go on: one action, on the office's own threads, with limited patience.

What takes longer goes on while the caller hears words; its outcome is put by, and whichever worker is asked
next picks it up. What a caller does not wait for at all is noted when it comes.
"""

from collections import defaultdict
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bridge.clock import Clock
from bridge.conversation.bulkhead import BulkheadFull
from bridge.conversation.constant_time import ConstantTime
from bridge.conversation.decisions.sender import DecisionSender, Pending
from bridge.conversation.latency import LatencyTracker
from bridge.conversation.office_context import OfficeContext
from bridge.conversation.services.action_scope import ActionScope
from bridge.conversation.services.composition import compose_services
from bridge.conversation.turn import TURN_SECONDS, Turn, confirmation
from bridge.flow.action_context import Outcome
from bridge.flow.actions import Action
from bridge.flow.call import Call
from bridge.flow.engine import PendingAction
from bridge.flow.identity import IdentifiedFile
from bridge.flow.steps import Decide, Do
from bridge.store.deferred_results import DeferredResult
from bridge.store.errors import StoreDown
from bridge.store.repositories import Repositories
from bridge.tagor import Deadline, TagorError
from voice_flows.services import ActionContext

log = structlog.get_logger()

DOWN = Outcome("down")
GRACE = 0.15
"""Seconds a decision has beyond its turn's to say that it is still being made, at most what it had."""
POLL = 0.05
MAX_AHEAD = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, repr=False)
class _Work:
    """An action and all it takes of the call, which may move on meanwhile; `step` is the call's count."""

    action: Action
    context: ActionContext
    file: IdentifiedFile | None
    known: dict[str, str]
    call: str
    step: int
    begun: float

    def perform(self) -> Outcome:
        """Do it; raises as the action does, `TagorError` too."""
        return self.action.perform(self.context, self.file, self.known)


_Done = tuple[Outcome, float]
"""What came of an errand, and when it may be told, in seconds of the clock."""


class ActionRunner:
    """Sends errands out and waits for them, in one turn for `TURN_SECONDS` at most.

    `seconds` is the longest that an errand may take in all, with words for the caller in between.
    """

    def __init__(
        self,
        books: Repositories,
        decider: DecisionSender,
        *,
        seconds: float,
        even: ConstantTime,
        clock: Clock,
    ) -> None:
        self._tries, self._outcomes, self._decider = books.pin_attempts, books.deferred_results, decider
        self._seconds, self._even, self._clock = seconds, even, clock
        self._paces: defaultdict[str, LatencyTracker] = defaultdict(LatencyTracker)

    def begun(self, branch: OfficeContext, confirmation: str) -> bool:
        """Whether this was confirmed and written down; may raise `StoreDown`."""
        return self._decider.is_written(branch, confirmation)

    def deadline(self, seconds: float = TURN_SECONDS) -> Deadline:
        """A turn's deadline, from now: the provider waits for the whole turn, not for each question."""
        return Deadline(self._clock, seconds)

    def run(self, need: PendingAction, turn: Turn) -> Outcome:
        """The outcome of the action, or `down` when Tagor gave no usable answer.

        Raises:
            StillGoing: it goes on: say so, and ask again in the next turn.
            StoreDown: a PIN try could not be counted, or a decision not written down: nothing was asked.
        """
        begun = self._clock.monotonic()
        try:
            outcome = self._outcome(need, turn)
        except BulkheadFull:
            outcome = self._turned_away(need, turn)
        turn.tasks.extend(outcome.tasks)
        took = round(1000 * (self._clock.monotonic() - begun))
        log.info("errand", place=need.place, outcome=outcome.exit, ms=took)
        return outcome

    def _outcome(self, need: PendingAction, turn: Turn) -> Outcome:
        match need.step:
            case Decide():
                return self._decided(need, turn)
            case Do(asks=False):
                return self._work(need, turn).perform()
            case Do(within=0) if turn.state.ahead:
                return DOWN  # Tagor is slow: nothing is fetched ahead of what is still under way
            case Do() if turn.state.tries.get("moment"):
                return self._picked_up(turn)
            case Do() as step:
                return self._asked(step, self._work(need, turn), turn)

    def _turned_away(self, need: PendingAction, turn: Turn) -> Outcome:
        """What nobody has time for is down, but not a decision that may have been sent by now."""
        if isinstance(need.step, Decide) and self.begun(turn.branch, confirmation(turn.call, turn.state)):
            raise Pending
        log.warning("crowded", action=need.action.name, office=turn.branch.office.key)
        return DOWN

    def catch_up(self, call_id: str, call: Call) -> None:
        """Note what has come meanwhile of the actions that the call did not wait for."""
        for step in list(call.ahead):
            late = self._outcomes.find(call_id, step)
            if late is not None:
                call.ahead.remove(step)
                call.notes = {**Outcome.from_json(late.result).notes, **call.notes}

    def _asked(self, step: Do, work: _Work, turn: Turn) -> Outcome:
        pace = self._paces[turn.branch.office.key]
        patience = self._patience(step, turn, pace)
        job = turn.branch.pool.submit(self._perform, work, even=step.even)
        job.add_done_callback(lambda _: pace.took(self._clock.monotonic() - work.begun))
        try:
            outcome, due = job.result(timeout=patience)
        except TooLate:
            return self._left(job, work, step, turn)
        if due > work.begun + patience:
            return self._left(job, work, step, turn)
        if (early := due - self._clock.monotonic()) > 0:
            self._clock.sleep(early)
        return outcome

    def _patience(self, step: Do, turn: Turn, pace: LatencyTracker) -> float:
        """Who has just heard words may wait as long as the turn, everybody else only a short while."""
        usual = TURN_SECONDS if turn.awaited else pace.patience
        return min(usual if step.within is None else step.within, turn.deadline.left())

    def _perform(self, work: _Work, *, even: bool) -> _Done:
        try:
            outcome = work.perform()
        except TagorError as trouble:
            log.warning("tagor_down", action=work.action.name, trouble=type(trouble).__name__)
            outcome = DOWN
        asked = work.context.identification.tagor_asked
        return outcome, self._even.due(work.begun, asked=asked) if even else self._clock.monotonic()

    def _left(self, job: Future[_Done], work: _Work, step: Do, turn: Turn) -> Outcome:
        """Go on without the outcome for now, or for good; what nobody has begun by then nobody does."""
        if step.within and job.cancel():
            return DOWN
        job.add_done_callback(lambda done: self._put_by(work, done))
        if step.within is None:
            raise Pending
        turn.state.ahead.append(work.step)
        return DOWN

    def _put_by(self, work: _Work, job: Future[_Done]) -> None:
        """Keep what came of it for whoever is asked next; what broke is told in the log, and is `down`."""
        trouble = job.exception()
        if trouble is not None:
            log.error("errand_broke", action=work.action.name, trouble=type(trouble).__name__)
        outcome, due = (DOWN, 0.0) if trouble else job.result()
        ready = self._clock.now() + timedelta(seconds=max(0.0, due - self._clock.monotonic()))
        try:
            self._outcomes.put(work.call, work.step, DeferredResult(outcome.to_json(), ready))
        except StoreDown as down:
            log.warning("outcome_lost", action=work.action.name, trouble=str(down))

    def _picked_up(self, turn: Turn) -> Outcome:
        """What was put by for this step, by whichever worker; raises `Pending` when nothing is yet."""
        for _ in range(max(1, int(turn.deadline.left() / POLL))):
            late = self._outcomes.find(turn.call, turn.state.moves)
            if late is not None and _is_due(late, self._clock.now()):
                return Outcome.from_json(late.result)
            self._clock.sleep(POLL)
        raise Pending

    def _decided(self, need: PendingAction, turn: Turn) -> Outcome:
        if not (left := turn.deadline.left()):
            raise Pending  # the next turn has time
        job = turn.branch.pool.submit(self._work(need, turn, seconds=left).perform)
        try:
            return job.result(timeout=left + min(GRACE, left))
        except TooLate:
            job.cancel()
            raise Pending from None  # it may be in the journal by now: the next turn will know
        except TagorError as trouble:
            log.warning("tagor_down", action=need.action.name, trouble=type(trouble).__name__)
            return DOWN

    def _work(self, need: PendingAction, turn: Turn, *, seconds: float | None = None) -> _Work:
        """All an action takes of the call, read now: the call may move on while it is done."""
        call, begun = turn.state, self._clock.monotonic()
        scope = ActionScope(
            office_context=turn.branch,
            pin_attempts=self._tries,
            sender=self._decider,
            confirmation=confirmation(turn.call, call),
            caller=call.caller,
            file=call.file,
            now=turn.now,
            deadline=Deadline(self._clock, seconds or self._seconds),
        )
        kinds = {name: kind for told in need.action.told.values() for name, kind in told.items()}
        context = ActionContext(
            compose_services(scope),
            caller=call.caller,
            notes=dict(call.notes),
            kinds=kinds,
            language=call.language,
        )
        return _Work(need.action, context, call.file, call.known(turn.now), turn.call, call.moves, begun)


def _is_due(late: DeferredResult, now: datetime) -> bool:
    """What is due further ahead than any patience goes was put by before our clock was set back."""
    return not now < late.ready < now + MAX_AHEAD
