"""Runs the actions that a flow needs, in the office's own threads and with limited patience.

An action that takes longer goes on while the caller hears words. Its outcome is stored, and whichever worker
gets the next turn of the call finds it there. What a call does not wait for at all is collected later.
"""

from collections import defaultdict
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass
from datetime import timedelta

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
"""Seconds that a decision gets beyond its turn to tell that it is still being made; at most what it had."""
POLL = 0.05
MAX_READY_AHEAD = timedelta(minutes=1)
"""A deferred result that is ready later than this was stored before the machine's clock was set back."""


@dataclass(frozen=True, slots=True, repr=False)
class _Run:
    """One run of an action, with all it takes of the call, which may move on meanwhile.

    `move` is the call's count of moves when the run began; its deferred result is stored under it.
    """

    action: Action
    context: ActionContext
    file: IdentifiedFile | None
    known: dict[str, str]
    call_id: str
    move: int
    begun: float

    def perform(self) -> Outcome:
        """Run the action; raises what the action raises, `TagorError` too."""
        return self.action.perform(self.context, self.file, self.known)


_Performed = tuple[Outcome, float]
"""The outcome of an action, and when it may be told, on the monotonic clock."""


class ActionRunner:
    """Runs actions and waits for them, at most `TURN_SECONDS` in one turn.

    `seconds` is the longest that an action may take in all, with words for the caller in between.
    """

    def __init__(
        self,
        repositories: Repositories,
        sender: DecisionSender,
        *,
        seconds: float,
        constant_time: ConstantTime,
        clock: Clock,
    ) -> None:
        self._pin_attempts, self._deferred_results = repositories.pin_attempts, repositories.deferred_results
        self._sender, self._seconds, self._constant_time, self._clock = sender, seconds, constant_time, clock
        self._latency: defaultdict[str, LatencyTracker] = defaultdict(LatencyTracker)

    def begun(self, office_context: OfficeContext, confirmation: str) -> bool:
        """Tell whether this confirmation was written down; may raise `StoreDown`."""
        return self._sender.is_written(office_context, confirmation)

    def run(self, need: PendingAction, turn: Turn) -> Outcome:
        """Give the outcome of the action, or `down` when Tagor gave no usable answer.

        Raises:
            Pending: the action goes on; ask the caller for a moment, and run it again in the next turn.
            StoreDown: a PIN try could not be counted, or a decision not written down; nothing was asked.
        """
        begun = self._clock.monotonic()
        try:
            outcome = self._run_by_kind(need, turn)
        except BulkheadFull:
            outcome = self._on_overload(need, turn)
        turn.tasks.extend(outcome.tasks)
        took = round(1000 * (self._clock.monotonic() - begun))
        log.info("action", place=need.place, outcome=outcome.exit, ms=took)
        return outcome

    def collect_prefetched(self, call_id: str, call: Call) -> None:
        """Take over what came meanwhile of actions that the call did not wait for.

        A language that the caller's number told counts unless the caller has chosen one since.
        """
        for move in list(call.prefetching):
            stored = self._deferred_results.find(call_id, move)
            if stored is None:
                continue
            call.prefetching.remove(move)
            outcome = Outcome.from_json(stored.result)
            call.notes = {**outcome.notes, **call.notes}
            if outcome.language is not None and not call.language_known:
                call.language, call.language_known = outcome.language, True

    def _run_by_kind(self, need: PendingAction, turn: Turn) -> Outcome:
        match need.step:
            case Decide():
                return self._run_decision(need, turn)
            case Do(local=True):
                return self._prepare(need, turn).perform()
            case Do(timeout=0) if turn.call.prefetching:
                return DOWN  # Tagor is slow: nothing more is prefetched while something is under way
            case Do() if turn.call.tries.get("moment"):
                return self._take_deferred(turn)
            case Do() as step:
                return self._run_in_background(step, self._prepare(need, turn), turn)

    def _on_overload(self, need: PendingAction, turn: Turn) -> Outcome:
        """Count an action for which no thread is free as down, unless it is a decision that may be sent."""
        name = confirmation(turn.call_id, turn.call)
        if isinstance(need.step, Decide) and self.begun(turn.office_context, name):
            raise Pending
        log.warning("bulkhead_full", action=need.action.name, office=turn.office_context.office.key)
        return DOWN

    def _run_in_background(self, step: Do, run: _Run, turn: Turn) -> Outcome:
        latency = self._latency[turn.office_context.office.key]
        # A caller who has just heard words may wait as long as the turn, everybody else only a short while.
        usual = TURN_SECONDS if turn.awaited else latency.patience
        patience = min(usual if step.timeout is None else step.timeout, turn.deadline.left())
        job = turn.office_context.executor.submit(self._perform, run, constant_time=step.constant_time)
        job.add_done_callback(lambda _: latency.learn(self._clock.monotonic() - run.begun))
        try:
            outcome, due = job.result(timeout=patience)
        except TooLate:
            return self._detach(job, run, step, turn)
        # Done, but on the grid of constant time it may be told only after the caller has heard words.
        if due > run.begun + patience:
            return self._detach(job, run, step, turn)
        if (early := due - self._clock.monotonic()) > 0:
            self._clock.sleep(early)
        return outcome

    def _perform(self, run: _Run, *, constant_time: bool) -> _Performed:
        """Run an action on a thread of the office, and tell when its outcome may be told."""
        try:
            outcome = run.perform()
        except TagorError as trouble:
            log.warning("tagor_down", action=run.action.name, trouble=type(trouble).__name__)
            outcome = DOWN
        if not constant_time:
            return outcome, self._clock.monotonic()
        return outcome, self._constant_time.due(run.begun, asked=run.context.identification.tagor_asked)

    def _detach(self, job: Future[_Performed], run: _Run, step: Do, turn: Turn) -> Outcome:
        """Go on without the outcome: for a moment, or, with a timeout, for good."""
        if step.timeout and job.cancel():
            return DOWN  # no thread has begun it, and nobody needs it any more
        job.add_done_callback(lambda done: self._store_deferred(run, done))
        if step.timeout is None:
            raise Pending
        turn.call.prefetching.append(run.move)
        return DOWN

    def _store_deferred(self, run: _Run, job: Future[_Performed]) -> None:
        """Store an outcome for whichever worker gets the next turn; an action that broke is down."""
        trouble = job.exception()
        if trouble is not None:
            log.error("action_broke", action=run.action.name, trouble=type(trouble).__name__)
        outcome, due = (DOWN, 0.0) if trouble else job.result()
        ready = self._clock.now() + timedelta(seconds=max(0.0, due - self._clock.monotonic()))
        try:
            self._deferred_results.put(run.call_id, run.move, DeferredResult(outcome.to_json(), ready))
        except StoreDown as down:
            log.warning("deferred_result_lost", action=run.action.name, trouble=str(down))

    def _take_deferred(self, turn: Turn) -> Outcome:
        """Take what was stored for this step, by whichever worker; raises `Pending` when nothing is yet."""
        for _ in range(max(1, int(turn.deadline.left() / POLL))):
            stored = self._deferred_results.find(turn.call_id, turn.call.moves)
            now = self._clock.now()
            if stored is not None and not now < stored.ready < now + MAX_READY_AHEAD:
                return Outcome.from_json(stored.result)
            self._clock.sleep(POLL)
        raise Pending

    def _run_decision(self, need: PendingAction, turn: Turn) -> Outcome:
        if not (left := turn.deadline.left()):
            raise Pending  # the next turn has time
        job = turn.office_context.executor.submit(self._prepare(need, turn, seconds=left).perform)
        try:
            return job.result(timeout=left + min(GRACE, left))
        except TooLate:
            job.cancel()
            raise Pending from None  # the decision may be written down by now: the next turn will know
        except TagorError as trouble:
            log.warning("tagor_down", action=need.action.name, trouble=type(trouble).__name__)
            return DOWN

    def _prepare(self, need: PendingAction, turn: Turn, *, seconds: float | None = None) -> _Run:
        """Read all that an action takes of the call now, because the call may move on while it runs."""
        call, begun = turn.call, self._clock.monotonic()
        scope = ActionScope(
            office_context=turn.office_context,
            pin_attempts=self._pin_attempts,
            sender=self._sender,
            confirmation=confirmation(turn.call_id, call),
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
        return _Run(need.action, context, call.file, call.known(turn.now), turn.call_id, call.moves, begun)
