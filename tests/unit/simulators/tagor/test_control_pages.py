"""The tester's pages: planting, reading, forcing and changing over HTTP, from this machine only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bridge.simulators.tagor import CASES, Case, CoDefendant, FurtherFile, Plan, cases
from bridge.simulators.tagor.control_pages import ControlPages
from bridge.simulators.tagor.wire import HttpRequest

if TYPE_CHECKING:
    from bridge.simulators.tagor import StandIn
    from tests.unit.simulators.tagor.conftest import Client

SALDO = "TagorService/GetSaldo"
AN = {"TDOS_Id": "9000000000000000001"}


def test_faults_are_planted_listed_and_cleared(client: Client):
    """POST plants, GET lists, DELETE takes all away."""
    wanted = {"endpoint": SALDO, "fault": "status", "status": 500, "times": 3}
    planted = client.control("POST", "/_faults", wanted).json
    assert {**planted, **wanted, "effect": "none"} == planted
    assert client.ask(SALDO, AN).status == 500
    assert client.control("GET", "/_faults").json == [{**planted, "times": 2}]
    assert client.control("DELETE", "/_faults").json == client.control("GET", "/_faults").json == []


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ({"endpoint": SALDO, "fault": "explode"}, "'explode' is no fault: use delay,"),
        ({"endpoint": "TagorService/GetSald", "fault": "empty"}, "'TagorService/GetSald' is no operation"),
        ({"fault": "empty"}, "'' is no operation"),
        ({"endpoint": SALDO}, "'' is no fault"),
        ({"endpoint": SALDO, "fault": "empty", "often": 1}, "A fault has no option 'often'."),
        ({"endpoint": SALDO, "fault": "empty", "effect": "maybe"}, "'maybe' is no effect"),
        ({"endpoint": SALDO, "fault": "empty", "times": "two"}, "'times' has a value of the wrong kind"),
        ({"endpoint": SALDO, "fault": "empty", "times": True}, "'times' has a value of the wrong kind"),
        ({"endpoint": SALDO, "fault": "status", "status": 999}, "999 is no HTTP status."),
        ({"endpoint": [], "fault": "empty"}, ""),
        ([1], "The body must be a JSON object."),
        (None, "The body must be a JSON object."),
    ],
)
def test_a_wrong_fault_is_explained(client: Client, wanted: object, sentence: str):
    """400 with a sentence, and nothing is planted."""
    reply = client.control("POST", "/_faults", wanted)
    assert (reply.status, client.standin.fault_book.planted()) == (400, [])
    assert sentence in reply.json["message"]


def test_the_journal_tells_all_but_secrets(client: Client):
    """Operation, scheme, fields, effect, fault and status; PINs and login secrets are starred out."""
    client.login()
    client.ask("TagorService/PinToFile", {"Dossier": "20230118", "Pin": "482193", "Extra": 1})
    client.ask(SALDO, AN, authorization="Tgr wrong")
    login, pin, refused = client.control("GET", "/_journal").json
    assert login["fields"] == {
        "grant_type": "client_credentials",
        "client_id": "bridge",
        "client_secret": "***",
    }
    assert (pin["operation"], pin["scheme"], pin["status"], pin["fault"]) == (
        "TagorService/PinToFile",
        "Tgr",
        200,
        None,
    )
    assert (pin["fields"]["Pin"], pin["unexpected"]) == ("***", ["Extra"])
    assert (refused["status"], refused["scheme"], refused["effect"]) == (401, "", [])
    assert [entry["seq"] for entry in (login, pin, refused)] == [1, 2, 3]
    assert pin["at"] == "2025-03-05T10:00:00+01:00"
    text = client.control("GET", "/_journal").body
    assert not any(secret in text for secret in (b"482193", b"stand-in-login", client.standin.key.encode()))


def test_the_journal_can_be_read_on_and_cleared(client: Client):
    """`since` gives what is new; cleared, the numbers go on."""
    for _ in range(3):
        client.ask(SALDO, AN)
    assert [entry["seq"] for entry in client.control("GET", "/_journal?since=2").json] == [3]
    assert client.control("DELETE", "/_journal").json == client.standin.journal() == []
    client.ask(SALDO, AN)
    client.standin.clear_journal()
    client.ask(SALDO, AN)
    assert [entry["seq"] for entry in client.standin.journal()] == [5]
    assert client.control("GET", "/_journal?since=x").status == 400


def test_parameters_are_set_over_http(client: Client):
    """By number; anything else is refused whole."""
    assert client.control("POST", "/_parameters", {"568": "true"}).status == 200
    client.ask(SALDO, AN)
    assert client.control("GET", "/_state").json["info_records"] == []
    assert client.control("POST", "/_parameters", {"568": "", "x": "1"}).status == 400
    assert client.standin.state()["parameters"] == [{"number": 568, "value": "true"}]


def test_a_file_is_changed_over_http(client: Client):
    """Its amounts, its plan and its own person; the co-defendants stay as they are."""
    changes = {
        "file": "20230728",
        "balance": "10.05",
        "creditor": "Iemand",
        "reference": "7799999",
        "summons": True,
        "last_payment": None,
        "last_amount": "0",
        "wire_format": "text",
        "pin": "111111",
        "name": "Dora",
        "tagor_language": "Ger",
        "house_number": "77",
        "plan": {"monthly": "5.00", "arrears": "1"},
    }
    before = client.standin.state()
    assert client.control("POST", "/_change", changes).status == 200
    after = client.standin.state()
    file_id = "9000000000000000008"
    changed = [
        row
        for table in ("files", "parties", "defendants")
        for row in after[table]
        if row not in before[table]
    ]
    assert client.ask(SALDO, {"TDOS_Id": file_id}).response["Saldo"] == "10.05"
    assert client.ask("TagorService/PaymentInfo", {"TDOS_Id": file_id}).response["Achterstand"] == "1.00"
    assert [row.get("name") for row in changed] == ["20230728", "Dora", None]
    assert changed[2]["pin"] == "111111"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"file": "1", "balance": "1"}, "There is no file of that name."),
        ({"file": "20230118", "colour": "red"}, "'colour' cannot be changed: use balance,"),
        (
            {"file": "20230118", "creditor": "X", "balance": "much"},
            "The value given for balance cannot be read.",
        ),
        ({"file": "20230118", "balance": 1.5}, "The value given for balance cannot be read."),
        ({"file": "20230118", "wire_format": "odd"}, "The value given for wire_format cannot be read."),
        ({"file": "20230118", "last_payment": "soon"}, "The value given for last_payment cannot be read."),
        ({"file": "20230118", "plan": {"monthly": "x"}}, "The value given for plan cannot be read."),
        ({"file": "20230118", "plan": {"months": "x"}}, "The value given for plan cannot be read."),
        ({"file": "20230118", "plan": {"start": "soon"}}, "The value given for plan cannot be read."),
    ],
)
def test_a_wrong_change_is_explained_and_changes_nothing(
    client: Client, changes: dict[str, Any], sentence: str
):
    """All of it or nothing."""
    before = client.standin.state()
    reply = client.control("POST", "/_change", changes)
    assert reply.status == 400
    assert sentence in reply.json["message"]
    assert client.standin.state() == before


def test_a_case_is_added_while_running(client: Client):
    """A tester's own person, with co-defendant, plan and a further file, is served like the others."""
    own = CASES[0]
    fields = {
        name: getattr(own, name) for name in ("house_number", "creditor", "last_payment", "last_amount")
    }
    client.standin.controls.add_case(
        Case(
            **fields,
            note="added",
            name="Nieuw",
            phone="+32479000001",
            file="555",
            file_id="9000000000000005550",
            party_id="9000000000000005551",
            reference="556",
            pin="123123",
            balance=own.balance,
            plan=Plan(own.last_amount),
            before=(CoDefendant("Eerst", "9000000000000005552", "321321", "1"),),
            further=(FurtherFile("557", "9000000000000005557", "558", "123124", own.balance, "X"),),
        )
    )
    client.standin.controls.set_balance("555", own.balance * 2)
    reply = client.ask("TagorService/ClipToFile", {"Telnr": "+32479000001"}).response
    files = reply["dsClipToFileDossiers"]["dsClipToFileDossiers"]["ttClipToFileDossiers"]
    assert [(file["Dossiernaam"], file["SaldoVerw"]) for file in files] == [
        ("555", 2469.12),
        ("557", 1234.56),
    ]


def test_the_cases_are_told_over_http(client: Client):
    """A tester in another process reads them from the stand-in itself."""
    assert client.control("GET", "/_cases").json == cases()


@pytest.mark.parametrize("path", ["/_nothing", "/_", "/_journal/x"])
def test_other_pages_do_not_exist(client: Client, path: str):
    """404 as JSON."""
    assert client.control("GET", path).status == 404
    assert client.control("PUT", "/_journal").status == 404


def test_only_this_machine_may_steer(standin: StandIn):
    """A request from anywhere else meets the same 404 as a page that does not exist."""
    for peer, status in (("192.0.2.7", 404), ("127.0.0.1", 200)):
        assert ControlPages(standin).answer(HttpRequest("GET", "/_state", peer=peer)).status == status


def test_the_offices_people_and_words_are_steered_over_http(client: Client):
    """A user is changed, a template and a contact are added, a task is done: seen in the state."""
    told = {"Subject": "Bel terug", "UserName": "balie", "TimeStampScheduled": "2025-03-06T09:00:00"}
    client.look("Dossier/CreateAgenda", {}, ("TAGENDAWeb", told))
    (task,) = client.control("GET", "/_state").json["appointments"]
    for page, wanted in (
        ("/_user", {"user": "balie", "landline": "+3220000012", "gone": True}),
        ("/_template", {"code": "NIEUW", "medium": "EMAIL"}),
        ("/_contact", {"party": CASES[0].party_id, "content": "0479000001", "used": False}),
        ("/_finish", {"job": str(task["id"])}),
    ):
        assert client.control("POST", page, wanted).json == {}
    state = client.control("GET", "/_state").json
    user = next(row for row in state["users"] if row["login"] == "balie")
    assert (user["landline"], user["gone"]) == ("+3220000012", 1)
    assert {"code": "NIEUW", "medium": "EMAIL"} in state["templates"]
    (contact,) = state["contacts"]
    assert (contact["party_id"], contact["content"], contact["used"]) == (CASES[0].party_id, "0479000001", 0)
    assert state["appointments"] == [task | {"done": 1}]


@pytest.mark.parametrize(
    ("page", "wanted", "sentence"),
    [
        ("/_user", {"user": "nobody", "name": "X"}, "There is no user with that login."),
        ("/_user", {"user": "balie", "id": "1"}, "A user has no 'id' to change."),
        ("/_template", {"code": "X"}, "A template is for SMS or EMAIL."),
        ("/_contact", {"party": "1", "content": "X"}, "There is no party with that id."),
        ("/_finish", {"job": "1"}, "There is no task with that id."),
    ],
)
def test_wrong_steering_is_explained_and_changes_nothing(
    client: Client, page: str, wanted: dict[str, Any], sentence: str
):
    """400 with a sentence."""
    before = client.standin.state()
    reply = client.control("POST", page, wanted)
    assert (reply.status, reply.json["message"]) == (400, sentence)
    assert client.standin.state() == before


def test_a_file_nobody_has_is_not_read(client: Client):
    """A misspelled file in a test is an error, not an empty list."""
    for read in (client.standin.records.texts, client.standin.records.agenda, client.standin.records.effects):
        with pytest.raises(ValueError, match="There is no file of that name or id"):
            read("1")
