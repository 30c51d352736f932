"""Makes links that open a file without its PIN, and reads them."""

import secrets
from datetime import timedelta

from bridge.simulators.tagor import notifications
from bridge.simulators.tagor.access import Caller
from bridge.simulators.tagor.case import LANGUAGES
from bridge.simulators.tagor.codes import id_of
from bridge.simulators.tagor.envelope import Refusal, Request
from bridge.simulators.tagor.persons import birth_date
from bridge.simulators.tagor.records import File, Message, Party
from bridge.simulators.tagor.registry import operation
from bridge.simulators.tagor.tagor import HASH_DAYS, SimulatedTagor

DAYS = "30"


@operation("TagorService/FileToHash")
def send(tagor: SimulatedTagor, request: Request, _caller: Caller) -> dict[str, object]:
    """Send a link for a file to the defendant who was born on the day given: by text if a code is given.

    No defendant here has a VAT number.
    """
    row = tagor.database.one("SELECT * FROM files WHERE name = ?", request.text("Dossiernaam"))
    if row is None or request.text("Partijsoort") not in ("", "VERW", id_of("TQPARSOORT", "VERW")):
        raise Refusal("Dossier niet gevonden.")
    file, born = File.of(row), request.day("Geboortedatum")
    found = [party for party in tagor.defendants(file) if birth_date(party.id) == born]
    if len(found) != 1:
        raise Refusal("Partij niet gevonden op dit dossier.")
    medium, address, code = _way(tagor, request, found[0])
    token = secrets.token_hex(16)
    until = tagor.clock() + timedelta(days=int(tagor.parameter(HASH_DAYS) or DAYS))
    statement = "INSERT INTO hashes VALUES (?, ?, ?, ?)"
    written = until.replace(tzinfo=None).isoformat(timespec="milliseconds")
    tagor.database.write("link", statement, token, file.id, found[0].id, written)
    message = Message("", found[0].id, medium, address, found[0].language, code)
    notifications.send(tagor, file.id, message)
    return file.wire_format.says()


def _way(tagor: SimulatedTagor, request: Request, party: Party) -> tuple[str, str, str]:
    for medium, address, field in (
        (notifications.SMS, party.mobile, "CodeSms"),
        (notifications.EMAIL, party.email, "CodeEmail"),
    ):
        code = request.text(field)
        if address and code and notifications.knows(tagor, code, medium):
            return medium, address, code
    raise Refusal("Er is geen adres of geen code om naar te sturen.")


@operation("TagorService/HashToFile")
def read(tagor: SimulatedTagor, request: Request, caller: Caller) -> dict[str, object]:
    """Return the file and the defendant behind a link; a defendant's credential reads its own only."""
    found = tagor.by_hash(request.text("Dossierhash"))
    if found is None or caller.file_id not in ("", found[0].id):
        raise Refusal("De link is niet geldig.")
    file, party_id = found
    query = "SELECT until FROM hashes WHERE token = ?"
    sent, party = tagor.database.one(query, request.text("Dossierhash")), tagor.party(party_id)
    language = party.language if party.language in LANGUAGES else None
    told = file.wire_format.says(TDOS_Id=file.id, TPAR_Id=party.id)
    return told | {"Taal": language, "GeldigTot": sent["until"] if sent else None}
