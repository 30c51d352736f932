"""Says what one turn speaks and how it ends, in the flow's words: prompt keys and facts, no sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bridge.flow.facts import Fact

SoundName = Literal["chime", "hold"]
"""The sound that a caller hears in place of words: the line answers, or it works on something."""


@dataclass(frozen=True, slots=True)
class PromptRef:
    """One prompt to speak: its key `Flow.step`, and which part (`text`, `silent`, `wrong` or a menu key).

    An `optional` prompt is left out when one of its facts cannot be spoken; any other one is needed.
    """

    prompt: str
    part: str
    facts: Mapping[str, Fact]
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Gather:
    """Listen for keys at the step `prompt` (`Flow.step`).

    `digits` is (fewest, most) keys, `seconds` how long a silence may last. `menu_keys` are the keys that the
    caller may also say in words; without any of them the keypad alone counts.
    """

    prompt: str
    digits: tuple[int, int]
    seconds: int
    menu_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dial:
    """Transfer the caller to a person: `to` names the note in which an action put the number."""

    to: str


@dataclass(frozen=True, slots=True)
class Record:
    """Take a voicemail of at most `longest` seconds."""

    longest: int


@dataclass(frozen=True, slots=True)
class Redirect:
    """Ask the provider to come back, because more follows; `sound` is heard until then, "" for none."""

    sound: SoundName | Literal[""] = ""


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the call after these words."""


TurnEnd = Gather | Dial | Record | Redirect | HangUp


@dataclass(frozen=True, slots=True)
class TurnOutput:
    """The whole answer to one turn: prompts in the order they are spoken, then one thing to do."""

    prompts: tuple[PromptRef, ...]
    then: TurnEnd
