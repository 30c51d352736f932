"""Defines the steps that a flow is made of; each names all its exits, also those of failures.

The functions at the end make steps, and say what each means; `engine` leads a call through them.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from bridge.flow.actions import Action, Function, action_of
from bridge.flow.turn_output import SoundName

AGAIN = "again"
"""Target of an `anytime` key: say this step once more."""
SLOWER = "slower"
"""Target of an `anytime` key: say this step once more, and all that follows more slowly."""

Wants = Literal["digits", "amount", "day"]
Digits = int | tuple[int, int] | str


@dataclass(frozen=True, slots=True)
class Where:
    """The file and line on which a step is written, so that a mistake can be found."""

    file: str
    line: int


def _here() -> Where:
    frame = sys._getframe(3)  # noqa: SLF001 - the line in the flow's table, two makers up
    return Where(frame.f_code.co_filename, frame.f_lineno)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step: `exits` maps every exit to the step it leads to."""

    exits: Mapping[str, str]
    where: Where = field(default_factory=_here, compare=False, repr=False)

    @property
    def waits(self) -> bool:
        """Whether the caller, or the person they are transferred to, decides what comes next."""
        return isinstance(self, Ask | Menu | Transfer | RecordStep)


class FlowTable(Protocol):
    """What steps and checks need to know of a flow; `bridge.flow.table.Flow` is one."""

    @property
    def name(self) -> str:
        """The name of its class."""

    @property
    def steps(self) -> Mapping[str, Step]:
        """Its steps by name, in the order in which they are written."""

    @property
    def anytime(self) -> Mapping[str, str]:
        """The keys that mean the same at every question, with the steps they lead to."""

    @property
    def topic(self) -> bool:
        """Whether it tells what a caller in it is about."""

    @property
    def where(self) -> Where:
        """The file and line on which it is written."""

    @property
    def first(self) -> str:
        """The step at which it begins."""

    def ends(self) -> tuple[str, ...]:
        """Give the steps at which it may end."""


@dataclass(frozen=True, kw_only=True)
class Say(Step):
    """Speak, then go on."""


@dataclass(frozen=True, kw_only=True)
class Play(Step):
    """Let the caller hear a sound, then go on with the next webhook."""

    sound: SoundName


@dataclass(frozen=True, kw_only=True)
class Ask(Step):
    """Ask for keys; `into` names the fact that they become."""

    into: str
    wants: Wants
    digits: Digits
    secret: bool
    seconds: int
    tries: int


@dataclass(frozen=True, kw_only=True)
class Menu(Step):
    """Offer a choice; `confirms` marks the one that may lead to a decision (keypad only).

    `keys` are all its keys in the order in which they are told; those in `languages` choose a language, those
    in `unless` are not offered once that note was made. `reminds` are keys that work anywhere.
    Which key of a `discreet` one was pressed stands in no journal.
    """

    keys: tuple[str, ...]
    languages: Mapping[str, str] = field(default_factory=dict)
    unless: Mapping[str, str] = field(default_factory=dict)
    reminds: str = ""
    into: str | None
    confirms: bool
    discreet: bool = False
    spoken: bool
    seconds: int
    tries: int


@dataclass(frozen=True, kw_only=True)
class Do(Step):
    """Run an action that asks the office, or, when `local`, one that asks nobody.

    `timeout` is how many seconds the call waits before it goes on without the outcome. With `constant_time`
    the outcome is told on a fixed grid of time.
    """

    action: Action
    timeout: float | None
    constant_time: bool
    local: bool


@dataclass(frozen=True, kw_only=True)
class Decide(Step):
    """Run an action that must never take effect twice."""

    action: Action


@dataclass(frozen=True, kw_only=True)
class Run(Step):
    """Run another flow, and go on by the end that it reaches; `about` is noted for it."""

    flow: FlowTable
    about: str


@dataclass(frozen=True, kw_only=True)
class RecordStep(Step):
    """Take a voicemail."""

    longest: int


@dataclass(frozen=True, kw_only=True)
class Transfer(Step):
    """Connect to a person."""

    to: str


@dataclass(frozen=True, kw_only=True)
class End(Step):
    """The end of a sub-flow; its name is the exit of the step that ran it."""


@dataclass(frozen=True, kw_only=True)
class HangupStep(Step):
    """The end of the call."""


def say(*, then: str) -> Any:  # noqa: ANN401 - in a table every step is just a step
    """Speak the prompt, then go on."""
    return Say(exits={"then": then})


def play(sound: SoundName, *, then: str) -> Any:  # noqa: ANN401 - as say
    """End the turn with a sound of the office's, then go on; what the call asks ahead is asked meanwhile."""
    return Play(exits={"then": then}, sound=sound)


# The seconds below are within what ISO/IEC 13714 and AVIxD advise: 3 to 10 for a choice, 10 to 15 where the
# caller must find a letter. Two or three tries are the usual number before a person helps.
def ask(
    *,
    into: str,
    digits: Digits = (1, 12),
    wants: Wants = "digits",
    secret: bool = False,
    seconds: int = 12,
    tries: int = 3,
    **exits: str,
) -> Any:  # noqa: ANN401 - as say
    """Ask for keys. Exits: `heard`; `silent`, `wrong` after `tries`; `empty` where `#` alone means something.

    `digits` is how many: a number, (fewest, most), or the name of a length that the office sets (`"pin"`).
    `seconds` is how long a silence may last. `secret=True` keeps the keys out of every log, URL and prompt,
    and forgets them when the flow ends or after two minutes.
    """
    return Ask(
        exits=exits, into=into, wants=wants, digits=digits, secret=secret, seconds=seconds, tries=tries
    )


def menu(
    keys: Mapping[str, str],
    *,
    languages: Mapping[str, str] | None = None,
    speak: str = "",
    unless: Mapping[str, str] | None = None,
    reminds: str = "",
    into: str | None = None,
    discreet: bool = False,
    spoken: bool = True,
    seconds: int = 6,
    tries: int = 2,
    **exits: str,
) -> Any:  # noqa: ANN401 - as say
    """Offer at most four choices, one prompt per key. Exits: one per key, `silent` and `wrong` after `tries`.

    Args:
        keys: the choices in order: key -> the step it leads to.
        languages: keys that choose a language, told before the choices: key -> language. The language that is
            spoken already is not told, but its key is understood.
        speak: the step to which the keys of `languages` lead.
        unless: keys that do not always apply: key -> the note by which an action takes the key away.
        reminds: keys that mean the same at every question, told here after the choices.
        into: the name of the fact that the pressed key becomes.
        discreet: whether the journal of steps must not tell which key was pressed, because it is an answer
            about the caller.
        spoken: whether words may be said instead, where the provider can.
        seconds: how long a silence may last.
        tries: how many silences or wrong keys there may be.
        exits: the steps that follow `silent` and `wrong`.
    """
    languages = languages or {}
    return Menu(
        exits={**dict.fromkeys(languages, speak), **keys, **exits},
        keys=(*languages, *keys),
        languages=languages,
        unless=unless or {},
        reminds=reminds,
        into=into,
        discreet=discreet,
        confirms=False,
        spoken=spoken,
        seconds=seconds,
        tries=tries,
    )


def confirm(*, yes: str, no: str, seconds: int = 8, tries: int = 2, **exits: str) -> Any:  # noqa: ANN401 - as say
    """Ask for a plain yes, by key 1 on the keypad only; key 2 is no. The only way to a `decide`."""
    return Menu(
        exits={"1": yes, "2": no, **exits},
        keys=("1", "2"),
        into=None,
        confirms=True,
        spoken=False,  # a recogniser guesses, and a decision needs a yes that is certain
        seconds=seconds,
        tries=tries,
    )


def do(
    action: Function,
    *,
    timeout: float | None = None,
    constant_time: bool = False,
    local: bool = False,
    **exits: str,
) -> Any:  # noqa: ANN401 - as say
    """Ask the office something. Exits: the members of the action's `Literal`, and `down`.

    An action that takes long goes on while the caller hears the step's own words, or "one moment".

    Args:
        action: the function to run.
        timeout: seconds after which the call goes on by `down` without the outcome; later steps find what the
            action noted. With 0 the call does not wait at all: the action prefetches something.
        constant_time: whether the outcome is told on a fixed grid of time, so that nobody learns anything
            from how long the action took.
        local: whether the action asks nobody, and so runs at once and on no thread of the office.
        exits: the step that follows each outcome.
    """
    return Do(
        exits=exits, action=action_of(action), timeout=timeout, constant_time=constant_time, local=local
    )


def decide(action: Function, **exits: str) -> Any:  # noqa: ANN401 - as say
    """Run an action that must never take effect twice. Exits: `done`, `refused`, `unclear`, `down`.

    An action that `@echoes` its terms has the exit `as_confirmed` too: the only one that may lead to a
    further `decide`, because the caller has agreed to exactly what was made.
    """
    return Decide(exits=exits, action=action_of(action))


def run(flow: FlowTable, *, about: str = "", **exits: str) -> Any:  # noqa: ANN401 - as say
    """Run another flow. Exits: the names of its ends.

    A flow that does the same for several subjects is run `about` one of them: its actions find it noted.
    """
    return Run(exits=exits, flow=flow, about=about)


def record(*, longest: int = 120, **exits: str) -> Any:  # noqa: ANN401 - as say
    """Take a voicemail of at most `longest` seconds. Exits: `left`, `nothing`."""
    return RecordStep(exits=exits, longest=longest)


def transfer(*, to: str = "colleague", **exits: str) -> Any:  # noqa: ANN401 - as say
    """Connect the caller to the number that an action noted under `to`. Exits: `answered`, `unanswered`."""
    return Transfer(exits=exits, to=to)


def end() -> Any:  # noqa: ANN401 - as say
    """End a sub-flow; the step's name is the exit of the step that runs it."""
    return End(exits={})


def hangup() -> Any:  # noqa: ANN401 - as say
    """Speak the last words and end the call."""
    return HangupStep(exits={})
