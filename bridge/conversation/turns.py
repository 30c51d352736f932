"""Answers the turns of calls: each is loaded, led on, put into words and saved."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import structlog

from bridge.clock import SYSTEM_CLOCK, Clock
from bridge.conversation.action_runner import DOWN, ActionRunner
from bridge.conversation.at_most_once.sender import Pending
from bridge.conversation.office_context import OfficeContext
from bridge.conversation.outbox_writer import OutboxWriter
from bridge.conversation.phrasing import Phrasing
from bridge.conversation.turn import NO_PATIENCE, PATIENCE, Turn, confirmation
from bridge.flow.action_context import Outcome
from bridge.flow.call import Call
from bridge.flow.engine import HUNG_UP, Engine, PendingAction
from bridge.flow.errors import EndlessTurn
from bridge.flow.inbound import (
    CallEvent,
    Dialled,
    Event,
    FallbackRequest,
    Keys,
    Recorded,
    RedirectReturned,
    Ring,
    Silence,
    Words,
)
from bridge.flow.steps import Decide
from bridge.flow.turn_output import HangUp, TurnOutput
from bridge.office.hours import BRUSSELS
from bridge.store.calls import Calls
from bridge.store.claim import (
    CallEnded,
    CallSnapshot,
    LockedElsewhere,
    OpenTurn,
    OutOfOrder,
    Replay,
    UnknownCall,
)
from bridge.store.errors import ClaimLost, DecryptionFailed, StoreDown, StoreError
from bridge.store.server_restart import seconds_without_restarts
from bridge.store.step_journal import TurnSteps
from bridge.tagor import Deadline

log = structlog.get_logger()

MAX_TURNS = 60
"""How many turns a call may have, without those that only filled a wait."""
MAX_HOLDS = 10
"""How many turns fill the wait for one action: words, five sounds, words and three sounds take 20 seconds."""
UNCLEAR = Outcome("unclear")
LOCK_SECONDS = 2.9
"""How long a repeated webhook waits for the worker that holds its turn: longer than a turn takes."""
POLL = 0.05
SLOW_TRANSACTION_SECONDS = 0.7
"""Longest time of one transaction: with slower ones, a turn of several could not be answered in time."""
_KINDS: Mapping[type[Event], str] = {
    Ring: "ring",
    Keys: "keys",
    Words: "words",
    Silence: "silence",
    Dialled: "transfer",
    Recorded: "voicemail",
    RedirectReturned: "wait",
}
"""What the log says was heard: never which key, nor which words."""


class NoSuchOffice(LookupError):
    """No office file has the dialled number."""

    def __init__(self) -> None:
        super().__init__("no office file has the dialled number in `numbers`")


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
        office_contexts: finds the office of a dialled number; None when there is none.
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

    def take(self, heard: CallEvent, *, waited: bool = False) -> bytes:
        """Answer one webhook, soon if its caller has `waited` for it before.

        Raises:
            NoSuchOffice, LostCall, StoreDown: nobody here can lead this call.
        """
        deadline = Deadline(self._clock, NO_PATIENCE if waited else PATIENCE)
        while True:
            turn = self._open(heard, deadline)
            if isinstance(turn, bytes):
                return turn
            try:
                return self._lead(heard, turn)
            except ClaimLost:
                continue  # another worker has answered meanwhile: what is read now is its answer

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
            return self.take(missed, waited=True)
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
        office_context = self._office_contexts(call.dialled)
        if office_context is None:
            raise NoSuchOffice
        # The key moved the call on before the decision got its name, and that move was never saved.
        call.moves += 1
        if not self._runner.begun(office_context, confirmation(call_id, call.moves)):
            return None
        return CallEvent(call_id, snapshot.turn, Keys("1"))

    def ended(self, call_id: str) -> None:
        """Leave the call's notes to be written, and wipe everything else about it: the provider ended it."""
        try:
            snapshot = self._calls.snapshot(call_id)
            if snapshot is None:
                self._calls.wipe(call_id)
            else:
                self._hung_up(call_id, snapshot, Call.from_json(snapshot.state))
        except ClaimLost:
            return self.ended(call_id)  # a turn was saved meanwhile, and may have left more to be written
        except (DecryptionFailed, ValueError, TypeError, KeyError) as trouble:
            log.warning("call_unreadable", trouble=type(trouble).__name__)
            # Its notes stand in the outbox as the last turn left them, and are written later.
            self._calls.wipe(call_id)
        log.info("call_over")
        return None

    def _hung_up(self, call_id: str, snapshot: CallSnapshot, call: Call) -> None:
        """Wipe a call that was under way; its notes, its last step and what an employee must see to stay."""
        context = self._office_contexts(call.dialled)
        if context is None:
            self._calls.wipe(call_id, kept=snapshot)
            return
        structlog.contextvars.bind_contextvars(office=context.office.key)
        moves = self._engine.confirmed_at(call) if call.proven else None
        unheard = "" if moves is None else confirmation(call_id, moves)
        left = self._outbox_writer.of_hanging_up(call_id, call, context, unheard)
        last = TurnSteps(context.office.key, call.language, [(call.place, HUNG_UP)])
        self._calls.wipe(call_id, also=left, kept=snapshot, now=self._clock.now(), steps=last)

    def recorded(self, call_id: str, status: str) -> None:
        """Let the voicemail of this call be fetched now: its recording is there, or never will be."""
        turn = self._calls.turn_number(call_id)
        if turn is not None:
            self._outbox_writer.hurry(call_id, turn)
        log.info("recording", status=status)

    def _open(self, heard: CallEvent, deadline: Deadline) -> Turn | bytes:
        """Read the turn to answer it, or the bytes that answer it already."""
        until = self._clock.monotonic() + LOCK_SECONDS
        while True:
            begun = seconds_without_restarts(self._clock)
            found = self._calls.read(heard.call, heard.turn, self._clock.now())
            took = seconds_without_restarts(self._clock) - begun
            # A database that is too slow for a whole turn is away; what is answered already is only sent.
            if took > SLOW_TRANSACTION_SECONDS and isinstance(found, OpenTurn | LockedElsewhere):
                raise StoreDown("slow")
            match found:
                case OpenTurn():
                    return self._begin(heard, found, deadline, took)
                case Replay(reply=reply) | OutOfOrder(reply=reply):
                    return reply
                case CallEnded():
                    return self._hangup_document
                case UnknownCall():
                    raise LostCall("the store knows nothing of this call")
            if self._clock.monotonic() >= until:
                raise LostCall("another worker did not finish this turn in time")
            self._clock.sleep(POLL)

    def _begin(self, heard: CallEvent, opened: OpenTurn, deadline: Deadline, took: float) -> Turn:
        """Describe the turn, of a new call for its first webhook; `took` is how long it took to read it."""
        if opened.state:
            call = Call.from_json(opened.state)
        elif isinstance(heard.event, Ring):
            call = Call(heard.event.caller, heard.event.dialled, language="")
        else:
            raise LostCall("a call must begin with its first webhook")
        office_context = self._office_contexts(call.dialled)
        if office_context is None:
            raise NoSuchOffice
        call.language = call.language or office_context.office.default_language
        # Until the webhook is answered: whoever took it unbinds the office.
        structlog.contextvars.bind_contextvars(office=office_context.office.key)
        call.rules = office_context.rules
        return Turn(
            heard.call,
            heard.turn,
            call,
            office_context,
            self._clock.now(),
            deadline,
            opened,
            slowest=took,
        )

    def _claim(self, turn: Turn) -> None:
        """Claim the turn before its first action, so that no other worker does the action too."""
        begun = seconds_without_restarts(self._clock)
        office = turn.office_context.office.key
        turn.opened = self._calls.claim(turn.opened, self._clock.now(), office=office)
        took = seconds_without_restarts(self._clock) - begun
        turn.slowest = max(turn.slowest, took)
        if took > SLOW_TRANSACTION_SECONDS:
            self._release(turn)
            raise StoreDown("slow")

    def _release(self, turn: Turn) -> None:
        """Give a claimed turn back for the provider's next try."""
        if turn.opened.claimed:
            self._calls.release(turn.opened)
            turn.opened = replace(turn.opened, claimed=False)

    def _lead(self, heard: CallEvent, turn: Turn) -> bytes:
        """Lead the call through one turn, and save its state and reply in one transaction."""
        begun, call = self._clock.monotonic() - turn.slowest, turn.call
        try:
            if call.prefetching:
                self._runner.collect_prefetched(call, turn.opened.late)
            output, reply = self._reply(heard, turn)
            left = self._outbox_writer.of_turn(turn, heard.event, output.then)
            self._clock.checkpoint("turn: led")
            took = round(1000 * (self._clock.monotonic() - begun))
            office = turn.office_context.office.key
            begins = call.caller if turn.opened.state is None else ""
            steps = TurnSteps(office, call.language, call.taken, took, caller=begins)
            self._calls.save_reply(
                turn.opened,
                heard.turn,
                state=None if isinstance(output.then, HangUp) else call.to_json(),
                reply=reply,
                next_turn=heard.turn + 1,
                now=self._clock.now(),
                office=office,
                also=left,
                steps=steps if call.taken else None,
            )
        except Exception:
            self._release(turn)
            raise
        self._clock.checkpoint("turn: saved")
        for begin in turn.after_saving:
            begin()
        log.info(
            "turn",
            turn=heard.turn,
            kind=_KINDS[type(heard.event)],
            place=call.place,
            language=call.language,
            actions=turn.actions,
            duration_ms=round(1000 * (self._clock.monotonic() - begun)),
        )
        return reply

    def _reply(self, heard: CallEvent, turn: Turn) -> tuple[TurnOutput, bytes]:
        """Lead the call on; whatever breaks in a flow or its words leads to a person instead."""
        call, event = turn.call, heard.event
        try:
            if heard.turn - call.holds >= MAX_TURNS and not call.error_transfers:
                raise EndlessTurn("a call of this many turns leads nowhere")  # noqa: TRY301 - as an engine's
            if turn.opened.state is None:
                step = self._engine.ring(call)
            else:
                event = self._as_keys(event, call) if isinstance(event, Words) else event
                step = self._engine.hear(call, event, self._clock.now())
            return self._finish(step, turn)
        except Exception as trouble:
            # Until the turn is claimed nothing was done, so a lost claim or store breaks nothing in the flow.
            if isinstance(trouble, StoreError) and not turn.opened.claimed:
                raise
            log.exception("transfer_on_error", trouble=type(trouble).__name__)
            if call.error_transfers:
                raise
            return self._finish(self._engine.transfer_on_error(call), turn)

    def _finish(self, step: TurnOutput | PendingAction, turn: Turn) -> tuple[TurnOutput, bytes]:
        """Run the actions that are needed first, then put what is said into the caller's language."""
        while isinstance(step, PendingAction):
            need = step
            try:
                step = self._engine.resume(turn.call, self._runner.run(need, turn, self._claim))
            except Pending:
                step = self._wait(need, turn)
        news = turn.office_context.announced if step.prompts else None
        if news:
            step = news.before(step, turn.call)
        today, next_turn = turn.now.astimezone(BRUSSELS).date(), turn.number + 1
        phrased = self._phrasing.phrase(step, turn.call, turn.office_context, turn=next_turn, today=today)
        reply = turn.office_context.renderer.render(phrased.answer)
        if news:
            turn.call.announced = news.mark
        if turn.call.unspoken_notes:
            turn.call.record_spoken(phrased.spoken)
        return step, reply

    def _wait(self, need: PendingAction, turn: Turn) -> TurnOutput | PendingAction:
        """Fill the wait for an action; after the last hold it is down, or unclear once it was decided."""
        if turn.call.tries.get("moment", 0) < MAX_HOLDS:
            return self._engine.hold(turn.call)
        log.warning("patience_over", place=need.place)
        decided = isinstance(need.step, Decide) and self._runner.begun(
            turn.office_context, confirmation(turn.call_id, turn.call.moves)
        )
        return self._engine.resume(turn.call, UNCLEAR if decided else DOWN)

    def _as_keys(self, event: Words, call: Call) -> Words | Keys:
        """Turn words into the key they mean, where words count at all; words without a meaning stay words."""
        if not self._engine.hears_words(call):
            return event
        key = self._phrasing.key_for(call.place, event.text, call.language)
        return Keys(key) if key else event


def _never_rang(request: FallbackRequest, next_turn: int) -> bool:
    """Tell whether the provider says that it never read the document with the transfer.

    The error codes 112xx are Twilio's for a document that could not be fetched (docs/api/errors).
    """
    unread = request.failed_turn == next_turn - 1 and request.error_code.startswith("112")
    return unread and request.dial is None
