"""What the office heard: one event of one turn of one call, in the flow's own words.

Provider names end where a `CallEvent` begins: `bridge/telephony` makes it, engine and conversation read it.
"""

from dataclasses import dataclass
from typing import Literal

DialOutcome = Literal["answered", "busy", "unanswered", "failed"]


@dataclass(frozen=True, slots=True)
class Ring:
    """The call came in: the caller's number as E.164 (empty when withheld or malformed), the dialled one."""

    caller: str
    dialled: str


@dataclass(frozen=True, slots=True)
class Keys:
    """The caller pressed keys: `0-9`, `*`, or `#` alone when nothing came before it."""

    keys: str


@dataclass(frozen=True, slots=True)
class Words:
    """The caller spoke; `text` is what the provider made of it."""

    text: str


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing came within the step's patience."""


@dataclass(frozen=True, slots=True)
class Dialled:
    """A transfer ended: somebody answered and has hung up again, or nobody did."""

    outcome: DialOutcome


@dataclass(frozen=True, slots=True)
class Recorded:
    """A voicemail was left: the provider's recording id and its length in seconds."""

    recording: str
    seconds: int


@dataclass(frozen=True, slots=True)
class RedirectReturned:
    """The provider asks to go on after words that wanted no answer (a redirect)."""


Event = Ring | Keys | Words | Silence | Dialled | Recorded | RedirectReturned


NO_KEY = "?"
"""What words count as that mean no key: not silence, and no answer to any question."""


def pressed(event: Event) -> str:
    """The keys of an event; "" for silence."""
    if isinstance(event, Words):
        return NO_KEY
    return event.keys if isinstance(event, Keys) else ""


@dataclass(frozen=True, slots=True)
class CallEvent:
    """One webhook, verified and understood: which call, which of our turn numbers, what happened."""

    call: str
    turn: int
    event: Event


@dataclass(frozen=True, slots=True)
class FallbackRequest:
    """The provider could not use a reply, and asks for another one.

    `ring` is the call as its first webhook would have told it. `error_code` is the provider's code for the
    trouble, or "". `failed_turn` is the turn whose reply could not be used, and `dial` what became of a
    transfer; both are None when the provider does not say.
    """

    ring: CallEvent
    error_code: str = ""
    failed_turn: int | None = None
    dial: Dialled | None = None
