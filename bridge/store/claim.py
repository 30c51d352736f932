"""A claim: what a worker learns that asks for the right to answer a turn of a call."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Claimed:
    """This worker may answer the turn.

    `state` is the call's state as bytes, None on its first turn; `version` counts how often the call was
    saved; `claim` names this claim.
    """

    state: bytes | None = field(repr=False)
    version: int
    claim: str


@dataclass(frozen=True, slots=True)
class Replay:
    """The turn was answered before: send these very bytes again."""

    reply: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class OutOfOrder:
    """The call is at another turn: send what was answered last."""

    reply: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class LockedElsewhere:
    """Another worker has claimed this turn: ask again in a moment."""


@dataclass(frozen=True, slots=True)
class CallEnded:
    """The call is over and its replies are wiped, perhaps years ago."""


@dataclass(frozen=True, slots=True)
class UnknownCall:
    """Nobody ever began this call, or it has no such turn and nothing was answered yet."""


@dataclass(frozen=True, slots=True)
class CallSnapshot:
    """A call between two turns: its state, the turn it waits for, and how often it was saved."""

    state: bytes = field(repr=False)
    turn: int
    version: int


ClaimResult = Claimed | Replay | OutOfOrder | LockedElsewhere | CallEnded | UnknownCall
