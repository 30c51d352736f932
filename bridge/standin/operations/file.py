"""What Tagor knows about one file: its facts, its balance, its payment plan."""

from decimal import Decimal

from bridge.standin.access import Caller
from bridge.standin.envelope import Refusal, Request
from bridge.standin.records import File
from bridge.standin.registry import DEFENDANT, operation
from bridge.standin.tagor import Tagor

NOTHING = Decimal(0)
FAQ = "https://www.example.be/faq"


@operation("TagorService/GetDosInfo", auth=DEFENDANT, fields="TDOS_Id* TPAR_Id")
def facts(tagor: Tagor, request: Request, caller: Caller) -> dict[str, object]:
    """Creditor, status, last payment; without a party, the mail and mobile are the first defendant's."""
    file = tagor.file(request.text("TDOS_Id"))
    party = tagor.defendant(file, request.text("TPAR_Id") or caller.party_id)
    return file.manner.says(
        Dossiernaam=file.name,
        Aanlegger=file.creditor,
        Verweerder=party.name,
        DossiersoortId=tagor.type_code(file),
        **_statuses(tagor, file),
        DosbehId=tagor.manager(file),
        EmailVerweerder=party.email,
        GsmVerweerder=party.mobile,
        DatumLtstBet=file.last_payment,
        BedragLtstBet=file.last_amount,
        DatumLtstOnbvBet=None,
        BedragLtstOnbvBet=NOTHING,
        UrlFAQ=FAQ,
    )


def _statuses(tagor: Tagor, file: File) -> dict[str, object]:
    return {
        "StatusId": tagor.status(file),
        "StadiumId": tagor.status(file),
        "StadiumKlantId": "",
        "StopstatusId": "",
        "AlarmstatusId": "",
    }


@operation("TagorService/GetSaldo", auth=DEFENDANT, fields="TDOS_Id* IPadres Telnr")
def balance(tagor: Tagor, request: Request, _caller: Caller) -> dict[str, object]:
    """The defendants' balance; every question leaves an OPSV record on the file."""
    file = tagor.file(request.text("TDOS_Id"))
    by = request.text("Telnr") or request.text("IPadres")
    tagor.record(file, "OPSV", f"Saldo opgevraagd {by}".rstrip())
    return file.manner.says(Saldo=file.balance)


@operation("TagorService/PaymentInfo", auth=DEFENDANT, fields="TDOS_Id")
def payment_plan(tagor: Tagor, request: Request, caller: Caller) -> dict[str, object]:
    """Whether a payment plan runs, what it asks a month and what is overdue."""
    file_id = request.text("TDOS_Id") or caller.file_id
    if not file_id:
        raise Refusal("TDOS_Id is niet ingevuld.")
    file = tagor.file(file_id)
    plan = tagor.plan(file)
    monthly, arrears = (plan.monthly, plan.arrears) if plan else (NOTHING, NOTHING)
    return file.manner.says(Betaalplan=plan is not None, Maandbedrag=monthly, Achterstand=arrears)
