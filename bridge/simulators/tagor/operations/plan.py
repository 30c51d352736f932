"""Answers about payment plans: what the office allows, requesting, approving and listing them."""

import re
from datetime import date
from decimal import Decimal

from bridge.simulators.tagor import notifications
from bridge.simulators.tagor.access import Caller
from bridge.simulators.tagor.case import LANGUAGES
from bridge.simulators.tagor.envelope import Refusal, Request, context, dataset
from bridge.simulators.tagor.plans import (
    Agreed,
    BalanceCriteria,
    PlanRefusal,
    PlanTerm,
    allowed,
    criteria_for,
    instalments,
    start_refused,
    usual_start,
)
from bridge.simulators.tagor.records import File, Message, Plan
from bridge.simulators.tagor.registry import operation
from bridge.simulators.tagor.tagor import AUTO_ACCEPT, START_WITHIN, SimulatedTagor
from bridge.simulators.tagor.wire_format import Id

NOTHING = Decimal(0)
MONTHLY = Id("9000000000000000301")
TEMPLATE = "BEVAFBET"  # the vendor's own code of the confirmation's text
REQUESTED = "AFBT"  # the info record's code: Tagor's own is not documented
DAYS_AHEAD = "62"


@operation("TagorService/PaymentInfo")
def running(tagor: SimulatedTagor, request: Request, caller: Caller) -> dict[str, object]:
    """Return whether a plan is active, approved or not, what it asks a month and what is overdue."""
    file_id = request.text("TDOS_Id") or caller.file_id
    if not file_id:
        raise Refusal("TDOS_Id is niet ingevuld.")
    file = tagor.file(file_id)
    plan = tagor.plans.last(file.id)
    monthly, arrears = (plan.monthly, plan.arrears) if plan else (NOTHING, NOTHING)
    return file.wire_format.says(Betaalplan=plan is not None, Maandbedrag=monthly, Achterstand=arrears)


@operation("TagorService/GetPaymentPlanCriteria")
def criteria(tagor: SimulatedTagor, request: Request, caller: Caller) -> dict[str, object]:
    """Return what may be asked for and the last plan's id; a term not offered is 0 months of 0 euro."""
    file = tagor.file(request.text("TDOS_Id"))
    tagor.defendant(file, request.text("TPAR_Id") or caller.party_id)
    told, plan = _criteria(tagor, file), tagor.plans.last(file.id)
    first, second = [*told.terms, PlanTerm(0, NOTHING), PlanTerm(0, NOTHING)][:2]
    return file.wire_format.says(
        Termijn1=first.months,
        Bedrag1=first.monthly,
        Termijn2=second.months,
        Bedrag2=second.monthly,
        TermijnMax=told.longest,
        BedragMax=told.lowest,
        PaymentPlanId=plan.id if plan else "",
    )


def _criteria(tagor: SimulatedTagor, file: File) -> BalanceCriteria:
    return criteria_for(tagor.plans.limits(file.type_id), file.balance)


@operation("TagorService/SavePaymentPlan")
def save(tagor: SimulatedTagor, request: Request, caller: Caller) -> dict[str, object]:
    """Save a new plan, always, and end every earlier one; asked twice, it is saved twice.

    Exactly one of `Bedrag` and `Periodes` decides: 0 stands for none, both together are refused.
    `OverrideChecks` takes a plan outside the office's limits, but none for a file on which nothing is owed.
    """
    file = tagor.file(request.text("TDOS_Id"))
    party = tagor.defendant(file, request.text("TPAR_Id") or caller.party_id)
    monthly, months = _amount(request), _periods(request)
    start = _start(tagor, request)
    agreed = _agree(tagor, file, request, monthly=monthly, months=months)
    source = "CEN" if request.text("Telnr") else "WEB" if request.text("IPadres") else ""
    plan = Plan(
        agreed.monthly,
        months=agreed.months,
        start=start,
        party_id=party.id,
        source=source,
        asked=_asked(monthly, months, start),
        approved=tagor.parameter(AUTO_ACCEPT) == "true",
    )
    tagor.plans.add(file.id, plan)
    tagor.record(file, REQUESTED, f"Betaalplan aangevraagd {source}".rstrip())
    return file.wire_format.says(Periodes=agreed.months, Bedrag=agreed.monthly)


def _agree(
    tagor: SimulatedTagor, file: File, request: Request, *, monthly: Decimal | None, months: int | None
) -> Agreed:
    if _overridden(request):
        answer = instalments(file.balance, monthly=monthly, months=months)
    else:
        answer = allowed(_criteria(tagor, file), file.balance, monthly=monthly, months=months)
    if isinstance(answer, PlanRefusal):
        raise Refusal(answer.value)
    return answer


def _overridden(request: Request) -> bool:
    return request.text("OverrideChecks").lower() == "true"


# What was asked, not what was agreed: a repeated request has the same text, so the two are counted together.
def _asked(monthly: Decimal | None, months: int | None, start: date) -> str:
    terms = f"months={months}" if monthly is None else f"monthly={monthly:.2f}"
    return f"{terms} start={start}"


def _amount(request: Request) -> Decimal | None:
    text = request.text("Bedrag")
    if text and not re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,15})?", text):
        raise Refusal("Bedrag is geen getal.")
    return Decimal(text or 0) or None


def _periods(request: Request) -> int | None:
    text = request.text("Periodes")
    if text and not re.fullmatch(r"-?[0-9]{1,9}", text):
        raise Refusal("Periodes is geen geheel getal.")
    return int(text or 0) or None


def _start(tagor: SimulatedTagor, request: Request) -> date:
    day = request.day("Startdatum")
    if day is None:
        return usual_start(tagor.today)
    refused = start_refused(day, tagor.today, int(tagor.parameter(START_WITHIN) or DAYS_AHEAD))
    if refused and not _overridden(request):
        raise Refusal(refused.value)
    return day


@operation("TagorService/ApprovePaymentPlan")
def approve(tagor: SimulatedTagor, request: Request, _caller: Caller) -> dict[str, object]:
    """Approve the file's last plan, and send a confirmation each time.

    It is a text to `Telnr` if that is a Belgian mobile, else a mail to the defendant the plan was made for.
    """
    file = tagor.file(request.text("TDOS_Id"))
    plan = tagor.plans.last(file.id)
    if plan is None:
        raise Refusal("Er is geen betaalplan op dit dossier.")
    # The request names no defendant: the confirmation goes to the one for whom the plan was made.
    party = tagor.defendant(file, plan.party_id)
    language = request.text("Taal") or party.language
    if request.text("Taal") not in ("", *LANGUAGES):
        raise Refusal("Taal is onbekend.")
    medium, address = notifications.medium(request.text("Telnr"), party)
    tagor.plans.approve(plan)
    notifications.send(tagor, file.id, Message(plan.id, party.id, medium, address, language, TEMPLATE))
    return file.wire_format.says(Medium=medium)


@operation("Dossier/GetPaymentPlans")
def plans(tagor: SimulatedTagor, request: Request, _caller: Caller) -> dict[str, object]:
    """Return the file's plans, oldest first; only the active one when the context says `active-only`."""
    asked = request.context
    file = tagor.file(asked.get("tdos_id", ""))
    active_only = asked.get("active-only", "").lower() == "true"
    rows = [_row(plan) for plan in tagor.plans.all(file.id) if plan.active or not active_only]
    told = file.wire_format.rows(rows)
    return context({}, bare=tagor.bare) | dataset("TDOSAFBDETWeb", told, bare=tagor.bare)


def _row(plan: Plan) -> dict[str, object]:
    # Amounts are text in this dataset whatever the office's wire_format, as the contract has them.
    return {
        "TDOSAFB_Id": plan.id,
        "Bedrag": f"{plan.monthly:.2f}",
        "DatumBetaal": plan.start,
        "DatumTot": plan.until,
        "TQPERIODE_Id": MONTHLY,
        "Sequence_Id": "1",
        "Bedrag1stePeriode": f"{plan.monthly:.2f}",
        "Datum1stePeriode": plan.start,
    }
