"""What a caller can do about a file once its amount was told: pay, report a payment, hear more, go on."""

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from bridge.simulators.tagor import CASES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.calls.conftest import Calling, PlanLine
    from tests.shared_line import Line

AN = "20230118"
NAMES = {"nl": "An Peeters", "fr": "Marie Dubois", "de": "Klaus Schmitz", "en": "Sarah Johnson"}
TOLD = ("Balance.tell", "Received.paid", "Payments.which", "Balance.choose")
PAY = ("Pay.account", "Pay.reference", "Pay.choose")
TASK = "Taak van de telefoonlijn"
PAID = ("Received.paid", "Paid.days", "Paid.choose")
NOTHING_OWED = ("Balance.choose.1", "Balance.choose.2", "More.choose.4", "Situation.choose.3")


# Time to write


@pytest.mark.parametrize("name", NAMES.values())
def test_whoever_writes_the_amount_down_has_time_and_then_hears_how_to_hear_it_again(
    opened: "Calling", line: "Line", name: str
):
    """Twelve seconds, the menu once more, twelve seconds, goodbye: silence rings nobody here."""
    caller = opened(name).hears(*TOLD)
    assert caller.phone.listening["timeout"] == "12"
    caller.silent().hears("Balance.choose silent", "Balance.choose").keys("*").hears(*TOLD)
    caller.silent().hears("Defendant.goodbye").is_let_go()
    assert line.asked("KantoorOpen") == ["KantoorOpen"]


# Paying


@pytest.mark.parametrize("name", NAMES.values())
def test_how_to_pay_is_the_offices_account_and_the_file(opened: "Calling", name: str):
    """In each language; the star repeats it, and key 4 leads back to the file."""
    caller = opened(name).keys("1").hears(*PAY)
    assert caller.told["account"] == "B E 6 8, 5 3 9 0, 0 7 5 4, 7 0 3 4"
    number = caller.told["reference"]
    caller.keys("*").hears(*PAY).keys("4").hears("Balance.choose")
    assert opened(name).hears(*TOLD).told["number"] == number


def test_silence_after_the_account_leads_back_to_the_file(opened: "Calling"):
    """Also after time to write; a wrong key does the same, and nobody is rung."""
    caller = opened().keys("1").silent(2).hears("Balance.choose").keys("1")
    assert caller.phone.listening["timeout"] == "12"
    caller.keys("5").hears("Anytime.wrong", "Pay.choose").keys("5").hears("Balance.choose")


@pytest.mark.parametrize("name", NAMES.values())
def test_who_has_paid_hears_what_came_in_and_that_it_takes_days(opened: "Calling", name: str):
    """In each language; whoever finds their payment there is back at the file."""
    opened(name).keys("1").keys("3").hears(*PAID).keys("3").hears("Balance.choose")


def test_what_the_caller_says_to_have_paid_is_noted(opened: "Calling", line: "Line"):
    """The employee who looks for it reads that the caller said so."""
    opened().keys("1").keys("3").hangs_up()
    line.after()
    [note] = line.tagor.records.info_lines(AN)
    assert "betaald te hebben" in note.text


def test_a_payment_that_is_not_there_goes_to_a_person(opened: "Calling", line: "Line"):
    """The colleague is told what it is about."""
    caller = opened().keys("1").keys("3").keys("1").reaches(line.switchboard).talks()
    caller.told_colleague("Whisper.nl", "Whisper.known", "Paid.topic", "Whisper.accept")


def test_about_a_payment_that_is_not_there_somebody_may_call_back(opened: "Calling", line: "Line"):
    """The promise is kept in the agenda; a plan is not offered any more after that."""
    caller = opened().keys("1").keys("3").keys("2").hears("CallBack.same").keys("1").keys("1")
    caller.no_longer_offered("Balance.choose.2").hears("CallBack.told", "CallBack.number", "Balance.choose")
    line.after()
    assert len(line.tagor.records.agenda(AN)) == 1


@pytest.mark.parametrize("office", [None, {"\non = true": "\non = false"}], ids=["notes", "no notes"])
def test_a_payment_that_is_not_there_is_an_employees_task(
    plan_line: "Callable[..., PlanLine]", office: dict[str, str] | None
):
    """Once a call, also where the office has no notes written; whoever finds their payment leaves none."""
    plans = plan_line(office=office)
    plans.call().keys("1").keys("3").keys("3").hears("Balance.choose").hangs_up()
    plans.line.after()
    written = plans.tagor.records.info_lines
    assert [record.text for record in written(AN) if TASK in record.text] == []
    caller = plans.call()
    for _ in range(2):
        caller.keys("1").keys("3").keys("2").hears("CallBack.same").silent(2)
    caller.hangs_up()
    plans.line.after()
    [task] = [record.text for record in written(AN) if TASK in record.text]
    assert "zegt betaald te hebben" in task


@pytest.mark.parametrize("name", NAMES.values())
def test_a_payment_on_its_way_is_told_after_the_one_that_came_in(opened: "Calling", line: "Line", name: str):
    """So that nobody pays twice: after the amount, and again to whoever says that they have paid."""
    [file] = [case.file_id for case in CASES if case.name == name]
    line.tagor.controls.announce_payment(file, Decimal("25.00"))
    caller = opened(name).hears("Balance.tell", "Received.paid", "Received.expected", *TOLD[2:])
    assert "25" in caller.told["expected"]
    caller.keys("1").keys("3").hears("Received.paid", "Received.expected", *PAID[1:])


NATURES = {"# natures = [": "natures = ["}


@pytest.mark.parametrize("name", NAMES.values())
def test_a_payment_that_stands_on_a_line_only_is_told_from_there(
    plan_line: "Callable[..., PlanLine]", name: str
):
    """After the amount, and again to whoever says that they have paid; Tagor is asked for the lines once."""
    plans = plan_line(office=NATURES)
    plans.tagor.fault("TagorService/GetDosInfo", "replace_fields", names=["DatumLtstBet"], value="null")
    caller = plans.call(name).hears(*TOLD)
    assert caller.told["paid_on"]
    caller.keys("1").keys("3").hears(*PAID)
    assert plans.line.asked("GetLines") == ["GetLines"]


def test_who_misses_a_payment_leaves_a_note_at_the_last_one(plan_line: "Callable[..., PlanLine]"):
    """Besides the task, where the office says which lines are payments."""
    for office, notes in ((None, 0), (NATURES, 1)):
        plans = plan_line(office=office)
        plans.call().keys("1").keys("3").keys("2").hears("CallBack.same").hangs_up()
        plans.line.after()
        asked = [entry["operation"] for entry in plans.tagor.journal()]
        assert asked.count("Dossierlijn/CreateInfoLine") == notes


def test_lines_are_told_only_where_the_office_names_which_are_payments(plan_line: "Callable[..., PlanLine]"):
    """Without that nobody is asked; lines that cannot be had cost the sentence only."""
    for office, asked in ((None, []), (NATURES, ["GetLines"])):
        plans = plan_line(office=office)
        plans.tagor.fault("TagorService/GetDosInfo", "replace_fields", names=["DatumLtstBet"], value="null")
        plans.tagor.fault("Dossier/GetLines", "status", status=500)
        plans.call().hears("Balance.tell", *TOLD[2:])
        assert plans.line.asked("GetLines") == asked


# More, and other files


@pytest.mark.parametrize("name", NAMES.values())
def test_more_about_a_file_is_one_key_away(opened: "Calling", name: str):
    """A copy and answers are sent, whoever cannot pay is heard; silence leads back."""
    caller = (
        opened(name).keys("3").hears("More.choose").keys("2").hears("SentLetters.none", "Documents.choose")
    )
    caller.keys("4").hears("Post.mail").keys("2").hears("Post.declined", "Balance.choose")
    caller.keys("3").keys("1").keys("3").hears("Post.mail").keys("2")
    caller.hears("Post.declined", "Balance.choose").keys("3").keys("2").silent(2).hears("Balance.choose")
    caller.keys("3").silent(2).hears("Balance.choose").keys("3").keys("3").keys("3")
    caller.hears("Hardship.heard", "Hardship.counsel", "Hardship.choose").keys("1").hears("Colleague.connect")


@pytest.mark.parametrize("name", ["Emma Maes", "Philippe Lambert"])
def test_what_does_not_apply_is_not_offered(plans: "PlanLine", name: str):
    """Where nothing is owed, nobody is asked to pay, to have a plan, or whether paying is too much."""
    caller = (
        plans.call(name).no_longer_offered(*NOTHING_OWED).keys("1").hears("Anytime.wrong", "Balance.choose")
    )
    caller.keys("3").hears("More.choose").keys("3").hears("Situation.address", "Situation.choose")
    caller.keys("3").hears("Anytime.wrong", "Situation.choose")


def test_another_file_is_a_new_beginning(plans: "PlanLine"):
    """What was not offered on one file may be offered on the next one."""
    caller = plans.call("Emma Maes").no_longer_offered(*NOTHING_OWED[:2]).keys("4")
    caller.hears("Elsewhere.choose").keys("1").hears("ByPin.ask_pin").keys("482193")
    caller.hears("ByPin.ask_file").keys(f"{AN}#").offered_again().hears(*TOLD)


def test_who_goes_nowhere_else_stays_at_the_file(opened: "Calling"):
    """Silence and wrong keys lead back to its menu; key 3 leads to the main one."""
    caller = opened().keys("4").silent(2).hears("Balance.choose").keys("4").keys("5").keys("5")
    caller.hears("Balance.choose").keys("4").keys("3").hears("Defendant.main")
