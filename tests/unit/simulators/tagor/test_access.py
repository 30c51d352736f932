"""Who may ask: keys, logins, PINs and hashes reach exactly as far as the contract lets them."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest

from bridge.simulators.tagor.operations import OPERATIONS

if TYPE_CHECKING:
    from tests.unit.simulators.tagor.conftest import Client, FakeClock

AN = {"file": "20230118", "id": "9000000000000000001", "party": "9000000000000001001", "pin": "482193"}
MARIE = {"file": "20230219", "id": "9000000000000000002", "party": "9000000000000001002"}


@pytest.mark.parametrize(
    "header",
    [
        *("", "Tgr", "Tgr wrong", "Tgr schlüssel", "Bearer stand-in-api-key", "Orng stand-in-api-key"),
        *("Pin stand-in-api-key", "stand-in-api-key"),
    ],
)
def test_a_wrong_authorisation_is_refused(client: Client, header: str):
    """Without the right credential there is 401, and nothing is written."""
    reply = client.ask("TagorService/GetSaldo", {"TDOS_Id": AN["id"]}, authorization=header)
    assert reply.status == 401
    assert client.standin.state()["info_records"] == []


def test_open_operations_need_nothing(client: Client):
    """Config/Info, Ping and Version answer anybody; technical details are kept for who is logged in."""
    for operation in ("Config/Info", "Config/Ping", "Config/Version"):
        assert client.ask(operation, authorization="").status == 200
    keys = [
        {row["ContextKey"] for row in reply.response["dsWebContext"]["dsWebContext"]["ttWebContext"]}
        for reply in (client.ask("Config/Info", authorization=""), client.ask("Config/Info"))
    ]
    assert keys[0] < keys[1]


def test_a_login_gives_a_token_for_an_hour(client: Client, clock: FakeClock):
    """The token opens operations until it is an hour old, then it is refused."""
    token = client.login().response["token"]
    asked = {"operation": "TagorService/KantoorOpen", "authorization": f"Tgr {token}"}
    clock.pass_(seconds=3599)
    assert client.ask(**asked).status == 200
    clock.pass_(seconds=1)
    assert client.ask(**asked).status == 401


def test_revoked_tokens_are_refused(client: Client):
    """After Tagor forgets its tokens only a new login helps."""
    token = client.login().response["token"]
    assert client.control("POST", "/_revoke").status == 200
    assert client.ask("Config/User", authorization=f"Tgr {token}").status == 401
    again = client.login().response["token"]
    assert client.ask("Config/User", authorization=f"Tgr {again}").status == 200


@pytest.mark.parametrize(
    ("secret", "grant", "error"),
    [("wrong", "client_credentials", "invalid_client"), ("x", "password", "unsupported_grant_type")],
)
def test_a_wrong_login_is_refused(client: Client, secret: str, grant: str, error: str):
    """400 with the same fields as a good answer, and an error's name."""
    reply = client.login(secret, grant)
    assert reply.status == 400
    assert reply.response == {"token_type": "Tgr", "expires_in": 0, "token": "", "error": error}


def test_a_pin_opens_its_own_file(client: Client):
    """The defendant's credential works where the contract lists it."""
    mine = client.as_defendant(AN["file"], AN["pin"])
    reply = client.ask("TagorService/GetSaldo", {"TDOS_Id": AN["id"]}, authorization=mine)
    assert reply.response["Saldo"] == 1234.56
    assert client.standin.journal()[-1]["scheme"] == "Pin"


@pytest.mark.parametrize(
    ("operation", "fields"),
    [
        ("TagorService/GetSaldo", {"TDOS_Id": MARIE["id"]}),
        ("TagorService/GetDosInfo", {"TDOS_Id": MARIE["id"]}),
        ("TagorService/GetDosInfo", {"TDOS_Id": AN["id"], "TPAR_Id": MARIE["party"]}),
        ("TagorService/PaymentInfo", {"TDOS_Id": MARIE["id"]}),
        ("TagorService/PinToFile", {"Dossier": MARIE["file"], "Pin": "150937"}),
    ],
)
def test_a_pin_opens_no_other_file(client: Client, operation: str, fields: dict[str, Any]):
    """Another file or another party is forbidden, and no effect is left behind."""
    reply = client.ask(operation, fields, authorization=client.as_defendant(AN["file"], AN["pin"]))
    assert reply.status == 403
    assert client.standin.state()["info_records"] == []


def test_a_pin_opens_no_office_operation(client: Client):
    """Where the contract does not list the Pin scheme it is worth nothing."""
    mine = client.as_defendant(AN["file"], AN["pin"])
    office = [name for name, one in OPERATIONS.items() if one.endpoint.schemes == ("Tgr",)]
    assert {client.ask(name, authorization=mine).status for name in office} == {401}


@pytest.mark.parametrize("text", ["20230118", "20230118:000000", ":", "99999999:482193", "20230118:"])
def test_a_wrong_pin_credential_is_refused(client: Client, text: str):
    """The pair must match exactly."""
    wrong = "Pin " + base64.b64encode(text.encode()).decode()
    assert client.ask("TagorService/GetSaldo", {"TDOS_Id": AN["id"]}, authorization=wrong).status == 401


def test_bytes_that_are_no_pin_are_refused(client: Client):
    """A token that is no base64, or no text, is a wrong credential and not a crash."""
    for token in ("%%%", base64.b64encode(b"\xff\xfe:1").decode()):
        reply = client.ask("TagorService/GetSaldo", {"TDOS_Id": AN["id"]}, authorization=f"Pin {token}")
        assert reply.status == 401


def test_a_hash_acts_as_the_defendant_it_was_sent_to(client: Client):
    """The hash of a letter reaches that file and party only."""
    marks = {row["party_id"]: row["hash"] for row in client.standin.state()["defendants"]}
    mine = f"Hash {marks[AN['party']]}"
    assert client.ask("TagorService/PaymentInfo", authorization=mine).response["Betaalplan"] is False
    assert client.ask("TagorService/PaymentInfo", {"TDOS_Id": MARIE["id"]}, authorization=mine).status == 403
    assert client.ask("TagorService/PaymentInfo", authorization="Hash 00").status == 401


def test_errors_are_pages_unless_json_is_accepted(client: Client):
    """Without `Accept: application/json` an error is HTML."""
    page = client.ask("TagorService/GetSaldo", authorization="", accept="*/*")
    told = client.ask("TagorService/GetSaldo", authorization="")
    assert page.headers["content-type"].startswith("text/html")
    assert page.body.startswith(b"<!DOCTYPE html>")
    assert told.headers["content-type"].startswith("application/json")
    assert told.json["error"] == "Unauthorized"
