"""Pays by card: starts a payment at the gateway, takes what the gateway posts, tells what is to be paid."""

import hashlib
import hmac
import re
from decimal import Decimal

from bridge.simulators.tagor.access import Caller
from bridge.simulators.tagor.envelope import Refusal, Request
from bridge.simulators.tagor.lines import INFORMATIVE, AccountLine, line_behind
from bridge.simulators.tagor.operations.office import OFFICE_PARTY
from bridge.simulators.tagor.records import File
from bridge.simulators.tagor.registry import operation
from bridge.simulators.tagor.tagor import PAY_SECRET, PAY_URL, SimulatedTagor
from bridge.simulators.tagor.wire import Rejected

_AMOUNT = re.compile(r"[0-9]{1,8}([.,][0-9]{1,2})?")
# What the gateway calls them: done, a request that is not valid, a reference that was used before.
DONE, INVALID, DUPLICATE = "00", "12", "94"


@operation("Pay/Start")
def start(tagor: SimulatedTagor, request: Request, _caller: Caller) -> dict[str, object]:
    """Return the gateway's page for an amount in euro; the gateway says no by a status code."""
    file = tagor.file(request.text("TDOS_Id"))
    amount = _euro(request.text("Amount"))
    row = tagor.database.one("SELECT count(*) AS known FROM payments")
    reference = request.text("Reference") or f"{file.name}P{row['known'] + 1 if row else 1}"
    if amount is None:
        return _redirection(INVALID, "Invalid amount")
    if tagor.database.one("SELECT 1 FROM payments WHERE reference = ?", reference):
        return _redirection(DUPLICATE, "Duplicated transaction")
    statement = "INSERT INTO payments (reference, file_id, amount) VALUES (?, ?, ?)"
    tagor.database.write("payment started", statement, reference, file.id, str(amount))
    data = f"amount={amount * 100:.0f}|transactionReference={reference}|returnUrl={request.text('ReturnUrl')}"
    url = f"https://{tagor.parameter(PAY_URL) or 'pay.example.be'}/init"
    return _redirection(DONE, "", url, data, seal(tagor, data))


def _redirection(
    code: str, message: str, url: str = "", data: str = "", sealed: str = ""
) -> dict[str, object]:
    return {
        "redirectionData": data,
        "redirectionStatusCode": code,
        "redirectionStatusMessage": message,
        "redirectionUrl": url,
        "redirectionVersion": "IR_WS_2.19",
        "seal": sealed,
    }


def seal(tagor: SimulatedTagor, data: str) -> str:
    """Return what proves that data comes from the gateway."""
    secret = tagor.parameter(PAY_SECRET) or "stand-in-pay-secret"
    return hmac.new(secret.encode(), data.encode(), hashlib.sha256).hexdigest()


def _euro(written: str) -> Decimal | None:
    amount = Decimal(written.replace(",", ".")) if _AMOUNT.fullmatch(written) else Decimal(0)
    return amount if amount > 0 else None


@operation("Pay/Finish")
def finish(tagor: SimulatedTagor, request: Request, _caller: Caller) -> dict[str, object]:
    """Take what the gateway posts after a payment: one that was paid is a line on its file, once."""
    data = request.text("Data")
    if not hmac.compare_digest(request.text("Seal").encode(), seal(tagor, data).encode()):
        raise Rejected(400, "The seal is wrong.")
    told = dict(part.partition("=")[::2] for part in data.split("|"))
    query = "SELECT * FROM payments WHERE reference = ? AND NOT paid"
    row = tagor.database.one(query, told.get("transactionReference", ""))
    if row and told.get("responseCode") == DONE:
        statement = "UPDATE payments SET paid = 1 WHERE reference = ?"
        tagor.database.write("payment finished", statement, row["reference"])
        _received(tagor, tagor.file(row["file_id"]), Decimal(row["amount"]))
    return {}


@operation("TagorService/OnlinePaymentReceived")
def received(tagor: SimulatedTagor, request: Request, _caller: Caller) -> dict[str, object]:
    """Write an informative payment onto a file, each time anew."""
    file, amount = tagor.file(request.text("TDOS_Id")), _euro(request.text("Bedrag"))
    tagor.defendant(file, request.text("TPAR_Id"))
    if amount is None:
        raise Refusal("Bedrag is geen bruikbaar getal.")
    _received(tagor, file, amount)
    return file.wire_format.says()


def _received(tagor: SimulatedTagor, file: File, amount: Decimal) -> None:
    tagor.lines.add(AccountLine(file.id, INFORMATIVE, -amount, tagor.today, "Online betaling"))


@operation("TagorService/PaymentDetails")
def details(tagor: SimulatedTagor, _request: Request, caller: Caller) -> dict[str, object]:
    """Return an overview of the caller's own file as text."""
    file = tagor.file(caller.file_id)
    return file.wire_format.says(Data=overview(tagor, file) + f"Rekening {OFFICE_PARTY['RekNr']}\r\n")


def overview(tagor: SimulatedTagor, file: File) -> str:
    """Return the lines of a file as text, one below the other, with what remains at the end."""
    told = [
        f"{line.day:%d/%m/%Y} {line.text} {_written(line.amount)} EUR"
        for line in tagor.lines.on_file(file)
        if line.counts
    ]
    return "\r\n".join([" ", *told, f" Totaal onder voorbehoud {_written(file.balance)} EUR", ""])


def _written(amount: Decimal) -> str:
    return f"{amount:.2f}".replace(".", ",")


@operation("TagorService/ScanBarcode")
def scan(tagor: SimulatedTagor, request: Request, caller: Caller) -> dict[str, object]:
    """Return the file and the line behind the number under a letter's barcode, on the caller's own file."""
    line_id = line_behind(request.text("barcode"))
    file = tagor.file(caller.file_id)
    for line in tagor.lines.on_file(file):
        if line.id == line_id:
            return file.wire_format.says(file_id=file.id, line_id=line.id, fixed=line.nature == "HOOFD")
    raise Refusal("Barcode niet gekend.")
