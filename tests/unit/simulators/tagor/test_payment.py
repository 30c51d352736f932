"""Paying by card, and what a defendant asks with the PIN of a letter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

from bridge.simulators.tagor import CASES
from bridge.simulators.tagor.operations.payment import seal

if TYPE_CHECKING:
    from tests.unit.simulators.tagor.conftest import Client, FakeClock

AN = CASES[0]


def started(client: Client, **fields: str) -> dict[str, Any]:
    return client.ask("Pay/Start", {"TDOS_Id": AN.file_id, "Amount": "12,50"} | fields).response


def posted(client: Client, data: str, sealed: str | None = None) -> int:
    proof = seal(client.standin.tagor, data) if sealed is None else sealed
    form = urlencode({"Data": data, "Seal": proof, "InterfaceVersion": "HP_2.19"}).encode()
    return client.send("POST", "/v1/web/Pay/Finish", form).status


def test_a_payment_that_the_gateway_reports_is_on_its_way_once(client: Client):
    """However often it posts; one that failed, or that nobody started, is none."""
    page = started(client, Reference="R1", ReturnUrl="https://example.be/done")
    assert page["redirectionStatusCode"] == "00"
    assert page["redirectionUrl"].startswith("https://")
    done = page["redirectionData"] + "|responseCode=00"
    refused = page["redirectionData"] + "|responseCode=05"
    assert [posted(client, data) for data in (refused, done, done, "transactionReference=R9")] == [200] * 4
    facts = client.ask("TagorService/GetDosInfo", {"TDOS_Id": AN.file_id}).response
    assert facts["BedragLtstOnbvBet"] == 12.5
    assert len(client.standin.state()["lines"]) == 1


def test_a_wrong_seal_is_refused(client: Client):
    """Whoever posts must know the gateway's secret."""
    data = started(client)["redirectionData"] + "|responseCode=00"
    assert posted(client, data, "0" * 64) == 400
    client.standin.controls.parameter(574, "another secret")
    assert posted(client, data) == 200


@pytest.mark.parametrize(
    ("fields", "code"), [({"Amount": "0"}, "12"), ({"Amount": "veel"}, "12"), ({"Reference": "R1"}, "94")]
)
def test_the_gateway_says_no_by_a_code(client: Client, fields: dict[str, Any], code: str):
    """An amount that is none, and a reference that was used before."""
    started(client, Reference="R1")
    assert started(client, **fields)["redirectionStatusCode"] == code


def test_a_payment_for_no_file_cannot_be_started(client: Client):
    """The contract gives this answer no field to say no with, so it is an error."""
    for fields in ({"TDOS_Id": "1"}, {"Amount": ""}):
        assert client.ask("Pay/Start", {"TDOS_Id": AN.file_id, "Amount": "5"} | fields).status == 400


def test_a_defendant_reads_the_own_file_and_its_barcode(client: Client):
    """With the PIN alone; a barcode of another file, or of no line, is unknown."""
    own = {"authorization": client.as_defendant(AN.file, AN.pin)}
    details = client.ask("TagorService/PaymentDetails", {}, **own).response
    assert "1234,56 EUR" in details["Data"]
    scanned = client.ask("TagorService/ScanBarcode", {"barcode": "2000000010"}, **own).response
    assert (scanned["file_id"], scanned["line_id"]) == (AN.file_id, "9000000002000000010")
    assert scanned["fixed"] is True
    for barcode in ("2000000020", "2000000019", "x", ""):
        assert (
            client.ask("TagorService/ScanBarcode", {"barcode": barcode}, **own).response["Success"] is False
        )
    assert client.ask("TagorService/PaymentDetails").status == 401


def test_a_link_is_sent_and_opens_its_file_until_it_ends(client: Client, clock: FakeClock):
    """To who was born on that day; by parameter 502 it holds for so many days."""
    client.standin.controls.parameter(502, "2")
    asked = {"Dossiernaam": AN.file, "Geboortedatum": AN.public()["birth_date"], "CodeSms": "SALDO"}
    assert client.ask("TagorService/FileToHash", asked).response["Success"] is True
    (text,) = client.standin.records.texts(AN.file)
    (link,) = client.standin.state()["hashes"]
    found = client.ask("TagorService/HashToFile", {"Dossierhash": link["token"]}).response
    assert (text.address, found["TDOS_Id"], found["TPAR_Id"]) == (AN.phone, AN.file_id, AN.party_id)
    assert (found["Taal"], found["GeldigTot"]) == ("Dut", "2025-03-07T10:00:00.000")
    own = f"Hash {link['token']}"
    assert client.ask("TagorService/GetSaldo", {"TDOS_Id": AN.file_id}, authorization=own).status == 200
    clock.pass_(days=3)
    assert client.ask("TagorService/HashToFile", {"Dossierhash": link["token"]}).response["Success"] is False


@pytest.mark.parametrize(
    "fields",
    [
        {"Geboortedatum": "1955-01-01"},
        {"Dossiernaam": "1"},
        {"Partijsoort": "AANL"},
        {"CodeSms": "NIETS"},
        {"CodeSms": ""},
    ],
)
def test_a_link_that_cannot_be_sent_is_an_ordinary_no(client: Client, fields: dict[str, str]):
    """Nothing is sent, and no link is made."""
    asked = {"Dossiernaam": AN.file, "Geboortedatum": AN.public()["birth_date"], "CodeSms": "SALDO"}
    assert client.ask("TagorService/FileToHash", asked | fields).response["Success"] is False
    assert client.standin.state()["hashes"] == []
