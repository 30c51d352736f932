"""A payment plan: permitted, chosen, read back, requested once, agreed, approved once."""

from datetime import date
from decimal import Decimal
from typing import Literal

from bridge.flow import Flow, IdentifiedFile, confirm, decide, do, end, menu, run, say, tells
from voice_flows.file import owed_on
from voice_flows.hardship import Hardship
from voice_flows.services import ActionContext
from voice_flows.terms import Terms


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


@tells(running="money", next_due="date")
@tells("behind", behind_by="money")
def recall_plan(context: ActionContext, file: IdentifiedFile) -> Literal["on_time", "behind"]:
    """Tell the plan that is running: the payment, the day of the next one, and what is behind."""
    running = context.plans.schedule(file)
    context.tell(running=running.monthly, next_due=running.next_due)
    if running.arrears <= 0:
        return "on_time"
    context.tell(behind_by=running.arrears)
    return "behind"


def may_replace(context: ActionContext) -> Literal["yes", "no"]:
    """Tell whether the office lets callers replace a plan that is running."""
    return "yes" if context.plans.may_replace else "no"


def compare(_context: ActionContext, monthly: str, last: str) -> Literal["alike", "unlike"]:
    """Tell whether the last payment differs from the others and must be named."""
    return "alike" if Decimal(monthly) == Decimal(last) else "unlike"


@tells("done", agreed_months="months", agreed_monthly="money")
def request_plan(
    context: ActionContext, file: IdentifiedFile, months: str, monthly: str, start: str
) -> Literal["done", "refused", "unclear"]:
    """Request the plan that was read back, by its months or by its amount, whichever the caller chose."""
    by_months = context.noted("plan by") == "months"
    result = context.plans.request(
        file,
        months=int(months) if by_months else None,
        monthly=Decimal(monthly),
        start=date.fromisoformat(start),
    )
    if result.state == "done":
        # A plan that was found afterwards shows its amount only: the months are those that were read back.
        context.tell(agreed_months=result.months or int(months), agreed_monthly=result.monthly)
        context.note("plan", result.plan)
    return result.state


def approve_plan(context: ActionContext, file: IdentifiedFile) -> Literal["done", "refused", "unclear"]:
    """Approve the plan that this call requested."""
    result = context.plans.approve(file, str(context.noted("plan") or ""), context.language)
    if result.state == "done":
        context.note("medium", result.medium)
    return result.state


def recall_medium(context: ActionContext) -> Literal["sms", "mail", "none"]:
    """Tell how Tagor sends the confirmation to the defendant."""
    match context.noted("medium"):
        case "sms":
            return "sms"
        case "mail":
            return "mail"
        case _:
            return "none"


class Confirmation(Flow):
    """The caller hears how the confirmation arrives."""

    medium  = do(recall_medium, local=True, sms="by_sms", mail="by_mail", none="by_none", down="by_none")
    by_sms  = say(then="told")
    by_mail = say(then="told")
    by_none = say(then="told")
    told    = end()


class Agreement(Flow):
    """The caller hears the plan, requests it with key 1, hears what Tagor made of it, agrees with key 1."""

    chosen    = say(then="compare")
    compare   = do(compare, local=True, alike="read_back", unlike="last_one", down="person")
    last_one  = say(then="read_back")
    read_back = confirm(yes="request", no="declined", silent="declined", wrong="person")
    request   = decide(request_plan, done="agree", refused="refused", unclear="noted", down="down")
    agree     = confirm(yes="approve", no="open", silent="open", wrong="open")
    approve   = decide(approve_plan, done="confirmed", refused="open", unclear="noted", down="open")
    confirmed = run(Confirmation, told="agreed")
    refused   = say(then="person")
    down      = say(then="person")
    open      = say(then="person")
    noted     = say(then="agreed")
    declined  = say(then="agreed")
    agreed    = end()
    person    = end()


class RunningPlan(Flow):
    """A plan that is running is told first, and that a new one would end it."""

    look    = do(recall_plan, on_time="on_time", behind="behind", down="refer")
    on_time = say(then="due")
    behind  = say(then="due")
    due     = say(then="may")
    may     = do(may_replace, local=True, yes="replace", no="keep", down="keep")
    replace = menu({"1": "new", "2": "person", "3": "back"}, spoken=False, silent="back", wrong="person")
    keep    = menu({"1": "person", "2": "back"}, silent="back", wrong="person")
    refer   = say(then="person")
    new     = end()
    person  = end()
    back    = end()


class PaymentPlan(Flow, topic=True):
    """A caller who may have a plan chooses and agrees; everybody else hears why not and reaches a person."""

    may       = do(may_have_plan, free="terms", running="running",
                   settled="settled", unsettled="unsettled", person="refer", down="sorry")
    running   = run(RunningPlan, new="terms", person="person", back="back")
    terms     = run(Terms, chosen="agreement", hard="hardship", refer="refer", person="person")
    agreement = run(Agreement, agreed="back", person="person")
    hardship  = run(Hardship, person="person", back="back")
    settled   = say(then="back")
    unsettled = say(then="person")
    refer     = say(then="person")
    sorry     = say(then="person")
    back      = end()
    person    = end()
