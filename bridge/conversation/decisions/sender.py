"""Writes that must never happen twice: durable before they are sent, sent once, looked up when unclear.

The webhook only reads the journal. Whoever marks a decision as sent, and nobody else, sends it, without any
retry. A clear yes or no settles it; everything else is looked up in Tagor later, and never sent again.
"""

from concurrent.futures import Executor, ThreadPoolExecutor

import structlog

from bridge.clock import SYSTEM_CLOCK, Clock
from bridge.conversation.decisions.commands import WriteCommand
from bridge.conversation.decisions.writes import had_no_effect, write
from bridge.conversation.office_context import OfficeContext
from bridge.store.decision import Blocked, Decision, DecisionState, NewDecision, Opened
from bridge.store.decisions import Decisions
from bridge.tagor import Tagor, TagorCircuitOpen
from voice_flows.answers import WriteResult

log = structlog.get_logger()

POLL = 0.05
FIRST_LOOKS = 3
SPARED = b"spared"
"""The result of a decision that Tagor was never asked for."""
SENDERS = 4


class Pending(Exception):
    """The decision is being made: say one moment, and ask again."""


class DecisionSender:
    """Makes decisions; what it leaves unclear is `Reconciler`'s.

    `senders` send them: `SENDERS` threads if not given.
    """

    def __init__(
        self,
        journal: Decisions,
        *,
        clock: Clock = SYSTEM_CLOCK,
        senders: Executor | None = None,
    ) -> None:
        self._journal, self._clock = journal, clock
        self._senders = senders or ThreadPoolExecutor(SENDERS, thread_name_prefix="decision")

    def blocked(self, branch: OfficeContext, file: str) -> bool:
        """Whether a decision on this file is still open, whichever call made it."""
        return self._journal.is_blocked(branch.office.key, file)

    def begun(self, branch: OfficeContext, confirmation: str) -> bool:
        """Whether this was confirmed and written down, whatever came of it."""
        return self._journal.find(branch.office.key, confirmation) is not None

    def known(self, branch: OfficeContext, confirmation: str, patience: float) -> WriteResult | None:
        """What came of what was confirmed, None if it never was.

        Raises:
            StillGoing: it is being made.
        """
        found = self._journal.find(branch.office.key, confirmation)
        return None if found is None else self._go_on(branch, found, patience)

    def decide(
        self, branch: OfficeContext, confirmation: str, wish: WriteCommand, patience: float
    ) -> WriteResult:
        """Write the wish down, have it sent once, and wait `patience` seconds for what comes of it.

        Raises:
            StillGoing: it is not settled by then: ask `known` in the next turn.
            StoreDown: it could not be written down, so nobody sends it.
        """
        self._clock.checkpoint(f"{wish.kind}: confirmed")
        opened = self._journal.open(_new(branch, confirmation, wish), self._clock.now())
        if isinstance(opened, Blocked):
            return WriteResult("refused")  # nothing was written, so nothing may be called noted
        self._clock.checkpoint(f"{wish.kind}: written")
        return self._go_on(branch, opened, patience)

    def _go_on(self, branch: OfficeContext, opened: Opened, patience: float) -> WriteResult:
        if opened.state is DecisionState.READY:
            self._senders.submit(self._send, branch, opened.id)
        until = self._clock.monotonic() + patience
        while (known := self._journal.get(opened.id)) is not None and going_on(known):
            if self._clock.monotonic() >= until:
                raise Pending
            self._clock.sleep(POLL)
        return decided(known)

    def _send(self, branch: OfficeContext, decision: str) -> None:
        """Send what was written down, if nobody has or will; what is not clearly yes or no stays unclear."""
        written = self._journal.get(decision)
        if written is None or written.payload is None:
            return
        wish = WriteCommand.from_json(written.payload)
        self._clock.checkpoint(f"{wish.kind}: to be marked")
        if not self._journal.mark_sent(decision, self._clock.now()):
            return
        self._clock.checkpoint(f"{wish.kind}: marked as sent")
        try:
            came = write(branch.tagor, wish, self._clock)
        except Exception as trouble:  # noqa: BLE001 - whatever is no clear yes must be settled too
            log.warning("decision_unclear", trouble=type(trouble).__name__, kind=wish.kind)
            self._refused_or_unclear(branch.tagor, wish, decision, trouble)
            return
        self._clock.checkpoint(f"{wish.kind}: answered")
        self._journal.settle(decision, DecisionState.DONE, self._clock.now(), result=came.to_json())
        self._clock.checkpoint(f"{wish.kind}: settled")

    def _refused_or_unclear(
        self, tagor: Tagor, wish: WriteCommand, decision: str, trouble: Exception
    ) -> None:
        self._clock.checkpoint(f"{wish.kind}: answered")
        if had_no_effect(tagor, wish, trouble, self._clock):
            spared = isinstance(trouble, TagorCircuitOpen)
            self._journal.settle(
                decision, DecisionState.REFUSED, self._clock.now(), result=SPARED if spared else None
            )
        else:
            self._journal.mark_unclear(decision, self._clock.now())
        self._clock.checkpoint(f"{wish.kind}: settled")


def going_on(decision: Decision) -> bool:
    """Whether a caller should wait: it is being sent, or one of the first looks may still find it."""
    first_looks = decision.state is DecisionState.UNKNOWN and decision.checks < FIRST_LOOKS
    return decision.state in (DecisionState.READY, DecisionState.SENT) or first_looks


def decided(decision: Decision | None) -> WriteResult:
    """What the journal says of a decision, in the flow's words; what is wiped or handed on is unclear.

    Raises:
        TagorSpared: Tagor was too sick to be asked, and certainly was not.
    """
    if decision is not None and decision.result == SPARED:
        raise TagorCircuitOpen("decision", "Tagor was left alone, so nothing was sent: ask again later.")
    if decision is not None and decision.state is DecisionState.REFUSED:
        return WriteResult("refused")
    if decision is not None and decision.state is DecisionState.DONE and decision.result is not None:
        return WriteResult.from_json(decision.result)
    return WriteResult("unclear")


def _new(branch: OfficeContext, confirmation: str, wish: WriteCommand) -> NewDecision:
    return NewDecision(
        confirmation=confirmation,
        office=branch.office.key,
        file=wish.subject,
        kind=wish.kind,
        payload=wish.to_json(),
    )
