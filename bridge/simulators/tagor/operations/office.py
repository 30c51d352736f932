"""The office itself: who it is, which Tagor it runs, whether it works and whether somebody picks up."""

from bridge.simulators.tagor.access import Caller
from bridge.simulators.tagor.envelope import Request, context, dataset
from bridge.simulators.tagor.registry import operation
from bridge.simulators.tagor.tagor import OWN_LOGIN, Tagor
from bridge.simulators.tagor.wire import Rejected
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
    "RekNr": "BE71096123456769",
    "KBOnr": "441759675",
    "PartijVorm": "M",
    "Mail": "info@debrug.example.be",
}


def _party(tagor: Tagor, known: dict[str, object]) -> dict[str, object]:
    blank: dict[str, object] = dict.fromkeys(PARTY, "")
    row = blank | {"SolvDtm_adres": None, "SolvDtm_finan": None} | known
    if tagor.generation == "1.08":
        row |= {name: int(str(row[name])) for name in ("Tel", "KBOnr") if row[name]} | {"Sequence_Id": ""}
    return row


@operation("Config/Info")
def info(tagor: Tagor, _request: Request, caller: Caller) -> dict[str, object]:
    """Return the office's name, address and numbers; technical details only for who is logged in."""
    told = {"AppId": "", "APIVersion": tagor.version}
    if caller.scheme:
        told |= {"MachineAPI": "STANDIN-WWW", "MachineTagor": "STANDIN-DB", "TagorVersion": tagor.version}
    return context(told) | dataset("TDOSPARWeb", [_party(tagor, OFFICE_PARTY)])


@operation("Config/Version")
def version(tagor: Tagor, _request: Request, _caller: Caller) -> dict[str, object]:
    """Return the version of the interface and of Tagor itself."""
    return context({"APIVersion": tagor.version, "TagorVersion": tagor.version})


@operation("Config/Ping", methods={"POST": "1.08", "GET": "2.00"})
def ping(_tagor: Tagor, _request: Request, _caller: Caller) -> dict[str, object]:
    """Both halves of Tagor are connected; nothing is written."""
    return context({"102B": "true", "117": "true"})


@operation("Config/User")
def user(tagor: Tagor, request: Request, _caller: Caller) -> dict[str, object]:
    """Who the credential acts as: the interface's own user, or the one named by `user-login`."""
    login = request.context.get("user-login", OWN_LOGIN)
    row = tagor.database.one("SELECT * FROM users WHERE login = ?", login)
    if row is None:
        raise Rejected(400, "There is no such user.")
    known: dict[str, object] = {"TPAR_Id": Id(row["id"]), "Naam": row["name"], "Tel": row["landline"]}
    return context({}, bare=tagor.bare) | dataset("TDOSPARWeb", [_party(tagor, known)])


@operation("TagorService/KantoorOpen")
def office_open(tagor: Tagor, request: Request, _caller: Caller) -> dict[str, object]:
    """Return whether somebody picks up now, for the office or for one file's kind."""
    file = tagor.file(request.text("TDOS_Id")) if request.text("TDOS_Id") else None
    answer = tagor.hours.is_open(tagor.clock(), file.type_id if file else "")
    told = {} if answer is None else {"KantoorOpen": answer}
    return (file.wire_format if file else PLAIN).says(**told)
