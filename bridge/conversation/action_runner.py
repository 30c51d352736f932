"""Runs the actions that a flow needs, in the office's own threads and with limited patience.

An action that takes longer goes on while the caller hears words. Its outcome is stored, and whichever worker
gets the next turn of the call finds it there. What a call does not wait for at all is collected later.
"""

from collections import ChainMap, defaultdict
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bridge.clock import Clock
from bridge.conversation.at_most_once.sender import DecisionSender, Pending
from bridge.conversation.bulkhead import BulkheadFull
from bridge.conversation.constant_time import ConstantTime
from bridge.conversation.office_context import OfficeContext
from bridge.conversation.services.action_scope import ActionScope
from bridge.conversation.services.correspondence import CorrespondenceService
from bridge.conversation.services.file import FileService
from bridge.conversation.services.identification import IdentificationService
from bridge.conversation.services.messaging import MessagingService
from bridge.conversation.services.party import PartyService
from bridge.conversation.services.planned import PlannedService
from bridge.conversation.services.plans import PlanService
from bridge.conversation.services.questionnaire import QuestionnaireService
from bridge.conversation.services.transfer import TransferService
from bridge.conversation.turn import NO_PATIENCE, PATIENCE, Turn, confirmation
from bridge.flow.action_context import IdentifiedFile, Outcome
from bridge.flow.actions import Action
from bridge.flow.call import Call
from bridge.flow.engine import PendingAction
from bridge.flow.facts import Note
from bridge.flow.steps import Decide, Do
from bridge.store.deferred_results import DeferredResult, SealedResult
from bridge.store.errors import StoreDown
from bridge.store.repositories import Repositories
from bridge.tagor import Deadline, NotSendable, TagorError
from voice_flows.services import ActionContext

log = structlog.get_logger()

DOWN = Outcome("down")
DECISION_SECONDS = 5.0
"""How long a decision may ask Tagor before it is written down; its caller waits longer."""
DECISION_HOLDS = 3
"""After so many holds a decision that nobody wrote down is prepared once more.

By then whoever prepared it has ended: `DECISION_SECONDS` and the wait for the database are over. The holds
that are left outlast the second time too: nothing is written down after the caller heard that it is down.
"""
SLOW = 0.6
"""An office's Tagor is slow while its questions take longer than so many seconds on average."""
LATENCY_WEIGHT = 0.3
"""What the newest question counts in that average."""
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


_Performed = tuple[Outcome, float]
"""The outcome of an action, and when it may be told, on the monotonic clock."""


class ActionRunner:
    """Runs actions and waits for them, as long as a turn may.

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
        # The moving average of the seconds that each office's questions took, by its key.
        self._latency: defaultdict[str, float] = defaultdict(float)

    def begun(self, office_context: OfficeContext, confirmation: str) -> bool:
        """Tell whether this confirmation was written down; may raise `StoreDown`."""
        return self._sender.is_written(office_context, confirmation)

    def run(self, need: PendingAction, turn: Turn, claim: Callable[[Turn], None]) -> Outcome:
        """Give the outcome of the action, or `down` when Tagor gave no usable answer.

        `claim` is called first where the action does something beyond the turn itself, such as asking Tagor.

        Raises:
            Pending: the action goes on; ask the caller for a moment, and run it again in the next turn.
            StoreDown: a PIN try could not be counted, or a decision not written down; nothing was asked.
            ClaimLost, StoreDown: as `claim` does.
        """
        begun = self._clock.monotonic()
        match need.step:
            case Do(local=True):
                outcome, _ = self._perform(self._prepare(need, turn, self._seconds))
            case Do(timeout=0) as step:
                outcome = self._ask_ahead(need, step, turn)
            case step if turn.call.tries.get("moment"):
                outcome = self._take_deferred(turn) or self._look_after(need, turn, claim)
            case _:
                outcome = self._start(need, turn, claim)
        turn.tasks.extend(outcome.tasks)
        took = round(1000 * (self._clock.monotonic() - begun))
        turn.actions.append({"place": need.place, "outcome": outcome.exit, "ms": took})
        return outcome

    def _start(self, need: PendingAction, turn: Turn, claim: Callable[[Turn], None]) -> Outcome:
        """Run an action that Tagor is asked for; a full bulkhead makes it `down`."""
        if not turn.opened.claimed:
            claim(turn)
        try:
            if isinstance(need.step, Decide):
                return self._decide(need, turn)
            return self._ask_tagor(need, need.step, turn)
        except BulkheadFull:
            return self._on_overload(need.step, turn)

    def collect_prefetched(self, call: Call, late: Mapping[int, SealedResult]) -> None:
        """Take over what came meanwhile of actions that the call did not wait for.

        A language that the caller's number told counts unless the caller has chosen one since.
        """
        for move in [one for one in call.prefetching if one in late]:
            stored = self._deferred_results.opened(late[move])
            call.prefetching.remove(move)
            outcome = Outcome.from_json(stored.result)
            call.notes = {**outcome.notes, **call.notes}
            if outcome.language is not None and not call.language_known:
                call.language, call.language_known = outcome.language, True

    def _ask_ahead(self, need: PendingAction, step: Do, turn: Turn) -> Outcome:
        """Have an action run once the turn is saved; the call goes on, and a later turn finds its outcome.

        Of several copies of a webhook one is saved, so that nothing is asked twice and nothing needs a claim.
        """
        # While something is under way Tagor is slow: it is not asked for more than callers need.
        if not turn.call.prefetching:
            run = self._prepare(need, turn, self._seconds)
            turn.call.prefetching.append(run.move)
            turn.after_saving.append(lambda: self._begin_ahead(step, run, turn.office_context))
        return DOWN

    def _begin_ahead(self, step: Do, run: _Run, office_context: OfficeContext) -> None:
        office = office_context.office.key

        def perform() -> _Performed:
            return self._perform(run, constant_time=step.constant_time, measured_for=office)

        try:
            office_context.executor.submit(self._store_deferred, run, perform)
        except BulkheadFull:
            log.warning("bulkhead_full", action=run.action.name, office=office)

    def _ask_tagor(self, need: PendingAction, step: Do, turn: Turn) -> Outcome:
        """Run an action on a thread of the office; while its Tagor is slow, callers wait less for it."""
        run, office = self._prepare(need, turn, self._seconds), turn.office_context.office.key
        silence = NO_PATIENCE if self._latency[office] > SLOW else PATIENCE
        patience = min(silence if step.timeout is None else step.timeout, turn.left())
        job = turn.office_context.executor.submit(
            self._perform, run, constant_time=step.constant_time, measured_for=office
        )
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

    def _on_overload(self, step: Do | Decide, turn: Turn) -> Outcome:
        """Return `DOWN`; raise `Pending` if the decision is already written down, for it may be sent."""
        # A decision that was written down may be sent by now, so that it is not down for certain.
        name = confirmation(turn.call_id, turn.call.moves)
        if isinstance(step, Decide) and self.begun(turn.office_context, name):
            raise Pending
        log.warning("bulkhead_full", action=step.action.name, office=turn.office_context.office.key)
        return DOWN

    def _perform(self, run: _Run, *, constant_time: bool = False, measured_for: str = "") -> _Performed:
        """Run an action, and tell when its outcome may be told.

        How long it took counts for the latency of the office `measured_for`.
        """
        try:
            outcome = run.action.perform(run.context, run.file, run.known)
        # A question that Tagor's own data makes impossible to ask was not sent: as good as no answer.
        except (TagorError, NotSendable) as trouble:
            log.warning("tagor_down", action=run.action.name, trouble=type(trouble).__name__)
            outcome = DOWN
        finally:
            if measured_for:
                # An average: a single slow answer must not tell the next caller to wait, and a slow hour must
                # not be forgotten.
                took, usual = self._clock.monotonic() - run.begun, self._latency[measured_for]
                self._latency[measured_for] = usual + LATENCY_WEIGHT * (took - usual)
        if not constant_time:
            return outcome, self._clock.monotonic()
        return outcome, self._constant_time.due(run.begun, asked=run.context.identification.tagor_asked)

    def _detach(self, job: Future[_Performed], run: _Run, step: Do, turn: Turn) -> Outcome:
        """Go on without the outcome: for a moment, or, with a timeout, for good."""
        if step.timeout and job.cancel():
            return DOWN  # no thread has begun it, and nobody needs it any more
        job.add_done_callback(lambda done: self._store_deferred(run, done.result))
        if step.timeout is None:
            raise Pending
        turn.call.prefetching.append(run.move)
        return DOWN

    def _store_deferred(self, run: _Run, perform: Callable[[], _Performed]) -> None:
        """Store an outcome for whichever worker gets the next turn; an action that broke is down."""
        try:
            outcome, due = perform()
        except Exception as trouble:
            # The log tells an exception by types and places, without its text.
            log.exception("action_broke", action=run.action.name, trouble=type(trouble).__name__)
            outcome, due = DOWN, 0.0
        ready = self._clock.now() + timedelta(seconds=max(0.0, due - self._clock.monotonic()))
        try:
            self._deferred_results.put(run.call_id, run.move, DeferredResult(outcome.to_json(), ready))
        except StoreDown as down:
            log.warning("deferred_result_lost", action=run.action.name, trouble=str(down))

    def _take_deferred(self, turn: Turn) -> Outcome | None:
        """Take what was stored for this step, by whichever worker; None when nothing may be told yet.

        It was read with the call, so a turn that only looks whether there is something costs no more.
        """
        sealed, now = turn.opened.late.get(turn.call.moves), self._clock.now()
        stored = self._deferred_results.opened(sealed) if sealed else None
        if stored is None or now < stored.ready < now + MAX_READY_AHEAD:
            return None
        return Outcome.from_json(stored.result)

    def _look_after(self, need: PendingAction, turn: Turn, claim: Callable[[Turn], None]) -> Outcome:
        """Return the outcome of a decision that is written down; prepare one again that never was.

        Raise `Pending` for a `do` step, and while the decision is being prepared or is not settled.
        """
        if isinstance(need.step, Decide):
            if self.begun(turn.office_context, confirmation(turn.call_id, turn.call.moves)):
                outcome, _ = self._perform(self._prepare(need, turn, DECISION_SECONDS))
                return outcome
            # Whoever prepared it may have found the database frozen, or died. It is safe to begin again: the
            # journal keeps one decision under this confirmation, whoever writes it down.
            if turn.call.tries["moment"] == DECISION_HOLDS:
                return self._start(need, turn, claim)
        raise Pending

    def _decide(self, need: PendingAction, turn: Turn) -> Outcome:
        """Run a decision on a thread of the office; raises `Pending` when its result is not known in time."""
        run = self._prepare(need, turn, DECISION_SECONDS, turn.left())
        job = turn.office_context.executor.submit(self._perform, run)
        try:
            outcome, _ = job.result(timeout=turn.left())
        except TooLate:
            # It may be written down by now: unless it ends before that, a later turn finds it in the journal.
            job.add_done_callback(
                lambda done: None if done.exception() else self._store_deferred(run, done.result)
            )
            raise Pending from None
        return outcome

    def _prepare(self, need: PendingAction, turn: Turn, seconds: float, patience: float = 0.0) -> _Run:
        """Read all that an action takes of the call now, because the call may move on while it runs."""
        call, action, begun = turn.call, need.step.action, self._clock.monotonic()
        scope = ActionScope(
            office_context=turn.office_context,
            office=turn.office_context.office,
            tagor=turn.office_context.tagor,
            pin_attempts=self._pin_attempts,
            sender=self._sender,
            call_id=turn.call_id,
            moves=call.moves,
            caller=call.caller,
            file=call.file,
            now=turn.now,
            deadline=Deadline(self._clock, seconds),
            patience=Deadline(self._clock, patience),
        )
        context = action_context(scope, action, notes=call.notes, language=call.language)
        return _Run(action, context, call.file, call.known(turn.now), turn.call_id, call.moves, begun)


def action_context(
    scope: ActionScope, action: Action, *, notes: Mapping[str, Note], language: str
) -> ActionContext:
    """Give one run of an action its services; all that they ask of Tagor shares the scope's deadline."""
    files = FileService(scope)
    return ActionContext(
        identification=IdentificationService(scope, scope.office.identification.way),
        files=files,
        planned=PlannedService(scope),
        correspondence=CorrespondenceService(scope),
        questionnaires=QuestionnaireService(scope),
        plans=PlanService(scope, files),
        parties=PartyService(scope),
        messaging=MessagingService(scope, files),
        transfer=TransferService(scope, files),
        caller=scope.caller,
        notes=ChainMap({}, dict(notes)),
        kinds={name: kind for told in action.told.values() for name, kind in told.items()},
        language=language,
    )
