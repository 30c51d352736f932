"""Tells what makes up a file's balance, and writes lines and texts at lines."""

import re
from decimal import Decimal

from bridge.simulators.tagor.access import Caller
from bridge.simulators.tagor.codes import id_of
from bridge.simulators.tagor.envelope import Refusal, Request
from bridge.simulators.tagor.lines import NOTHING, AccountLine, LineInfo, nature_of
from bridge.simulators.tagor.records import File
from bridge.simulators.tagor.registry import table
from bridge.simulators.tagor.tables import Row, Rows
from bridge.simulators.tagor.tagor import SimulatedTagor

_AMOUNT = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,4})?")
_BALANCES = {"HFD": ("HOOFD",), "INT": ("INTR",), "KST": ("KOST",), "BET": ("BET",)}


@table("Dossier/GetLines")
def lines(tagor: SimulatedTagor, request: Request, _caller: Caller) -> Rows:
    """Return the lines of a file; as the defendant sees them their sum is the balance.

    The office's own view also has what it passed on to its client. `evolution-only` leaves out all but the
    lines that matter for the evolution of the file; there are no unfinished deeds.
    """
    asked, file = Request(request.context), tagor.file_in(request)
    if asked.flag("unfinished-deeds"):
        return Rows(wire_format=file.wire_format)
    told = [line for line in tagor.lines.on_file(file) if line.evolution or not asked.flag("evolution-only")]
    rows: list[Row] = [_line(file, line) for line in told]
    if not asked.flag("is-defendant") and file.last_payment:
        rows.append(_passed_on(file))
    return Rows(rows, wire_format=file.wire_format)


def _line(file: File, line: AccountLine) -> dict[str, object]:
    booking = "C" if line.nature in ("BET", "INFO") else "D"
    return {
        "TDOSLIJN_Id": line.id,
        "Bedrag": line.amount,
        "DatumBoeking": line.day,
        "Dossiernaam": file.name,
        "Omschrijving": line.text,
        "Opmerking": line.remark,
        "State": "" if line.counts else "I",
        "TDOS_Id": file.id,
        "TQAARD_Id": id_of("TQAARD", line.nature),
        "TQBOEKING_Id": id_of("TQBOEKING", booking),
        "Kost": line.amount if line.nature == "KOST" else NOTHING,
        "Uitschot": line.amount if line.nature == "KOST" else NOTHING,
        "Gefixeerd": line.nature == "HOOFD",
        "IsFixed": "true" if line.nature == "HOOFD" else "false",
    }


def _passed_on(file: File) -> Row:
    words = {"Omschrijving": "Doorstorting aan klant", "DatumBoeking": file.last_payment}
    return words | {"Doorstorting": file.last_amount, "TDOS_Id": file.id, "Dossiernaam": file.name}


@table("Dossier/GetBalances")
def balances(tagor: SimulatedTagor, request: Request, _caller: Caller) -> Rows:
    """Return the balances of a file by their codes: the parts, then what the defendants owe (VRW)."""
    file = tagor.file_in(request)
    counted = [line for line in tagor.lines.on_file(file) if line.counts]
    parts = {
        code: sum((line.amount for line in counted if line.nature in natures), NOTHING)
        for code, natures in _BALANCES.items()
    }
    told = parts | {"VRW": file.balance}
    rows = [{"TQSALDO_Id": id_of("TQSALDO", code), "Bedrag": amount} for code, amount in told.items()]
    return Rows(rows, wire_format=file.wire_format)


@table("Dossier/CreateLine")
def create(tagor: SimulatedTagor, request: Request, _caller: Caller) -> Rows:
    """Write lines onto a file, each time anew; the balance changes by a cost, and less a payment."""
    rows = [Request(row) for row in request.rows("TDOSLIJNWeb")]
    if not rows:
        raise Refusal("dsTDOSLIJNWeb is leeg.")
    told = []
    for row in rows:
        file = tagor.file(row.text("TDOS_Id"))
        line = tagor.lines.add(_read(tagor, file, row))
        told.append(row | _line(file, line) | {"Bedrag": row.get("Bedrag")})
    return Rows(told)


def _read(tagor: SimulatedTagor, file: File, given: Request) -> AccountLine:
    if not _AMOUNT.fullmatch(given.text("Bedrag")):
        raise Refusal("Bedrag is geen getal.")
    if not given.text("Omschrijving"):
        raise Refusal("Omschrijving is niet ingevuld.")
    amount = Decimal(given.text("Bedrag"))
    nature = nature_of(given.text("TQAARD_Id"), given.text("TQBOEKING_Id"))
    signed = -abs(amount) if nature in ("BET", "INFO") else amount
    day = given.day("DatumBoeking") or tagor.today
    return AccountLine(file.id, nature, signed, day, given.text("Omschrijving"), given.text("Opmerking"))


@table("Dossierlijn/GetInfo")
def infos(tagor: SimulatedTagor, request: Request, _caller: Caller) -> Rows:
    """Return the texts at a line, oldest first."""
    line_id = _line_id(tagor, request.context.get("tdoslijn_id", ""))
    return Rows([_info(info) for info in tagor.lines.infos(line_id)])


@table("Dossierlijn/CreateInfoLine")
def create_info(tagor: SimulatedTagor, request: Request, _caller: Caller) -> Rows:
    """Write texts at lines, each time anew; the context tells the id of the last one."""
    rows = [Request(row) for row in request.rows("TDOSLIJNINFOWeb")]
    if not rows or not all(row.text("description") for row in rows):
        raise Refusal("description is niet ingevuld.")
    written = [
        tagor.lines.add_info(
            LineInfo(
                _line_id(tagor, row.text("financial_line_id")),
                *(row.text("type_id"), row.text("description"), row.day("date") or tagor.today),
            )
        )
        for row in rows
    ]
    return Rows([_info(info) for info in written], context={"TDOSLIJNINFO_Id": written[-1].id})


@table("Dossierlijn/DeleteInfoLine")
def delete_info(tagor: SimulatedTagor, request: Request, _caller: Caller) -> Rows:
    """Delete one text at a line."""
    if not tagor.lines.delete_info(request.context.get("tdoslijninfo_id", "")):
        raise Refusal("Inforecord niet gevonden.")
    return Rows(context={"success": "true"})


def _line_id(tagor: SimulatedTagor, line_id: str) -> str:
    file = tagor.file(tagor.lines.file_of(line_id))
    if line_id not in [line.id for line in tagor.lines.on_file(file)]:
        raise Refusal("Dossierlijn niet gevonden.")
    return line_id


def _info(info: LineInfo) -> Row:
    told = {"financial_line_id": info.line_id, "type_id": info.type_id}
    return told | {"description": info.text, "date": info.day}
