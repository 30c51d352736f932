"""A decision: what a caller confirmed, how far it has come, and when Tagor is asked about its effect."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

MINUTE = timedelta(minutes=1)

READY_LEFT, SENT_LEFT = MINUTE, timedelta(seconds=10)
"""How long a decision may stay READY, and then SENT, before its worker is taken for dead."""

CHECK_SCHEDULE = tuple(timedelta(seconds=after) for after in (0.5, 2, 5, *range(60, 901, 60)))
"""When, after it was sent, Tagor is asked whether an unclear decision took effect."""

RESULT_KEPT = timedelta(hours=2)
"""How long the call that is still speaking can read the result."""


class DecisionState(StrEnum):
    """How far a decision has come; the first three states are open."""

    READY = "ready"
    SENT = "sent"
    UNKNOWN = "unknown"
    DONE = "done"
    REFUSED = "refused"
    ESCALATED = "escalated"


DecisionKind = Literal["plan", "approval", "text", "mail", "contact", "document", "answers"]
SettledState = Literal[DecisionState.DONE, DecisionState.REFUSED, DecisionState.ESCALATED]


@dataclass(frozen=True, slots=True, repr=False)
class NewDecision:
    """What a caller confirmed; one `confirmation` of one call is one decision, whatever it is about.

    While it is open, no other decision may be open on `file`, the command's `subject`: a file for a plan or
    an approval, narrower for others. `payload` is what it takes to send it, to look for its effect and to
    tell an employee about it; it is kept sealed. `plan` is the id of the plan that an approval is about.
    """

    confirmation: str
    office: str
    file: str
    kind: DecisionKind
    payload: bytes
    plan: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """The decision is in the journal, now or already; `result` is what the call may speak of it."""

    id: str
    state: DecisionState
    result: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Blocked:
    """Another decision on the file is open: a person must see to it."""


@dataclass(frozen=True, slots=True)
class DecisionEntry:
    """One line of the office's report, without anything about a person."""

    office: str
    kind: DecisionKind
    state: DecisionState
    opened_at: datetime
    sent_at: datetime | None
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Decision(DecisionEntry):
    """A decision as it stands; `payload` is None once it is settled, `result` once it is wiped.

    `checks` tells how many moments of the `CHECK_SCHEDULE` are over, `claim` names who looks after it now.
    """

    id: str
    checks: int
    claim: str | None
    payload: bytes | None = field(repr=False)
    result: bytes | None = field(repr=False)

    def is_late(self, now: datetime) -> bool:
        """Tell whether checking is over and an employee must have it; at once for what was never sent."""
        return self.sent_at is None or now >= self.sent_at + CHECK_SCHEDULE[-1]


def next_check_at(sent_at: datetime, checks: int) -> datetime | None:
    """Give the moment of the check that follows so many of them, None when all are over."""
    return sent_at + CHECK_SCHEDULE[checks] if checks < len(CHECK_SCHEDULE) else None
