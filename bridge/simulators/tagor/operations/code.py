"""Translates the ids of code tables into words, and lists a whole table."""

from bridge.simulators.tagor import codes
from bridge.simulators.tagor.access import Caller
from bridge.simulators.tagor.envelope import Refusal, Request
from bridge.simulators.tagor.registry import table
from bridge.simulators.tagor.tables import Row, Rows
from bridge.simulators.tagor.tagor import SimulatedTagor
from bridge.simulators.tagor.wire_format import Id


@table("Code/GetDescription")
def describe(_tagor: SimulatedTagor, request: Request, _caller: Caller) -> Rows:
    """Fill the other fields of every row that has an id or a code; one that nobody knows stays as it came."""
    return Rows([_described(Request(row)) for row in request.rows("CodetabelIDs")])


def _described(given: Request) -> Row:
    found = codes.find(given.text("Tabel"), id_=given.text("Id"), code=given.text("Code"))
    return found.row(given.text("Taal")) if found else given


@table("Code/GetList")
def whole_table(tagor: SimulatedTagor, request: Request, _caller: Caller) -> Rows:
    """Return every row of the table that the context names, in one language."""
    named = request.context.get("table", "")
    if not named:
        raise Refusal("table is niet ingevuld.")
    language = request.context.get("language", "")
    table_rows = _configured(tagor) if named.upper() == "TQCFG" else codes.in_table(named)
    return Rows([code.row(language) for code in table_rows])


def _configured(tagor: SimulatedTagor) -> list[codes.Code]:
    """Give what the office has configured under a code: its texts and mails, and what may be asked for."""
    known = tagor.database.all("SELECT DISTINCT code FROM templates ORDER BY code")
    names = dict.fromkeys([*(str(row["code"]) for row in known), *codes.CONFIGURATIONS])
    return [
        codes.Code("TQCFG", Id(codes.FIRST_CONFIGURATION + number), name, (name, name, name, name))
        for number, name in enumerate(names)
    ]
