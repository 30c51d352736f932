"""A file and the courts: its next day in court, and what a court decided on it."""

from typing import Literal

from bridge.flow import Flow, IdentifiedFile, do, end, say, tells
from voice_flows.services import ActionContext


@tells("hearing", hearing_on="date", hearing_at="time", court="text")
@tells("day_only", hearing_on="date")
def ask_hearing(context: ActionContext, file: IdentifiedFile) -> Literal["hearing", "day_only", "none"]:
    """Tell the next day in court, with its time and its court where both are known."""
    hearing = context.files.hearing(file, context.language)
    if hearing is None:
        return "none"
    context.tell(hearing_on=hearing.day)
    if hearing.at is None or not hearing.court:
        return "day_only"
    context.tell(hearing_at=hearing.at, court=hearing.court)
    return "hearing"


@tells("judgment", judged_on="date", judged_by="text")
@tells("day_only", judged_on="date")
def ask_title(context: ActionContext, file: IdentifiedFile) -> Literal["judgment", "day_only", "none"]:
    """Tell the last judgment on the claim: its day, and the court where Tagor has words for it."""
    judgment = context.files.judgment(file, context.language)
    if judgment is None:
        return "none"
    context.tell(judged_on=judgment.day)
    if not judgment.court:
        return "day_only"
    context.tell(judged_by=judgment.court)
    return "judgment"


class Court(Flow):
    """The caller hears the next day in court, and the last judgment; silence says nothing of a judgment."""

    look     = do(ask_hearing, hearing="hearing", day_only="day_only", none="none", down="unknown")
    hearing  = say(then="title")
    day_only = say(then="title")
    none     = say(then="title")
    unknown  = say(then="title")
    title    = do(ask_title, judgment="judgment", day_only="judged", none="back", down="back")
    judgment = say(then="back")
    judged   = say(then="back")
    back     = end()
