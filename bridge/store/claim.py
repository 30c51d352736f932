"""What the books tell a worker who asks for a turn of a call, or looks at one."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Claimed:
    """The turn is ours to answer; `state` is None on the first turn of a call."""

    state: bytes | None = field(repr=False)
    version: int
    claim: str


@dataclass(frozen=True, slots=True)
class Replay:
    """The turn was answered before: send these very bytes."""

    reply: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class OutOfOrder:
    """Not the turn the call is at: send what was answered last."""

    reply: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class LockedElsewhere:
    """Another worker is at this turn: ask again in a moment."""


@dataclass(frozen=True, slots=True)
class CallEnded:
    """The call is over and its replies are wiped."""


@dataclass(frozen=True, slots=True)
class UnknownCall:
    """No such call, or no such turn and nothing answered yet."""


@dataclass(frozen=True, slots=True)
class CallSnapshot:
    """A call as it stands between two turns: its state, the turn it waits for, and how often it was saved."""

    state: bytes = field(repr=False)
    turn: int
    version: int


ClaimResult = Claimed | Replay | OutOfOrder | LockedElsewhere | CallEnded | UnknownCall
