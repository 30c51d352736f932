"""Numbers, references, house numbers and PINs lead to the file and person they lead to at a real office."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bridge.simulators.tagor import CASES

if TYPE_CHECKING:
    from tests.unit.simulators.tagor.conftest import Client

CASE = {case.name: case for case in CASES}
DIRK = CASE["Dirk Willems"]


def numbers(client: Client):
    return {(row["party_id"], row["number"]) for row in client.standin.state()["phones"]}


@pytest.mark.parametrize("number", ["+32470000001", "0032470000001", "0470/00.00.01", "32470000001"])
def test_a_number_is_known_however_it_is_written(client: Client, number: str):
    """The caller's number finds the party, its language and its files."""
    reply = client.ask("TagorService/ClipToFile", {"Telnr": number}).response
    assert (reply["TPAR_Id"], reply["Taal"], reply["Partijtype"]) == ("9000000000000001001", "Dut", "V")
    assert reply["dsClipToFileDossiers"]["dsClipToFileDossiers"]["ttClipToFileDossiers"] == [
        {
            "TDOS_id": "9000000000000000001",
            "Dossiernaam": "20230118",
            "TQDOSSOORT_Id": "9000000000000000101",
            "SaldoVerw": 1234.56,
        }
    ]


@pytest.mark.parametrize(
    ("file", "pin"), [("20230118", "000000"), ("99999999", "482193"), ("20230219", "482193")]
)
def test_unknown_file_and_wrong_pin_sound_the_same(client: Client, file: str, pin: str):
    """Nothing tells whether the file exists."""
    reply = client.ask("TagorService/PinToFile", {"Dossier": file, "Pin": pin}).response
    assert reply == {"Success": False, "Error": "Dossier of pincode onjuist."}


@pytest.mark.parametrize("fields", [{}, {"Dossier": "20230118"}, {"Dossier": "20230118", "Pin": None}])
def test_a_missing_required_field_is_an_ordinary_no(client: Client, fields: dict[str, Any]):
    """The contract's starred fields must be there."""
    reply = client.ask("TagorService/PinToFile", fields)
    assert (reply.status, reply.response["Success"]) == (200, False)


def test_parameter_590_pairs_the_pin_with_the_reference(client: Client):
    """Where the office set it, the reference and not the file name goes with the PIN."""
    client.standin.controls.parameter(590, "reference")
    by_name = client.ask("TagorService/PinToFile", {"Dossier": "20230118", "Pin": "482193"})
    by_reference = client.ask("TagorService/PinToFile", {"Dossier": "7700011", "Pin": "482193"})
    assert by_name.response["Success"] is False
    assert by_reference.response["TDOS_Id"] == "9000000000000000001"


def test_a_reference_leads_to_its_file(client: Client):
    """The reference of a letter gives the file, its kind and whether a summons was issued."""
    reply = client.ask("TagorService/GetVoxtronReferentie", {"Referentie": "7700132"}).response
    assert reply == {
        "Success": True,
        "Error": "",
        "DosSoortId": "DSO9000000000000000102",
        "DosBehId": "20231101",
        "DosStatus": "DAGV",
        "AantalVerw": 1,
        "VolgNrVerw": 1,
        "DosId": "9000000000000000012",
        "Dagvaarding": True,
        "ReturnCode": "0",
    }


@pytest.mark.parametrize(
    ("reference", "code", "count", "position"),
    [
        ("7700088", "0", 3, 0),
        ("7700088|1", "0", 3, 1),
        ("7700088|3", "0", 3, 3),
        ("7700088|4", "-1", 0, 0),
        ("7700088|0", "-1", 0, 0),
        ("7700088|x", "-1", 0, 0),
        ("7700088|²", "-1", 0, 0),
        ("7700011|1", "0", 1, 1),
        ("7705555", "-2", 0, 0),
        ("1", "-1", 0, 0),
        ("", "-1", 0, 0),
    ],
)
def test_a_reference_tells_how_many_and_which_defendant(
    client: Client, reference: str, code: str, count: int, position: int
):
    """0 found, -1 unknown or wrong index, -2 several files; the index names one of several defendants."""
    reply = client.ask("TagorService/GetVoxtronReferentie", {"Referentie": reference}).response
    assert (reply["ReturnCode"], reply["AantalVerw"], reply["VolgNrVerw"]) == (code, count, position)


def test_a_phone_number_given_along_is_stored_on_the_only_defendant(client: Client):
    """This is why a bridge must not pass it for strangers: next time the number is recognised."""
    client.ask("TagorService/GetVoxtronReferentie", {"Referentie": "7700022", "Telnr": "+32488123456"})
    assert ("9000000000000001002", "488123456") in numbers(client)
    assert client.standin.journal()[-1]["effect"] == ["phone number stored"]
    known = client.ask("TagorService/ClipToFile", {"Telnr": "0488123456"}).response
    assert known["TPAR_Id"] == 9000000000000001002


@pytest.mark.parametrize(
    ("reference", "number"),
    [
        ("7700088", "+32488123456"),
        ("7700088|2", "+32488123456"),
        ("7700022", "+32470000002"),
        ("7700022", ""),
    ],
)
def test_a_phone_number_is_not_stored(client: Client, reference: str, number: str):
    """Several defendants, a number already known, or no number: nothing is written."""
    before = numbers(client)
    client.ask("TagorService/GetVoxtronReferentie", {"Referentie": reference, "Telnr": number})
    assert numbers(client) == before
    assert client.standin.journal()[-1]["effect"] == []


@pytest.mark.parametrize(
    ("house", "code", "position"), [("16", "0", 3), ("2 BUS 4", "0", 2), ("99", "-1", 0), ("", "-1", 0)]
)
def test_a_house_number_chooses_a_defendant(client: Client, house: str, code: str, position: int):
    """Which of several defendants lives there."""
    fields = {"DosId": DIRK.file_id, "HuisNr": house}
    reply = client.ask("TagorService/GetVoxtronVerwByHuisNr", fields).response
    assert (reply["ReturnCode"], reply["VolgNrVerw"]) == (code, position)


def test_two_defendants_in_one_house_are_not_told_apart(client: Client):
    """A house number that fits twice chooses nobody."""
    client.standin.controls.change(DIRK.file, house_number="14")
    fields = {"DosId": DIRK.file_id, "HuisNr": "14"}
    reply = client.ask("TagorService/GetVoxtronVerwByHuisNr", fields).response
    assert (reply["ReturnCode"], reply["VolgNrVerw"]) == ("-2", 0)
