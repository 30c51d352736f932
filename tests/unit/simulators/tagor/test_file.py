"""What Tagor tells about a file, and what it writes down when it does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bridge.simulators.tagor import CASES

if TYPE_CHECKING:
    from tests.unit.simulators.tagor.conftest import Client

DIRK = next(case for case in CASES if case.name == "Dirk Willems")


def test_every_balance_question_leaves_a_record(client: Client):
    """Each GetSaldo writes an OPSV record on the file, and the journal says so."""
    for _ in range(2):
        client.ask("TagorService/GetSaldo", {"TDOS_Id": "9000000000000000001", "Telnr": "+32470000001"})
    records = client.standin.state()["info_records"]
    assert [(row["file_id"], row["code"], row["day"]) for row in records] == [
        ("9000000000000000001", "OPSV", "2025-03-05"),
        ("9000000000000000001", "OPSV", "2025-03-05"),
    ]
    assert [entry["effect"] for entry in client.standin.journal()] == [["info record OPSV"]] * 2


def test_parameter_568_switches_the_records_off(client: Client):
    """An office may have decided against them."""
    client.standin.controls.parameter(568, "true")
    assert client.ask("TagorService/GetSaldo", {"TDOS_Id": "9000000000000000001"}).response["Success"] is True
    assert client.standin.state()["info_records"] == []


@pytest.mark.parametrize(
    ("operation", "fields"),
    [
        ("TagorService/GetSaldo", {"TDOS_Id": "1"}),
        ("TagorService/GetSaldo", {}),
        ("TagorService/GetDosInfo", {"TDOS_Id": "1"}),
        ("TagorService/GetDosInfo", {"TDOS_Id": DIRK.file_id, "TPAR_Id": "9000000000000001001"}),
        ("TagorService/PaymentInfo", {"TDOS_Id": "1"}),
        ("TagorService/PaymentInfo", {}),
        ("TagorService/KantoorOpen", {"TDOS_Id": "1"}),
        ("TagorService/GetVoxtronVerwByHuisNr", {"DosId": "1", "HuisNr": "1"}),
    ],
)
def test_what_cannot_be_told_is_an_ordinary_no(client: Client, operation: str, fields: dict[str, Any]):
    """200, Success false, a sentence, and no effect."""
    reply = client.ask(operation, fields)
    assert (reply.status, reply.response["Success"]) == (200, False)
    assert reply.response["Error"]
    assert client.standin.journal()[-1]["effect"] == []


def test_without_a_party_the_first_defendants_address_is_told(client: Client):
    """The trap of GetDosInfo: mail and mobile are another person's unless the party is named."""
    first = client.ask("TagorService/GetDosInfo", {"TDOS_Id": DIRK.file_id}).response
    named = client.ask(
        "TagorService/GetDosInfo", {"TDOS_Id": DIRK.file_id, "TPAR_Id": DIRK.party_id}
    ).response
    assert (first["EmailVerweerder"], first["GsmVerweerder"]) == ("p1081@example.be", "")
    assert (named["EmailVerweerder"], named["GsmVerweerder"]) == ("p1008@example.be", "+32470000008")


def test_everything_on_a_file_is_told(client: Client, older: Client):
    """Tagor's own records and what was written from outside, oldest first, with their codes as ids."""
    line = {"TDOS_Id": CASES[1].file_id, "Omschrijving": "Gebeld.", "DatumInfo": "2025-03-04"}
    codes = {"TQINFO_Id": "9000000000000000011", "TQINFODEF_Id": "9000000000000000012"}
    for asked in (client, older):
        asked.ask("TagorService/GetSaldo", {"TDOS_Id": CASES[1].file_id})
        asked.look("Dossier/CreateInfoLine", {}, ("TDOSINFOWeb", line | codes))
        own, ours = asked.look("Dossier/GetInfo", {"TDOS_Id": CASES[1].file_id}).rows("TDOSINFOWeb")
        assert (own["Omschrijving"], own["TQINFODEF_Id"]) == ("Saldo opgevraagd", "0")
        assert own["TQINFO_Id"] == 9000000000000000401
        assert ours == {**line, **codes, "TDOS_Id": int(CASES[1].file_id)}
        assert [written.text for written in asked.standin.records.info_lines(CASES[1].file)] == ["Gebeld."]
