"""The balance of a file, and what a caller can do about it."""

from typing import Literal

from bridge.flow import Flow, IdentifiedFile, do, end, menu, run, say, tells
from voice_flows.file import NO_PLAN, NOTHING_OWED, owed_on
from voice_flows.identify import Identify
from voice_flows.more import More
from voice_flows.offer import Offer
from voice_flows.other_files import Elsewhere
from voice_flows.pay import Pay
from voice_flows.payment_plan import PaymentPlan
from voice_flows.payments import Payments
from voice_flows.services import ActionContext


@tells("owed", owed="money")
@tells("credit", credit="money")
def ask_balance(context: ActionContext, file: IdentifiedFile) -> Literal["owed", "settled", "credit"]:
    """Tell the balance, and whether the caller owes it, nothing is owed, or too much was paid."""
    # First of all: the answers come in while the balance is asked and the amount is spoken.
    context.files.prefetch(file)
    context.correspondence.prefetch(file)
    owed = owed_on(context, file)
    context.notes[NOTHING_OWED] = owed <= 0
    context.notes[NO_PLAN] = owed <= 0
    if owed < 0:
        context.tell(credit=-owed)
        return "credit"
    if owed == 0:
        return "settled"
    context.tell(owed=owed)
    return "owed"


class NoBalance(Flow):
    """Tagor does not tell the balance now: the caller hears so, and is offered a person."""

    sorry  = say(then="offer")
    offer  = run(Offer, person="person", back="back")
    person = end()
    back   = end()


class Balance(Flow, topic=True):
    """The caller proves who they are, hears the balance of a file, and chooses what to do about it."""

    identify  = run(Identify, known="look", person="person", back="back")
    look      = do(ask_balance, owed="tell", settled="settled", credit="credit", down="down")
    tell      = say(then="payments")
    settled   = say(then="payments")
    credit    = say(then="payments")
    payments  = run(Payments, told="choose")
    # Callers are busy writing an amount down: they have time, and their silence is no wish for a person.
    # Nor are wrong keys: they lead to the main menu, which begins with the key of a person.
    choose    = menu({"1": "pay", "2": "plan", "3": "more", "4": "elsewhere"}, reminds="9", seconds=12,
                     unless={"1": NOTHING_OWED, "2": NO_PLAN}, silent="over", wrong="back")
    pay       = run(Pay, back="choose", person="person")
    plan      = run(PaymentPlan, back="choose", person="person")
    more      = run(More, back="choose", person="person")
    elsewhere = run(Elsewhere, known="look", identify="identify", stay="choose", back="back", person="person")
    down      = run(NoBalance, person="person", back="back")
    person    = end()
    back      = end()
    over      = end()
