"""Reconciles decisions with Tagor: finds out what unclear writes did; an employee gets what stays unclear."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

import structlog

from bridge.clock import SYSTEM_CLOCK, Clock
from bridge.conversation.at_most_once.commands import WriteCommand
from bridge.conversation.at_most_once.task_texts import COMMANDS, TASKS
from bridge.conversation.at_most_once.writes import answers_shown, has_new_contact, new_documents, new_plans
from bridge.conversation.office_context import OfficeContext
from bridge.office.hours import BRUSSELS
from bridge.operations.propagation import WorkSpan, logged_as_left, no_span
from bridge.store.background import run_forever
from bridge.store.decision import Decision, DecisionState, SettledState
from bridge.store.repositories import Repositories
from bridge.store.step_journal import NAME_DIGITS
from bridge.tagor import AgreedPlan, Deadline, TagorError
from voice_flows.answers import WriteResult

log = structlog.get_logger()

CHECK_SECONDS = 3.0
"""Seconds that one question to Tagor may take."""

AT_A_TIME = 4
"""How many decisions one round takes: few enough to be done within their lease, however slow Tagor is."""

SWEEP_EVERY = 60.0
"""Seconds between two sweeps of the store."""

CENT = Decimal("0.01")


class Reconciler:
    """Settles open decisions; any number may run on any machine, because leases keep them apart.

    Args:
        repositories: the store.
        contexts: the offices by their keys.
        clock: the time.
        span: surrounds what is done for a decision.
    """

    def __init__(
        self,
        repositories: Repositories,
        contexts: Mapping[str, OfficeContext],
        *,
        clock: Clock = SYSTEM_CLOCK,
        span: WorkSpan = no_span,
    ) -> None:
        self._repositories, self._journal = repositories, repositories.decisions
        self._contexts, self._clock, self._span = contexts, clock, span
        self._swept = clock.monotonic()

    def start(self) -> None:
        """Reconcile in the background for as long as the process lives."""
        run_forever("reconciler", self._work)

    def _work(self) -> int:
        self.round()
        self.sweep()
        return 0  # a decision that stays open is due again later, so a rest always follows

    def round(self) -> int:
        """Look after everything that is due now; give how many decisions that were."""
        due = self._journal.claim_due(self._clock.now(), limit=AT_A_TIME)
        for decision in due:
            context = self._contexts.get(decision.office)
            if context is not None and decision.payload is not None:
                name = decision.id[:NAME_DIGITS]
                with (
                    logged_as_left(decision.payload, office=decision.office, decision=name),
                    self._span("reconcile", office=decision.office, kind=decision.kind, decision=name),
                ):
                    self._reconcile(context, decision, WriteCommand.from_json(decision.payload))
        return len(due)

    def sweep(self) -> None:
        """Wipe once a minute, in one process, what calls have left in the store and nobody needs any more."""
        if self._clock.monotonic() - self._swept >= SWEEP_EVERY:
            self._swept = self._clock.monotonic()
            self._repositories.sweep_in_turn(self._clock.now())

    def _reconcile(self, context: OfficeContext, decision: Decision, command: WriteCommand) -> None:
        # What a crash left READY has no `sent_at`: it cannot be found, and is never sent any more.
        result = self._find(context, command) if decision.sent_at is not None else None
        if result is not None:
            self._settle(decision, DecisionState.DONE, result)
        elif decision.is_late(self._clock.now()) and self._hand_over(context, command):
            self._settle(decision, DecisionState.ESCALATED, None)
        else:
            self._journal.mark_unclear(decision.id, self._clock.now(), claim=decision.claim)

    def _settle(self, decision: Decision, state: SettledState, result: WriteResult | None) -> None:
        kept = result.to_json() if result else None
        made = (decision.office, result.plan) if result and result.plan else None
        now, claim = self._clock.now(), decision.claim
        self._journal.settle(decision.id, state, now, result=kept, claim=claim, made=made)
        log.info("decision_settled", kind=decision.kind, state=str(state))

    def _find(self, context: OfficeContext, command: WriteCommand) -> WriteResult | None:
        """Give what a command did, None while Tagor does not show it; nobody can see a message afterwards."""
        deadline = Deadline(self._clock, CHECK_SECONDS)
        try:
            match command.kind:
                case "plan":
                    return plan_found(new_plans(context.tagor, command, deadline), command)
                case "contact":
                    found = has_new_contact(context.tagor, command, deadline)
                case "document":
                    # Of two new ones of a name one is an employee's, and nobody can say which.
                    found = len(new_documents(context.tagor, command, deadline)) == 1
                case "answers":
                    found = all(answers_shown(context.tagor, command, deadline))
                case _:
                    found = False
        except TagorError:
            return None
        return WriteResult("done") if found else None

    def _hand_over(self, context: OfficeContext, command: WriteCommand) -> bool:
        """Write a task for an employee onto the file; tell whether that was possible."""
        language, plans = context.office.default_language, context.office.plans
        try:
            context.tagor.notes.create(
                command.file,
                TASKS[language].format(what=COMMANDS[language][command.kind]),
                self._clock.now().astimezone(BRUSSELS).date(),
                kind=plans.info_kind,
                definition=plans.info_definition,
                deadline=Deadline(self._clock, CHECK_SECONDS),
            )
        except TagorError as trouble:
            log.warning("task_not_written", trouble=type(trouble).__name__)
            return False
        return True


def plan_found(new: Iterable[AgreedPlan], command: WriteCommand) -> WriteResult | None:
    """Give the plan that a command made, if exactly one of the new ones fits it."""
    fitting = [plan for plan in new if fits(plan, command)]
    if len(fitting) != 1 or fitting[0].monthly is None:
        return None
    return WriteResult("done", monthly=fitting[0].monthly, plan=fitting[0].id, start=fitting[0].first)


def fits(plan: AgreedPlan, command: WriteCommand) -> bool:
    """Tell whether a plan may be the one asked for: of the amount heard, but for Tagor's rounding."""
    if command.expected is None or plan.monthly is None:
        return False
    return abs(plan.monthly - command.expected) <= CENT
