"""A whole call against either generation of Tagor: the bridge runs unchanged, by the contract of each."""

from typing import TYPE_CHECKING, Any

import pytest

from bridge.simulators.tagor import CASES
from bridge.simulators.tagor.solvency import MODEL, QUESTIONNAIRES
from bridge.tagor_contract import contract_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.calls.conftest import Calling, PlanLine

    Opening = Callable[..., PlanLine]

AN = CASES[0]
TOLD = ("Balance.tell", "Received.paid", "Payments.which")
COURT = "9000000000000000831"
BOTH = pytest.mark.parametrize("generation", ["1.08", "2.00"])


@BOTH
def test_a_whole_call_asks_what_the_generation_has(plans: "PlanLine", generation: str):
    """From ring to a confirmed plan and the note afterwards: no operation or field but the contract's."""
    plans.at_request().keys("1").hears("Confirmation.by_sms", "Balance.choose").hangs_up()
    plans.line.after(minutes=1)
    assert plans.effects() == {"plan": 1, "approval": 1, "message": 1, "info line": 1}
    fits_the_contract(plans, generation)


@BOTH
def test_a_voicemail_and_a_screen_are_the_contracts_too(
    plans: "PlanLine", calling_on: "Calling", generation: str
):
    """A caller who reaches nobody leaves word on the file."""
    caller = calling_on(plans.line, "+32470000001").keys("1").keys("482193").keys("0").finds_nobody()
    caller.keys("2").leaves(4).is_let_go()
    plans.line.after(minutes=1)
    assert plans.effects()["office message"] == 1
    fits_the_contract(plans, generation)


@BOTH
def test_a_document_is_ordered_and_told_among_the_letters(plan_line: "Opening", generation: str):
    """With what else the office wrote; the note tells of the order."""
    plans = plan_line(office={"# correspondence = true": "correspondence = true"})
    caller = plans.call().keys("3").keys("2").hears("SentLetters.none", "Documents.choose").keys("2")
    caller.keys("1").hears("Documents.ordered", "Balance.choose")
    caller.keys("3").keys("2").hears("SentLetters.letter_1", "Documents.choose").hangs_up()
    plans.line.after()
    assert plans.line.asked("GetCorrespondence")
    fits_the_contract(plans, generation)


@BOTH
def test_a_message_of_the_office_is_read_out_and_marked(plans: "PlanLine", generation: str):
    """Once it was heard."""
    plans.tagor.controls.leave_message(AN.file_id, AN.party_id, "Uw loonfiche", "Stuur ze morgen op.")
    caller = plans.call().hears(*TOLD, "Messages.choose").keys("1").hears("Messages.part_1", "Messages.heard")
    caller.keys("2").hears("Balance.choose").hangs_up()
    plans.line.after()
    assert [one.read for one in plans.tagor.records.messages_to_defendants(AN.file)] == [True]
    fits_the_contract(plans, generation)


@BOTH
def test_the_details_of_a_file_are_told_with_what_is_planned(plans: "PlanLine", generation: str):
    """The parts of the amount, where the file stands, a hearing, a judgment, a visit and who handles it."""
    controls = plans.tagor.controls
    controls.parameter(259, "id")
    hearing = {"TimeStampVerschijning": "2031-05-06T09:00:00.000", "TQRB_Id": COURT}
    controls.add_row("TDOSVERSCHIJNINGWeb", AN.file_id, hearing)
    controls.add_row(
        "TDOSTITELWeb", AN.file_id, {"TimeStampTitel": "2024-11-12T00:00:00.000", "TQRB_Id": COURT}
    )
    controls.schedule(AN.file_id, "BEZOEK", "2026-03-12T14:30:00")
    caller = plans.call().keys("3").keys("1")
    caller.hears(
        *("Details.parts", "Details.charges", "Details.status", "Details.reached", "Court.hearing"),
        *("Court.judgment", "Planned.timed", "Details.manager", "DebtStatement.choose"),
    )
    fits_the_contract(plans, generation)


@BOTH
def test_the_other_files_of_a_party_are_told_and_opened(
    plans: "PlanLine", calling_on: "Calling", generation: str
):
    """Another one by its own PIN."""
    caller = calling_on(plans.line, "+32470000005").keys("1").keys("271828").keys("20230522#")
    caller.keys("4").hears("OtherFiles.count", "OtherFiles.choose").keys("1").hears("OtherFile.ask_pin")
    caller.keys("314159").hears(*TOLD, "Balance.choose").hangs_up()
    fits_the_contract(plans, generation)


@BOTH
def test_a_dispute_becomes_a_task_and_a_voice_message(plans: "PlanLine", generation: str):
    """The recording lies on the file too."""
    caller = plans.call().keys("3").keys("4").keys("2").hears("Dispute.amount", "Dispute.ask").keys("2")
    caller.hears("Dispute.noted", "Voicemail.purpose", "Voicemail.tape").leaves(12)
    caller.hears("Voicemail.thanks", "Balance.choose").hangs_up()
    plans.line.after()
    assert plans.effects()["info line"] == 2
    assert plans.tagor.records.office_messages(AN.file)
    fits_the_contract(plans, generation)


@BOTH
def test_the_offices_questions_are_answered_and_saved(plan_line: "Opening", generation: str):
    """Each answer as the caller gave it."""
    plans = plan_line(
        office={'# questions = { nl = "9000000000000000861" }': f'questions = {{ nl = "{MODEL}" }}'}
    )
    caller = plans.call().keys("3").keys("3").keys("4").hears("Questionnaire.begin").keys("1").keys("2")
    caller.keys("1").keys("1850*50#").keys("1").keys("00#").keys("1").keys("3#").keys("1")
    caller.hears("Questionnaire.save").keys("1").hears("Questionnaire.saved", "Balance.choose").hangs_up()
    plans.line.after()
    kept = {row["question_id"]: row["value"] for row in plans.tagor.state()["solvency"]}
    asked = [question.id for question in QUESTIONNAIRES[MODEL][:5]]
    assert kept == dict(zip(asked, ("W2", "true", "1850.50", "0.00", "3"), strict=True))
    fits_the_contract(plans, generation)


def fits_the_contract(plans: "PlanLine", generation: str) -> None:
    contract = contract_of(generation)
    asked = [entry for entry in plans.tagor.journal() if entry["operation"] != "Login/Token"]
    assert len(asked) > 5
    for entry in asked:
        endpoint = contract[entry["operation"]]
        assert is_within(entry["fields"], endpoint.request), entry["operation"]
        assert set(endpoint.required) <= set(entry["fields"])
        assert entry["status"] == 200


def is_within(value: Any, kind: Any) -> bool:  # noqa: ANN401 - JSON and its kinds
    """Whether every name in a request is one of the contract's, and every value is of its kind."""
    if isinstance(kind, dict):
        known = isinstance(value, dict) and set(value) <= set(kind)
        return known and all(is_within(part, kind[name]) for name, part in value.items())
    if isinstance(kind, list):
        return isinstance(value, list) and all(is_within(row, kind[0]) for row in value)
    wanted = (int, float) if kind.startswith("number") else bool if kind.startswith("boolean") else str
    return isinstance(value, wanted)
