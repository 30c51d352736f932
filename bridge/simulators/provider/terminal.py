"""Makes a telephone of the terminal: captions of what is spoken, keys typed live."""

import sys
import time
from collections.abc import Callable
from textwrap import fill
from typing import TYPE_CHECKING, TextIO

from bridge.simulators.provider.account import TWILIO, PhoneLine, Profile
from bridge.simulators.provider.caller_actions import CallWait, DialWait, GatherWait
from bridge.simulators.provider.errors import HandsetError
from bridge.simulators.provider.keyboard import Keyboard
from bridge.simulators.provider.phone import Phone
from bridge.simulators.provider.script import let_sound, parse, perform
from bridge.simulators.provider.turn import Utterance
from bridge.simulators.provider.wire import Post

if TYPE_CHECKING:
    from bridge.simulators.provider.markup import Verb

_KEYS = frozenset("0123456789*#")
_RUNG = {"a": "{answered}", "b": "{busy}", "n": "{no-answer}", "m": "{mailbox}", "d": "{declined}"}
_WIDTH = 78


def talk(
    line: PhoneLine,
    caller: str = "+32470000001",
    *,
    source: TextIO | None = None,
    out: TextIO | None = None,
    post: Post | None = None,
    profile: Profile = TWILIO,
    pace: float = 1.0,
) -> Phone:
    """Phone `line` from the terminal until the call ends, and return the phone.

    On a terminal every key counts at once and silence runs in real time; `pace` stretches the time speech
    takes, 0 skips it. Otherwise each line of `source` is a piece of a script (see `script`), an empty line is
    silence, and the end of the input hangs up.
    """
    source = source or sys.stdin
    screen = CaptionScreen(out or sys.stdout)
    if source.isatty():
        with Keyboard(source.fileno()) as keyboard:
            call = TerminalCall(keyboard, screen, pace)
            # The phone needs a function that needs the phone; no time passes before it rings.
            phone = Phone(
                line,
                caller,
                post=post,
                profile=profile,
                strict=False,
                elapse=lambda seconds: call.idle(phone, seconds),
            )
            _until_interrupted(phone, call.lead)
    else:
        phone = Phone(line, caller, post=post, profile=profile, strict=False, elapse=let_sound)
        _until_interrupted(phone, lambda phone: _read_lines(phone, source, screen))
    screen.show_end(phone)
    return phone


class CaptionScreen:
    """Writes captions: each language named once in front of its words, hints in brackets."""

    def __init__(self, out: TextIO) -> None:
        """Write to `out`."""
        self._out = out
        self._told = self._whispered = 0
        self._hinted: Verb | None = None
        self._unfinished = False

    def show(self, phone: Phone) -> None:
        """Write what was heard since the last time, also by a colleague, and once what the call waits for."""
        for whispered in phone.whispered[self._whispered :]:
            self.write(_caption(whispered, "desk"))
        self._whispered = len(phone.whispered)
        for utterance in phone.heard[self._told :]:
            self.write(_caption(utterance))
        self._told = len(phone.heard)
        waiting = phone.waiting
        # By identity: each key leaves the call waiting at the same verb, whose hint is on the screen already.
        if waiting and waiting.verb is not self._hinted:
            self._hinted = waiting.verb
            self.write(f"         [{_hint(waiting)}]")

    def key(self, key: str) -> None:
        """Show a key, on one line with those before it."""
        if not self._unfinished:
            self.begin("  keys   ")
        self.echo(key)

    def begin(self, text: str) -> None:
        """Begin a line that typing continues."""
        self._finish()
        self.echo(text)
        self._unfinished = True

    def echo(self, text: str) -> None:
        """Show what is being typed."""
        self._out.write(text)
        self._out.flush()

    def write(self, text: str) -> None:
        """Write a line of its own."""
        self._finish()
        self.echo(text + "\n")

    def _finish(self) -> None:
        if self._unfinished:
            self.echo("\n")
        self._unfinished = False

    def show_end(self, phone: Phone) -> None:
        """Write what is still unsaid, what the provider objected to, and how the call ended."""
        self.show(phone)
        for fault in phone.faults:
            self.write(f"  error  {fault}")
        self.write(f"  end    {phone.ended_by or 'interrupted'}, after {len(phone.turns)} turns")


class TerminalCall:
    """Leads a call by single keys; silence is counted in real seconds."""

    def __init__(
        self,
        keyboard: Keyboard,
        screen: CaptionScreen,
        pace: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare the call; `pace` stretches the seconds that speech takes, 0 skips them."""
        self._keyboard, self._screen, self._pace, self._clock = keyboard, screen, pace, clock
        self._left = False

    def lead(self, phone: Phone) -> None:
        """Ring, and go on until the call is over."""
        phone.ring()
        while phone.state != "over":
            self._screen.show(phone)
            self._act(phone, "h" if self._left else self._keyboard.key(self._patience(phone.waiting)))

    def idle(self, phone: Phone, seconds: float) -> None:
        """Let `seconds` of speech pass that no key can interrupt; `h` is remembered."""
        self._screen.show(phone)
        until = self._clock() + seconds * self._pace
        while not self._left and (rest := until - self._clock()) > 0:
            self._left = self._keyboard.key(rest) in {"h", ""}

    def _patience(self, waiting: CallWait | None) -> float | None:
        """Return the seconds until silence counts; None for a message, as a terminal hears nobody speak."""
        match waiting:
            case GatherWait():
                return waiting.speaking * self._pace + waiting.timeout
            case DialWait():
                return float(waiting.verb.get("timeout", "30"))
        return None

    def _act(self, phone: Phone, key: str | None) -> None:
        match key:
            case None:
                phone.wait()
            case "" | "h":
                phone.hang_up()
            case "s":
                self._screen.begin("  say    ")
                if words := self._keyboard.words(self._screen.echo):
                    phone.speak(words)
            case _ if key in _RUNG:
                perform(phone, _RUNG[key])
            case _ if key in _KEYS:
                self._screen.key(key)
                phone.press(key)


def _read_lines(phone: Phone, source: TextIO, screen: CaptionScreen) -> None:
    phone.ring()
    while phone.state != "over":
        screen.show(phone)
        line = source.readline()
        try:
            steps = parse(line.strip()) or [","]
        except HandsetError as error:
            screen.write(f"  error  {error}")
            continue
        for step in steps if line else ["!"]:
            perform(phone, step)
        if phone.typed:
            phone.wait()


def _until_interrupted(phone: Phone, lead: Callable[[Phone], None]) -> None:
    """Lead a call; Ctrl-C hangs up."""
    try:
        lead(phone)
    except KeyboardInterrupt:
        if phone.waiting:
            phone.hang_up()


def _caption(utterance: Utterance, who: str = "") -> str:
    if utterance.audio:
        return f"  sound  {utterance.audio}"
    tag = f"  {who or utterance.language[:5]:<5}  "
    return fill(utterance.text, _WIDTH, initial_indent=tag, subsequent_indent=" " * len(tag))


def _hint(waiting: CallWait) -> str:
    match waiting:
        case GatherWait(gather):
            most = gather.get("numDigits")
            keys = f"{most} key{'s' * (most != '1')}" if most else "keys"
            finish = gather.get("finishOnKey", "#")
            end = f", {finish} ends" if finish and most != "1" else ""
            speech = ", s to speak" if "speech" in gather.get("input") else ""
            return f"{keys}{end}{speech}, h hangs up"
        case DialWait(_, targets):
            rung = ", ".join(targets)
            return f"ringing {rung}: a answers, b busy, n nobody, m a mailbox, d declines, h hangs up"
    return "recording: s to speak, a key ends it, h hangs up"
