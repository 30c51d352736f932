"""When nobody is there: a call-back at a promised time or a voicemail, so that nobody calls in vain."""

from typing import Literal

from bridge.flow import Flow, do, end, menu, record, run, say
from voice_flows.call_back import CallBack
from voice_flows.services import ActionContext


def may_leave_word(context: ActionContext) -> Literal["yes", "no"]:
    """Whether a word would reach somebody: it goes to the caller's file, or to the office's general box."""
    return "yes" if context.transfer.takes_messages else "no"


class Voicemail(Flow):
    """Say what becomes of it and how long it is kept, then listen."""

    purpose = say(then="tape")
    tape    = record(left="thanks", nothing="nothing")
    thanks  = say(then="left")
    left    = end()
    nothing = end()


class LeaveWord(Flow):
    """The caller chooses; whoever says nothing still hears when the office can be reached."""

    look      = do(may_leave_word, asks=False, yes="choose", no="later", down="later")
    choose    = menu({"1": "call_back", "2": "voicemail", "3": "later"}, silent="later", wrong="later")
    call_back = run(CallBack, promised="over", voicemail="voicemail", nothing="later")
    voicemail = run(Voicemail, left="over", nothing="later")
    later     = say(then="over")
    over      = end()
