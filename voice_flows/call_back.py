"""A call-back: the number, the part of the day, and the promise that the office gives."""

from typing import Literal

from bridge.flow import Flow, ask, do, end, menu, say, tells
from voice_flows.file import NO_PLAN
from voice_flows.services import ActionContext

PARTS = {"1": "morning", "2": "afternoon"}
MAX_NUMBERS = 3
"""How many numbers that cannot be called a caller may key in."""
MAX_NUMBERS_CHANGED = 4
"""How many numbers a caller may key in at all: one who changes them again and again needs a person."""


@tells("shown", call_number="digits")
def know_number(context: ActionContext) -> Literal["shown", "hidden"]:
    """Tell the number that the caller phones from, if it is shown and can be called."""
    number = context.transfer.callable_number(context.caller)
    if number is None:
        return "hidden"
    context.tell(call_number=number)
    return "shown"


@tells("fits", call_number="digits")
def take_number(
    context: ActionContext, wanted_number: str
) -> Literal["fits", "abroad", "unfit", "given_up"]:
    """Take the number that was keyed in, if it can be called; the third one that cannot is the last."""
    tries, number = context.count("call-back numbers"), context.transfer.callable_number(wanted_number)
    if number is not None and tries <= MAX_NUMBERS_CHANGED:
        context.tell(call_number=number)
        return "fits"
    if tries >= MAX_NUMBERS:
        return "given_up"
    return "abroad" if context.transfer.is_abroad(wanted_number) else "unfit"


@tells("promised", call_day="day", call_from="time", call_until="time")
def promise(context: ActionContext, call_number: str, part: str) -> Literal["promised", "never"]:
    """Promise a call in the next such part of a working day, and leave the job for the office."""
    slot = context.transfer.call_back_slot(PARTS[part])
    if slot is None:
        return "never"
    starts, ends = slot
    context.tell(call_day=starts.date(), call_from=starts.time(), call_until=ends.time())
    # The colleague who calls talks about a plan, not the menu.
    context.notes[NO_PLAN] = True
    context.leave("callback", number=call_number, starts=starts.isoformat(), ends=ends.isoformat())
    return "promised"


class CallBack(Flow, topic=True):
    """The caller confirms the number and chooses the part of the day before anything is promised."""

    look       = do(know_number, local=True, shown="same", hidden="ask_number", down="ask_number")
    same       = menu({"1": "choose", "2": "ask_number"}, silent="nothing", wrong="nothing")
    # A Belgian landline has 9 digits, and E.164 allows 15.
    ask_number = ask(into="wanted_number", digits=(9, 15), seconds=12,
                     heard="take", silent="nothing", wrong="voicemail")
    take       = do(take_number, local=True, fits="read_back", abroad="abroad", unfit="unfit",
                    given_up="given_up", down="voicemail")
    abroad     = say(then="ask_number")
    unfit      = say(then="ask_number")
    given_up   = say(then="voicemail")
    read_back  = menu({"1": "choose", "2": "ask_number"}, silent="nothing", wrong="nothing")
    choose     = menu({"1": "promise", "2": "promise"}, into="part", silent="nothing", wrong="nothing")
    promise    = do(promise, local=True, promised="told", never="voicemail", down="voicemail")
    told       = say(then="number")
    number     = say(then="promised")
    promised   = end()
    voicemail  = end()
    nothing    = end()
