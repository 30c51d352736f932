"""What one turn says and then waits for, in the flow's words: prompt keys and facts, no sentences yet."""

from collections.abc import Mapping
from dataclasses import dataclass

from bridge.flow.facts import Fact


@dataclass(frozen=True, slots=True)
class PromptRef:
    """One prompt to speak: its key `Flow.step`, and which part (`text`, `silent`, `wrong` or a menu key)."""

    prompt: str
    part: str
    facts: Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class Listen:
    """Wait for keys: fewest and most, seconds of silence, and the menu keys that may be said in words."""

    prompt: str
    digits: tuple[int, int]
    seconds: int
    menu_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Connect:
    """Transfer to a person: `to` names the note with the number an action found, and is never a number."""

    to: str


@dataclass(frozen=True, slots=True)
class Tape:
    """Take a voicemail of at most `longest` seconds."""

    longest: int


@dataclass(frozen=True, slots=True)
class Over:
    """The call ends after these words."""


@dataclass(frozen=True, slots=True)
class Onward:
    """Something is still being done: come back at once for what came of it."""


Wait = Listen | Connect | Tape | Over | Onward


@dataclass(frozen=True, slots=True)
class TurnOutput:
    """The whole answer to one turn."""

    lines: tuple[PromptRef, ...]
    wait: Wait
