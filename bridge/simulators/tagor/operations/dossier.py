"""Tells of a file as a whole: what it is, who is on it, which others there are; finds and stops files."""

from bridge.simulators.tagor import codes
from bridge.simulators.tagor.access import Caller
from bridge.simulators.tagor.envelope import Request
from bridge.simulators.tagor.filters import filters_of, passing
from bridge.simulators.tagor.persons import party_row
from bridge.simulators.tagor.records import File, Party
from bridge.simulators.tagor.registry import table
from bridge.simulators.tagor.tables import Row, Rows
from bridge.simulators.tagor.tagor import SimulatedTagor


@table("Dossier/Get")
def one(tagor: SimulatedTagor, request: Request, _caller: Caller) -> Rows:
    """Return one file."""
    file = tagor.file_in(request)
    return Rows([_file(tagor, file)], wire_format=file.wire_format)


@table("Dossier/Stop")
def stop(tagor: SimulatedTagor, request: Request, _caller: Caller) -> Rows:
    """Stop a file from today on; one that was stopped keeps its day."""
    file = tagor.file_in(request)
    if file.stopped is None:
        statement = "UPDATE files SET stopped = ? WHERE id = ?"
        tagor.database.write("file stopped", statement, tagor.today.isoformat(), file.id)
    return Rows([_file(tagor, tagor.file(file.id))], wire_format=file.wire_format)


def _file(tagor: SimulatedTagor, file: File) -> Row:
    status = codes.id_of("TQSTATUS", tagor.status(file))
    query = "SELECT 1 FROM dataset_rows WHERE dataset = 'TDOSDOSWeb' AND row LIKE ?"
    return {
        "Aanlegger": file.creditor,
        "DatumStop": file.stopped,
        "Dossiernaam": file.name,
        "Klant": file.creditor,
        "KlantRef1": file.reference,
        "StatusDatum": file.stopped or file.opened,
        "StatusDatum_Stadium": file.opened,
        "TDOS_Id": file.id,
        "TQSTATUS_Id": status,
        "TQSTATUS_Id_Stadium": codes.id_of("TQSTATUS", tagor.stage(file)),
        "TQSTATUS_Id_Stop": status if file.stopped else "",
        "Verweerder": tagor.defendants(file)[0].name,
        "DatumCreatie": file.opened,
        "DatumWijziging": file.stopped or file.last_payment or file.opened,
        "DatumLtstBet": file.last_payment,
        "Subdossier": tagor.database.one(query, f"%{file.id}%") is not None,
        "TQDOSSOORT_Id": file.type_id,
        "SaldoKlant": file.balance,
        "SaldoAanl": file.balance,
        "SaldoVerw": file.balance,
    }


@table("Dossier/GetParties")
def parties(tagor: SimulatedTagor, request: Request, _caller: Caller) -> Rows:
    """Return the defendants of a file in their order, then its creditor, who has no id of its own here."""
    file = tagor.file_in(request)
    creditor = {"Naam": file.creditor, "TQPARSOORT_Id": codes.id_of("TQPARSOORT", "AANL"), "PartijVorm": "M"}
    rows = [party_row(party, "VERW") for party in tagor.defendants(file)]
    return Rows([*rows, creditor], wire_format=file.wire_format)


@table("Dossier/GetSub")
def subs(tagor: SimulatedTagor, request: Request, _caller: Caller) -> Rows:
    """Return the files that belong to a file, as they were put onto it."""
    file = tagor.file_in(request)
    return Rows(tagor.dataset_rows("TDOSDOSWeb", file), wire_format=file.wire_format)


@table("Dossier/GetByDefendant")
def by_defendant(tagor: SimulatedTagor, request: Request, _caller: Caller) -> Rows:
    """Return every file on which a party is a defendant."""
    party = tagor.party(request.context.get("tpar_id", ""))
    return Rows([_of(tagor, party, file) for file in tagor.files_of(party)], wire_format=party.wire_format)


def _of(tagor: SimulatedTagor, party: Party, file: File) -> Row:
    return {
        "id": file.id,
        "status_id": codes.id_of("TQSTATUS", tagor.status(file)),
        "defendant": party.name,
        "creditor": file.creditor,
        "balance_defendant": file.balance,
        "balance_office": file.balance,
        "file_name": file.name,
    }


@table("Dossier/Search")
def search(tagor: SimulatedTagor, request: Request, _caller: Caller) -> Rows:
    """Return the files that pass the filter; `partij` is the name of any party on them."""
    rows: list[Row] = []
    for found in tagor.database.all("SELECT * FROM files ORDER BY rowid"):
        file = File.of(found)
        told = _file(tagor, file)
        people = [(party.name, "VERW") for party in tagor.defendants(file)] + [(file.creditor, "AANL")]
        for name, kind in people:
            rows.append({**told, "partij": name, "TQPARSOORT_Id": codes.id_of("TQPARSOORT", kind)})
    chosen = {str(row["TDOS_Id"]): row for row in passing(rows, filters_of(request))}
    return Rows(chosen.values())
