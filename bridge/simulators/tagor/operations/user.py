"""Adds users, and tells and saves what they may do."""

from bridge.simulators.tagor import codes
from bridge.simulators.tagor.access import Caller
from bridge.simulators.tagor.envelope import Refusal, Request
from bridge.simulators.tagor.operations.people import user_row
from bridge.simulators.tagor.permissions import TOGGLES
from bridge.simulators.tagor.registry import table
from bridge.simulators.tagor.staff import StaffMember
from bridge.simulators.tagor.tables import Row, Rows
from bridge.simulators.tagor.tagor import SimulatedTagor
from bridge.simulators.tagor.wire_format import Id

_TYPES = {
    "WEBT3001": "TPAR",
    "WEBT3002": "TQDOSSOORT",
    "WEBT3004": "TQDOCSECURITY",
    "WEBT3005": "TDOCM",
    "WEBT3006": "TQDISGROEP",
    "WEBT3007": "WL_QRY_FIELD",
}
_FIRST = 9_000_000_000_000_000_950


@table("User/Add")
def add(tagor: SimulatedTagor, request: Request, _caller: Caller) -> Rows:
    """Add users; `BASE-USER` in the context is the one whose permissions they get."""
    base = request.context.get("base-user", "")
    rows = [Request(row) for row in request.rows("TUSERWeb")]
    if not rows:
        raise Refusal("dsTUSERWeb is leeg.")
    return Rows([user_row(tagor, _added(tagor, row, base)) for row in rows])


def _added(tagor: SimulatedTagor, given: Request, base: str) -> StaffMember:
    login = given.text("username")
    if not login or tagor.database.one("SELECT 1 FROM users WHERE login = ? COLLATE NOCASE", login):
        raise Refusal("username is niet ingevuld of bestaat al.")
    count = tagor.database.one("SELECT count(*) AS known FROM users")
    user_id = given.text("party_id") or str(_FIRST + (count["known"] if count else 0))
    if tagor.database.one("SELECT 1 FROM users WHERE id = ?", user_id):
        raise Refusal("Deze partij is al een gebruiker.")
    new = StaffMember(
        *(Id(user_id), login, given.text("name") or login, given.text("landline"), given.text("cellphone")),
        given.text("email_address"),
    )
    tagor.staff.save(new)
    for row in tagor.database.all("SELECT type, asset FROM permissions WHERE user_id = ?", base):
        tagor.staff.permit(new.id, row["type"], row["asset"])
    return new


def _whose(request: Request, caller: Caller) -> str:
    return request.context.get("tuser_id", "") or caller.user_id


@table("User/GetPermissions")
def permissions(tagor: SimulatedTagor, request: Request, caller: Caller) -> Rows:
    """Return every toggle of the user that asks, or of the one in the context."""
    return Rows(tagor.permissions.toggles(_whose(request, caller)))


@table("User/SavePermissions")
def save(tagor: SimulatedTagor, request: Request, caller: Caller) -> Rows:
    """Save toggles of a user by their codes."""
    user_id = _whose(request, caller)
    for row in map(Request, request.rows("ConfigWeb")):
        if row.text("type_code") not in TOGGLES or row.text("data").lower() not in ("true", "false"):
            raise Refusal("Deze permissie is niet gekend.")
        tagor.permissions.set_toggle(user_id, row.text("type_code"), row.text("data"))
    return Rows(tagor.permissions.toggles(user_id))


@table("User/GetPermissionsList")
def permissions_list(tagor: SimulatedTagor, request: Request, caller: Caller) -> Rows:
    """Return what a user may see of one type; one without a list may see all that there is."""
    return Rows(_assets(tagor, _whose(request, caller), _type(request.context.get("type", ""))))


@table("User/SavePermissionsList")
def save_list(tagor: SimulatedTagor, request: Request, caller: Caller) -> Rows:
    """Replace what a user may see of the types in the rows; a party's id may be `party|kind of party`."""
    user_id = _whose(request, caller)
    rows = [Request(row) for row in request.rows("CodeWeb")]
    kinds = dict.fromkeys(_type(row.text("type")) for row in rows)
    for kind in kinds:
        assets = [row.text("id") for row in rows if _type(row.text("type")) == kind]
        tagor.permissions.set_assets(user_id, kind, [asset.partition("|")[0] for asset in assets])
        if kind == "TPAR":
            tagor.permissions.set_assets(user_id, "TPAR|TQPARSOORT", [one for one in assets if "|" in one])
    return Rows([row for kind in kinds for row in _assets(tagor, user_id, kind)])


def _type(named: str) -> str:
    kind = _TYPES.get(named.upper(), named.upper())
    if kind not in _TYPES.values():
        raise Refusal("TYPE is niet gekend.")
    return kind


def _assets(tagor: SimulatedTagor, user_id: str, kind: str) -> list[Row]:
    ids = tagor.permissions.assets(user_id, kind) or [code.id for code in codes.in_table(kind)]
    return [_asset(kind, id_) for id_ in ids]


def _asset(kind: str, id_: str) -> Row:
    found = codes.find(kind, id_=id_)
    words = {"code": found.code, "description": found.word("Dut")} if found else {}
    return {"type": kind, "id": id_, "language": "Dut"} | words
