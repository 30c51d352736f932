"""Sends texts and mails to defendants, by the codes of the office's templates."""

from bridge.simulators.tagor import notifications
from bridge.simulators.tagor.access import Caller
from bridge.simulators.tagor.envelope import Refusal, Request
from bridge.simulators.tagor.records import File, Message, Party
from bridge.simulators.tagor.registry import operation
from bridge.simulators.tagor.tagor import SimulatedTagor
from bridge.simulators.tagor.wire_format import PLAIN


@operation("Actions/SendSms")
def text(tagor: SimulatedTagor, request: Request, caller: Caller) -> dict[str, object]:
    """Send a text to the given number, else to the party's own mobile, which 1.08 does not look up."""
    return _text(tagor, request, caller, request.text("Gsmnr"))


@operation("TagorService/SendSms")
def text_by_twin(tagor: SimulatedTagor, request: Request, caller: Caller) -> dict[str, object]:
    """Do the same by the deprecated operation."""
    return _text(tagor, request, caller, request.text("TelNr"))


def _text(tagor: SimulatedTagor, request: Request, caller: Caller, number: str) -> dict[str, object]:
    file, party = _about(tagor, request, caller)
    own = party.mobile if party and tagor.generation != "1.08" else ""
    address = number or own
    if not notifications.is_belgian_mobile(address):
        raise Refusal("Er is geen gsm-nummer om naar te sturen.")
    return _send(tagor, file, party, (notifications.SMS, address, request.text("CodeSms")))


@operation("Actions/SendMail")
def mail(tagor: SimulatedTagor, request: Request, caller: Caller) -> dict[str, object]:
    """Send a mail to the party's own address if a party is given, else to the address given."""
    return _mail(tagor, request, caller)


@operation("TagorService/SendMail")
def mail_by_twin(tagor: SimulatedTagor, request: Request, caller: Caller) -> dict[str, object]:
    """Do the same by the deprecated operation."""
    return _mail(tagor, request, caller)


def _mail(tagor: SimulatedTagor, request: Request, caller: Caller) -> dict[str, object]:
    file, party = _about(tagor, request, caller)
    # In Tagor the party goes before the address: an address in the request counts only without a party.
    address = party.email if party else request.text("Emailadres")
    if "@" not in address:
        raise Refusal("Er is geen e-mailadres om naar te sturen.")
    return _send(tagor, file, party, (notifications.EMAIL, address, request.text("CodeEmail")))


def _about(tagor: SimulatedTagor, request: Request, caller: Caller) -> tuple[File | None, Party | None]:
    """Return the file and the party that are named; the party has to be one of that file's."""
    file_id = request.text("TDOS_Id") or caller.file_id
    party_id = request.text("TPAR_Id") or caller.party_id
    file = tagor.file(file_id) if file_id else None
    if not party_id:
        return file, None
    return file, tagor.defendant(file, party_id) if file else tagor.party(party_id)


def _send(
    tagor: SimulatedTagor, file: File | None, party: Party | None, what: tuple[str, str, str]
) -> dict[str, object]:
    medium, address, code = what
    if not notifications.knows(tagor, code, medium):
        raise Refusal("De code is niet gekend.")
    whose, language = (party.id, party.language) if party else ("", "Dut")
    notifications.send(tagor, file.id if file else "", Message("", whose, medium, address, language, code))
    return (file.wire_format if file else PLAIN).says()
