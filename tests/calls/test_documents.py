"""Documents by post: chosen from those that the office lets callers order, ordered once for each key 1."""

from typing import TYPE_CHECKING

import pytest

from bridge.simulators.tagor import CASES

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.simulators.tagor import Case
    from tests.calls.conftest import Caller, PlanLine

AN = "20230118"
NAMES = {
    "An Peeters": "Betaalattest",
    "Marie Dubois": "Attestation de paiement",
    "Klaus Schmitz": "Zahlungsbescheinigung",
    "Sarah Johnson": "Payment certificate",
}
GENERATE = "Document/Generate"


def case_of(name: str) -> "Case":
    return next(case for case in CASES if case.name == name)


def at_order(plans: "PlanLine", name: str = "An Peeters") -> "Caller":
    """Go on until the payment certificate is read back: key 1 orders it."""
    caller = plans.call(name).keys("3").keys("2").hears("SentLetters.none", "Documents.choose")
    return caller.keys("2").hears("Documents.ask")


def ordered(plans: "PlanLine", name: str = "An Peeters") -> list[str]:
    return [document.name for document in plans.tagor.records.attachments(case_of(name).file)]


@pytest.mark.parametrize("name", NAMES)
def test_a_document_is_ordered_by_post(plans: "PlanLine", name: str):
    """In the words of the caller's language; it is made once, and the note on the file tells it."""
    caller = at_order(plans, name)
    assert caller.told["document"] == NAMES[name]
    caller.keys("1").hears("Documents.ordered", "Balance.choose").hangs_up()
    assert ordered(plans, name) == ["Betaalattest"]
    plans.line.after()
    [note] = plans.tagor.records.info_lines(case_of(name).file)
    assert f"Document besteld per post: {NAMES[name]}." in note.text


@pytest.mark.parametrize("answer", ["2", ",", "5"])
def test_nothing_is_ordered_before_key_1(plans: "PlanLine", answer: str):
    """After no, silence or wrong keys the caller hears that nothing was ordered."""
    caller = at_order(plans)
    caller = caller.silent(2) if answer == "," else caller.keys(answer)
    if answer == "5":
        caller.keys("5")
    caller.hears("Documents.declined", "Balance.choose")
    assert ordered(plans) == []


def test_two_orders_are_two_documents(plans: "PlanLine"):
    """Each key 1 is an order of its own; the same webhook delivered again is none."""
    caller = at_order(plans)
    replies = plans.at_once(caller, "1", times=3)
    assert len(set(replies)) == 1
    assert ordered(plans) == ["Betaalattest"]


@pytest.mark.parametrize("fault", ["reset_after", "truncated", "empty"])
def test_a_lost_answer_is_looked_for(plans: "PlanLine", fault: str):
    """The document that is on the file now is the one that was ordered, so nothing is ordered twice."""
    plans.tagor.fault(GENERATE, fault, effect="done")
    at_order(plans).keys("1").hears("Documents.ordered", "Balance.choose")
    assert (ordered(plans), plans.states()) == (["Betaalattest"], ["done"])


def test_what_is_never_found_goes_to_an_employee(plans: "PlanLine"):
    """The caller hears that a colleague will look; the task is on the file a quarter of an hour later."""
    plans.tagor.fault(GENERATE, "reset_after", effect="none")
    at_order(plans).keys("1").hears("Documents.noted", "Balance.choose").hangs_up()
    plans.minutes_go_by(16)
    assert (ordered(plans), plans.states()) == ([], ["escalated"])
    assert any("een document per post" in line.text for line in plans.tagor.records.info_lines(AN))


def test_a_tagor_that_was_never_reached_took_no_order(plans: "PlanLine"):
    """Tagor went away before key 1: the caller hears so, nothing stays open, and the call goes on."""
    caller = at_order(plans)
    plans.tagor.stop()
    caller.keys("1").hears("Documents.sorry", "Balance.choose")
    assert plans.states() == []


def test_without_documents_to_order_there_is_the_copy(
    plan_line: "Callable[..., PlanLine]",
):
    """An office that does not switch it on, and one whose list is away, offer the copy by mail only."""
    plans = plan_line(office={"orders = true ": "orders = false ", 'statement = "AFREK" ': ""})
    for name in NAMES:
        caller = plans.call(name).keys("3").keys("2").hears("SentLetters.none", "Documents.only").keys("1")
        caller.hears("Post.mail").keys("2").hears("Post.declined", "Balance.choose").keys("3").keys("2")
        caller.keys("2").hears("Balance.choose").hangs_up()
    assert plans.line.asked("GetRequestableDocuments") == []
    plans = plan_line()
    plans.tagor.fault("Config/GetRequestableDocuments", "status", status=500)
    plans.call().keys("3").keys("2").hears("SentLetters.none", "Documents.only").keys("1").hears("Post.mail")


@pytest.mark.parametrize("fault", ["refused", "status"])
def test_whoever_can_have_no_document_hears_so(plan_line: "Callable[..., PlanLine]", fault: str):
    """Nothing is ordered here, and Tagor allows no copy of this file, or does not say."""
    plans = plan_line(office={"orders = true ": "orders = false ", 'statement = "AFREK" ': ""})
    if fault == "status":
        plans.tagor.fault("TagorService/SelfServiceAllowed", "status", status=500)
    name = "Hans Becker" if fault == "refused" else "An Peeters"
    plans.call(name).keys("3").keys("2").hears("SentLetters.none", "Documents.none", "Balance.choose")


def test_a_name_that_tagor_cannot_translate_is_told_as_the_office_has_it(plans: "PlanLine"):
    """Words that are missing cost the translation only."""
    plans.tagor.fault("Code/GetDescription", "status", status=500)
    caller = at_order(plans, "Sarah Johnson")
    assert caller.told["document"] == "Betaalattest"


# The letters that were sent


def test_the_last_letters_are_told_newest_first(plans: "PlanLine"):
    """At most three, by name and day, before the documents; while there is none, that is said."""
    caller = plans.call().keys("3").keys("2").hears("SentLetters.none", "Documents.choose")
    for count in range(1, 5):
        caller.keys(str(min(count, 3))).keys("1")
        caller.hears("Documents.ordered", "Balance.choose").keys("3").keys("2")
        told = [f"SentLetters.letter_{number}" for number in range(min(count, 3), 0, -1)]
        caller.hears(*told, "Documents.choose")
    caller.silent(2).hears("Balance.choose")


@pytest.mark.parametrize("name", NAMES)
def test_each_language_has_its_words_for_a_letter(plans: "PlanLine", name: str):
    """Its name is the office's own."""
    caller = at_order(plans, name).keys("1").hears("Documents.ordered", "Balance.choose")
    caller.keys("3").keys("2").hears("SentLetters.letter_1", "Documents.choose")
    assert caller.told["letter_1"] == "Betaalattest"


def test_letters_that_cannot_be_looked_up_cost_their_sentence(plans: "PlanLine"):
    """The call goes on with the documents."""
    plans.tagor.fault("Document/Get", "status", status=500)
    plans.call().keys("3").keys("2").hears("SentLetters.unknown", "Documents.choose")


@pytest.mark.parametrize("name", NAMES)
def test_correspondence_is_told_among_the_letters(plan_line: "Callable[..., PlanLine]", name: str):
    """Where the office switches it on; where it cannot be had nobody is told of half of what was sent."""
    plans = plan_line(office={"# correspondence = true": "correspondence = true"})
    case = case_of(name)
    plans.tagor.controls.leave_message(case.file_id, "9000000000000001999", "Vraag", "Morgen.")
    caller = plans.call(name).keys("3").keys("2").hears("SentLetters.letter_1", "Documents.choose")
    assert caller.told["letter_1"].endswith("Morgen.")
    plans.tagor.fault("Dossier/GetCorrespondence", "status", status=500)
    caller.silent(2).keys("3").keys("2").hears("SentLetters.unknown", "Documents.choose")


@pytest.mark.parametrize(
    "office",
    [{"sent = true ": "sent = false "}, {'# switched_off = ["balance"]': 'switched_off = ["sentletters"]'}],
)
def test_an_office_may_keep_its_letters_to_itself(
    plan_line: "Callable[..., PlanLine]", office: dict[str, str]
):
    """The documents follow at once then."""
    plans = plan_line(office=office)
    plans.call().keys("3").keys("2").hears("Documents.choose")
    assert plans.line.asked("Document/Get") == []


def test_an_office_may_tell_its_letters_only(plan_line: "Callable[..., PlanLine]"):
    """Without documents the caller is back at the file."""
    plans = plan_line(office={'# switched_off = ["balance"]': 'switched_off = ["documents"]'})
    caller = plans.call(off=frozenset({"DebtStatement.choose.2"})).keys("3").keys("2")
    caller.hears("SentLetters.none", "Balance.choose")


def test_an_office_without_letters_and_documents_has_no_key_for_them(
    plan_line: "Callable[..., PlanLine]",
):
    """Nobody presses a key after which nothing comes."""
    switched_off = 'switched_off = ["documents", "sentletters"]'
    plans = plan_line(office={'# switched_off = ["balance"]': switched_off})
    caller = plans.call(off=frozenset({"More.choose.2"})).keys("3").keys("2")
    caller.hears("Anytime.wrong", "More.choose")
