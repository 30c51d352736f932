"""Finds parties, tells where they live, and adds and deletes how they can be reached."""

from bridge.simulators.tagor.access import Caller
from bridge.simulators.tagor.contacts import add_contact, delete_contact
from bridge.simulators.tagor.envelope import Refusal, Request
from bridge.simulators.tagor.filters import filters_of, passing
from bridge.simulators.tagor.operations.people import contact_row
from bridge.simulators.tagor.persons import address
from bridge.simulators.tagor.records import Party
from bridge.simulators.tagor.registry import table
from bridge.simulators.tagor.tables import Row, Rows
from bridge.simulators.tagor.tagor import SimulatedTagor
from bridge.simulators.tagor.wire import Rejected


@table("Party/Search")
def search(tagor: SimulatedTagor, request: Request, _caller: Caller) -> Rows:
    """Return the parties that pass the filter."""
    found = map(Party.of, tagor.database.all("SELECT * FROM parties ORDER BY rowid"))
    return Rows(passing(map(_named, found), filters_of(request)))


def _named(party: Party) -> Row:
    first, _, last = party.name.partition(" ")
    names = {"first_name": first if last else "", "last_name": last or first}
    return {"id": party.id, "TPAR_Id": party.id, "naam": party.name} | names


@table("Party/GetAddresses")
def addresses(tagor: SimulatedTagor, request: Request, _caller: Caller) -> Rows:
    """Return the addresses of a party."""
    party = tagor.party(request.context.get("tpar_id", ""))
    return Rows([address(party)], wire_format=party.wire_format)


@table("Party/AddContactDetail")
def add(tagor: SimulatedTagor, request: Request, caller: Caller) -> Rows:
    """Add a number or an address to a party, each time anew; a defendant may add to itself only."""
    rows = [Request(row) for row in request.rows("TCOMWeb")]
    if not rows:
        raise Refusal("dsTCOMWeb is leeg.")
    told = []
    for row in rows:
        party = tagor.party(row.text("owning_id") or caller.party_id)
        if caller.party_id not in ("", party.id):
            raise Rejected(403, "This credential reaches one party only.")
        content = row.text("content") or row.text("value")
        if not content or row.text("owning_entity") not in ("", "TPAR"):
            raise Refusal("content is niet ingevuld.")
        added = add_contact(
            *(tagor.database, party.id, content),
            used=row.flag("used", otherwise=True),
            comment=row.text("comment"),
            type_id=row.text("type_id"),
        )
        told.append(contact_row(tagor, party, added))
    return Rows(told)


@table("Party/DeleteContactDetail")
def delete(tagor: SimulatedTagor, request: Request, _caller: Caller) -> Rows:
    """Delete one number or address."""
    if not delete_contact(tagor.database, request.context.get("tcom_id", "")):
        raise Refusal("Contactgegeven niet gevonden.")
    return Rows(context={"success": "true"})
