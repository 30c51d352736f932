"""Asks for payment plans: what the office allows, requesting one, approving it, listing those on a file."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field, PlainValidator

from bridge.tagor.file_models import PlanStep
from bridge.tagor.http.deadline import Deadline
from bridge.tagor.models import AgreedPlan, Medium, PlanCriteria, SavedPlan, Term
from bridge.tagor.schema.answer import AnswerModel, ServiceAnswer, nested, table_reader
from bridge.tagor.schema.fields import (
    Content,
    Count,
    Day,
    Instalment,
    MaybeCount,
    MaybeId,
    MaybeInstalment,
    TagorId,
    Text,
    write_language,
)
from bridge.tagor.schema.operation import (
    Effect,
    Encoding,
    Operation,
    checked,
    checked_amount,
    checked_if_given,
    checked_months,
)
from bridge.tagor.session import TagorSession

_NOTHING = Decimal(0)
_MEDIA = {"SMS": Medium.SMS, "EMAIL": Medium.EMAIL, "GEEN": Medium.NONE}


class _Criteria(ServiceAnswer):
    # What is not offered comes as 0, empty or null; what cannot be read is not offered either. Where no
    # lowest amount comes, the most months are the limit, and Tagor itself checks every request.
    months_1: MaybeCount = Field(None, alias="Termijn1")
    monthly_1: MaybeInstalment = Field(None, alias="Bedrag1")
    months_2: MaybeCount = Field(None, alias="Termijn2")
    monthly_2: MaybeInstalment = Field(None, alias="Bedrag2")
    longest: MaybeCount = Field(None, alias="TermijnMax")
    # `BedragMax` belongs to `TermijnMax`: the amount of the longest term, and so the lowest of all.
    lowest: MaybeInstalment = Field(None, alias="BedragMax")
    plan: MaybeId = Field(None, alias="PaymentPlanId")


def _read_criteria(content: Content) -> PlanCriteria:
    told = _Criteria.granted(content)
    offered = (told.months_1, told.monthly_1), (told.months_2, told.monthly_2)
    terms = tuple(Term(months, monthly) for months, monthly in offered if months and monthly and monthly > 0)
    return PlanCriteria(terms, told.longest or 0, max(told.lowest or _NOTHING, _NOTHING), told.plan)


class _Saved(ServiceAnswer):
    months: Annotated[Count, Field(ge=1)] = Field(alias="Periodes")
    monthly: Annotated[Instalment, Field(gt=0)] = Field(alias="Bedrag")


def _read_saved(content: Content) -> SavedPlan:
    saved = _Saved.granted(content)
    return SavedPlan(saved.months, saved.monthly)


def _medium(value: object) -> Medium:
    if isinstance(value, str) and (medium := _MEDIA.get(value.strip().upper())):
        return medium
    raise ValueError("a medium is SMS, EMAIL or GEEN")


class _Approved(ServiceAnswer):
    medium: Annotated[Medium | None, PlainValidator(_medium)] = Field(None, alias="Medium")


def _read_approved(content: Content) -> Medium | None:
    return _Approved.granted(content).medium


class _Plan(AnswerModel):
    id: TagorId = Field(alias="TDOSAFB_Id")
    monthly: MaybeInstalment = Field(None, alias="Bedrag")
    first: Day = Field(None, alias="Datum1stePeriode")
    paid: Day = Field(None, alias="DatumBetaal")
    until: Day = Field(None, alias="DatumTot")


class _Plans(AnswerModel):
    plans: Annotated[list[_Plan], nested("dsTDOSAFBDETWeb", "ttTDOSAFBDETWeb")] = Field(
        alias="dsTDOSAFBDETWeb"
    )


def _read_plans(content: Content) -> tuple[AgreedPlan, ...]:
    told: dict[str, AgreedPlan] = {}
    for plan in _Plans.model_validate(content).plans:
        # A plan in several steps has a row for each (`Sequence_Id`); it begins with the first.
        told.setdefault(plan.id, AgreedPlan(plan.id, plan.monthly, plan.first or plan.paid, plan.until))
    return tuple(told.values())


class _Step(_Plan):
    first_amount: MaybeInstalment = Field(None, alias="Bedrag1stePeriode")
    period_id: Text = Field("", alias="TQPERIODE_Id")


_steps = table_reader("TDOSAFBDETWeb", _Step)


def _read_steps(content: Content) -> tuple[PlanStep, ...]:
    return tuple(
        PlanStep(row.id, row.monthly, row.first_amount, row.first or row.paid, row.until, row.period_id)
        for row in _steps(content)
    )


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
# It takes no plan: Tagor approves whichever is the last one by then, and sends a message each time.
APPROVE_PAYMENT_PLAN = Operation(
    path="TagorService/ApprovePaymentPlan",
    fields=("TDOS_Id", "Telnr", "Taal"),
    read=_read_approved,
    effect=Effect.WRITE,
)
GET_PAYMENT_PLANS = Operation(
    path="Dossier/GetPaymentPlans",
    fields=("TDOS_Id", "active-only"),
    encoding=Encoding.DATASET,
    read=_read_plans,
)

GET_PLAN_STEPS = Operation(
    path="Dossier/GetPaymentPlans",
    fields=("TDOS_Id", "active-only"),
    encoding=Encoding.DATASET,
    read=_read_steps,
)


class PaymentPlans:
    """Questions and changes about payment plans (deadlines and errors: `client.Tagor`)."""

    def __init__(self, session: TagorSession) -> None:
        self._session = session

    def criteria(self, file: str, party: str | None, *, deadline: Deadline) -> PlanCriteria:
        """Ask which payment plans the office allows one of the defendants (id) of a file (id)."""
        values = checked("the file id", file), checked_if_given("the party id", party)
        return self._session.ask(GET_PAYMENT_PLAN_CRITERIA, deadline, *values)

    def on_file(self, file: str, *, active_only: bool = True, deadline: Deadline) -> tuple[AgreedPlan, ...]:
        """Ask for the payment plans on a file (id), also for those that ended unless `active_only`."""
        values = checked("the file id", file), "true" if active_only else None
        return self._session.ask(GET_PAYMENT_PLANS, deadline, *values)

    def steps(self, file: str, *, deadline: Deadline) -> tuple[PlanStep, ...]:
        """Ask for the steps of the plan that runs on a file (id), each with its amount and its days."""
        return self._session.ask(GET_PLAN_STEPS, deadline, checked("the file id", file), "true")

    def save(
        self,
        file: str,
        party: str | None,
        *,
        monthly: Decimal | None = None,
        months: int | None = None,
        start: date | None = None,
        phone: str | None = None,
        deadline: Deadline,
    ) -> SavedPlan:
        """Change Tagor: make a payment plan, and end every earlier one on the file (id).

        The plan is asked for either by euro a month or by months, from `start` or from the office's usual
        day; `phone` (E.164) marks it as made by phone.
        """
        if (monthly is None) == (months is None):
            raise ValueError("The plan cannot be sent to Tagor: give its monthly amount or its months.")
        return self._session.ask(
            SAVE_PAYMENT_PLAN,
            deadline,
            checked("the file id", file),
            checked_if_given("the party id", party),
            None if monthly is None else checked_amount(monthly),
            None if months is None else checked_months(months),
            None if start is None else f"{start:%Y-%m-%d}",
            checked_if_given("the phone number", phone),
        )

    def approve(
        self, file: str, language: str, *, phone: str | None = None, deadline: Deadline
    ) -> Medium | None:
        """Change Tagor: approve the last payment plan on a file (id), and confirm it in a language (`nl`).

        Tagor confirms by a text to `phone` (E.164) if that is a Belgian mobile, else by mail. None means that
        it approved the plan and did not say how it confirms that.
        """
        values = checked("the file id", file), checked_if_given("the phone number", phone)
        return self._session.ask(APPROVE_PAYMENT_PLAN, deadline, *values, write_language(language))
