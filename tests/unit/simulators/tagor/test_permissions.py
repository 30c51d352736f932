"""What users may do: acting as another, toggles, lists of what they may see, new users."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bridge.simulators.tagor import CASES
from bridge.simulators.tagor.case import AMICABLE
from bridge.simulators.tagor.permissions import IMPERSONATE, NEEDED

if TYPE_CHECKING:
    from bridge.simulators.tagor import StandIn
    from tests.unit.simulators.tagor.conftest import Client

AN, HANS = CASES[0], next(case for case in CASES if case.name == "Hans Becker")
OWN = "9000000000000000900"


def save(client: Client, code: str, value: str, **context: str) -> int:
    row = {"type_code": code, "data": value}
    return client.look("User/SavePermissions", context, ("ConfigWeb", row)).status


def test_a_key_acts_as_another_user_only_with_the_right(client: Client):
    """Off as delivered; with it the other user's own reach holds, and nobody can act as who is gone."""
    as_an = {"user-login": "An.Verbeke"}
    assert client.look("Config/User", as_an).status == 403
    assert save(client, IMPERSONATE, "true") == 200
    (row,) = client.look("Config/User", as_an).rows("TDOSPARWeb")
    assert row["Naam"] == "An Verbeke"
    assert client.look("Dossier/Get", as_an | {"TDOS_Id": AN.file_id}).status == 200
    assert client.look("Dossier/Get", as_an | {"TDOS_Id": HANS.file_id}).status == 403
    assert client.look("Config/User", {"user-login": "jos.dewit"}).status == 400


@pytest.mark.parametrize("operation", NEEDED)
def test_an_operation_needs_its_toggle(client: Client, operation: str):
    """Without it 403, whatever is asked; without `API` nothing at all may be asked."""
    assert save(client, NEEDED[operation], "false") == 200
    assert client.ask(operation).status == 403
    assert client.ask("Dossier/Get").status == 400


def test_without_the_api_toggle_nothing_is_answered(client: Client):
    """Also for a login; a defendant's own credential is not concerned."""
    assert save(client, "API", "false") == 200
    assert client.ask("TagorService/KantoorOpen").status == 403
    own = client.as_defendant(AN.file, AN.pin)
    assert client.ask("TagorService/GetSaldo", {"TDOS_Id": AN.file_id}, authorization=own).status == 200


def test_a_tester_may_change_what_a_user_may_do(client: Client, standin: StandIn):
    """A permission, and the kinds of file; nobody has another login."""
    standin.controls.permission("bridge", "MESSAGE", on=False)
    standin.controls.may_see_only("bridge", AMICABLE)
    assert client.ask("Message/Add").status == 403
    assert client.look("Dossier/Get", {"TDOS_Id": HANS.file_id}).status == 403
    with pytest.raises(ValueError, match="no user with that login"):
        standin.controls.permission("nobody", "MESSAGE", on=False)


def test_toggles_are_told_as_they_were_saved(client: Client):
    """All of them on but for one; of another user by id; an unknown one is refused."""
    assert save(client, "PAY", "FALSE", TUSER_Id="9000000000000000901") == 200
    told = [
        {row["type_code"]: row["data"] for row in client.look("User/GetPermissions", who).rows("ConfigWeb")}
        for who in ({}, {"TUSER_Id": "9000000000000000901"})
    ]
    assert [one["PAY"] for one in told] == ["true", "false"]
    assert told[0][IMPERSONATE] == "false"
    assert save(client, "NIETS", "true") == save(client, "PAY", "misschien") == 400


def test_a_list_replaces_the_one_before_and_confines(client: Client):
    """The documents to be ordered are those on the list; without a list all there are."""
    names = [documents(client)]
    row = {"type": "WEBT3005", "id": "9000000000000000852"}
    saved = client.look("User/SavePermissionsList", {}, ("CodeWeb", row)).rows("CodeWeb")
    assert [(one["code"], one["description"]) for one in saved] == [("ATTEST", "Betaalattest")]
    names.append(documents(client))
    assert names == [["KOPIE", "ATTEST", "AFREK"], ["ATTEST"]]
    context = {"TDOS_Id": AN.file_id, "TDOCM_Id": "9000000000000000851"}
    assert client.look("Document/Generate", context).status == 400


def documents(client: Client) -> list[str]:
    reply = client.look("Config/GetRequestableDocuments", {})
    return [row["Id"] for row in reply.rows("CodetabelIDs", "Documents")]


def test_a_party_is_permitted_with_its_kind(client: Client):
    """Two ids in one, as the vendor has it: then both ways of asking find the user."""
    pair = f"{AN.party_id}|9000000000000000003"
    client.look("User/SavePermissionsList", {}, ("CodeWeb", {"type": "TPAR", "id": pair}))
    for key, value in (("TPAR_Id", AN.party_id), ("TPAR|TQPARSOORT_Id", pair)):
        found = client.look("User/CanAccess", {key: value}).rows("TUSERWeb")
        assert "bridge" in [row["username"] for row in found]
    assert client.look("User/GetPermissionsList", {"TYPE": "NIETS"}).status == 400


def test_a_new_user_inherits_and_is_found(client: Client):
    """`BASE-USER` gives its lists; a login or a party that is taken is refused."""
    row: dict[str, Any] = {"username": "nieuw", "landline": 3292233449, "password": "geheim"}
    reply = client.look("User/Add", {"BASE-USER": "9000000000000000902"}, ("TUSERWeb", row))
    (added,) = reply.rows("TUSERWeb")
    assert (added["username"], added["password"], added["landline"]) == ("nieuw", "", "3292233449")
    found = client.look("User/CanAccess", {"TQDOSSOORT_Id": "9000000000000000102"}).rows("TUSERWeb")
    assert "nieuw" in [one["username"] for one in found]
    assert client.look("User/Add", {}, ("TUSERWeb", row)).status == 400
    assert client.look("User/Add", {}, ("TUSERWeb", {"username": "x", "party_id": OWN})).status == 400
    assert client.ask("User/Add").status == 400
