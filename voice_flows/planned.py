"""What the office has planned next on a file, as far as it lets callers know."""

from typing import Literal

from bridge.flow import Flow, IdentifiedFile, do, end, say, tells
from voice_flows.services import ActionContext


@tells("timed", planned="text", planned_on="date", planned_at="time")
@tells("day_only", planned="text", planned_on="date")
def ask_planned(context: ActionContext, file: IdentifiedFile) -> Literal["timed", "day_only", "none"]:
    """Tell what the office has planned next, of what it lets callers know."""
    task = context.planned.next_task(file, context.language)
    if task is None:
        return "none"
    context.tell(planned=task.name, planned_on=task.day)
    if task.at is None:
        return "day_only"
    context.tell(planned_at=task.at)
    return "timed"


class Planned(Flow):
    """The caller hears what is planned next; silence says that there is nothing to tell."""

    look     = do(ask_planned, timed="timed", day_only="some_day", none="back", down="back")
    timed    = say(then="back")
    some_day = say(then="back")
    back     = end()
