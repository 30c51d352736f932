"""A person for the caller, or the truth about when there will be one and what is possible until then."""

from typing import Literal

from bridge.flow import Flow, do, end, run, say, tells, transfer
from voice_flows.leave_word import LeaveWord
from voice_flows.services import ActionContext


@tells("open_until", closes="time")
@tells("closed_until", day="day", opens="time")
def see_who_is_there(context: ActionContext) -> Literal["open", "open_until", "closed", "closed_until"]:
    """Tell whether somebody is in the office, and until or from when."""
    opening = context.transfer.presence(context.notes.get("opening"))
    if opening.open:
        if opening.until is None:
            return "open"
        context.tell(closes=opening.until)
        return "open_until"
    if opening.day is None or opening.at is None:
        return "closed"
    context.tell(day=opening.day, opens=opening.at)
    return "closed_until"


def find_colleague(context: ActionContext) -> Literal["found"]:
    """Choose whose telephone rings: the person who knows the file best, who has it on the screen by then."""
    context.notes["colleague"] = context.transfer.colleague()
    return "found"


class Colleague(Flow):
    """The caller is connected to a person; where that is impossible, they may leave a message."""

    # Where nobody can say whether the office is open, it is rung: a telephone that rings in vain does less
    # harm than a caller who is sent away.
    look         = do(see_who_is_there, open="find", open_until="find",
                      closed="closed", closed_until="closed_until", down="find")
    find         = do(find_colleague, found="connect", down="connect")
    connect      = transfer(to="colleague", answered="over", unanswered="nobody")
    nobody       = say(then="word")
    closed_until = say(then="word")
    closed       = say(then="word")
    word         = run(LeaveWord, over="over")
    over         = end()
