"""Gives a caller a handset: ring, press, speak, wait, hang up, and see what was heard."""

import time
from collections.abc import Callable, Mapping
from random import Random
from typing import Literal, Self

from bridge.simulators.provider.account import TWILIO, PhoneLine, Profile
from bridge.simulators.provider.callbacks import CallbackDelivery
from bridge.simulators.provider.caller_actions import (
    HANG_UP,
    CallerInput,
    CallOver,
    CallWait,
    DialOutcome,
    DialWait,
    GatherWait,
    KeyPresses,
    NoInput,
    RecordWait,
    SpokenWords,
)
from bridge.simulators.provider.errors import HandsetError, ProviderError
from bridge.simulators.provider.interpreter import CallSteps, TwimlInterpreter
from bridge.simulators.provider.turn import ProviderTurn, Utterance
from bridge.simulators.provider.webhook import Webhook
from bridge.simulators.provider.wire import Post

State = Literal["ringing", "listening", "dialling", "recording", "over"]
Missed = Literal["busy", "no-answer", "failed", "canceled", "rejected"]
Declined = Literal["mailbox", "declined", "hung-up"]
DECLINED: Mapping[Declined, str] = {"mailbox": "", "declined": "2", "hung-up": HANG_UP}
"""Who picks up without taking the call, and what they press."""

KEYPAD = frozenset("0123456789*#ABCD")


class Phone:
    """Makes one call for one caller.

    - `post` None means real HTTP; else every webhook goes through it (see `wire.Post`, `wire.wsgi`).
    - `seed`: the same seed makes the same CallSid and tokens again; None makes new ones.
    - `strict`: the first breach of a provider's or house rule raises DocumentRefused. Otherwise the call goes
      on as a provider would lead it: fallback URL, or an apology and the end. So it always does when the
      bridge cannot be reached.
    - `clock` counts seconds since 1970; `elapse` is told the seconds of speech that nobody can interrupt: a
      test may let its clock run on, a terminal may really wait.
    - `reports`: how a recording's callback travels: `once`, `lost`, `twice`, or `late`, after the call.
    """

    def __init__(
        self,
        line: PhoneLine,
        caller: str = "+32470000001",
        *,
        post: Post | None = None,
        profile: Profile = TWILIO,
        seed: int | None = None,
        strict: bool = True,
        clock: Callable[[], float] = time.time,
        elapse: Callable[[float], None] = lambda _seconds: None,
        reports: CallbackDelivery = "once",
    ) -> None:
        """Prepare the call; an empty or `anonymous` caller withholds the number."""
        random = Random(seed)
        self._webhook = Webhook(line, profile, caller, random=random, post=post, clock=clock)
        self._interpreter = TwimlInterpreter(
            line,
            profile,
            self._webhook,
            random=random,
            strict=strict,
            reports=reports,
            clock=clock,
            elapse=elapse,
        )
        self._walk: CallSteps | None = None
        self._waiting: CallWait | None = None

    @property
    def call_id(self) -> str:
        """Return the CallSid of this call."""
        return self._webhook.call_id

    @property
    def state(self) -> State:
        """Return what the call waits for; `ringing` before ring()."""
        if self._walk is None:
            return "ringing"
        match self._waiting:
            case GatherWait():
                return "listening"
            case DialWait():
                return "dialling"
            case RecordWait():
                return "recording"
        return "over"

    @property
    def waiting(self) -> CallWait | None:
        """Return the Gather, Dial or Record the call stands in; None before and after the call."""
        return self._waiting

    @property
    def listening(self) -> dict[str, str] | None:
        """Return the attributes of the Gather that waits for input, if one does."""
        return dict(self._waiting.verb.attributes) if isinstance(self._waiting, GatherWait) else None

    @property
    def typed(self) -> str:
        """Return the keys pressed at this Gather that are not complete yet."""
        return self._waiting.typed if isinstance(self._waiting, GatherWait) else ""

    @property
    def heard(self) -> list[Utterance]:
        """Return everything that was heard so far."""
        return self._interpreter.heard

    @property
    def turns(self) -> list[ProviderTurn]:
        """Return every webhook that asked for a document, in order."""
        return self._interpreter.turns

    @property
    def last(self) -> list[Utterance]:
        """Return what the newest document made the caller hear."""
        return self.turns[-1].utterances if self.turns else []

    @property
    def dialled(self) -> list[str]:
        """Return every number and sip: address that was rung so far."""
        return self._interpreter.dialled

    @property
    def whispered(self) -> list[Utterance]:
        """Return what colleagues heard before the caller was connected."""
        return [sound for turn in self.turns for sound in turn.whispered]

    @property
    def faults(self) -> list[ProviderError]:
        """Return what the provider held against the bridge in this call."""
        return self._interpreter.faults

    @property
    def callbacks(self) -> list[dict[str, str]]:
        """Return the forms posted to status and recording callbacks, in order."""
        return self._interpreter.callbacks

    @property
    def ended_by(self) -> str:
        """`caller`, `hangup`, `reject`, `end of document`, `application error`; empty during the call."""
        return self._interpreter.ended_by

    def ring(self) -> Self:
        """Call the line: the first webhook, up to the first thing to wait for."""
        if self._walk is not None:
            raise HandsetError("this phone has rung already: take a new Phone for a new call")
        walk = self._walk = self._interpreter.run()
        return self._advance(lambda: next(walk))

    def press(self, keys: str) -> Self:
        """Press keys; they interrupt speech. Keys nobody listens for are lost, as on a real line."""
        if not keys or not set(keys) <= KEYPAD:
            raise HandsetError("a keypad has 0-9, *, # and A-D only")
        return self._do(KeyPresses(keys), keys)

    def speak(self, text: str, confidence: float = 0.9) -> Self:
        """Say something; a Gather that takes only keys does not notice it."""
        return self._do(SpokenWords(text, confidence), f'"{text}"')

    def wait(self) -> Self:
        """Stay silent until the call stops waiting: the input, the ringing or the message is over."""
        return self._do(NoInput(), ",")

    def answer_transfer(self, seconds: int = 60) -> Self:
        """The colleague picks up, accepts the caller if asked, talks for `seconds`, and hangs up."""
        return self._rung(DialOutcome("completed", seconds), "{answered}")

    def miss_transfer(self, status: Missed = "no-answer") -> Self:
        """The colleague does not pick up: `busy`, `no-answer`, `failed`, `canceled` or `rejected`."""
        return self._rung(DialOutcome(status), f"{{{status}}}")

    def decline_transfer(self, how: Declined = "declined", seconds: int = 9) -> Self:
        """Somebody picks up and does not take the caller.

        A `mailbox` presses nothing, a colleague who `declined` another key, one who `hung-up` puts the phone
        down. Where the bridge whispers nothing, the caller is connected all the same.
        """
        return self._rung(DialOutcome("completed", seconds, DECLINED[how]), f"{{{how}}}")

    def leave_message(self, seconds: float) -> Self:
        """Talk into the recording for `seconds`; silence, a key or hanging up then ends it."""
        if self.state != "recording":
            raise HandsetError(f"nothing is recorded: the call is {self.state}")
        return self._do(SpokenWords("a message", 0.9, seconds), f"{{voicemail {seconds:g}}}")

    def hang_up(self) -> Self:
        """Put the handset down."""
        walk = self._live()
        self._interpreter.did += "!"
        return self._advance(lambda: walk.throw(CallOver("caller")))

    def resend(self, n: int = 1) -> list[bytes]:
        """Deliver the newest webhook `n` times more, byte for byte, and return the bodies; the call stays."""
        return [self.resend_turn(-1) for _ in range(n)]

    def resend_turn(self, number: int) -> bytes:
        """Deliver the webhook of turn `number` once more and return the body; the call stays where it is."""
        if not self.turns:
            raise HandsetError("nothing has been sent yet: ring() first")
        return self._webhook.again(self.turns[number].sent)

    def _rung(self, outcome: DialOutcome, did: str) -> Self:
        if self.state != "dialling":
            raise HandsetError(f"nobody is being rung: the call is {self.state}")
        return self._do(outcome, did)

    def _do(self, action: CallerInput, did: str) -> Self:
        walk = self._live()
        self._interpreter.did += did
        return self._advance(lambda: walk.send(action))

    def _live(self) -> CallSteps:
        if self._walk is None or self._waiting is None:
            raise HandsetError("the call is over" if self._walk else "the call has not begun: ring() first")
        return self._walk

    def _advance(self, step: Callable[[], CallWait]) -> Self:
        self._waiting = None
        try:
            self._waiting = step()
        except StopIteration:
            pass
        finally:
            # However the call ended: a run of thousands of calls would else keep a socket open for each.
            if self._waiting is None:
                self._webhook.close()
        return self
