"""A payment plan: permitted, chosen, read back, requested once, agreed, approved once."""

from datetime import date
from decimal import Decimal
from typing import Literal

from bridge.flow import Flow, IdentifiedFile, confirm, decide, do, echoes, end, menu, run, say, tells
from voice_flows.file import owed_on
from voice_flows.hardship import Hardship
from voice_flows.offer import Offer
from voice_flows.services import ActionContext
from voice_flows.terms import Terms

PLAN_ENDS = "plan ends"
"""The note of the day on which the plan that is running ends, "" where Tagor does not say it."""


def may_have_plan(
    context: ActionContext, file: IdentifiedFile
) -> Literal["free", "running", "settled", "unsettled", "person"]:
    """Tell whether this file may have a plan by phone: the rules, what is owed and what runs decide it."""
    standing = context.plans.permission(file)
    if standing != "free":
        return standing
    if owed_on(context, file) <= 0:
        return "settled"
    return "free" if context.plans.current(file) is None else "running"


@tells("requested", "on_time", "behind", running="money")
@tells("on_time", "behind", next_due="date")
@tells("behind", behind_by="money")
def recall_plan(
    context: ActionContext, file: IdentifiedFile
) -> Literal["requested", "on_time", "behind", "unknown"]:
    """Tell the plan that is running: the payment, the day of the next one, and what is behind."""
    running = context.plans.schedule(file)
    if running is None or running.next_due is None:
        return "unknown"
    context.tell(running=running.monthly)
    # Nobody owes a payment on a plan that was never agreed to, so no day and no arrears are told.
    if not running.confirmed:
        return "requested"
    context.tell(next_due=running.next_due)
    context.notes[PLAN_ENDS] = running.until.isoformat() if running.until else ""
    if running.arrears <= 0:
        return "on_time"
    context.tell(behind_by=running.arrears)
    return "behind"


@tells("known", plan_ends="date")
def recall_end(context: ActionContext, file: IdentifiedFile) -> Literal["known", "unknown"]:  # noqa: ARG001 - whose it is
    """Tell the day on which the plan that is running ends, if Tagor says it."""
    ends = context.notes.get(PLAN_ENDS)
    if not ends:
        return "unknown"
    context.tell(plan_ends=date.fromisoformat(str(ends)))
    return "known"


def may_replace(context: ActionContext) -> Literal["yes", "no"]:
    """Tell whether the office lets callers replace a plan that is running."""
    return "yes" if context.plans.may_replace else "no"


def compare(_context: ActionContext, monthly: str, last: str) -> Literal["alike", "unlike"]:
    """Tell whether the last payment differs from the others and must be named."""
    return "alike" if Decimal(monthly) == Decimal(last) else "unlike"


@tells("done", "as_confirmed", agreed_months="months", agreed_monthly="money", agreed_start="date")
@echoes(agreed_months="months", agreed_monthly="monthly", agreed_start="start")
def request_plan(
    context: ActionContext, file: IdentifiedFile, months: str, monthly: str, start: str
) -> Literal["done", "as_confirmed", "refused", "unclear"]:
    """Request the plan that was read back, by its months or by its amount, whichever the caller chose.

    It ends `as_confirmed` only where Tagor itself shows these months, this amount and this first day.
    """
    # Tagor takes one of the two and works out the other; with both it refuses.
    by_months = context.notes.get("plan by") == "months"
    result = context.plans.request(
        file,
        months=int(months) if by_months else None,
        monthly=Decimal(monthly),
        start=date.fromisoformat(start),
    )
    if result.state != "done":
        context.notes["plan"] = ""  # an earlier plan of this call is not what is told next
        return result.state
    # What Tagor does not show is told as it was read back, and the caller is asked once more.
    context.tell(
        agreed_months=result.months or int(months),
        agreed_monthly=result.monthly,
        agreed_start=result.start or date.fromisoformat(start),
    )
    context.notes["plan"] = result.plan
    context.leave("unapproved", plan=result.plan)
    shown = (result.months, result.monthly, result.start)
    confirmed = (int(months), Decimal(monthly), date.fromisoformat(start))
    return "as_confirmed" if shown == confirmed and result.plan else "done"


def approve_plan(context: ActionContext, file: IdentifiedFile) -> Literal["done", "refused", "unclear"]:
    """Approve the plan that this call requested."""
    result = context.plans.approve(file, str(context.notes.get("plan") or ""), context.language)
    if result.state == "done":
        context.notes["medium"] = result.medium
    if result.replaced:
        context.notes["replaced plan"] = context.notes.get("plan")
    return result.state


def recall_refusal(context: ActionContext, file: IdentifiedFile) -> Literal["replaced", "open"]:  # noqa: ARG001 - what it tells is about the file
    """Tell whether the plan was not approved because another one is on the file by now."""
    replaced = context.notes.get("replaced plan")
    return "replaced" if replaced is not None and replaced == context.notes.get("plan") else "open"


def recall_medium(context: ActionContext) -> Literal["sms", "mail", "none"]:
    """Tell how Tagor sends the confirmation to the defendant."""
    match context.notes.get("medium"):
        case "sms":
            return "sms"
        case "mail":
            return "mail"
        case _:
            return "none"


def leave_task(context: ActionContext, file: IdentifiedFile) -> Literal["left"]:  # noqa: ARG001 - whose it is
    """Have an employee contact a caller who did not accept the plan that Tagor made."""
    context.leave("not_agreed", plan=str(context.notes.get("plan") or ""))
    return "left"


def leave_confirmation(context: ActionContext, file: IdentifiedFile) -> Literal["left"]:  # noqa: ARG001 - as above
    """Have an employee confirm a plan of which Tagor did not say whether it is made or approved."""
    context.leave("unconfirmed", plan=str(context.notes.get("plan") or ""))
    return "left"


class LastPayment(Flow):
    """The caller hears the last payment where it differs from the others."""

    compare = do(compare, local=True, alike="told", unlike="tell", down="offer")
    tell    = say(then="told")
    told    = end()
    offer   = end()


class NotApproved(Flow):
    """The plan was requested and not approved: the caller hears why, and is offered a person."""

    why      = do(recall_refusal, local=True, replaced="replaced", open="open", down="open")
    replaced = say(then="offer")
    open     = say(then="offer")
    offer    = end()


class NotAccepted(Flow):
    """The caller did not accept the plan that Tagor made: an employee gets the task to contact them."""

    task   = do(leave_task, local=True, left="tell", down="offer")
    tell   = say(then="told")
    told   = end()
    offer  = end()


class Unconfirmed(Flow):
    """Tagor did not say whether it did what was asked: the caller hears so, and an employee gets the task."""

    task   = do(leave_confirmation, local=True, left="tell", down="offer")
    tell   = say(then="told")
    told   = end()
    offer  = end()


class Confirmation(Flow):
    """The caller hears how the confirmation arrives."""

    medium  = do(recall_medium, local=True, sms="by_sms", mail="by_mail", none="by_none", down="by_none")
    by_sms  = say(then="told")
    by_mail = say(then="told")
    by_none = say(then="told")
    told    = end()


class Agreement(Flow):
    """The caller hears the plan and agrees with key 1; only other terms of Tagor's take a second key 1."""

    chosen       = say(then="last_one")
    last_one     = run(LastPayment, told="read_back", offer="offer")
    read_back    = confirm(yes="request", no="declined", silent="declined", wrong="declined")
    # `unclear` is neither done nor refused: Tagor may have made the plan, and a colleague confirms it.
    request      = decide(request_plan, as_confirmed="approve", done="agree", refused="refused",
                          unclear="noted", down="down")
    agree        = confirm(yes="approve", no="not_accepted", silent="unapproved", wrong="unapproved")
    approve      = decide(approve_plan, done="confirmed", refused="unapproved",
                          unclear="noted", down="unapproved")
    confirmed    = run(Confirmation, told="agreed")
    not_accepted = run(NotAccepted, told="agreed", offer="offer")
    unapproved   = run(NotApproved, offer="offer")
    refused      = say(then="offer")
    down         = say(then="offer")
    noted        = run(Unconfirmed, told="agreed", offer="offer")
    declined     = say(then="agreed")
    agreed       = end()
    offer        = end()


class RunningPlan(Flow):
    """A plan that is running is told first, and that a new one would end it."""

    # A new plan ends every earlier one in Tagor, so the caller hears what they would give up.
    look      = do(recall_plan, requested="requested", on_time="on_time", behind="behind",
                   unknown="refer", down="refer")
    requested = say(then="may")
    on_time   = say(then="due")
    behind    = say(then="due")
    due       = say(then="look_end")
    look_end  = do(recall_end, local=True, known="until", unknown="may", down="may")
    until     = say(then="may")
    may       = do(may_replace, local=True, yes="replace", no="keep", down="keep")
    replace   = menu({"1": "new", "2": "person", "3": "back"}, spoken=False, silent="back", wrong="offer")
    keep      = menu({"1": "person", "2": "back"}, silent="back", wrong="offer")
    refer     = say(then="offer")
    new       = end()
    person    = end()
    offer     = end()
    back      = end()


class PaymentPlan(Flow, topic=True):
    """A caller who may have a plan chooses and agrees; others hear why not and are offered a person."""

    may       = do(may_have_plan, free="terms", running="running",
                   settled="settled", unsettled="unsettled", person="refer", down="sorry")
    running   = run(RunningPlan, new="terms", person="person", offer="offer", back="back")
    terms     = run(Terms, chosen="agreement", hard="hardship", refer="refer", offer="offer")
    agreement = run(Agreement, agreed="back", offer="offer")
    hardship  = run(Hardship, person="person", back="back")
    settled   = say(then="back")
    unsettled = say(then="offer")
    refer     = say(then="offer")
    sorry     = say(then="offer")
    offer     = run(Offer, person="person", back="back")
    back      = end()
    person    = end()
