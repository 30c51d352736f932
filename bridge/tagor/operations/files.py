"""What a defendant may hear about a file: who asks for how much, what was paid, which plan runs."""

from datetime import date
from decimal import Decimal

from pydantic import Field

from bridge.tagor.http.response import Content
from bridge.tagor.models import FileFacts, Payment, RunningPlan
from bridge.tagor.schema.answer import Answer, ServiceAnswer
from bridge.tagor.schema.fields import LooseBool, LooseDate, MaybeMoney, Money, Text, WebAddress
from bridge.tagor.schema.operation import Effect, Operation


class _DosInfo(ServiceAnswer):
    name: Text = Field(alias="Dossiernaam")
    creditor: Text = Field(alias="Aanlegger")
    defendant: Text = Field(alias="Verweerder")
    kind: Text = Field("", alias="DossiersoortId")
    status: Text = Field("", alias="StatusId")
    stage: Text = Field("", alias="StadiumId")
    client_stage: Text = Field("", alias="StadiumKlantId")
    stop_status: Text = Field("", alias="StopstatusId")
    alarm_status: Text = Field("", alias="AlarmstatusId")
    manager: Text = Field("", alias="DosbehId")
    mail: Text = Field("", alias="EmailVerweerder")
    mobile: Text = Field("", alias="GsmVerweerder")
    faq_url: WebAddress = Field("", alias="UrlFAQ")


class _Payments(Answer):
    last_date: LooseDate = Field(None, alias="DatumLtstBet")
    last_amount: MaybeMoney = Field(None, alias="BedragLtstBet")
    unconfirmed_date: LooseDate = Field(None, alias="DatumLtstOnbvBet")
    unconfirmed_amount: MaybeMoney = Field(None, alias="BedragLtstOnbvBet")


def _read_facts(content: Content) -> FileFacts:
    told = _DosInfo.granted(content).model_dump(exclude={"success"})
    paid = _Payments.model_validate(content)
    return FileFacts(
        **told,
        last_payment=_payment(paid.last_date, paid.last_amount),
        unconfirmed_payment=_payment(paid.unconfirmed_date, paid.unconfirmed_amount),
    )


def _payment(day: date | None, amount: Decimal | None) -> Payment | None:
    if day is None:
        return None
    if amount is None:
        raise ValueError("a payment has an amount")
    return Payment(day, amount)


class _Saldo(ServiceAnswer):
    balance: Money = Field(alias="Saldo")


def _read_balance(content: Content) -> Decimal:
    return _Saldo.granted(content).balance


class _Plan(ServiceAnswer):
    runs: LooseBool = Field(alias="Betaalplan")


class _Terms(Answer):
    monthly: Money = Field(alias="Maandbedrag")
    arrears: Money = Field(alias="Achterstand")


def _read_plan(content: Content) -> RunningPlan | None:
    if not _Plan.granted(content).runs:
        return None
    terms = _Terms.model_validate(content)
    return RunningPlan(terms.monthly, terms.arrears)


def _read_allowed(content: Content) -> bool:
    return ServiceAnswer.unless_no(content) is not None


GET_DOS_INFO = Operation(path="TagorService/GetDosInfo", fields=("TDOS_Id", "TPAR_Id"), read=_read_facts)
GET_SALDO = Operation(
    path="TagorService/GetSaldo", fields=("TDOS_Id",), read=_read_balance, effect=Effect.AUDITED_READ
)
# Never `Telnr`: Tagor would store it as the file's last contact.
SELF_SERVICE_ALLOWED = Operation(
    path="TagorService/SelfServiceAllowed", fields=("TDOS_Id", "Config"), read=_read_allowed
)
PAYMENT_INFO = Operation(path="TagorService/PaymentInfo", fields=("TDOS_Id",), read=_read_plan)
