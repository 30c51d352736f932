"""Describes one turn of one call for everything that works on it."""

from dataclasses import dataclass, field
from datetime import datetime

from bridge.conversation.office_context import OfficeContext
from bridge.flow.action_context import Task
from bridge.flow.call import Call
from bridge.tagor import Deadline

TURN_SECONDS = 2.7
"""Seconds a turn may wait for in all, so that nobody hears silence for more than three seconds."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of one call.

    Attributes:
        call_id: the provider's id of the call.
        number: the number of the turn, 0 for the first.
        call: the state of the call, which the turn changes.
        office_context: the office that was called.
        now: the moment the turn began (aware).
        deadline: when the turn must be answered.
        awaited: whether the caller has just been asked for a moment.
        tasks: what actions of this turn leave to be done once it is saved.
    """

    call_id: str
    number: int
    call: Call
    office_context: OfficeContext
    now: datetime
    deadline: Deadline
    awaited: bool = False
    tasks: list[Task] = field(default_factory=list)


def confirmation(call_id: str, call: Call) -> str:
    """Name a confirmation by the call and by how often the call had moved on when key 1 was pressed.

    The same question asked again keeps its name; terms that were left and chosen again get another one.
    """
    return f"{call_id} {call.moves}"
