"""Carries one call of a browser: what is heard becomes events, what the caller does comes from a queue."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from queue import Empty, Queue
from typing import Any

from bridge.simulators.provider.account import TWILIO, PhoneLine, Profile
from bridge.simulators.provider.caller_actions import CallWait, DialWait, GatherWait
from bridge.simulators.provider.errors import HandsetError, ProviderError
from bridge.simulators.provider.phone import Phone
from bridge.simulators.provider.recording_store import StoredRecording, StoreRecording
from bridge.simulators.provider.script import parse, perform
from bridge.simulators.provider.turn import Utterance
from bridge.simulators.provider.wire import Post

Event = dict[str, Any]
"""What happened in a call, fit for JSON: its number `seq`, its `kind`, and what that kind brings."""

SILENCE, HANG_UP = ",", "!"
FORGOTTEN_SECONDS = 60.0
"""After so long without a question from its page, a call is hung up: the page was closed."""
_LOOK_SECONDS = 1.0
_SLOWEST_VOICE = 3.0  # a browser's voice may take so many times as long as the provider's


@dataclass(frozen=True, slots=True)
class _Listened:
    """The page has played everything up to this event."""

    seq: int


@dataclass(frozen=True, slots=True)
class _Speaking:
    """The caller is saying something that is not complete yet."""


class BrowserCall:
    """Leads one call in a thread of its own, until it is over or its page has gone.

    Events have these kinds:

    - `say` (text, language, rate, seconds), `sound` (seconds) and `whisper` (as `say`, to the colleague);
      `interruptible` tells whether keys end it
    - `listen` (seconds of silence allowed, speech, typed), `dial` (number), `record`: what the call waits for
    - `voicemail` (seconds): what the caller has just left
    - `turn`: which step the line is at (see `note_turn`); `over` (by): the end

    Args:
        line: the number to phone.
        caller: the caller's number; empty when withheld.
        profile: the provider that carries it.
        post: how webhooks travel; real HTTP by default.
        clock: seconds that never go back.
    """

    def __init__(
        self,
        line: PhoneLine,
        caller: str,
        *,
        profile: Profile = TWILIO,
        post: Post | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        line = replace(line, keep=partial(self._keep, line.keep))
        self._phone = Phone(line, caller, profile=profile, strict=False, post=post, elapse=self._elapse)
        self._inbox: Queue[str | _Listened | _Speaking] = Queue()
        self._events: list[Event] = []
        self._sounds: dict[int, Utterance] = {}
        self._messages: dict[int, bytes] = {}
        self._changed = threading.Condition()
        self._clock, self._seen = clock, clock()
        self._told = self._whispered = self._last_sound = self._listened = 0
        self._leaves = self._over = False
        self._thread = threading.Thread(target=self._lead, daemon=True)

    @property
    def call_id(self) -> str:
        """The provider's id of this call."""
        return self._phone.call_id

    @property
    def is_over(self) -> bool:
        """Whether the call has ended."""
        return self._over

    def begin(self) -> None:
        """Ring the line."""
        self._thread.start()

    def act(self, what: str) -> None:
        """Do one thing, in the words of a script (`7`, `,`, `!`, `"words"`, `{answered}`, `{voicemail 9}`).

        Raises:
            ValueError: it is no such thing, or more than one.
        """
        try:
            steps = parse(what)
        except HandsetError as error:
            raise ValueError(str(error)) from None
        if len(steps) != 1:
            raise ValueError("one thing at a time: a key, words, silence, or the end of a transfer")
        self._inbox.put(what)

    def listened(self, seq: int) -> None:
        """Note that the page has played everything up to event `seq`: from now on silence counts."""
        self._inbox.put(_Listened(seq))

    def speaking(self) -> None:
        """Note that the caller is saying something: silence counts from now on only."""
        self._inbox.put(_Speaking())

    def events(self, since: int, wait: float) -> list[Event]:
        """Return the events after number `since`; without any, wait for the next one up to `wait` seconds."""
        with self._changed:
            self._seen = self._clock()
            self._changed.wait_for(lambda: len(self._events) > since, timeout=wait)
            self._seen = self._clock()
            return self._events[max(since, 0) :]

    def sound(self, seq: int) -> str | None:
        """Return the address of the sound that event `seq` plays; None when it plays none."""
        with self._changed:
            played = self._sounds.get(seq)
        return played.audio if played else None

    def message(self, seq: int) -> bytes | None:
        """Return the WAV file of the voicemail that event `seq` tells of, also once the provider lost it."""
        with self._changed:
            return self._messages.get(seq)

    def note_turn(self, **turn: object) -> None:
        """Tell the page what the line's log says of a turn: place, language, kind of what was heard."""
        self._tell("turn", **turn)

    def _lead(self) -> None:
        try:
            self._phone.ring()
            while self._phone.state != "over":
                self._publish(interruptible=True)
                perform(self._phone, self._next())
        except (HandsetError, ProviderError):
            pass  # the end of the call says it
        self._publish(interruptible=False)
        self._tell("over", by=self._phone.ended_by or "provider")
        self._over = True

    def _next(self) -> str:
        """Wait for what the caller does; silence after too long; hanging up when the page is gone."""
        waiting = self._phone.waiting
        allowed = _allowed(waiting)
        until = self._clock() + allowed + (_SLOWEST_VOICE * _speaking(waiting))
        while not self._leaves:
            if self._clock() >= until:
                return SILENCE
            match self._take(min(until - self._clock(), _LOOK_SECONDS)):
                case str() as done:
                    return done
                case _Listened() if self._listened >= self._last_sound:
                    until = self._clock() + allowed
                case _Speaking():
                    until = max(until, self._clock() + allowed)
        return HANG_UP

    def _elapse(self, seconds: float) -> None:
        """Let what was said be heard: until the page has played it. Keys pressed meanwhile are lost."""
        spoken = len(self._phone.heard) > self._told
        self._publish(interruptible=False)
        until = self._clock() + (seconds * _SLOWEST_VOICE if spoken else seconds)
        while not self._leaves and (rest := until - self._clock()) > 0:
            if spoken and self._listened >= self._last_sound:
                return
            if self._take(min(rest, _LOOK_SECONDS)) == HANG_UP:
                self._leaves = True

    def _take(self, seconds: float) -> str | _Listened | _Speaking | None:
        """Wait so long for the next thing from the page; a page that does not ask any more hangs up."""
        self._leaves = self._leaves or self._clock() - self._seen > FORGOTTEN_SECONDS
        try:
            found = self._inbox.get(timeout=max(seconds, 0.0))
        except Empty:
            return None
        if isinstance(found, _Listened):
            self._listened = max(self._listened, found.seq)
        return found

    def _publish(self, *, interruptible: bool) -> None:
        """Tell the page what was heard since the last time, and what the call waits for."""
        whispered, heard = self._phone.whispered, self._phone.heard
        for sound in whispered[self._whispered :]:
            self._last_sound = self._tell("whisper", **_spoken(sound), interruptible=False)
        for sound in heard[self._told :]:
            self._last_sound = self._play(sound, interruptible=interruptible)
        self._whispered, self._told = len(whispered), len(heard)
        if interruptible and (waiting := self._phone.waiting):
            self._tell(**_waited(waiting))

    def _play(self, sound: Utterance, *, interruptible: bool) -> int:
        if not sound.audio:
            return self._tell("say", **_spoken(sound), interruptible=interruptible)
        with self._changed:
            self._sounds[len(self._events) + 1] = sound
        return self._tell("sound", seconds=round(sound.seconds, 2), interruptible=interruptible)

    def _keep(self, keep: StoreRecording, recording: StoredRecording) -> None:
        """Hand a voicemail to the provider's store, and tell the page, where it can be heard again."""
        keep(recording)
        with self._changed:
            self._messages[len(self._events) + 1] = recording.sound
        self._tell("voicemail", seconds=recording.seconds)

    def _tell(self, kind: str, **what: object) -> int:
        """Add an event and return its number."""
        with self._changed:
            self._events.append({"seq": len(self._events) + 1, "kind": kind, **what})
            self._changed.notify_all()
            return len(self._events)


def _spoken(sound: Utterance) -> dict[str, object]:
    return {
        "text": sound.text,
        "language": sound.language,
        "rate": sound.rate,
        "seconds": round(sound.seconds, 2),
    }


def _waited(waiting: CallWait) -> dict[str, Any]:
    match waiting:
        case GatherWait(gather):
            speech = "speech" in gather.get("input")
            return {
                "kind": "listen",
                "seconds": waiting.timeout,
                "speech": speech,
                "typed": len(waiting.typed),
            }
        case DialWait(_, targets):
            return {"kind": "dial", "number": ", ".join(targets), "seconds": _allowed(waiting)}
    return {"kind": "record"}


def _speaking(waiting: CallWait | None) -> float:
    return waiting.speaking if isinstance(waiting, GatherWait) else 0.0


def _allowed(waiting: CallWait | None) -> float:
    """Return the seconds of silence until the call goes on; a message lasts until its page ends it."""
    match waiting:
        case GatherWait():
            return float(waiting.timeout)
        case DialWait():
            return float(waiting.verb.get("timeout", "30"))
    return float("inf")
