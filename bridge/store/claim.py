"""A turn of a call: what a worker reads that is to answer it, and what a claim on it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bridge.store.deferred_results import SealedResult

NEW = -1
"""The version of a call that was never written."""


@dataclass(frozen=True, slots=True)
class OpenTurn:
    """The call waits for this turn, and nobody else has claimed it.

    `name` is the call's pseudonym; `state` is its state as bytes, None on its first turn. `version` counts
    how often the call was written: a claim and a reply are compared with it. `claimed` tells whether this
    worker has the claim, `late` holds the call's deferred results by the count of moves they belong to.
    """

    name: str
    state: bytes | None = field(repr=False)
    version: int
    claimed: bool = False
    late: Mapping[int, SealedResult] = field(default_factory=dict)


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
    """Another worker has claimed this turn: read it again in a moment."""


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


TurnRead = OpenTurn | Replay | OutOfOrder | LockedElsewhere | CallEnded | UnknownCall
