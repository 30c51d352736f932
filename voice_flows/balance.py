"""The balance of a file: the amount, the last payment, the plan that is running."""

from datetime import date
from decimal import Decimal
from typing import Literal

from bridge.flow import Flow, IdentifiedFile, do, end, menu, run, say, tells
from voice_flows.file import look_up, owed_on
from voice_flows.identify import Identify
from voice_flows.payment_plan import PaymentPlan
from voice_flows.post import Post
from voice_flows.services import ActionContext


@tells(creditor="text", number="digits")
def open_file(context: ActionContext, file: IdentifiedFile) -> Literal["opened"]:
    """Tell which file this is about, because a caller may have several."""
    context.tell(creditor=look_up(context, file)[0], number=file.number)
    return "opened"


@tells("owed", owed="money")
@tells("credit", credit="money")
def ask_balance(context: ActionContext, file: IdentifiedFile) -> Literal["owed", "settled", "credit"]:
    """Tell the balance, and whether the caller owes it, nothing is owed, or too much was paid."""
    owed = owed_on(context, file)
    if owed < 0:
        context.tell(credit=-owed)
        return "credit"
    if owed == 0:
        return "settled"
    context.tell(owed=owed)
    return "owed"


@tells("paid", paid="money", paid_on="date")
def recall_payment(context: ActionContext, file: IdentifiedFile) -> Literal["paid", "never", "unknown"]:
    """Tell the last payment that came in on the file, if any did and Tagor tells it for certain."""
    _, *paid = look_up(context, file)
    if not paid:
        return "never"
    amount, *day = paid
    if not day:
        return "unknown"
    context.tell(paid=Decimal(amount), paid_on=date.fromisoformat(day[0]))
    return "paid"


@tells("on_time", monthly="money")
@tells("behind", monthly="money", arrears="money")
def ask_plan(context: ActionContext, file: IdentifiedFile) -> Literal["none", "on_time", "behind"]:
    """Tell the running payment plan and whether the payments keep up with it, if Tagor tells both."""
    plan = context.plans.current(file)
    if plan is None or plan.monthly is None or plan.arrears is None:
        return "none"
    context.tell(monthly=plan.monthly)
    if plan.arrears <= 0:
        return "on_time"
    context.tell(arrears=plan.arrears)
    return "behind"


class Payments(Flow):
    """The caller hears what came in on the file, and what was agreed."""

    last    = do(recall_payment, paid="paid", never="never", unknown="plan", down="plan")
    paid    = say(then="plan")
    never   = say(then="plan")
    plan    = do(ask_plan, none="told", on_time="on_time", behind="behind", down="told")
    on_time = say(then="told")
    behind  = say(then="told")
    told    = end()


class Balance(Flow, topic=True):
    """The caller proves who they are and hears the balance of a file, and of the next one if they like."""

    identify = run(Identify, known="open", stranger="stranger", back="back")
    open     = do(open_file, opened="which", down="look")
    which    = say(then="look")
    look     = do(ask_balance, owed="tell", settled="settled", credit="credit", down="sorry")
    tell     = say(then="payments")
    settled  = say(then="payments")
    credit   = say(then="payments")
    payments = run(Payments, told="choose")
    choose   = menu({"1": "post", "2": "plan", "3": "identify", "4": "back"}, silent="back", wrong="stranger")
    post     = run(Post, back="choose", person="stranger")
    plan     = run(PaymentPlan, back="choose", person="stranger")
    sorry    = say(then="stranger")
    stranger = end()
    back     = end()
