"""Answers what Tagor knows about a file, its facts and balance, and writes lines onto it."""

from decimal import Decimal

from bridge.simulators.tagor.access import Caller
from bridge.simulators.tagor.envelope import Refusal, Request, context, dataset
from bridge.simulators.tagor.records import File, InfoRecord
from bridge.simulators.tagor.registry import operation
from bridge.simulators.tagor.tagor import SimulatedTagor
from bridge.simulators.tagor.wire_format import Id

NOTHING = Decimal(0)
FAQ = "https://www.example.be/faq"
RECORDS = {"OPSV": Id("9000000000000000401"), "AFBT": Id("9000000000000000402")}
INFO_LINE = ("TDOS_Id", "TQINFO_Id", "TQINFODEF_Id", "Omschrijving", "DatumInfo")


@operation("TagorService/GetDosInfo")
def facts(tagor: SimulatedTagor, request: Request, caller: Caller) -> dict[str, object]:
    """Return creditor, status and last payment; without a party, mail and mobile of the first defendant."""
    file = tagor.file(request.text("TDOS_Id"))
    party = tagor.defendant(file, request.text("TPAR_Id") or caller.party_id)
    awaited = tagor.lines.unconfirmed(file.id)
    return file.wire_format.says(
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
        DatumLtstOnbvBet=awaited.day if awaited else None,
        BedragLtstOnbvBet=-awaited.amount if awaited else NOTHING,
        UrlFAQ=FAQ,
    )


def _statuses(tagor: SimulatedTagor, file: File) -> dict[str, object]:
    return {
        "StatusId": tagor.status(file),
        "StadiumId": tagor.stage(file),
        "StadiumKlantId": "",
        "StopstatusId": "STOP" if file.stopped else "",
        "AlarmstatusId": "",
    }


@operation("TagorService/GetSaldo")
def balance(tagor: SimulatedTagor, request: Request, _caller: Caller) -> dict[str, object]:
    """Return the defendants' balance; every question leaves an OPSV record on the file."""
    file = tagor.file(request.text("TDOS_Id"))
    by = request.text("Telnr") or request.text("IPadres")
    tagor.record(file, "OPSV", f"Saldo opgevraagd {by}".rstrip())
    return file.wire_format.says(Saldo=file.balance)


@operation("TagorService/SelfServiceAllowed")
def self_service(tagor: SimulatedTagor, request: Request, _caller: Caller) -> dict[str, object]:
    """Return whether this kind of file may be asked for by its defendant, under whatever `Config`.

    A number given along is kept as the file's last contact, also when the answer is no.
    """
    file = tagor.file(request.text("TDOS_Id"))
    tagor.contacted(file, request.text("Telnr"))
    if not tagor.gives_copies(file):
        raise Refusal("Dit dossier kan niet worden opgevraagd.")
    return file.wire_format.says()


@operation("Dossier/CreateInfoLine")
def create_info_line(tagor: SimulatedTagor, request: Request, _caller: Caller) -> dict[str, object]:
    """Write what the office wants to be known onto a file, every time it is asked."""
    rows = request.rows("TDOSINFOWeb")
    if not rows:
        raise Refusal("dsTDOSINFOWeb is leeg.")
    written = [_info_line(tagor, Request(row)) for row in rows]
    return context({}, bare=tagor.bare) | dataset("TDOSINFOWeb", written)


def _info_line(tagor: SimulatedTagor, given: Request) -> dict[str, object]:
    file = tagor.file(given.text("TDOS_Id"))
    if not given.text("Omschrijving"):
        raise Refusal("Omschrijving is niet ingevuld.")
    day = given.day("DatumInfo") or tagor.today
    code, definition = given.text("TQINFO_Id"), given.text("TQINFODEF_Id")
    tagor.write_info(file, code, given.text("Omschrijving"), day, definition=definition)
    written: dict[str, object] = {name: given.text(name) for name in INFO_LINE}
    return written | {"DatumInfo": day.isoformat()}


@operation("Dossier/GetInfo")
def info_lines(tagor: SimulatedTagor, request: Request, _caller: Caller) -> dict[str, object]:
    """Return every info record on a file, oldest first, Tagor's own ones among them."""
    file = tagor.file(request.context.get("tdos_id", ""))
    rows = file.wire_format.rows(_info_row(file, record) for record in tagor.info_records(file.id))
    return context({}, bare=tagor.bare) | dataset("TDOSINFOWeb", rows, bare=tagor.bare)


def _info_row(file: File, record: InfoRecord) -> dict[str, object]:
    return {
        "TDOS_Id": file.id,
        "TQINFO_Id": RECORDS.get(record.code, record.code),
        "TQINFODEF_Id": record.definition or "0",
        "Omschrijving": record.text,
        "DatumInfo": record.day,
    }
