"""How to pay a file: the account and what to mention, a message about it, and payments that were made."""

from typing import Literal

from bridge.flow import Flow, IdentifiedFile, do, end, menu, run, say, tells
from voice_flows.call_back import CallBack
from voice_flows.payments import Received
from voice_flows.post import Post
from voice_flows.services import ActionContext


@tells(reference="digits")
def tell_reference(context: ActionContext, file: IdentifiedFile) -> Literal["told"]:
    """Tell what a payment must mention: the number of the file, as on its letters."""
    context.tell(reference=file.number)
    return "told"


class Paid(Flow, topic=True):
    """A caller who has paid hears what came in; if their payment is not there, a person looks for it."""

    received  = run(Received, told="days")
    days      = say(then="choose")
    choose    = menu({"1": "person", "2": "call_back", "3": "back"}, seconds=8, silent="back", wrong="back")
    call_back = run(CallBack, promised="back", voicemail="person", nothing="back")
    person    = end()
    back      = end()


class Pay(Flow, topic=True):
    """The caller hears where to pay and what to mention, and may have it sent."""

    account   = say(then="look")
    look      = do(tell_reference, local=True, told="reference", down="choose")
    reference = say(then="choose")
    choose    = menu({"1": "details", "2": "link", "3": "paid", "4": "back"}, reminds="*", seconds=12,
                     silent="back", wrong="back")
    details   = run(Post, about="balance", back="back")
    link      = run(Post, about="link", back="back")
    paid      = run(Paid, back="back", person="person")
    back      = end()
    person    = end()
