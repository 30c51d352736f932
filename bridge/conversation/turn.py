"""One turn of one call, as everybody who works on it knows it."""

from dataclasses import dataclass, field
from datetime import datetime

from bridge.conversation.office_context import OfficeContext
from bridge.flow.action_context import Task
from bridge.flow.call import Call
from bridge.tagor import Deadline

TURN_SECONDS = 2.7
"""What a turn may wait for in all, so that nobody hears nothing for more than three seconds."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of one call: the call's id and state, its number, the office, and when it must be over.

    `awaited` says that the caller has just been asked for a moment; `tasks` is what the turn's errands leave
    to be done once it is saved.
    """

    call: str
    number: int
    state: Call
    branch: OfficeContext
    now: datetime
    deadline: Deadline
    awaited: bool = False
    tasks: list[Task] = field(default_factory=list)


def confirmation(call_id: str, call: Call) -> str:
    """What names a confirmation: the call, and how often it moved on when its question was answered.

    So terms that were left and chosen again are another one, and the same question repeated is not.
    """
    return f"{call_id} {call.moves}"
