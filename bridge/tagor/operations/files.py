"""Asks what a defendant may hear about a file: who claims how much, what was paid, which plan runs."""

from decimal import Decimal

from pydantic import AliasChoices, Field

from bridge.tagor.http.deadline import Deadline
from bridge.tagor.models import ActivePlan, FileFacts, Payment
from bridge.tagor.schema.answer import AnswerModel, ServiceAnswer
from bridge.tagor.schema.fields import (
    Content,
    Day,
    Flag,
    MaybeInstalment,
    MaybeMoney,
    MaybeText,
    Money,
    Text,
    WebAddress,
)
from bridge.tagor.schema.operation import Effect, Operation, checked, checked_if_given
from bridge.tagor.session import TagorSession


class _DosInfo(ServiceAnswer):
    name: Text = Field("", alias="Dossiernaam")
    creditor: Text = Field("", alias="Aanlegger")
    defendant: Text = Field("", alias="Verweerder")
    kind: Text = Field("", alias="DossiersoortId")
    status: MaybeText = Field(None, alias="StatusId")
    stage: MaybeText = Field(None, alias="StadiumId")
    client_stage: Text = Field("", alias="StadiumKlantId")
    stop_status: MaybeText = Field(None, alias="StopstatusId")
    alarm_status: MaybeText = Field(None, alias="AlarmstatusId")
    manager: Text = Field("", alias="DosbehId")
    mail: Text = Field("", alias="EmailVerweerder")
    mobile: Text = Field("", alias="GsmVerweerder")
    faq_url: WebAddress = Field("", alias="UrlFAQ")


_NO_DAY = (None, "", "0000-00-00", "0001-01-01", "1899-12-30")
_UNTOLD = object()


class _Payments(AnswerModel):
    # The same field as `last_date` once more, as it came.
    written_date: object = Field(_UNTOLD, validation_alias=AliasChoices("DatumLtstBet"))
    last_date: Day = Field(None, alias="DatumLtstBet")
    last_amount: MaybeMoney = Field(None, alias="BedragLtstBet")
    unconfirmed_date: Day = Field(None, alias="DatumLtstOnbvBet")
    unconfirmed_amount: MaybeMoney = Field(None, alias="BedragLtstOnbvBet")


def _read_facts(content: Content) -> FileFacts:
    told = _DosInfo.granted(content).model_dump(exclude={"success"})
    paid = _Payments.model_validate(content)
    dated = (paid.last_date, paid.last_amount), (paid.unconfirmed_date, paid.unconfirmed_amount)
    # A date without an amount, an amount without a date, or nothing paid: there is no payment to tell of.
    last, unconfirmed = [
        Payment(day, amount) if day and amount and amount > 0 else None for day, amount in dated
    ]
    return FileFacts(
        **told,
        last_payment=last,
        unconfirmed_payment=unconfirmed,
        # Tagor may leave the day empty, but always names an amount. So an answer without an amount, or with
        # an odd one, does not say that nothing was ever paid; nor does one that has no day at all.
        never_paid=paid.written_date in _NO_DAY and paid.last_amount == 0,
    )


class _Saldo(ServiceAnswer):
    balance: Money = Field(alias="Saldo")


class _PlanFlag(ServiceAnswer):
    runs: Flag = Field(alias="Betaalplan")


class _Terms(AnswerModel):
    monthly: MaybeInstalment = Field(None, alias="Maandbedrag")
    arrears: MaybeMoney = Field(None, alias="Achterstand")


def _read_plan(content: Content) -> ActivePlan | None:
    if not _PlanFlag.granted(content).runs:
        return None
    terms = _Terms.model_validate(content)
    if terms.monthly == 0:  # a plan that asks for no payment is none, and bars no other one
        return None
    # That a plan runs decides more than its terms: it is told even where they cannot be read.
    return ActivePlan(terms.monthly if terms.monthly and terms.monthly > 0 else None, terms.arrears)


def _read_allowed(content: Content) -> bool:
    return ServiceAnswer.unless_no(content) is not None


GET_DOS_INFO = Operation(path="TagorService/GetDosInfo", fields=("TDOS_Id", "TPAR_Id"), read=_read_facts)
# Each question writes an info record (OPSV) on the file, unless the office has set parameter 568.
GET_SALDO = Operation(
    path="TagorService/GetSaldo", fields=("TDOS_Id",), read=_Saldo.granted, effect=Effect.AUDITED_READ
)
# Never `Telnr`: Tagor would store it as the file's last contact.
SELF_SERVICE_ALLOWED = Operation(
    path="TagorService/SelfServiceAllowed", fields=("TDOS_Id", "Config"), read=_read_allowed
)
PAYMENT_INFO = Operation(path="TagorService/PaymentInfo", fields=("TDOS_Id",), read=_read_plan)


class FileInfo:
    """Questions about one file (deadlines and errors: `client.Tagor`)."""

    def __init__(self, session: TagorSession) -> None:
        self._session = session

    def facts(self, file: str, party: str | None, *, deadline: Deadline) -> FileFacts:
        """Ask what is known about a file (id), as seen by one of its defendants (id).

        With None Tagor takes the first defendant: on a file with several, `defendant`, `mail` and `mobile`
        may then be somebody else's.
        """
        values = checked("the file id", file), checked_if_given("the party id", party)
        return self._session.ask(GET_DOS_INFO, deadline, *values)

    def balance(self, file: str, *, deadline: Deadline) -> Decimal:
        """Ask what is owed on a file (id), in euro; below zero is credit. Tagor notes the question."""
        return self._session.ask(GET_SALDO, deadline, checked("the file id", file)).balance

    def running_plan(self, file: str, *, deadline: Deadline) -> ActivePlan | None:
        """Ask for the payment plan that runs on a file (id), None if none runs or it asks for no payment."""
        return self._session.ask(PAYMENT_INFO, deadline, checked("the file id", file))

    def self_service_allowed(self, file: str, config: str, *, deadline: Deadline) -> bool:
        """Ask whether a defendant may help themselves on a file (id), by a configuration the office named."""
        values = checked("the file id", file), checked("the self-service configuration", config)
        return self._session.ask(SELF_SERVICE_ALLOWED, deadline, *values)
