"""Answers about employees and their screens, and how a party can be reached."""

import re

from bridge.simulators.tagor.access import Caller
from bridge.simulators.tagor.contacts import ContactDetail, contacts_of
from bridge.simulators.tagor.envelope import Refusal, Request, context, dataset
from bridge.simulators.tagor.records import Party
from bridge.simulators.tagor.registry import operation
from bridge.simulators.tagor.staff import Screen, StaffMember
from bridge.simulators.tagor.tagor import SimulatedTagor
from bridge.simulators.tagor.wire_format import PLAIN

# What users may be allowed to see, by the context key it is asked with.
ASSETS = {"tqdossoort_id": "TQDOSSOORT", "tpar_id": "TPAR", "tpar|tqparsoort_id": "TPAR|TQPARSOORT"}
_NUMBER = re.compile(r"\+?[1-9][0-9]{1,17}")


@operation("TagorService/SetUserDossier")
def show_file(tagor: SimulatedTagor, request: Request, _caller: Caller) -> dict[str, object]:
    """Put a shortcut to a file, or just a number, on a user's screen; every time it is asked."""
    user = tagor.staff.find(request.text("UserLogin"))
    if user is None:
        raise Refusal("Gebruiker niet gevonden.")
    if request.text("Direction") not in ("IN", "OUT"):
        raise Refusal("Direction is IN of OUT.")
    file_id = tagor.file(request.text("DosId")).id if request.text("DosId") else ""
    tagor.staff.show(Screen(user.login, file_id, request.text("TelNr"), request.text("Direction")))
    return PLAIN.says()


@operation("User/Get")
def user(tagor: SimulatedTagor, request: Request, _caller: Caller) -> dict[str, object]:
    """Return the user with an id; no rows for an id that nobody has, or whose owner is gone."""
    user_id = request.context.get("tuser_id", "")
    if not user_id:
        raise Refusal("TUSER_Id is niet ingevuld.")
    found = tagor.staff.by_id(user_id)
    return _users(tagor, [found] if found else [])


@operation("User/CanAccess")
def who_may_see(tagor: SimulatedTagor, request: Request, _caller: Caller) -> dict[str, object]:
    """Return the users who may see a kind of file, a party, a party of a type, or all of these together."""
    asked = {ASSETS[key]: value for key, value in request.context.items() if key in ASSETS}
    if not asked:
        raise Refusal("Geef TQDOSSOORT_Id of TPAR_Id.")
    return _users(tagor, tagor.staff.who_may_see(asked))


def _users(tagor: SimulatedTagor, users: list[StaffMember]) -> dict[str, object]:
    rows = [user_row(tagor, user) for user in users]
    return context({}, bare=tagor.bare) | dataset("TUSERWeb", rows, bare=tagor.bare)


def user_row(tagor: SimulatedTagor, user: StaffMember) -> dict[str, object]:
    """Return a user as Tagor tells it; nobody's password is ever told."""
    return {
        "id": user.id,
        "party_id": user.id,
        "username": user.login,
        "name": user.name,
        "password": "",
        "landline": _number(tagor, user.landline),
        "fax": "",
        "cellphone": _number(tagor, user.cellphone),
        "email_address": user.email,
        "requires_2fa": False,
    }


def _number(tagor: SimulatedTagor, written: str) -> object:
    # The older generation's page shows a user's numbers as JSON numbers, without the plus.
    return int(written) if tagor.bare and _NUMBER.fullmatch(written) else written


@operation("Party/GetContactDetails")
def contacts(tagor: SimulatedTagor, request: Request, _caller: Caller) -> dict[str, object]:
    """Return every number and address on a party, those that are used no more among them."""
    party = tagor.party(request.context.get("tpar_id", ""))
    rows = party.wire_format.rows(
        contact_row(tagor, party, contact) for contact in contacts_of(tagor.database, party.id)
    )
    return context({}, bare=tagor.bare) | dataset("TCOMWeb", rows, bare=tagor.bare)


def contact_row(tagor: SimulatedTagor, party: Party, contact: ContactDetail) -> dict[str, object]:
    """Return a number or an address of a party as Tagor tells it."""
    told: dict[str, object] = {"id": contact.id}
    told |= {"owning_entity": "TPAR", "owning_id": party.id, "type_id": contact.type_id}
    if tagor.bare:  # the older generation's page calls it a value, and says no more about it
        return told | {"value": contact.content}
    told |= {"content": contact.content, "comment": contact.comment, "used": contact.used}
    return told | {"billing": False, "mail_in_series": False}
