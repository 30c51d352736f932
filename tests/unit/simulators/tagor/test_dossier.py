"""Files as a whole: finding, stopping and paging them, who is on them, their courts, codes and letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bridge.simulators.tagor import CASES, StandIn
from bridge.simulators.tagor.generated import generated

if TYPE_CHECKING:
    from tests.unit.simulators.tagor.conftest import Client, FakeClock

AN = CASES[0]
DIRK = next(case for case in CASES if case.name == "Dirk Willems")


def search(client: Client, *lines: tuple[str, str, str], **context: str) -> list[str]:
    rows = [{"Veld": field, "Operator": operator, "Waarde": value} for field, operator, value in lines]
    pairs = [{"ContextKey": key.replace("_", "-"), "ContextValue": value} for key, value in context.items()]
    asked = {
        "dsWebContext": {"dsWebContext": {"ttWebContext": pairs}},
        "dsFilter": {"dsFilter": {"ttFilter": rows}},
    }
    reply = client.ask("Dossier/Search", asked)
    return [row["Dossiernaam"] for row in reply.rows("TDOSSearch")]


def test_files_are_found_by_a_filter(client: Client):
    """By the beginning of a party's name, of a kind if asked; by any field of the answer; both together."""
    defendant = ("TDOSPAR.TQPARSOORT_Id", "=", "9000000000000000003")
    assert search(client, ("partij", "begins", "An Peeters"), defendant) == [AN.file]
    assert search(client, ("partij", "begins", "stad gent")) == [AN.file]
    assert search(client, ("partij", "begins", "Stad Gent"), defendant) == []
    assert (
        search(client, ("TDOS.Dossiernaam", ">=", "20240708"), ("Dossiernaam", "<>", "x"))[-1] == "20240709"
    )
    assert search(client, ("Klant", "matches", "Lilas")) == ["20230627"]


def test_rows_come_in_batches(client: Client):
    """`BATCH-SIZE` and `BATCH-NUMBER`, counted from 1; beyond the last there is nothing."""
    everything = search(client)
    batches = [search(client, BATCH_SIZE="10", BATCH_NUMBER=str(number)) for number in (1, 2, 3, 4)]
    assert [len(batch) for batch in batches] == [10, 10, len(everything) - 20, 0]
    assert [name for batch in batches for name in batch] == everything
    assert search(client, BATCH_SIZE="2") == everything[:2]
    for odd in ({"BATCH-SIZE": "0"}, {"BATCH-SIZE": "x"}, {"BATCH-SIZE": "5", "BATCH-NUMBER": "-1"}):
        assert client.look("Dossier/Search", odd).status == 400


def test_parties_are_found_and_their_addresses_told(client: Client):
    """A party by its id; where it lives, with box and number apart."""
    line = {"Veld": "TPAR.TPAR_Id", "Operator": "=", "Waarde": AN.party_id}
    (row,) = client.look("Party/Search", {}, ("Filter", line)).rows("TPARSearch")
    assert (row["id"], row["first_name"], row["last_name"]) == (AN.party_id, "An", "Peeters")
    jean = DIRK.before[1].party_id
    (address,) = client.look("Party/GetAddresses", {"TPAR_Id": jean}).rows("TPARADWeb")
    assert (address["number"], address["mailbox"], address["current_address"]) == ("2", "4", True)
    line = {"Veld": "niets", "Operator": "=", "Waarde": ""}
    assert client.look("Party/Search", {}, ("Filter", line)).status == 400


def test_the_parties_of_a_file_are_told_with_their_kinds(client: Client):
    """The defendants in their order, then the creditor."""
    rows = client.look("Dossier/GetParties", {"TDOS_Id": DIRK.file_id}).rows("TDOSPARWeb")
    assert [row["Naam"] for row in rows] == ["Griet Willems", "Jean Wouters", "Dirk Willems", DIRK.creditor]
    assert [row["TQPARSOORT_Id"][-1] for row in rows] == ["3", "3", "3", "4"]


def test_a_stopped_file_is_told_as_stopped(client: Client, clock: FakeClock):
    """From the day on which it was stopped first."""
    for _ in range(2):
        (row,) = client.look("Dossier/Stop", {"TDOS_Id": AN.file_id}).rows("TDOSWeb")
        clock.pass_(days=1)
    assert (row["DatumStop"], row["TQSTATUS_Id_Stop"][-3:]) == ("2025-03-05", "203")
    facts = client.ask("TagorService/GetDosInfo", {"TDOS_Id": AN.file_id}).response
    assert (facts["StatusId"], facts["StopstatusId"]) == ("STOP", "STOP")


def test_whom_a_message_may_go_to(client: Client):
    """On a file everybody who may see it, without one the user itself; senders need a party."""
    of_file = client.look("Message/GetSenderReceiverList", {"TDOS_Id": AN.file_id}).rows("TDOSPARWeb")
    own = client.look("Message/GetSenderReceiverList", {}).rows("TDOSPARWeb")
    assert [row["Naam"] for row in of_file] == ["An Verbeke", "Lien Maes"]
    assert [row["Naam"] for row in own] == ["Telefoonlijn"]
    assert client.look("Message/GetSenderReceiverList", {"Type": "senders"}).status == 400


def test_a_contact_is_added_by_its_own_defendant_and_deleted(client: Client):
    """With the PIN for the own party only; each of the three kinds can be deleted, once."""
    own = {"authorization": client.as_defendant(AN.file, AN.pin)}

    def add(party: str, content: str) -> int:
        row = {"owning_id": party, "content": content, "owning_entity": "TPAR", "comment": "per telefoon"}
        rows = {"dsTCOMWeb": {"dsTCOMWeb": {"ttTCOMWeb": [row]}}}
        return client.ask("Party/AddContactDetail", rows, **own).status

    assert [add(AN.party_id, "0479000001"), add(CASES[1].party_id, "0479"), add(AN.party_id, "")] == [
        200,
        403,
        400,
    ]
    assert client.ask("Party/AddContactDetail").status == 400
    known = client.look("Party/GetContactDetails", {"TPAR_Id": AN.party_id}).rows("TCOMWeb")
    assert (known[-1]["content"], known[-1]["comment"]) == ("0479000001", "per telefoon")
    deleted = [client.look("Party/DeleteContactDetail", {"TCOM_Id": row["id"]}).status for row in known * 2]
    assert deleted == [200] * 3 + [400] * 3
    assert client.look("Party/DeleteContactDetail", {"TCOM_Id": "x"}).status == 400


def test_a_questionnaire_keeps_what_was_answered(client: Client):
    """Answer by answer, each of its own type; what does not fit is refused and nothing of it is kept."""
    model, *_ = client.look("SolvencyReport/GetList", {}).rows("CodetabelIDs")
    whose = {"TCFGSOLVRAPMOD_Id": model["Id"], "TDOS_Id": AN.file_id, "TPAR_Id": AN.party_id}

    def save(question: str, value: str) -> int:
        row = {"id": f"9000000000000000{question}", "val": value}
        return client.look("SolvencyReport/Save", whose, ("SolvencyReport", row)).status

    assert [save("560", "W2"), save("558", "true"), save("556", "1234.50"), save("552", "3")] == [200] * 4
    assert [save("560", "W9"), save("558", "ja"), save("556", "veel"), save("552", "1.5")] == [400] * 4
    assert [save("1", "x"), save("550", "niets meer")] == [400, 200]
    asked = client.look("SolvencyReport/Get", whose).rows("SolvencyReport")
    assert [row["val"] for row in asked] == ["W2", "true", "1234.50", "", "3", "niets meer"]
    blank = client.look("SolvencyReport/Get", {"TCFGSOLVRAPMOD_Id": model["Id"]}).rows("SolvencyReport")
    assert {row["val"] for row in blank} == {""}
    assert client.look("SolvencyReport/Get", {"TCFGSOLVRAPMOD_Id": "1"}).status == 400


@pytest.mark.parametrize("size", [3, 10_000])
def test_more_files_are_made_the_same_for_the_same_seed(size: int):
    """Each with a number, a telephone and a PIN of its own, beside the documented cases."""
    first, again, other = (list(generated(size, seed)) for seed in (7, 7, 8))
    assert first == again != other
    with StandIn(size=size, seed=7) as standin:
        told = {row["name"]: row["balance"] for row in standin.state()["files"]}
        assert {case.file: str(case.balance) for case in first}.items() <= told.items()
        assert standin.tagor.by_phone(first[2].phone or "").name == first[2].name
