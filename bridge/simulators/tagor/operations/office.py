"""Answers about the office itself: who it is, its Tagor and its version, whether somebody picks up."""

from bridge.simulators.tagor.access import Caller
from bridge.simulators.tagor.envelope import Request, context, dataset
from bridge.simulators.tagor.registry import operation, table
from bridge.simulators.tagor.tables import Rows
from bridge.simulators.tagor.tagor import SimulatedTagor
from bridge.simulators.tagor.wire_format import PLAIN, Id

# The columns of a party in datasets; 1.08 adds one and sends phone and company number as numbers.
PARTY = (
    *("TPAR_Id", "Beroep", "GSM", "Naam", "Plaats", "Postcode", "Referentie", "RekNr"),
    *("Straat", "StraatBusNr", "StraatNr", "Tel", "TQPARSOORT_Id", "TQSOLVABILITEIT_Id_Adres"),
    *("TQSOLVABILITEIT_Id_Financieel", "SolvDtm_adres", "SolvDtm_finan", "KBOnr", "NationaalNr"),
    *("PartijVorm", "Mail"),
)
OFFICE_PARTY: dict[str, object] = {
    "TPAR_Id": Id("9000000000000001706"),
    "Naam": "Gerechtsdeurwaarders De Brug",
    "Straat": "Bruggestraat",
    "StraatNr": "15",
    "Postcode": "9000",
    "Plaats": "Gent",
    "Tel": "3292233445",
    "RekNr": "BE68539007547034",
    "KBOnr": "441759675",
    "PartijVorm": "M",
    "Mail": "info@debrug.example.be",
}


def _party(tagor: SimulatedTagor, known: dict[str, object]) -> dict[str, object]:
    blank: dict[str, object] = dict.fromkeys(PARTY, "")
    row = blank | {"SolvDtm_adres": None, "SolvDtm_finan": None} | known
    if tagor.generation == "1.08":
        row |= {name: int(str(row[name])) for name in ("Tel", "KBOnr") if row[name]} | {"Sequence_Id": ""}
    return row


@operation("Config/Info")
def info(tagor: SimulatedTagor, _request: Request, caller: Caller) -> dict[str, object]:
    """Return the office's name, address and numbers; technical details only for who is logged in."""
    told = {"AppId": "", "APIVersion": tagor.version}
    if caller.scheme:
        told |= {"MachineAPI": "STANDIN-WWW", "MachineTagor": "STANDIN-DB", "TagorVersion": tagor.version}
    return context(told) | dataset("TDOSPARWeb", [_party(tagor, OFFICE_PARTY)])


@operation("Config/Version")
def version(tagor: SimulatedTagor, _request: Request, _caller: Caller) -> dict[str, object]:
    """Return the version of the interface and of Tagor itself."""
    return context({"APIVersion": tagor.version, "TagorVersion": tagor.version})


@operation("Config/Ping", methods={"POST": "1.08", "GET": "2.00"})
def ping(_tagor: SimulatedTagor, _request: Request, _caller: Caller) -> dict[str, object]:
    """Return that both halves of Tagor are connected; the question writes nothing."""
    return context({"102B": "true", "117": "true"})


@table("Config/DefendantSettings")
def defendant_settings(tagor: SimulatedTagor, _request: Request, caller: Caller) -> Rows:
    """Return what a defendant may do on the office's pages."""
    file = tagor.file(caller.file_id)
    plans = tagor.plans.limits(file.type_id).longest > 0
    allowed = {"payment-plan": plans, "copy": tagor.gives_copies(file), "contact-details": True}
    return Rows(context={key: str(value).lower() for key, value in allowed.items()})


@operation("Config/User")
def user(tagor: SimulatedTagor, _request: Request, caller: Caller) -> dict[str, object]:
    """Return whom the credential acts as: the interface's own user, or the one named by `user-login`."""
    [row] = tagor.database.all("SELECT * FROM users WHERE id = ?", caller.user_id)
    known: dict[str, object] = {"TPAR_Id": Id(row["id"]), "Naam": row["name"], "Tel": row["landline"]}
    return context({}, bare=tagor.bare) | dataset("TDOSPARWeb", [_party(tagor, known)])


@operation("TagorService/KantoorOpen")
def office_open(tagor: SimulatedTagor, request: Request, _caller: Caller) -> dict[str, object]:
    """Return whether somebody picks up now, for the office or for one file's kind."""
    file = tagor.file(request.text("TDOS_Id")) if request.text("TDOS_Id") else None
    answer = tagor.hours.is_open(tagor.clock(), file.type_id if file else "")
    told = {} if answer is None else {"KantoorOpen": answer}
    return (file.wire_format if file else PLAIN).says(**told)
