"""Finishes what calls left open: looks in Tagor for decisions, and gives an employee what stays unclear."""

from collections.abc import Mapping
from decimal import Decimal

import structlog

from bridge.clock import SYSTEM_CLOCK, Clock
from bridge.conversation.decisions.commands import WriteCommand
from bridge.conversation.decisions.task_texts import TASKS, WISHES
from bridge.conversation.office_context import OfficeContext
from bridge.office.hours import BRUSSELS
from bridge.store.background import run_forever
from bridge.store.decision import Decision, DecisionState, SettledState
from bridge.store.repositories import Repositories
from bridge.tagor import AgreedPlan, Deadline, TagorError
from voice_flows.answers import WriteResult

log = structlog.get_logger()

LOOK_SECONDS = 3.0
CENT = Decimal("0.01")
AT_A_TIME = 4
"""Few enough that all are looked after within their lease, however slow Tagor is."""

SWEEP_EVERY = 60.0


def fits(plan: AgreedPlan, wish: WriteCommand) -> bool:
    """Whether a plan may be what was asked: of the amount the caller was told, but for Tagor's rounding."""
    return wish.expected is not None and abs(plan.monthly - wish.expected) <= CENT


class Reconciler:
    """Looks after open decisions; any number may run, on any machine: leases keep them apart."""

    def __init__(
        self,
        books: Repositories,
        branches: Mapping[str, OfficeContext],
        *,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self._books, self._journal = books, books.decisions
        self._branches, self._clock = branches, clock
        self._swept = clock.monotonic()

    def start(self) -> None:
        """Settle in the background for as long as the process lives."""
        run_forever("reconciler", self._look_after)

    def _look_after(self) -> int:
        self.round()
        self.sweep()
        return 0  # what was looked after is due again later, never at once

    def round(self) -> int:
        """Look after everything that is due now; gives how many decisions that were."""
        due = self._journal.claim_due(self._clock.now(), limit=AT_A_TIME)
        for decision in due:
            branch = self._branches.get(decision.office)
            if branch is not None and decision.payload is not None:
                self._settle(branch, decision, WriteCommand.from_json(decision.payload))
        return len(due)

    def _settle(self, branch: OfficeContext, decision: Decision, wish: WriteCommand) -> None:
        plan = self._found(branch, wish) if decision.sent_at is not None else None
        if plan is not None:
            came = WriteResult("done", wish.months or 0, plan.monthly, plan=plan.id)
            self._close(decision, DecisionState.DONE, came)
        elif decision.is_late(self._clock.now()) and self._hand_over(branch, wish):
            self._close(decision, DecisionState.ESCALATED, None)
        else:
            self._journal.mark_unclear(decision.id, self._clock.now(), claim=decision.claim)

    def sweep(self) -> None:
        """Once a minute, wipe what calls have left behind and nobody needs any more."""
        if self._clock.monotonic() - self._swept >= SWEEP_EVERY:
            self._swept = self._clock.monotonic()
            self._books.sweep(self._clock.now())

    def _close(self, decision: Decision, state: SettledState, came: WriteResult | None) -> None:
        result = came.to_json() if came else None
        self._journal.settle(decision.id, state, self._clock.now(), result=result, claim=decision.claim)
        log.info("decision_settled", kind=decision.kind, state=str(state))

    def _found(self, branch: OfficeContext, wish: WriteCommand) -> AgreedPlan | None:
        """The plan a wish made, if Tagor shows exactly one that was not there before and fits it."""
        if wish.kind != "plan":
            return None
        try:
            plans = branch.tagor.plans.on_file(wish.file, deadline=Deadline(self._clock, LOOK_SECONDS))
        except TagorError:
            return None
        new = [plan for plan in plans if plan.id not in wish.before and fits(plan, wish)]
        return new[0] if len(new) == 1 else None

    def _hand_over(self, branch: OfficeContext, wish: WriteCommand) -> bool:
        """Write a task for an employee onto the file; told once more later if it cannot be written now."""
        language = branch.office.default_language
        text = TASKS[language].format(wish=WISHES[language][wish.kind])
        today = self._clock.now().astimezone(BRUSSELS).date()
        try:
            branch.tagor.notes.create(
                wish.file,
                text,
                today,
                kind=branch.office.plans.info_kind,
                definition=branch.office.plans.info_definition,
                deadline=Deadline(self._clock, LOOK_SECONDS),
            )
        except TagorError as trouble:
            log.warning("task_not_written", trouble=type(trouble).__name__)
            return False
        return True
