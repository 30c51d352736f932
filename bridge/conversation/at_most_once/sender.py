"""Sends writes that must happen at most once (idempotency without a request id of Tagor's).

The action behind key 1 writes a decision down; from then on every webhook only reads the journal. Whoever
marks a decision as sent, and nobody else, sends it, without any retry. A clear yes or no settles
it; everything else is looked up in Tagor later, and never sent again.
"""

from concurrent.futures import Executor, ThreadPoolExecutor

import structlog

from bridge.clock import SYSTEM_CLOCK, Clock
from bridge.conversation.at_most_once.commands import WriteCommand
from bridge.conversation.at_most_once.writes import PlanNotLast, had_no_effect, write
from bridge.conversation.bulkhead import named
from bridge.conversation.office_context import OfficeContext
from bridge.operations.propagation import WorkSpan, no_span
from bridge.store.decision import Blocked, Decision, DecisionState, NewDecision, Opened
from bridge.store.decisions import Decisions
from bridge.store.step_journal import NAME_DIGITS
from bridge.tagor import TagorCircuitOpen
from voice_flows.answers import WriteResult

log = structlog.get_logger()

POLL = 0.05
"""Seconds between two looks into the journal while a caller waits."""

FIRST_CHECKS = 3
"""How many of the reconciler's checks a caller waits for: they are over within five seconds."""

NOT_ASKED = b"spared"
"""The journal's result of a decision that was not sent because the circuit breaker was open."""

SENDERS = 4
"""Threads of one process that send decisions."""


class Pending(Exception):
    """An action is not finished: the caller hears one moment, and the next turn asks again."""


class DecisionSender:
    """Writes decisions down, sends them once, and tells what came of them; `Reconciler` settles unclear ones.

    Args:
        journal: where decisions are kept.
        clock: the time.
        senders: the threads that send; `SENDERS` of its own if not given.
        span: surrounds each sending.
    """

    def __init__(
        self,
        journal: Decisions,
        *,
        clock: Clock = SYSTEM_CLOCK,
        senders: Executor | None = None,
        span: WorkSpan = no_span,
    ) -> None:
        self._journal, self._clock, self._span = journal, clock, span
        self._senders = senders or ThreadPoolExecutor(SENDERS, thread_name_prefix="decision")

    def is_blocked(self, context: OfficeContext, file: str) -> bool:
        """Tell whether a plan or approval is open on this file (id), from any call.

        Texts, mails, contacts, documents and answers do not count.
        """
        return self._journal.is_blocked(context.office.key, file)

    def is_unapproved(self, context: OfficeContext, plan: str) -> bool:
        """Tell whether a call requested this plan (id), and no call is known to have approved it."""
        return self._journal.is_unapproved(context.office.key, plan)

    def is_written(self, context: OfficeContext, confirmation: str) -> bool:
        """Tell whether this was confirmed and is in the journal, whatever came of it."""
        return self._journal.find(context.office.key, confirmation) is not None

    def result(self, context: OfficeContext, confirmation: str, wait: float) -> WriteResult | None:
        """Give what came of a confirmation after at most `wait` seconds, None if nothing was confirmed.

        Raises:
            Pending: it is being sent, or Tagor is asked whether it took effect.
            TagorCircuitOpen: Tagor was too sick to be asked, and certainly was not.
        """
        found = self._journal.find(context.office.key, confirmation)
        return None if found is None else self._wait_for(context, found, wait)

    def decide(
        self, context: OfficeContext, confirmation: str, command: WriteCommand, wait: float
    ) -> WriteResult:
        """Write a command down, have it sent once, and give what came of it after at most `wait` seconds.

        Raises:
            Pending: it is not settled by then; ask `result` in the next turn.
            StoreDown: it could not be written down, so nobody sends it.
            TagorCircuitOpen: as `result`.
        """
        self._clock.checkpoint(f"{command.kind}: confirmed")
        new = NewDecision(
            confirmation=confirmation,
            office=context.office.key,
            file=command.subject,
            kind=command.kind,
            payload=command.to_json(),
            plan=command.plan,
        )
        opened = self._journal.open(new, self._clock.now())
        if isinstance(opened, Blocked):
            return WriteResult("refused")  # nothing was written, so the caller may not hear that it is noted
        self._clock.checkpoint(f"{command.kind}: written")
        return self._wait_for(context, opened, wait)

    def _wait_for(self, context: OfficeContext, opened: Opened, wait: float) -> WriteResult:
        if opened.state is DecisionState.READY:
            # What is logged there belongs to this call, and what Tagor is asked there to this turn.
            known = structlog.contextvars.get_contextvars()
            self._senders.submit(named, known, self._send, context, opened.id)
        until = self._clock.monotonic() + wait
        while (decision := self._journal.get(opened.id)) is not None and may_soon_be_known(decision):
            if self._clock.monotonic() >= until:
                raise Pending
            self._clock.sleep(POLL)
        return result_of(decision)

    def _send(self, context: OfficeContext, decision_id: str) -> None:
        """Send what was written down, unless somebody else does, and settle it or leave it unclear."""
        decision = self._journal.get(decision_id)
        if decision is None or decision.payload is None:
            return
        command = WriteCommand.from_json(decision.payload)
        self._clock.checkpoint(f"{command.kind}: to be marked")
        # Only one of all who try marks it, and that mark is on the disk before anything is sent.
        if not self._journal.mark_sent(decision_id, self._clock.now()):
            return
        self._clock.checkpoint(f"{command.kind}: marked as sent")
        try:
            with self._span(
                "decision",
                office=context.office.key,
                kind=command.kind,
                decision=decision_id[:NAME_DIGITS],
            ):
                result = write(context.tagor, command, self._clock)
        except Exception as trouble:  # noqa: BLE001 - whatever is no clear yes must be settled too
            log.warning("decision_unclear", trouble=type(trouble).__name__, kind=command.kind)
            self._clock.checkpoint(f"{command.kind}: answered")
            self._settle_failed(context, command, decision_id, trouble)
        else:
            self._clock.checkpoint(f"{command.kind}: answered")
            now, kept = self._clock.now(), result.to_json()
            made = (context.office.key, result.plan) if result.plan else None
            self._journal.settle(decision_id, DecisionState.DONE, now, result=kept, made=made)
        self._clock.checkpoint(f"{command.kind}: settled")

    def _settle_failed(
        self, context: OfficeContext, command: WriteCommand, decision_id: str, trouble: Exception
    ) -> None:
        """Refuse what certainly had no effect; leave everything else to the reconciler."""
        if had_no_effect(context.tagor, command, trouble, self._clock):
            result = NOT_ASKED if isinstance(trouble, TagorCircuitOpen) else None
            if isinstance(trouble, PlanNotLast):
                result = WriteResult("refused", replaced=trouble.replaced).to_json()
            self._journal.settle(decision_id, DecisionState.REFUSED, self._clock.now(), result=result)
        else:
            self._journal.mark_unclear(decision_id, self._clock.now())


def may_soon_be_known(decision: Decision) -> bool:
    """Tell whether a caller should wait: it is being sent, or one of the first checks may still find it."""
    checked_soon = decision.state is DecisionState.UNKNOWN and decision.checks < FIRST_CHECKS
    return decision.state in (DecisionState.READY, DecisionState.SENT) or checked_soon


def result_of(decision: Decision | None) -> WriteResult:
    """Give what the journal knows of a decision; one that was wiped or handed to an employee is unclear.

    Raises:
        TagorCircuitOpen: Tagor was too sick to be asked, and certainly was not.
    """
    if decision is not None and decision.result == NOT_ASKED:
        raise TagorCircuitOpen("decision", "Tagor was left alone, so nothing was sent: ask again later.")
    settled = decision is not None and decision.state in (DecisionState.DONE, DecisionState.REFUSED)
    if decision is not None and settled and decision.result is not None:
        return WriteResult.from_json(decision.result)
    if decision is not None and decision.state is DecisionState.REFUSED:
        return WriteResult("refused")
    return WriteResult("unclear")
