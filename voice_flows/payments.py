"""What came in on a file, what is on its way, what was agreed, and what the office wrote."""

from typing import Literal

from bridge.flow import Flow, IdentifiedFile, do, end, run, say, tells
from voice_flows.file import look_up, received_on_line
from voice_flows.messages import Messages
from voice_flows.services import ActionContext


@tells(creditor="text", number="digits")
def open_file(context: ActionContext, file: IdentifiedFile) -> Literal["opened"]:
    """Tell which file this is about, because a caller may have several."""
    context.tell(creditor=look_up(context, file).creditor, number=file.number)
    return "opened"


@tells("paid", paid="money", paid_on="date")
def recall_payment(context: ActionContext, file: IdentifiedFile) -> Literal["paid", "never", "unknown"]:
    """Tell the last payment that came in on the file, if any did and Tagor tells it for certain."""
    facts = look_up(context, file)
    received = facts.received or received_on_line(context, file)
    if received is None:
        return "never" if facts.never_paid else "unknown"
    context.tell(paid=received.amount, paid_on=received.date)
    return "paid"


@tells("expected", expected="money", expected_on="date")
def recall_expected(context: ActionContext, file: IdentifiedFile) -> Literal["expected", "none"]:
    """Tell the payment that is on its way to the file, if Tagor tells of one."""
    payment = look_up(context, file).expected
    if payment is None:
        return "none"
    context.tell(expected=payment.amount, expected_on=payment.date)
    return "expected"


@tells("requested", "running", "on_time", "behind", monthly="money")
@tells("behind", arrears="money")
def ask_plan(
    context: ActionContext, file: IdentifiedFile
) -> Literal["none", "requested", "running", "on_time", "behind"]:
    """Tell the running payment plan, and whether the payments keep up with it once one was due."""
    plan = context.plans.schedule(file)
    if plan is None:
        return "none"
    context.tell(monthly=plan.monthly)
    if not plan.confirmed:
        return "requested"
    if plan.arrears > 0:
        context.tell(arrears=plan.arrears)
        return "behind"
    # Before the first payment was due, "you pay on time" would say more than anybody knows.
    return "on_time" if plan.begun else "running"


class Received(Flow):
    """The caller hears which payment came in last, and which one is on its way."""

    last     = do(recall_payment, paid="paid", never="never", unknown="more", down="more")
    paid     = say(then="more")
    never    = say(then="more")
    more     = do(recall_expected, expected="expected", none="told", down="told")
    expected = say(then="told")
    told     = end()


class Payments(Flow):
    """The caller hears what came in, what was agreed, which file it is, and what the office wrote."""

    # The amount has been told by now: a question that Tagor leaves open only costs its own sentence.
    received  = run(Received, told="plan")
    plan      = do(ask_plan, none="open", requested="requested", running="running",
                   on_time="on_time", behind="behind", down="open")
    requested = say(then="open")
    running   = say(then="open")
    on_time   = say(then="open")
    behind    = say(then="open")
    open      = do(open_file, opened="which", down="messages")
    which     = say(then="messages")
    messages  = run(Messages, told="told")
    told      = end()
