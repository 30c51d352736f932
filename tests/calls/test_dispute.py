"""Callers who do not agree with a claim: a reason, passed on once to an employee, nothing before key 1."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.calls.conftest import Caller, Calling, PlanLine
    from tests.shared_line import Line

    Opening = Callable[..., PlanLine]

AN = "20230118"
MORE, DISPUTE = "3", "4"
REASONS = {"1": "paid", "2": "amount", "3": "debtor", "4": "other"}
PASS_ON, EXPLAIN, NOTHING = "1", "2", "3"
NOTED = ("Dispute.noted", "Balance.choose")
DISPUTED = "Taak van de telefoonlijn"


def asked(opened: "Calling", key: str, name: str = "An Peeters") -> "Caller":
    """Open a file, choose a reason, and hear it back."""
    caller = opened(name).keys(MORE).hears("More.choose").keys(DISPUTE).hears("Dispute.choose")
    return caller.keys(key).hears(f"Dispute.{REASONS[key]}", "Dispute.ask")


def tasks(line: "Line", file: str = AN) -> list[str]:
    """What an employee is asked to look into, in the order of the calls."""
    texts = [record.text for record in line.tagor.records.info_lines(file)]
    return [text for text in texts if text.startswith(DISPUTED)]


@pytest.mark.parametrize(
    ("key", "word"), [("1", "al betaald"), ("2", "bedrag"), ("3", "niet zijn schuld"), ("4", "andere")]
)
def test_a_dispute_becomes_an_employees_task_with_its_reason(
    opened: "Calling", line: "Line", key: str, word: str
):
    """It is heard back before it is passed on, and the note of the call tells the same reason."""
    asked(opened, key).keys(PASS_ON).hears(*NOTED).hangs_up()
    line.after()
    [task] = tasks(line)
    assert word in task
    [note] = [record.text for record in line.tagor.records.info_lines(AN) if record.text != task]
    assert note.startswith("Telefoonlijn:")
    assert "Schuldenaar betwist de vordering: " in note


@pytest.mark.parametrize("name", ["Marie Dubois", "Klaus Schmitz", "Sarah Johnson"])
def test_each_language_has_its_words(opened: "Calling", name: str):
    """From the menu to the promise."""
    asked(opened, "3", name).keys(PASS_ON).hears(*NOTED)


def test_what_is_said_twice_is_passed_on_once(opened: "Calling", line: "Line"):
    """Another reason in the same call is another task."""
    caller = asked(opened, "2").keys(PASS_ON).hears(*NOTED)
    for key in ("2", "1"):
        caller.keys(MORE).keys(DISPUTE).keys(key).keys(PASS_ON).hears(*NOTED)
    caller.hangs_up()
    line.after()
    assert len(tasks(line)) == 2


def test_nothing_is_passed_on_before_key_1(opened: "Calling", line: "Line"):
    """After no, silence, a wrong key, or a hang-up at the question."""
    caller = asked(opened, "1").keys(NOTHING).hears("Dispute.declined", "Balance.choose")
    caller.keys(MORE).keys(DISPUTE).keys("1").silent(2).hears("Dispute.declined", "Balance.choose")
    caller.keys(MORE).keys(DISPUTE).keys("1").keys("7").keys("7").hears("Dispute.declined", "Balance.choose")
    caller.keys(MORE).keys(DISPUTE).silent(2).hears("Balance.choose")
    caller.keys(MORE).keys(DISPUTE).keys("1").hangs_up()
    line.after()
    assert tasks(line) == []


def test_it_may_be_explained_in_a_voice_message(opened: "Calling", line: "Line"):
    """The task is passed on also where the caller hangs up at the tone; the message lies on the file."""
    caller = asked(opened, "4").keys(EXPLAIN)
    caller.hears("Dispute.noted", "Voicemail.purpose", "Voicemail.tape").leaves(12)
    caller.hears("Voicemail.thanks", "Balance.choose").hangs_up()
    line.after()
    assert len(tasks(line)) == 1
    assert [one.file_id for one in line.tagor.records.office_messages(AN)] != []


def test_a_person_hears_what_it_is_about(opened: "Calling", line: "Line"):
    """Who rather talks about it presses 0, and nothing is passed on besides."""
    caller = asked(opened, "1").keys("0").reaches(line.switchboard).talks()
    caller.told_colleague("Whisper.nl", "Whisper.known", "Dispute.topic", "Whisper.accept")
    line.after()
    assert tasks(line) == []


def test_it_needs_no_tagor_while_the_caller_is_there(plans: "PlanLine"):
    """The task waits in the store until Tagor is back."""
    caller = plans.call()
    plans.tagor.stop()
    caller.keys(MORE).keys(DISPUTE).keys("2").hears("Dispute.amount", "Dispute.ask").keys(PASS_ON).hears(
        *NOTED
    )
    plans.tagor.start()
    caller.hangs_up()
    plans.line.after()
    assert len(tasks(plans.line)) == 1


def test_nothing_owed_is_nothing_to_dispute(plans: "PlanLine"):
    """The key is not told, and not understood."""
    off = frozenset({"Balance.choose.1", "Balance.choose.2", "More.choose.4"})
    caller = plans.call("Emma Maes", off=off).keys(MORE).hears("More.choose")
    caller.keys(DISPUTE).hears("Anytime.wrong", "More.choose")


@pytest.mark.parametrize("way", ["house_number", "caller_number"])
def test_a_weak_proof_disputes_nothing(plan_line: "Opening", calling_on: "Calling", way: str):
    """A neighbour knows the house number: nobody disputes a claim in another's name."""
    accepted = '\naccepted_by = "mr. Voorbeeld"\naccepted_on = 2026-02-01'
    plans = plan_line(office={'way = "pin"': f'way = "{way}"{accepted}'})
    caller = calling_on(plans.line, off=frozenset({"More.choose.4"})).keys("1")
    for keyed in ["7700011#", "12#"] if way == "house_number" else []:
        caller.keys(keyed)
    caller.keys(MORE).hears("More.choose").keys(DISPUTE).hears("Anytime.wrong", "More.choose")


def test_an_office_may_switch_it_off(plan_line: "Opening"):
    """Then nobody is offered it."""
    plans = plan_line(office={'# switched_off = ["balance"]': 'switched_off = ["dispute"]'})
    caller = plans.call(off=frozenset({"More.choose.4"})).keys(MORE).hears("More.choose")
    caller.keys(DISPUTE).hears("Anytime.wrong", "More.choose")
