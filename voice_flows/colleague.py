"""A person, or an honest word about when there will be one."""

from typing import Literal

from bridge.flow import Flow, do, end, say, tells, transfer
from voice_flows.desk import Errand


@tells("open_until", closes="time")
@tells("closed_until", day="date", opens="time")
def see_who_is_there(errand: Errand) -> Literal["open", "open_until", "closed", "closed_until"]:
    """Ask whether somebody is in the office, and until or from when."""
    opening = errand.desk.opening()
    if opening.open:
        if opening.until is None:
            return "open"
        errand.tell(closes=opening.until)
        return "open_until"
    if opening.day is None or opening.at is None:
        return "closed"
    errand.tell(day=opening.day, opens=opening.at)
    return "closed_until"


class Colleague(Flow):
    """Connect to the switchboard while the office is open; otherwise say when it will be."""

    look         = do(see_who_is_there, open="connect", open_until="connect",
                      closed="closed", closed_until="closed_until", down="connect")
    connect      = transfer(to="switchboard", answered="over", unanswered="nobody")
    nobody       = say(then="over")
    closed_until = say(then="over")
    closed       = say(then="over")
    over         = end()
