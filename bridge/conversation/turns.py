"""Answers the turns of calls: each is loaded, led on, put into words and saved."""

from collections.abc import Callable

import structlog

from bridge.clock import SYSTEM_CLOCK, Clock
from bridge.conversation.action_runner import DOWN, ActionRunner
from bridge.conversation.decisions.sender import Pending
from bridge.conversation.latency import NO_PATIENCE
from bridge.conversation.office_context import OfficeContext
from bridge.conversation.outbox_writer import InTransaction, OutboxWriter
from bridge.conversation.phrasing import Phrasing
from bridge.conversation.turn import TURN_SECONDS, Turn, confirmation
from bridge.flow.action_context import Outcome
from bridge.flow.call import Call
from bridge.flow.engine import Engine, PendingAction
from bridge.flow.errors import EndlessTurn
from bridge.flow.inbound import CallEvent, Dialled, Event, FallbackRequest, Keys, Ring, Words
from bridge.flow.steps import Decide, Do
from bridge.flow.turn_output import HangUp, TurnOutput
from bridge.office.hours import BRUSSELS
from bridge.store.calls import Calls
from bridge.store.claim import (
    CallEnded,
    CallSnapshot,
    Claimed,
    ClaimResult,
    LockedElsewhere,
    OutOfOrder,
    Replay,
    UnknownCall,
)
from bridge.store.errors import ClaimLost, DecryptionFailed, StoreDown
from bridge.tagor import Deadline

log = structlog.get_logger()

MAX_TURNS = 60
MAX_HOLDS = {Do: 2, Decide: 4}
"""How often a caller is asked to wait for one action: not more than twenty seconds in all."""
UNCLEAR = Outcome("unclear")
LOCK_SECONDS = 2.9
"""How long a repeated webhook waits for the worker that holds its turn: a little longer than a turn takes."""
POLL = 0.05
SLOW_TRANSACTION_SECONDS = 0.7
"""Longest time of one transaction: with slower ones, a turn of several could not be answered in time."""


class NoSuchOffice(LookupError):
    """No office file has the dialled number."""


class LostCall(LookupError):
    """The store knows nothing of this call, or another worker never finished its turn."""


class NoSuchCall(LostCall):
    """The store knows nothing of this call, so that it may begin."""


class Conversation:
    """Answers verified webhooks with the provider's documents.

    A failure in a flow leads the caller to a person. A failure beyond that is raised, and the provider's side
    answers with a fallback document.

    Args:
        engine: leads the call.
        calls: stores it.
        runner: runs the actions that the engine needs.
        phrasing: finds the words.
        outbox_writer: writes down what a turn leaves to be done.
        office_contexts: finds the office of a dialled number (E.164); None when there is none.
        hangup_document: the provider's document that ends a call.
        clock: the time.
    """

    def __init__(
        self,
        engine: Engine,
        calls: Calls,
        *,
        runner: ActionRunner,
        phrasing: Phrasing,
        outbox_writer: OutboxWriter,
        office_contexts: Callable[[str], OfficeContext | None],
        hangup_document: bytes,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self._engine, self._calls, self._runner, self._phrasing = engine, calls, runner, phrasing
        self._outbox_writer = outbox_writer
        self._office_contexts, self._hangup_document, self._clock = office_contexts, hangup_document, clock

    def take(self, heard: CallEvent, *, seconds: float = TURN_SECONDS) -> bytes:
        """Answer one webhook, waiting at most `seconds` for another worker and for Tagor.

        Raises:
            NoSuchOffice, LostCall, StoreDown: nobody here can lead this call.
        """
        deadline = Deadline(self._clock, seconds)
        claimed = self._claim(heard)
        if isinstance(claimed, bytes):
            return claimed
        try:
            return self._lead(heard, claimed, deadline)
        except ClaimLost:
            # Another worker has answered meanwhile, so that asking again gives its bytes.
            return self.take(heard, seconds=deadline.left())
        except Exception:
            self._calls.release(heard.call, claimed)
            raise

    def fallback(self, request: FallbackRequest) -> bytes:
        """Bring a caller back to the last question after the provider could not use a reply.

        Raises:
            NoSuchCall: the store does not know the call; its `ring` may begin it.
            LostCall, StoreDown: the call is over, or cannot be read.
        """
        call_id = request.ring.call
        log.warning("provider_fell_back", code=request.error_code)
        # The provider waits no longer for the worker that holds the turn, whether it is dead or slow.
        self._calls.break_claim(call_id)
        missed = self._missed_event(request)
        if missed is not None:
            # The caller has already waited for the reply that was lost.
            return self.take(missed, seconds=NO_PATIENCE)
        match self._calls.last_reply(call_id):
            case Replay(reply=reply):
                return reply
            case UnknownCall():
                raise NoSuchCall("the store knows nothing of this call")
            case CallEnded():
                raise LostCall("there is no question to come back to")

    def _missed_event(self, request: FallbackRequest) -> CallEvent | None:
        """Find the event that must be answered anew, because its reply never reached the caller.

        A confirmation whose decision was written down goes on with the outcome of that decision. A transfer
        that may have rung goes on with its own outcome, so that nobody is rung twice for it.
        """
        call_id = request.ring.call
        snapshot = self._calls.snapshot(call_id)
        if snapshot is None:
            return None
        call = Call.from_json(snapshot.state)
        if self._engine.transfers(call):
            if _never_rang(request, snapshot.turn):
                return None
            return CallEvent(call_id, snapshot.turn, request.dial or Dialled("unanswered"))
        if not self._engine.confirms(call):
            return None
        # The key moved the call on before the decision got its name, and that move was never saved.
        call.moves += 1
        if not self._runner.begun(self._office_context(call.dialled), confirmation(call_id, call)):
            return None
        return CallEvent(call_id, snapshot.turn, Keys("1"))

    def ended(self, call_id: str) -> None:
        """Leave the call's notes to be written, and wipe everything else about it: the provider ended it."""
        try:
            snapshot = self._calls.snapshot(call_id)
            notes = self._notes_of(call_id, snapshot) if snapshot else None
            self._calls.wipe(call_id, also=notes, kept=snapshot)
        except ClaimLost:
            return self.ended(call_id)  # a turn was saved meanwhile, and may have left more to be written
        except (DecryptionFailed, ValueError, TypeError, KeyError) as trouble:
            log.warning("call_unreadable", trouble=type(trouble).__name__)
            # Its notes stand in the outbox as the last turn left them, and are written later.
            self._calls.wipe(call_id)
        log.info("call_over")
        return None

    def _notes_of(self, call_id: str, snapshot: CallSnapshot) -> InTransaction | None:
        call = Call.from_json(snapshot.state)
        office_context = self._office_contexts(call.dialled)
        if office_context is None:
            return None
        return self._outbox_writer.of_hanging_up(call_id, call, office_context)

    def recorded(self, call_id: str, status: str) -> None:
        """Let the voicemail of this call be fetched now: its recording is there, or never will be."""
        turn = self._calls.turn_number(call_id)
        if turn is not None:
            self._outbox_writer.hurry(call_id, turn)
        log.info("recording", status=status)

    def _claim(self, heard: CallEvent) -> Claimed | bytes:
        """Claim the turn for this worker, or give the bytes that answer it already."""
        until = self._clock.monotonic() + LOCK_SECONDS
        while isinstance(found := self._try_claim(heard), LockedElsewhere):
            if self._clock.monotonic() >= until:
                raise LostCall("another worker did not finish this turn in time")
            self._clock.sleep(POLL)
        match found:
            case Claimed():
                return found
            case Replay(reply=reply) | OutOfOrder(reply=reply):
                return reply
            case CallEnded():
                return self._hangup_document
            case UnknownCall():
                raise LostCall("the store knows nothing of this call")

    def _try_claim(self, heard: CallEvent) -> ClaimResult:
        """Ask for the turn; a database too slow for a whole turn counts as one that is away."""
        begun = self._clock.monotonic()
        found = self._calls.claim(heard.call, heard.turn, self._clock.now())
        slow = self._clock.monotonic() - begun > SLOW_TRANSACTION_SECONDS
        if slow and isinstance(found, Claimed | LockedElsewhere):
            if isinstance(found, Claimed):
                self._calls.release(heard.call, found)
            raise StoreDown("slow")
        return found

    def _lead(self, heard: CallEvent, claimed: Claimed, deadline: Deadline) -> bytes:
        """Lead the call through one turn, and save its state and reply in one transaction."""
        call = self._load(heard, claimed)
        office_context = self._office_context(call.dialled)
        call.rules = office_context.rules
        self._runner.collect_prefetched(heard.call, call)
        awaited = "moment" in call.tries
        turn = Turn(heard.call, heard.turn, call, office_context, self._clock.now(), deadline, awaited)
        noted = call.note_counts
        output, reply = self._reply(heard, turn, new=claimed.state is None)
        left = self._outbox_writer.of_turn(turn, heard.event, output.then, changed=call.note_counts != noted)
        self._clock.checkpoint("turn: led")
        self._calls.save_reply(
            heard.call,
            claimed,
            heard.turn,
            state=None if isinstance(output.then, HangUp) else call.to_json(),
            reply=reply,
            next_turn=heard.turn + 1,
            now=self._clock.now(),
            also=left,
        )
        self._clock.checkpoint("turn: saved")
        log.info("turn", turn=heard.turn, place=call.place, language=call.language)
        return reply

    def _load(self, heard: CallEvent, claimed: Claimed) -> Call:
        if claimed.state is not None:
            return Call.from_json(claimed.state)
        if not isinstance(heard.event, Ring):
            raise LostCall("a call must begin with its first webhook")
        office = self._office_context(heard.event.dialled).office
        return Call(heard.event.caller, heard.event.dialled, office.default_language)

    def _office_context(self, dialled: str) -> OfficeContext:
        office_context = self._office_contexts(dialled)
        if office_context is None:
            raise NoSuchOffice("no office file has the dialled number in `numbers`")
        return office_context

    def _reply(self, heard: CallEvent, turn: Turn, *, new: bool) -> tuple[TurnOutput, bytes]:
        """Lead the call on; whatever breaks in a flow or its words leads to a person instead."""
        try:
            return self._finish(self._step(heard, turn.call, new=new), turn)
        except Exception as trouble:
            log.exception("transfer_on_error", trouble=type(trouble).__name__)
            if turn.call.error_transfers:
                raise
            return self._finish(self._engine.transfer_on_error(turn.call), turn)

    def _step(self, heard: CallEvent, call: Call, *, new: bool) -> TurnOutput | PendingAction:
        if heard.turn >= MAX_TURNS and not call.error_transfers:
            raise EndlessTurn("a call of this many turns leads nowhere")
        if new:
            return self._engine.ring(call)
        return self._engine.hear(call, self._as_keys(heard.event, call), self._clock.now())

    def _finish(self, step: TurnOutput | PendingAction, turn: Turn) -> tuple[TurnOutput, bytes]:
        """Run the actions that are needed first, then put what is said into the caller's language."""
        while isinstance(step, PendingAction):
            step = self._after_action(step, turn)
        today, next_turn = turn.now.astimezone(BRUSSELS).date(), turn.number + 1
        phrased = self._phrasing.phrase(step, turn.call, turn.office_context, turn=next_turn, today=today)
        reply = turn.office_context.renderer.render(phrased.answer)
        turn.call.record_spoken(phrased.spoken)
        return step, reply

    def _after_action(self, need: PendingAction, turn: Turn) -> TurnOutput | PendingAction:
        """Run an action; one that still runs after the last moment counts as down, a decision as unclear."""
        try:
            return self._engine.resume(turn.call, self._runner.run(need, turn))
        except Pending:
            if turn.call.tries.get("moment", 0) < MAX_HOLDS[type(need.step)]:
                return self._engine.hold(turn.call)
        log.warning("patience_over", place=need.place)
        return self._engine.resume(turn.call, DOWN if isinstance(need.step, Do) else UNCLEAR)

    def _as_keys(self, event: Event, call: Call) -> Event:
        """Turn words into the key they mean, where words count at all; words without a meaning stay words."""
        if not isinstance(event, Words) or not self._engine.hears_words(call):
            return event
        key = self._phrasing.key_for(call.place, event.text, call.language)
        return Keys(key) if key else event


def _never_rang(request: FallbackRequest, next_turn: int) -> bool:
    """Tell whether the provider says that it never read the document with the transfer.

    The error codes 112xx are Twilio's for a document that could not be fetched (docs/api/errors).
    """
    unread = request.failed_turn == next_turn - 1 and request.error_code.startswith("112")
    return unread and request.dial is None
