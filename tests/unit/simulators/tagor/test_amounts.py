"""What makes up a balance: lines, balances by code, payments on their way, and texts at lines."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from bridge.simulators.tagor import CASES

if TYPE_CHECKING:
    from bridge.simulators.tagor import Case
    from tests.unit.simulators.tagor.conftest import Client

AN, MARIE = CASES[0], CASES[1]
PAYMENT = "9000000000000000812"


def told(client: Client, operation: str, **context: str) -> list[dict[str, Any]]:
    named = {"GetLines": "TDOSLIJNWeb", "GetBalances": "TDOSSALDOWeb"}[operation]
    return client.look(f"Dossier/{operation}", context).rows(named)


def total(rows: list[dict[str, Any]]) -> Decimal:
    return sum((Decimal(str(row["Bedrag"])) for row in rows), Decimal(0))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.file)
def test_the_lines_a_defendant_sees_add_up_to_the_balance(client: Client, older: Client, case: Case):
    """For every case, also where too much was paid; the balance with code VRW is that sum, in its parts."""
    for asked in (client, older):
        lines = told(asked, "GetLines", TDOS_Id=case.file_id, **{"is-defendant": "true"})
        balances = told(asked, "GetBalances", TDOS_Id=case.file_id)
        assert total(lines) == total(balances[:-1]) == total(balances[-1:]) == case.balance
        assert str(balances[-1]["TQSALDO_Id"]).endswith("825")


def test_the_lines_follow_the_balance_that_a_tester_sets(client: Client):
    """Whatever it is set to, also after lines were written."""
    create(client, Bedrag=30, Omschrijving="Rappel")
    client.standin.controls.set_balance(AN.file, Decimal("77.00"))
    assert total(told(client, "GetLines", TDOS_Id=AN.file_id, **{"is-defendant": "true"})) == Decimal("77.00")


def test_the_office_sees_more_and_the_evolution_is_less(client: Client):
    """What it passed on to its client; the evolution is principal and payments; no deed is unfinished."""
    seen = [
        [row["Omschrijving"] for row in told(client, "GetLines", TDOS_Id=AN.file_id, **options)]
        for options in (
            {},
            {"is-defendant": "true"},
            {"is-defendant": "true", "evolution-only": "true"},
            {"unfinished-deeds": "true"},
        )
    ]
    lines = ["Hoofdsom", "Verworven intrest", "Kosten", "Betaling ontvangen"]
    assert seen == [[*lines, "Doorstorting aan klant"], lines, [lines[0], lines[3]], []]


def create(client: Client, **row: object):
    return client.look("Dossier/CreateLine", {}, ("TDOSLIJNWeb", {"TDOS_Id": AN.file_id} | row))


def test_a_written_line_changes_the_balance_and_comes_back(client: Client):
    """A cost raises it, a payment lowers it; both stand among the lines, with ids of their own."""
    cost = create(client, Bedrag=20, Omschrijving="Rappel", DatumBoeking="2025-03-01").rows("TDOSLIJNWeb")
    paid = create(client, Bedrag="100.00", Omschrijving="Betaling", TQBOEKING_Id=PAYMENT).rows("TDOSLIJNWeb")
    assert client.ask("TagorService/GetSaldo", {"TDOS_Id": AN.file_id}).response["Saldo"] == 1154.56
    last = told(client, "GetLines", TDOS_Id=AN.file_id, **{"is-defendant": "true"})[-2:]
    assert [row["TDOSLIJN_Id"] for row in last] == [cost[0]["TDOSLIJN_Id"], paid[0]["TDOSLIJN_Id"]]
    assert [row["Bedrag"] for row in last] == [20, -100]


@pytest.mark.parametrize(
    "row", [{"Bedrag": "veel"}, {"Bedrag": 5, "Omschrijving": ""}, {"TDOS_Id": "1", "Bedrag": 5}]
)
def test_a_line_that_says_too_little_is_refused(client: Client, row: dict[str, Any]):
    """Nothing is written, and the balance stays."""
    assert create(client, **({"Omschrijving": "x"} | row)).status == 400
    assert client.ask("Dossier/CreateLine").status == 400
    assert client.standin.state()["lines"] == []


def test_a_payment_on_its_way_is_told_and_changes_no_balance(client: Client):
    """Each time it is told it is written anew: only who tells it can know that it is the same."""
    for _ in range(2):
        fields = {"TDOS_Id": MARIE.file_id, "Bedrag": "12,50", "TPAR_Id": MARIE.party_id}
        assert client.ask("TagorService/OnlinePaymentReceived", fields).response["Success"]
    facts = client.ask("TagorService/GetDosInfo", {"TDOS_Id": MARIE.file_id}).response
    assert (facts["DatumLtstOnbvBet"], facts["BedragLtstOnbvBet"]) == ("2025-03-05", 12.5)
    assert client.ask("TagorService/GetSaldo", {"TDOS_Id": MARIE.file_id}).response["Saldo"] == 871.91
    assert len(client.standin.state()["lines"]) == 2


@pytest.mark.parametrize("fields", [{"Bedrag": "0"}, {"Bedrag": "1.234"}, {"TPAR_Id": AN.party_id}])
def test_a_payment_that_cannot_be_is_an_ordinary_no(client: Client, fields: dict[str, Any]):
    """No amount, one that may be thousands, or somebody else's party."""
    asked = {"TDOS_Id": MARIE.file_id, "Bedrag": "5"} | fields
    assert client.ask("TagorService/OnlinePaymentReceived", asked).response["Success"] is False


def test_texts_at_a_line_are_written_listed_and_deleted(client: Client):
    """The answer's context tells the id by which a text is deleted."""
    line = told(client, "GetLines", TDOS_Id=AN.file_id)[0]["TDOSLIJN_Id"]
    row = {"financial_line_id": line, "description": "Betwist.", "type_id": "9000000000000000401"}
    written = client.look("Dossierlijn/CreateInfoLine", {}, ("TDOSLIJNINFOWeb", row))
    listed = client.look("Dossierlijn/GetInfo", {"TDOSLIJN_Id": line}).rows("TDOSLIJNINFOWeb")
    assert listed == [row | {"date": "2025-03-05"}]
    (told_id,) = written.rows("WebContext")
    gone = [
        client.look("Dossierlijn/DeleteInfoLine", {"TDOSLIJNINFO_Id": told_id["ContextValue"]}).status
        for _ in range(2)
    ]
    assert gone == [200, 400]
    assert client.look("Dossierlijn/GetInfo", {"TDOSLIJN_Id": line}).rows("TDOSLIJNINFOWeb") == []


@pytest.mark.parametrize("line", ["", "x", "1", "9000000002000000019", "9000000002999999990"])
def test_a_line_that_nobody_knows_takes_no_text(client: Client, line: str):
    """Neither one beyond those of a file, nor one of a file that does not exist."""
    row = {"financial_line_id": line, "description": "Betwist."}
    assert client.look("Dossierlijn/CreateInfoLine", {}, ("TDOSLIJNINFOWeb", row)).status == 400
    assert client.look("Dossierlijn/GetInfo", {"TDOSLIJN_Id": line}).status == 400
    assert client.ask("Dossierlijn/CreateInfoLine").status == 400


def test_the_details_of_the_debt_are_a_text(client: Client):
    """Mergefield M_1000: a row for each line, and what remains; PINs are no mergefield that is told."""
    reply = client.look("Document/GetMergefield", {"TDOS_Id": AN.file_id, "Mergefield": "M_1000"})
    (output,) = reply.rows("WebContext")
    assert output["ContextKey"] == "Output"
    assert output["ContextValue"].endswith("Totaal onder voorbehoud 1234,56 EUR\r\n")
    pins = client.look("Document/GetMergefield", {"TDOS_Id": AN.file_id, "Mergefield": "M_0077"})
    assert pins.status == 400
