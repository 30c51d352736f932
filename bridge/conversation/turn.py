"""Describes one turn of one call for all that works on it, and how long its caller waits in silence."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bridge.conversation.office_context import OfficeContext
from bridge.flow.action_context import Task
from bridge.flow.call import Call
from bridge.store.claim import OpenTurn
from bridge.tagor import Deadline

PATIENCE = 0.6
"""Seconds that a turn may wait in all before its caller hears what is being done."""
NO_PATIENCE = 0.05
"""The same while Tagor is slow: only what needs no waiting at all is still answered at once."""


@dataclass(slots=True)
class Turn:
    """One turn of one call.

    Attributes:
        call_id: the provider's id of the call.
        number: the number of the turn, 0 for the first.
        call: the state of the call, which the turn changes.
        office_context: the office that was called.
        now: the moment the turn began (aware).
        deadline: when the caller must hear something.
        opened: what was read of it; with a claim once it was claimed.
        actions: the actions that ended in this turn, as its log line tells them: place, outcome, ms.
        tasks: what actions of this turn leave to be done once it is saved.
        after_saving: what begins once the turn is saved, and not at all when another worker was faster.
        slowest: the seconds that the slowest transaction of this turn has taken so far.
    """

    call_id: str
    number: int
    call: Call
    office_context: OfficeContext
    now: datetime
    deadline: Deadline
    opened: OpenTurn
    actions: list[Mapping[str, str | int]] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    after_saving: list[Callable[[], None]] = field(default_factory=list)
    slowest: float = 0.0

    def left(self) -> float:
        """Give the seconds that may still be waited for.

        As much as the slowest transaction took is kept for the one that saves the turn: a slow database must
        not make the caller's silence longer.
        """
        return max(0.0, self.deadline.left() - self.slowest)


def confirmation(call_id: str, moves: int) -> str:
    """Name a confirmation by the call and by how often the call had moved on when key 1 was pressed.

    The same question asked again keeps its name; terms that were left and chosen again get another one.
    """
    return f"{call_id} {moves}"
