"""Texts and mails at Tagor: to whom they go, by which codes, and each time it is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bridge.simulators.tagor import CASES, Message

if TYPE_CHECKING:
    from bridge.simulators.tagor import Case
    from tests.unit.simulators.tagor.conftest import Client

SMS, MAIL = "Actions/SendSms", "Actions/SendMail"
OLD_SMS, OLD_MAIL = "TagorService/SendSms", "TagorService/SendMail"


def case(name: str) -> Case:
    return next(case for case in CASES if case.name == name)


AN, DIRK, COLETTE = case("An Peeters"), case("Dirk Willems"), case("Colette Martin")
OF_AN = {"TDOS_Id": AN.file_id, "TPAR_Id": AN.party_id}


def sent(medium: str, address: str, code: str = "SALDO", of: Case | None = AN) -> Message:
    return Message("", of.party_id if of else "", medium, address, of.tagor_language if of else "Dut", code)


@pytest.mark.parametrize(("operation", "number"), [(SMS, "Gsmnr"), (OLD_SMS, "TelNr")])
def test_a_text_goes_to_the_number_given_or_to_the_partys_own(client: Client, operation: str, number: str):
    """By both ways, each time it is asked, and it is counted."""
    for fields in ({number: "0479 00.00.01"}, {}, {}):
        assert client.ask(operation, OF_AN | {"CodeSms": "SALDO"} | fields).response["Success"] is True
    assert client.standin.records.texts() == [
        sent("SMS", "0479 00.00.01"),
        sent("SMS", "+32470000001"),
        sent("SMS", "+32470000001"),
    ]
    assert client.standin.records.effects(AN.file) == {
        ("text", "SALDO 0479 00.00.01"): 1,
        ("text", "SALDO +32470000001"): 2,
    }
    assert client.standin.journal()[-1]["effect"] == ["message SMS"]


@pytest.mark.parametrize(("operation", "number"), [(SMS, "Gsmnr"), (OLD_SMS, "TelNr")])
def test_the_older_generation_wants_a_number(older: Client, operation: str, number: str):
    """It does not look up a party's own."""
    assert older.ask(operation, OF_AN | {"CodeSms": "SALDO"}).response["Success"] is False
    assert (
        older.ask(operation, OF_AN | {"CodeSms": "SALDO", number: AN.phone or ""}).response["Success"] is True
    )
    assert len(older.standin.records.texts(AN.file)) == 1


@pytest.mark.parametrize("operation", [MAIL, OLD_MAIL])
def test_a_mail_goes_to_the_party_whatever_the_address(client: Client, operation: str):
    """The address given counts only where no party is."""
    for fields in (OF_AN, {"TPAR_Id": AN.party_id}, {"TDOS_Id": AN.file_id}, {}):
        wanted = {"CodeEmail": "FAQ", "Emailadres": "other@example.be"} | fields
        assert client.ask(operation, wanted).response["Success"] is True
    assert client.standin.records.mails() == [
        sent("EMAIL", "p1001@example.be", "FAQ"),
        sent("EMAIL", "p1001@example.be", "FAQ"),
        sent("EMAIL", "other@example.be", "FAQ", None),
        sent("EMAIL", "other@example.be", "FAQ", None),
    ]
    assert len(client.standin.records.mails(AN.file)) == 2
    assert client.standin.records.texts() == []


@pytest.mark.parametrize("operation", [SMS, OLD_SMS, MAIL, OLD_MAIL])
@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"TPAR_Id": DIRK.party_id}, "Partij niet gevonden op dit dossier."),
        ({"TDOS_Id": "1"}, "Dossier niet gevonden."),
        ({"TDOS_Id": "", "TPAR_Id": "1"}, "Partij niet gevonden."),
        ({"CodeSms": "GEHEIM", "CodeEmail": "GEHEIM"}, "De code is niet gekend."),
    ],
)
def test_nothing_goes_to_another_party_or_without_words(
    client: Client, operation: str, fields: dict[str, Any], sentence: str
):
    """Whatever number or address comes along, and by whichever way."""
    given = {"Gsmnr": "0479000001", "TelNr": "0479000001", "Emailadres": "x@example.be"}
    wanted = OF_AN | {"CodeSms": "SALDO", "CodeEmail": "SALDO"} | given | fields
    assert client.ask(operation, wanted).response == {"Success": False, "Error": sentence}
    assert client.standin.records.texts() == client.standin.records.mails() == []


@pytest.mark.parametrize(
    ("operation", "fields"),
    [
        (SMS, {"CodeSms": "SALDO"}),
        (SMS, {"CodeSms": "SALDO", "Gsmnr": "+3242345678"}),
        (OLD_SMS, {"CodeSms": "SALDO", "TelNr": "veel"}),
        (MAIL, {"CodeEmail": "SALDO", "Emailadres": "x@example.be"}),
        (SMS, {"CodeSms": "KOPIE", "Gsmnr": "0479000001"}),
        (OLD_MAIL, {"CodeEmail": ""}),
        (SMS, {"Gsmnr": "0479000001"}),
    ],
)
def test_who_has_no_mobile_or_mail_is_sent_nothing(client: Client, operation: str, fields: dict[str, str]):
    """A landline is no mobile, a party without a mail address has none, and a copy comes by mail only."""
    reply = client.ask(operation, {"TDOS_Id": COLETTE.file_id, "TPAR_Id": COLETTE.party_id} | fields)
    assert (reply.status, reply.response["Success"]) == (200, False)
    assert client.standin.records.texts() == client.standin.records.mails() == []


def test_a_code_the_office_adds_is_known(client: Client):
    """For the one medium it was written for."""
    client.standin.controls.template("NIEUW", "SMS")
    assert client.ask(SMS, OF_AN | {"CodeSms": "NIEUW"}).response["Success"] is True
    assert client.ask(MAIL, OF_AN | {"CodeEmail": "NIEUW"}).response["Success"] is False


def test_with_the_pin_only_the_own_file_and_party_are_reached(client: Client):
    """A defendant's credential names nobody else, and needs to name nobody."""
    mine = client.as_defendant(DIRK.file, DIRK.pin)
    assert client.ask(SMS, OF_AN | {"CodeSms": "SALDO"}, authorization=mine).status == 403
    assert (
        client.ask(MAIL, {"CodeEmail": "SALDO", "Emailadres": "x@example.be"}, authorization=mine).status
        == 200
    )
    assert client.standin.records.mails(DIRK.file) == [sent("EMAIL", "p1008@example.be", of=DIRK)]
    assert client.ask(OLD_SMS, {"CodeSms": "SALDO"}, authorization=mine).status == 401


def test_a_confirmation_is_told_apart_from_what_was_asked_for(client: Client):
    """A plan's own text counts as its message, a text by code as a text."""
    client.ask("TagorService/SavePaymentPlan", {"TDOS_Id": AN.file_id, "Periodes": 10})
    client.ask("TagorService/ApprovePaymentPlan", {"TDOS_Id": AN.file_id, "Telnr": "+32470000001"})
    client.ask(SMS, OF_AN | {"CodeSms": "SALDO"})
    assert [text.template for text in client.standin.records.texts(AN.file)] == ["BEVAFBET", "SALDO"]
    kinds = sorted(kind for kind, _ in client.standin.records.effects(AN.file))
    assert kinds == ["approval", "message", "plan", "text"]
