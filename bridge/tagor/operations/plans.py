"""Payment plans: what the office allows, asking for one, approving it, and those there are on a file."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field, PlainValidator

from bridge.tagor.http.response import Content
from bridge.tagor.models import AgreedPlan, Medium, PlanCriteria, SavedPlan, Term
from bridge.tagor.schema.answer import Answer, ServiceAnswer
from bridge.tagor.schema.context import nested
from bridge.tagor.schema.fields import Count, LooseDate, MaybeCount, MaybeId, MaybeMoney, Money, TagorId
from bridge.tagor.schema.operation import Effect, Encoding, Operation

_NOTHING = Decimal(0)
_MEDIA = {"SMS": Medium.SMS, "EMAIL": Medium.EMAIL, "GEEN": Medium.NONE}


class _Criteria(ServiceAnswer):
    """What is not offered comes as 0, empty or null; a limit that does not come at all is no limit of 0."""

    months_1: MaybeCount = Field(None, alias="Termijn1")
    monthly_1: MaybeMoney = Field(None, alias="Bedrag1")
    months_2: MaybeCount = Field(None, alias="Termijn2")
    monthly_2: MaybeMoney = Field(None, alias="Bedrag2")
    longest: MaybeCount = Field(alias="TermijnMax")
    lowest: MaybeMoney = Field(alias="BedragMax")
    plan: MaybeId = Field(alias="PaymentPlanId")


def _read_criteria(content: Content) -> PlanCriteria:
    told = _Criteria.granted(content)
    if any(amount and amount < 0 for amount in (told.monthly_1, told.monthly_2, told.lowest)):
        raise ValueError("nobody pays less than nothing")
    offered = (told.months_1, told.monthly_1), (told.months_2, told.monthly_2)
    terms = tuple(Term(months, monthly) for months, monthly in offered if months and monthly)
    return PlanCriteria(terms, told.longest or 0, told.lowest or _NOTHING, told.plan)


class _Saved(ServiceAnswer):
    months: Annotated[Count, Field(ge=1)] = Field(alias="Periodes")
    monthly: Annotated[Money, Field(gt=0)] = Field(alias="Bedrag")


def _read_saved(content: Content) -> SavedPlan:
    saved = _Saved.granted(content)
    return SavedPlan(saved.months, saved.monthly)


def _medium(value: object) -> Medium:
    if isinstance(value, str) and value in _MEDIA:
        return _MEDIA[value]
    raise ValueError("a medium is SMS, EMAIL or GEEN")


class _Approved(ServiceAnswer):
    medium: Annotated[Medium, PlainValidator(_medium)] = Field(alias="Medium")


def _read_approved(content: Content) -> Medium:
    return _Approved.granted(content).medium


class _Plan(Answer):
    id: TagorId = Field(alias="TDOSAFB_Id")
    monthly: Money = Field(alias="Bedrag")
    first: LooseDate = Field(None, alias="Datum1stePeriode")
    paid: LooseDate = Field(None, alias="DatumBetaal")
    until: LooseDate = Field(None, alias="DatumTot")


class _Plans(Answer):
    plans: Annotated[list[_Plan], nested("dsTDOSAFBDETWeb", "ttTDOSAFBDETWeb")] = Field(
        alias="dsTDOSAFBDETWeb"
    )


def _read_plans(content: Content) -> tuple[AgreedPlan, ...]:
    told: dict[str, AgreedPlan] = {}
    for plan in _Plans.model_validate(content).plans:
        # A plan in several steps has a row for each (`Sequence_Id`); it begins with the first.
        told.setdefault(plan.id, AgreedPlan(plan.id, plan.monthly, plan.first or plan.paid, plan.until))
    return tuple(told.values())


GET_PAYMENT_PLAN_CRITERIA = Operation(
    path="TagorService/GetPaymentPlanCriteria", fields=("TDOS_Id", "TPAR_Id"), read=_read_criteria
)
# Never `OverrideChecks`, which passes the office's limits, nor `IPadres`: a caller has none.
SAVE_PAYMENT_PLAN = Operation(
    path="TagorService/SavePaymentPlan",
    fields=("TDOS_Id", "TPAR_Id", "Bedrag", "Periodes", "Startdatum", "Telnr"),
    read=_read_saved,
    effect=Effect.WRITE,
)
APPROVE_PAYMENT_PLAN = Operation(
    path="TagorService/ApprovePaymentPlan",
    fields=("TDOS_Id", "Telnr", "Taal"),
    read=_read_approved,
    effect=Effect.WRITE,
)
GET_PAYMENT_PLANS = Operation(
    path="Dossier/GetPaymentPlans",
    fields=("TDOS_Id", "active-only"),
    dialect=Encoding.DATASET,
    read=_read_plans,
)
