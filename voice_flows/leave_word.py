"""What a caller can do when nobody answers: ask for a call-back at a promised time, or leave a voicemail."""

from typing import Literal

from bridge.flow import Flow, do, end, menu, record, run, say
from voice_flows.call_back import CallBack
from voice_flows.services import ActionContext

NO_MESSAGE = "no message"
"""The note that a message of this caller would reach nobody."""


def see_what_applies(context: ActionContext) -> Literal["seen"]:
    """Note what this caller is not offered."""
    context.notes[NO_MESSAGE] = not context.transfer.takes_messages
    return "seen"


def may_leave_word(context: ActionContext) -> Literal["yes", "no"]:
    """Tell whether a message would reach somebody: the people of the caller's file, or the office's box."""
    return "yes" if context.transfer.takes_messages else "no"


class Voicemail(Flow):
    """The caller hears what becomes of the recording and how long it is kept, then speaks."""

    # As is usual under the Belgian telecom act (art. 124), purpose and storage time come before the tone.
    purpose = say(then="tape")
    tape    = record(left="thanks", nothing="nothing")
    thanks  = say(then="left")
    left    = end()
    nothing = end()


class LeaveWord(Flow):
    """The caller chooses a call-back or a voicemail; a silent one hears when the office can be reached."""

    look      = do(may_leave_word, local=True, yes="choose", no="later", down="later")
    choose    = menu({"1": "call_back", "2": "voicemail", "3": "later"}, silent="later", wrong="later")
    call_back = run(CallBack, promised="over", voicemail="voicemail", nothing="later")
    voicemail = run(Voicemail, left="over", nothing="later")
    later     = say(then="over")
    over      = end()
