"""One turn of one call: loaded, led on, answered, stored; the same webhook again gets the same bytes."""

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
from bridge.flow.inbound import CallEvent, Event, Keys, Ring, Words
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
"""How often a caller is asked to wait for one and the same thing: not more than twenty seconds in all."""
UNCLEAR = Outcome("unclear")
PATIENCE = 2.9
"""Seconds a repeated webhook waits for the worker that is already at it: a little more than a turn."""
POLL = 0.05
SLOW_TRANSACTION_SECONDS = 0.7
"""Seconds of one transaction, above which a turn of several could not be answered in time."""


class NoSuchOffice(LookupError):
    """No office file has the dialled number."""


class LostCall(LookupError):
    """The store knows nothing of this call, or another worker never finished its turn."""


class Conversation:
    """Takes verified webhooks to answers.

    `branches` finds the office of a dialled number; `over` is the document that ends a call.
    Whatever goes wrong in a flow leads to a person; what goes wrong beyond that is raised, and the provider's
    side has last words.
    """

    def __init__(
        self,
        engine: Engine,
        calls: Calls,
        *,
        runner: ActionRunner,
        phrasing: Phrasing,
        aftermath: OutboxWriter,
        branches: Callable[[str], OfficeContext | None],
        over: bytes,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self._engine, self._calls, self._errands, self._phrasing = engine, calls, runner, phrasing
        self._aftermath = aftermath
        self._branches, self._over, self._clock = branches, over, clock

    def take(self, heard: CallEvent, *, seconds: float = TURN_SECONDS) -> bytes:
        """The reply to one webhook, as the provider's document, after waiting so long for Tagor at most.

        Raises:
            NoSuchOffice, LostCall, StoreDown: nobody here can lead this call; the office's fixed words must.
        """
        deadline = self._errands.deadline(seconds)  # waiting for one's turn counts, too
        taken = self._claim(heard)
        if isinstance(taken, bytes):
            return taken
        try:
            return self._lead(heard, taken, deadline)
        except ClaimLost:
            return self.take(heard, seconds=deadline.left())
        except Exception:
            self._calls.release(heard.call, taken)
            raise

    def fallback(self, ring: CallEvent, error: str) -> bytes:
        """The provider could not use a reply: bring the caller back to the question that was asked last.

        A call that nothing is known of begins now, as its `ring` would have had it.

        Raises:
            LostCall, StoreDown: it is over, or cannot be known; the office's fixed words must do.
        """
        call = ring.call
        log.warning("provider_fell_back", code=error)
        self._calls.break_claim(call)
        unheard = self._unheard(call)
        if unheard is not None:
            return self.take(unheard, seconds=NO_PATIENCE)  # they have waited for the lost reply already
        match self._calls.last_reply(call):
            case Replay(reply=reply):
                return reply
            case UnknownCall():
                return self.take(ring)
            case CallEnded():
                raise LostCall("there is no question to come back to")

    def _unheard(self, call_id: str) -> CallEvent | None:
        """The key 1 whose decision is in the journal although the caller never heard what came of it."""
        kept = self._calls.snapshot(call_id)
        if kept is None or not self._engine.confirms(call := Call.from_json(kept.state)):
            return None
        call.moves += 1
        if not self._errands.begun(self._branch(call.dialled), confirmation(call_id, call)):
            return None
        return CallEvent(call_id, kept.turn, Keys("1"))

    def hung_up(self, call: str) -> None:
        """The call is over at the provider: leave its notes to be written, and wipe everything about it."""
        try:
            kept = self._calls.snapshot(call)
            self._calls.wipe(call, also=self._unwritten(call, kept), kept=kept)
        except ClaimLost:
            return self.hung_up(call)  # a turn was saved meanwhile, and may have left more to be written
        except (DecryptionFailed, ValueError, TypeError, KeyError) as trouble:
            log.warning("call_unreadable", trouble=type(trouble).__name__)
            self._calls.wipe(call)  # its notes stand in the outbox as they were, and are written later
        log.info("call_over")
        return None

    def _unwritten(self, call_id: str, kept: CallSnapshot | None) -> InTransaction | None:
        """The notes of a call that nobody has said goodbye to."""
        call = Call.from_json(kept.state) if kept else None
        branch = self._branches(call.dialled) if call else None
        return self._aftermath.of_hanging_up(call_id, call, branch) if call and branch else None

    def recorded(self, call: str, status: str) -> None:
        """A recording of this call is there, or never will be: its voicemail need not wait any longer."""
        turn = self._calls.turn_number(call)
        if turn is not None:
            self._aftermath.hurry(call, turn)
        log.info("recording", status=status)

    def _claim(self, heard: CallEvent) -> Claimed | bytes:
        """This worker's right to answer the turn, or the bytes that answer it already."""
        until = self._clock.monotonic() + PATIENCE
        while isinstance(found := self._taken(heard), LockedElsewhere):
            if self._clock.monotonic() >= until:
                raise LostCall("another worker did not finish this turn in time")
            self._clock.sleep(POLL)
        match found:
            case Claimed():
                return found
            case Replay(reply=reply) | OutOfOrder(reply=reply):
                return reply
            case CallEnded():
                return self._over
            case UnknownCall():
                raise LostCall("the store knows nothing of this call")

    def _taken(self, heard: CallEvent) -> ClaimResult:
        """Ask for the turn; a database too slow for a whole one is as good as away."""
        begun = self._clock.monotonic()
        found = self._calls.claim(heard.call, heard.turn, self._clock.now())
        if (
            isinstance(found, Claimed | LockedElsewhere)
            and self._clock.monotonic() - begun > SLOW_TRANSACTION_SECONDS
        ):
            if isinstance(found, Claimed):
                self._calls.release(heard.call, found)
            raise StoreDown("slow")
        return found

    def _lead(self, heard: CallEvent, taken: Claimed, deadline: Deadline) -> bytes:
        call = self._load(heard, taken)
        branch = self._branch(call.dialled)
        call.rules = branch.rules
        self._errands.catch_up(heard.call, call)
        awaited = "moment" in call.tries
        turn = Turn(heard.call, heard.turn, call, branch, self._clock.now(), deadline, awaited)
        before = call.noted
        spoken, reply = self._reply(heard, turn, new=taken.state is None)
        over = isinstance(spoken.then, HangUp)
        also = self._aftermath.of_turn(turn, heard.event, spoken.then, changed=call.noted != before)
        self._clock.checkpoint("turn: led")
        self._calls.save_reply(
            heard.call,
            taken,
            heard.turn,
            state=None if over else call.to_json(),
            reply=reply,
            next_turn=heard.turn + 1,
            now=self._clock.now(),
            also=also,
        )
        self._clock.checkpoint("turn: saved")
        log.info("turn", turn=heard.turn, place=call.place, language=call.language)
        return reply

    def _load(self, heard: CallEvent, taken: Claimed) -> Call:
        if taken.state is not None:
            return Call.from_json(taken.state)
        if not isinstance(heard.event, Ring):
            raise LostCall("a call must begin with its first webhook")
        branch = self._branch(heard.event.dialled)
        return Call(heard.event.caller, heard.event.dialled, branch.office.default_language)

    def _branch(self, dialled: str) -> OfficeContext:
        branch = self._branches(dialled)
        if branch is None:
            raise NoSuchOffice("no office file has the dialled number in `numbers`")
        return branch

    def _reply(self, heard: CallEvent, turn: Turn, *, new: bool) -> tuple[TurnOutput, bytes]:
        """Lead the call on; whatever breaks in a flow or its words leads to a person instead."""
        try:
            return self._spoken(self._step(heard, turn.state, new=new), turn)
        except Exception as trouble:
            log.exception("rescued", trouble=type(trouble).__name__)
            if turn.state.rescues:
                raise
            return self._spoken(self._engine.rescue(turn.state), turn)

    def _step(self, heard: CallEvent, call: Call, *, new: bool) -> TurnOutput | PendingAction:
        if heard.turn >= MAX_TURNS and not call.rescues:
            raise EndlessTurn("a call of this many turns leads nowhere")
        if new:
            return self._engine.ring(call)
        return self._engine.hear(call, self._meant(heard.event, call), self._clock.now())

    def _spoken(self, step: TurnOutput | PendingAction, turn: Turn) -> tuple[TurnOutput, bytes]:
        """Run what is needed first, then put the rest into words of the caller's language."""
        while isinstance(step, PendingAction):
            step = self._done(step, turn)
        today = turn.now.astimezone(BRUSSELS).date()
        answer = self._phrasing.answer(step, turn.state, turn.branch, turn=turn.number + 1, today=today)
        return step, turn.branch.renderer.render(answer)

    def _done(self, need: PendingAction, turn: Turn) -> TurnOutput | PendingAction:
        """What follows an action; what still goes on after the last moment is down, a decision unclear."""
        try:
            return self._engine.settle(turn.state, self._errands.run(need, turn))
        except Pending:
            if turn.state.tries.get("moment", 0) < MAX_HOLDS[type(need.step)]:
                return self._engine.waits(turn.state)
        log.warning("patience_over", place=need.place)
        return self._engine.settle(turn.state, DOWN if isinstance(need.step, Do) else UNCLEAR)

    def _meant(self, event: Event, call: Call) -> Event:
        """Words become the menu key they mean, where words are heard at all; unknown words stay words."""
        if not isinstance(event, Words) or not self._engine.hears_words(call):
            return event
        key = self._phrasing.key_for(call.place, event.text, call.language)
        return Keys(key) if key else event
