"""How to pay a file: the account and what to mention, a message about it, payments that were made, slips."""

from typing import Literal

from bridge.flow import Flow, IdentifiedFile, do, end, menu, run, say, tells
from voice_flows.call_back import CallBack
from voice_flows.payments import Received
from voice_flows.post import Post
from voice_flows.services import ActionContext
from voice_flows.slip import Slip

CALL_BACK = "2"
"""The key by which a caller whose payment is missing is called back; the other one leads to a person."""


@tells(reference="digits")
def tell_reference(context: ActionContext, file: IdentifiedFile) -> Literal["told"]:
    """Tell what a payment must mention: the number of the file, as on its letters."""
    context.tell(reference=file.number)
    return "told"


def may_hear_slips(context: ActionContext, file: IdentifiedFile) -> Literal["yes", "no"]:
    """Tell whether this caller may hear what the payment slips of their letters ask for."""
    return "yes" if context.files.reads_slips(file) else "no"


def report_missing_payment(
    context: ActionContext, file: IdentifiedFile, missing_key: str
) -> Literal["person", "call_back"]:
    """Have an employee look for a payment that the caller does not find; once a call."""
    # A neighbour who knows the house number must not set employees to work.
    if file.strong and context.count(f"missing payment {file.id}") == 1:
        context.leave("paid")
    return "call_back" if missing_key == CALL_BACK else "person"


class Paid(Flow, topic=True):
    """A caller who has paid hears what came in; if their payment is not there, a person looks for it."""

    received  = run(Received, told="days")
    days      = say(then="choose")
    choose    = menu({"1": "missing", "2": "missing", "3": "back"}, into="missing_key", seconds=8,
                     silent="back", wrong="back")
    missing   = do(report_missing_payment, local=True, person="person", call_back="call_back", down="person")
    call_back = run(CallBack, promised="back", voicemail="person", nothing="back")
    person    = end()
    back      = end()


class Pay(Flow, topic=True):
    """The caller hears where to pay and what to mention, and may have it sent."""

    account     = say(then="look")
    look        = do(tell_reference, local=True, told="reference", down="may")
    reference   = say(then="may")
    may         = do(may_hear_slips, local=True, yes="choose_slip", no="choose", down="choose")
    choose      = menu({"1": "details", "2": "link", "3": "paid", "4": "back"}, reminds="*", seconds=12,
                       silent="back", wrong="back")
    # A menu has four keys: where slips are read out, only silence leads back.
    choose_slip = menu({"1": "details", "2": "link", "3": "paid", "4": "slip"}, reminds="*", seconds=12,
                       silent="back", wrong="back")
    details     = run(Post, about="balance", back="back")
    link        = run(Post, about="link", back="back")
    paid        = run(Paid, back="back", person="person")
    slip        = run(Slip, back="back")
    back        = end()
    person      = end()
