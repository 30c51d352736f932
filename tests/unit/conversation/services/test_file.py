"""What Tagor knows about a file, asked as the office or as the caller."""

from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from bridge.flow.action_context import IdentifiedFile
from bridge.tagor import TagorError, TagorInvalidResponse
from voice_flows.answers import Judgment, PaymentSlip

if TYPE_CHECKING:
    from bridge.simulators.tagor import StandIn
    from tests.conftest import Line
    from tests.unit.conversation.services.conftest import Acts

AN = IdentifiedFile("9000000000000000001", "20230118", "9000000000000001001", "pin")


def test_what_is_known_of_a_file(acts: "Acts"):
    """Balance, creditor and last payment, as Tagor has them."""
    assert acts().files.balance(AN) == Decimal("1234.56")
    facts = acts().files.facts(AN)
    assert facts.creditor == "Stad Gent"
    assert (facts.last_payment.amount, facts.last_payment.date) == (Decimal("50.00"), date(2025, 3, 14))


@pytest.mark.parametrize("office", [{"# pin_scheme = true": "pin_scheme = true"}])
def test_tagor_itself_refuses_a_caller_whose_pin_is_wrong(acts: "Acts"):
    """Where the office lets Tagor guard who sees what."""
    right, wrong = (IdentifiedFile(AN.id, AN.number, AN.party, "pin", f"{AN.number}:{pin}")
                    for pin in ("482193", "000000"))  # fmt: skip
    assert acts().files.balance(right) == Decimal("1234.56")
    with pytest.raises(TagorError):
        acts().files.balance(wrong)


HANS = IdentifiedFile("9000000000000000012", "20231101", "9000000000000001012", "pin")


def test_the_parts_of_an_amount_make_it_up(acts: "Acts"):
    """Principal, interest and costs, less what was paid, are the balance."""
    parts = acts().files.amount_parts(AN)
    assert parts.owed == Decimal("1234.56")
    assert (parts.paid, parts.principal > 0) == (Decimal("50.00"), True)


@pytest.mark.parametrize(
    "office", [{'principal = "9000000000000000821"': 'principal = "9000000000000000829"'}]
)
def test_no_parts_are_told_where_tagor_does_not_name_each_once(acts: "Acts"):
    """A code of the office file that Tagor does not know leaves a gap, and a sum with a gap is no sum."""
    assert acts().files.amount_parts(AN) is None


def test_an_uncertain_part_costs_all_parts(acts: "Acts", tagor: "StandIn"):
    """An amount that cannot be read for certain is never guessed."""
    tagor.fault("Dossier/GetBalances", "replace_fields", names=["Bedrag"], value='"1.234"')
    assert acts().files.amount_parts(AN) is None


def test_the_next_day_in_court_is_told_in_words(acts: "Acts", tagor: "StandIn"):
    """The first one that is still to come, with court and chamber in the caller's language."""
    for day in ("2020-01-01T09:00:00.000", "2032-01-01T09:00:00.000"):
        tagor.controls.add_row("TDOSVERSCHIJNINGWeb", HANS.id, {"TimeStampVerschijning": day})
    hearing = acts().files.hearing(HANS, "de")
    assert (hearing.day, hearing.at) == (date(2031, 3, 4), time(9))
    assert hearing.court.startswith("Friedensgericht, ")
    assert acts().files.hearing(AN, "de") is None


def test_a_court_without_words_is_named_by_its_place(acts: "Acts", tagor: "StandIn"):
    """A code table that does not answer costs the court's words, not the day."""
    tagor.fault("Code/GetDescription", "status", status=500)
    hearing = acts().files.hearing(HANS, "de")
    assert (hearing.day, hearing.court) == (date(2031, 3, 4), "Eupen")


def test_a_day_in_court_without_a_time_is_a_day_only(acts: "Acts", tagor: "StandIn"):
    """Tagor writes a day as its midnight."""
    tagor.controls.add_row("TDOSVERSCHIJNINGWeb", AN.id, {"TimeStampVerschijning": "2031-05-06T00:00:00.000"})
    hearing = acts().files.hearing(AN, "nl")
    assert (hearing.day, hearing.at, hearing.court) == (date(2031, 5, 6), None, "")


@pytest.mark.parametrize(
    "value", ["null", '"14/03/2031 09:00"', '"2031-03-14"', '"2999-12-31T00:00:00"', "[]"]
)
def test_a_hearing_at_no_certain_moment_is_not_called_none(acts: "Acts", tagor: "StandIn", value: str):
    """That nothing is planned is told only where Tagor tells of no hearing, or of past ones only."""
    tagor.fault("Dossier/GetAppearance", "replace_fields", names=["TimeStampVerschijning"], value=value)
    with pytest.raises(TagorInvalidResponse):
        acts().files.hearing(HANS, "de")
    assert acts().files.hearing(AN, "de") is None


def test_the_last_judgment_is_told_to_who_proved_the_file(acts: "Acts", line: "Line"):
    """With court and chamber in words; a neighbour who knows the house number hears of none."""
    greta = IdentifiedFile("9000000000000000018", "202405070001", "9000000000000001018", "pin")
    judgment = acts().files.judgment(greta, "fr")
    assert judgment == Judgment(date(2024, 11, 12), "Tribunal de première instance, Première chambre")
    assert acts().files.judgment(AN, "fr") is None
    asked = len(line.asked("GetTitle"))
    assert acts().files.judgment(replace(greta, proof="house_number"), "fr") is None
    assert len(line.asked("GetTitle")) == asked


def test_a_code_that_cannot_be_asked_has_no_words(acts: "Acts", tagor: "StandIn"):
    """The day in court is told all the same."""
    tagor.fault("Dossier/GetAppearance", "replace_fields", names=["TQRB_Id"], value='"20230219(2)"')
    hearing = acts().files.hearing(HANS, "de")
    assert (hearing.day, hearing.court) == (date(2031, 3, 4), "Eupen")


def test_where_a_file_stands_is_told_in_the_offices_words(acts: "Acts"):
    """The words of the code table, in the caller's language."""
    files = acts().files
    assert files.status_words(files.facts(HANS).status or "", "de") == "Vorladung"
    assert files.status_words(files.facts(AN).status or "", "fr") == "En cours"
    assert files.status_words("", "fr") is None


def test_who_handles_a_file_is_told_by_name(acts: "Acts", tagor: "StandIn"):
    """The manager whom Tagor names; nobody where the office has Tagor name files in place of people."""
    files, transfer = acts().files, acts().transfer
    assert transfer.manager_name(AN, files.facts(AN)) is None
    tagor.controls.parameter(259, "id")
    assert transfer.manager_name(AN, files.facts(AN)) == "An Verbeke"


@pytest.mark.parametrize("office", [{"# natures = [": "natures = ["}])
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("TQAARD_Id", '"9000000000000000803"'),
        ("DatumBoeking", '"2031-01-07"'),
        ("DatumBoeking", "null"),
        ("Bedrag", '"1.234"'),
    ],
)
def test_the_last_payment_among_the_lines_is_one_for_certain(
    acts: "Acts", tagor: "StandIn", field: str, value: str
):
    """Of the natures that the office names, with an amount and a day that is over."""
    payment = acts().files.last_payment_line(AN)
    assert payment is not None
    assert (payment.amount, payment.date) == (Decimal("50.00"), date(2025, 3, 14))
    tagor.fault("Dossier/GetLines", "replace_fields", names=[field], value=value)
    assert acts().files.last_payment_line(AN) is None


SLIPS = {"# pin_scheme = true": "pin_scheme = true", "# slips = true": "slips = true"}
BARCODE = "2000000010"


@pytest.mark.parametrize("office", [SLIPS])
def test_a_slip_is_read_only_to_the_pin_of_its_own_file(acts: "Acts", line: "Line"):
    """Without the caller's own credential, or with a weak proof, Tagor is not even asked."""
    own = replace(AN, credential=f"{AN.number}:482193")
    slip = acts().files.slip(own, BARCODE)
    assert slip is not None
    assert slip.amount == Decimal("1091.87")
    asked = len(line.asked("ScanBarcode"))
    for who in (AN, replace(own, proof="house_number")):
        assert acts().files.slip(who, BARCODE) is None
    assert len(line.asked("ScanBarcode")) == asked


@pytest.mark.parametrize("office", [SLIPS])
@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("file_id", '"9000000000000000002"', None),
        ("line_id", '"5"', PaymentSlip(None)),
        ("line_id", '"9000000002000000013"', PaymentSlip(None)),
    ],
    ids=["another file", "no line", "a payment"],
)
def test_a_scan_that_names_something_else_tells_no_amount(
    acts: "Acts", tagor: "StandIn", field: str, value: str, told: PaymentSlip | None
):
    """Whatever Tagor answers, nothing of another file is told, and nobody is asked to pay a payment."""
    tagor.fault("TagorService/ScanBarcode", "replace_fields", names=[field], value=value)
    assert acts().files.slip(replace(AN, credential=f"{AN.number}:482193"), BARCODE) == told
