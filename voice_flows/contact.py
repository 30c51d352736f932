"""A mobile as a contact of the caller: read back digit by digit, confirmed with key 1, registered once."""

from typing import Literal

from bridge.flow import Flow, IdentifiedFile, ask, confirm, decide, do, end, say, tells
from voice_flows.services import ActionContext

MAX_NUMBERS = 3
"""How many numbers that are no Belgian mobile a caller may key in."""


@tells("new", own_mobile="digits")
def look_at_own(context: ActionContext, file: IdentifiedFile) -> Literal["new", "known", "none"]:
    """Tell the mobile that the caller phones from, unless it is a contact already or no Belgian mobile."""
    mobile = context.parties.mobile(context.caller)
    if mobile is None:
        return "none"
    if context.parties.has_mobile(file, mobile):
        return "known"
    context.tell(own_mobile=mobile)
    return "new"


@tells("new", other_mobile="digits")
def look_at_other(
    context: ActionContext, file: IdentifiedFile, keyed_mobile: str
) -> Literal["new", "known", "unfit", "given_up"]:
    """Tell the mobile that was keyed in; the third one that is no Belgian mobile is the last."""
    mobile = context.parties.mobile(keyed_mobile)
    if mobile is None:
        return "given_up" if context.count("unfit mobiles") >= MAX_NUMBERS else "unfit"
    if context.parties.has_mobile(file, mobile):
        return "known"
    context.tell(other_mobile=mobile)
    return "new"


def register_own(
    context: ActionContext, file: IdentifiedFile, own_mobile: str
) -> Literal["done", "refused", "unclear"]:
    """Register once the mobile that the caller phones from."""
    return context.parties.register(file, own_mobile).state


def register_other(
    context: ActionContext, file: IdentifiedFile, other_mobile: str
) -> Literal["done", "refused", "unclear"]:
    """Register once the mobile that was keyed in."""
    return context.parties.register(file, other_mobile).state


class Contact(Flow, topic=True):
    """The mobile that the caller phones from is offered first, then any other; no contact is added twice."""

    look           = do(look_at_own, new="own", known="known_own", none="ask_mobile", down="sorry")
    own            = confirm(yes="register_own", no="ask_mobile", silent="nothing", wrong="nothing")
    register_own   = decide(register_own, done="done", refused="sorry", unclear="noted", down="sorry")
    known_own      = say(then="ask_mobile")
    # The number may be on a phone that must be looked for first, as with a call-back.
    ask_mobile     = ask(into="keyed_mobile", digits=(9, 15), seconds=12,
                         heard="take", empty="nothing", silent="nothing", wrong="nothing")
    take           = do(look_at_other, new="read_back", known="known", unfit="unfit", given_up="nothing",
                        down="sorry")
    unfit          = say(then="ask_mobile")
    known          = say(then="back")
    read_back      = confirm(yes="register_other", no="nothing", silent="nothing", wrong="nothing")
    register_other = decide(register_other, done="done", refused="sorry", unclear="noted", down="sorry")
    done           = say(then="back")
    noted          = say(then="back")
    sorry          = say(then="back")
    nothing        = say(then="back")
    back           = end()
