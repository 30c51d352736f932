"""Describes what happened in a call, in the words of the flow.

The provider's names end where a `CallEvent` begins: `bridge/telephony` makes it, the conversation reads it.
"""

from dataclasses import dataclass
from typing import Literal

DialOutcome = Literal["answered", "busy", "unanswered", "failed"]


@dataclass(frozen=True, slots=True)
class Ring:
    """A call came in: the caller's number as E.164 (empty when withheld or malformed), the dialled number."""

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
    """The caller did nothing for as long as the question waits."""


@dataclass(frozen=True, slots=True)
class Dialled:
    """A transfer ended: somebody answered and has hung up again, or nobody did."""

    outcome: DialOutcome


@dataclass(frozen=True, slots=True)
class Recorded:
    """The caller left a voicemail: the provider's id of the recording, and its length in seconds."""

    recording: str
    seconds: int


@dataclass(frozen=True, slots=True)
class RedirectReturned:
    """The provider comes back after a redirect, to hear what follows words that wanted no answer."""


Event = Ring | Keys | Words | Silence | Dialled | Recorded | RedirectReturned


@dataclass(frozen=True, slots=True)
class CallEvent:
    """One verified webhook: the id of the call, the number of our turn, and what happened."""

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
