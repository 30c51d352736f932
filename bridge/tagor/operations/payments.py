"""Pays by card, tells Tagor of a payment, and asks what a defendant may with the PIN of a letter."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field, PlainValidator

from bridge.tagor.file_models import PaymentPage, ScannedLine
from bridge.tagor.http.deadline import Deadline
from bridge.tagor.schema.answer import AnswerModel, SaidNoError, ServiceAnswer
from bridge.tagor.schema.fields import Content, TagorId, Text, WebAddress, read_lines
from bridge.tagor.schema.operation import Effect, Operation, checked, checked_amount, checked_if_given
from bridge.tagor.session import TagorSession

_DONE = ("00", "0")

MAX_DATA = 10_000
"""Characters of what is posted to the payment page."""


def _opaque(value: object) -> str:
    # It is sealed by the gateway: cleaned as other text is, it would not fit its seal any more.
    if isinstance(value, str) and 1 <= len(value) <= MAX_DATA and value.isprintable():
        return value
    raise ValueError("the data of a payment is text")


class _Started(AnswerModel):
    code: Text = Field(alias="redirectionStatusCode")


class _Page(AnswerModel):
    url: WebAddress = Field(alias="redirectionUrl")
    data: Annotated[str, PlainValidator(_opaque)] = Field(alias="redirectionData")
    version: Text = Field("", alias="redirectionVersion")


def _read_page(content: Content) -> PaymentPage:
    if _Started.model_validate(content).code not in _DONE:
        raise SaidNoError
    page = _Page.model_validate(content)
    if not page.url.startswith("https://"):
        raise ValueError("a payment page is asked for over https")
    return PaymentPage(page.url, page.data, page.version)


class _Details(ServiceAnswer):
    lines: Annotated[tuple[str, ...], PlainValidator(read_lines)] = Field((), alias="Data")


def _read_details(content: Content) -> tuple[str, ...]:
    return _Details.granted(content).lines


class _Scanned(ServiceAnswer):
    file: TagorId = Field(alias="file_id")
    line: TagorId = Field(alias="line_id")


def _read_scanned(content: Content) -> ScannedLine | None:
    scanned = _Scanned.unless_no(content)
    return ScannedLine(scanned.file, scanned.line) if scanned else None


PAY_START = Operation(
    path="Pay/Start",
    fields=("TDOS_Id", "Amount", "Reference", "ReturnUrl"),
    read=_read_page,
    effect=Effect.WRITE,
)
ONLINE_PAYMENT_RECEIVED = Operation(
    path="TagorService/OnlinePaymentReceived",
    fields=("TDOS_Id", "TPAR_Id", "Bedrag"),
    read=ServiceAnswer.granted,
    effect=Effect.WRITE,
)
PAYMENT_DETAILS = Operation(path="TagorService/PaymentDetails", read=_read_details)
SCAN_BARCODE = Operation(path="TagorService/ScanBarcode", fields=("barcode",), read=_read_scanned)


class CardPayments:
    """Questions and changes about payments (deadlines and errors: `client.Tagor`)."""

    def __init__(self, session: TagorSession) -> None:
        self._session = session

    def start(
        self, file: str, amount: Decimal, *, reference: str, return_url: str, deadline: Deadline
    ) -> PaymentPage:
        """Change Tagor: start a card payment on a file (id) in euro; a no is the gateway's.

        `reference` is the payment's own, used once; `return_url` is where the payer comes back to (https).
        """
        values = (
            checked("the file id", file),
            f"{checked_amount(amount, 'The amount'):.2f}",
            checked("the payment reference", reference),
            checked("the return address", return_url),
        )
        return self._session.ask(PAY_START, deadline, *values)

    def received(self, file: str, party: str | None, amount: Decimal, *, deadline: Deadline) -> None:
        """Change Tagor: note a payment in euro that is on its way on a file (id).

        Tagor writes one line each time, so this is asked once for each payment.
        """
        values = (
            checked("the file id", file),
            checked_if_given("the party id", party),
            f"{checked_amount(amount, 'The amount'):.2f}",
        )
        self._session.ask(ONLINE_PAYMENT_RECEIVED, deadline, *values)

    def details(self, *, deadline: Deadline) -> tuple[str, ...]:
        """Ask for an overview of the defendant's own file, line by line (only as a defendant: `FilePin`)."""
        return self._session.ask(PAYMENT_DETAILS, deadline)

    def scan(self, barcode: str, *, deadline: Deadline) -> ScannedLine | None:
        """Ask what the number under a letter's barcode stands for (only as a defendant: `FilePin`)."""
        return self._session.ask(SCAN_BARCODE, deadline, checked("the barcode", barcode))
