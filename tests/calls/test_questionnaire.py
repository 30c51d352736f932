"""The office's questions about the caller: asked one by one, saved once, taken up where they broke off."""

from typing import TYPE_CHECKING

import pytest

from bridge.simulators.tagor import CASES
from bridge.simulators.tagor.solvency import MODEL, QUESTIONNAIRES

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.simulators.tagor import Case
    from tests.calls.conftest import Caller, Calling, PlanLine

    Opening = Callable[..., PlanLine]

AN, AN_PIN, AN_PARTY = "20230118", "482193", "9000000000000001001"
PEOPLE = ["An Peeters", "Marie Dubois", "Klaus Schmitz", "Sarah Johnson"]
OFF = '# questions = { nl = "9000000000000000861" }'
NAMED = ", ".join(
    f'{language} = "{model}"'
    for language, model in zip(("nl", "fr", "de", "en"), QUESTIONNAIRES, strict=True)
)
ON = {OFF: f"questions = {{ {NAMED} }}"}
SAVE, GET = "SolvencyReport/Save", "SolvencyReport/Get"
WORK, CHILDREN, INCOME, HOME, HOUSEHOLD = (question.id for question in QUESTIONNAIRES[MODEL][:5])
ALL = {WORK: "W2", CHILDREN: "true", INCOME: "1850.50", HOME: "0.00", HOUSEHOLD: "3"}
SAVED, KEPT = ("Questionnaire.saved", "Balance.choose"), ("Questionnaire.kept", "Balance.choose")


def case_of(name: str) -> "Case":
    return next(case for case in CASES if case.name == name)


@pytest.fixture
def asking(plan_line: "Opening") -> "PlanLine":
    """An office that has a questionnaire in each language."""
    return plan_line(office=ON)


def at_questions(plans: "PlanLine", name: str = "An Peeters") -> "Caller":
    """Go on until the caller hears how many questions there are: key 1 begins."""
    caller = plans.call(name).keys("3").keys("3").hears("Situation.address", "Situation.choose_asked")
    return caller.keys("4").hears("Questionnaire.begin")


def answered_all(caller: "Caller") -> "Caller":
    """Answer every question: key 1 saves."""
    caller.keys("1").hears("Question.four").keys("2").hears("Question.yes_no").keys("1")
    caller.hears("Question.ask_amount").keys("1850*50#").hears("Question.read_amount").keys("1")
    caller.hears("Question.ask_amount").keys("00#").hears("Question.read_amount").keys("1")
    caller.hears("Question.ask_number").keys("3#").hears("Question.read_number").keys("1")
    return caller.hears("Questionnaire.save")


def answered_two(caller: "Caller") -> "Caller":
    """Answer the first two of the questions."""
    return caller.keys("1").keys("2").keys("2").hears("Question.ask_amount")


def saved(plans: "PlanLine", party: str = AN_PARTY) -> dict[str, str]:
    """What Tagor holds of a party's answers."""
    rows = plans.tagor.state()["solvency"]
    return {row["question_id"]: row["value"] for row in rows if row["party_id"] == party}


def asked_of(plans: "PlanLine", operation: str) -> int:
    """How often Tagor was asked for this."""
    return sum(entry["operation"].startswith(operation) for entry in plans.tagor.journal())


@pytest.mark.parametrize("name", PEOPLE)
def test_the_answers_are_saved_once_and_in_the_callers_language(asking: "PlanLine", name: str):
    """The questions are those of the caller's language; an amount is read back before it counts."""
    caller, case = at_questions(asking, name), case_of(name)
    assert caller.told["questions"] == "5"
    answered_all(caller)
    assert saved(asking, case.party_id) == {}
    caller.keys("1").hears(*SAVED).hangs_up()
    model = [*QUESTIONNAIRES][PEOPLE.index(name)]
    asked = [question.id for question in QUESTIONNAIRES[model][:5]]
    assert saved(asking, case.party_id) == dict(zip(asked, ALL.values(), strict=True))
    assert asked_of(asking, SAVE) == 1
    asking.line.after()
    assert asked_of(asking, SAVE) == 1
    notes = [record.text for record in asking.tagor.records.info_lines(case.file)]
    assert any("Vragenlijst beantwoord, en de antwoorden bewaard." in text for text in notes)


def test_amounts_and_numbers_are_read_back(asking: "PlanLine"):
    """Whoever mistyped keys it in again."""
    caller = answered_two(at_questions(asking)).keys("100#").hears("Question.read_amount")
    assert caller.told["answer_amount"] == "100 euro"
    caller.keys("2").hears("Question.ask_amount").keys("1850*50#").hears("Question.read_amount")
    assert caller.told["answer_amount"] == "1850 euro en 50 cent"


def test_the_next_call_goes_on_where_this_one_broke_off(asking: "PlanLine"):
    """Whoever hangs up has answered what they answered; only what is missing is asked again."""
    answered_two(at_questions(asking)).hangs_up()
    asking.line.after()
    assert saved(asking) == {WORK: "W2", CHILDREN: "false"}
    caller = at_questions(asking)
    assert caller.told["questions"] == "3"
    caller.keys("1").hears("Question.ask_amount").keys("1850*50#").keys("1").keys("00#").keys("1")
    caller.keys("3#").keys("1").hears("Questionnaire.save").keys("1").hears(*SAVED)
    assert saved(asking) == {**ALL, CHILDREN: "false"}
    caller.keys("3").keys("3").keys("4").hears("Questionnaire.none", "Balance.choose")


@pytest.mark.parametrize("leaves", ["0", "9"])
def test_a_key_that_leaves_the_questions_keeps_the_answers(asking: "PlanLine", leaves: str):
    """A person, or the end of the call: what was answered comes onto the file all the same."""
    caller = answered_two(at_questions(asking)).keys("1#").hears("Question.read_amount").keys(leaves)
    if leaves == "0":
        caller.reaches(asking.line.switchboard).talks()
    asking.line.after()
    assert saved(asking) == {WORK: "W2", CHILDREN: "false"}


@pytest.mark.parametrize("keys", [",", "77"])
def test_who_gives_no_answer_twice_breaks_off(asking: "PlanLine", keys: str):
    """One question without an answer is left for another call; after two the questions end."""
    caller = at_questions(asking).keys("1").keys("2").hears("Question.yes_no")

    def nothing() -> None:
        for key in keys if keys != "," else ",,":
            caller.silent() if key == "," else caller.keys(key)

    nothing()
    caller.hears("Question.ask_amount")
    nothing() if keys == "," else caller.keys("1*#").keys("1*#")
    caller.hears(*KEPT).hangs_up()
    asking.line.after()
    assert saved(asking) == {WORK: "W2"}


def test_a_question_may_be_skipped(asking: "PlanLine"):
    """By its key, or with nothing but hash; who skips everything has nothing to save."""
    caller = at_questions(asking).keys("1").hears("Question.four").silent(2).hears("Question.yes_no")
    caller.keys("3").hears("Question.ask_amount").keys("#").hears("Question.ask_amount").keys("#")
    caller.hears("Question.ask_number").keys("#").hears(*KEPT).hangs_up()
    asking.line.after()
    assert saved(asking) == {}
    assert at_questions(asking).told["questions"] == "5"


def test_who_wants_nothing_saved_leaves_nothing(asking: "PlanLine"):
    """Key 2 forgets the answers, in this call and after it."""
    caller = answered_all(at_questions(asking)).keys("2").hears("Questionnaire.declined", "Balance.choose")
    caller.hangs_up()
    asking.line.after()
    asking.line.after(hours=3)
    assert saved(asking) == {}
    assert asked_of(asking, SAVE) == 0


def test_who_confirms_nothing_has_the_answers_kept(asking: "PlanLine"):
    """Silence is no no: the answers come onto the file after the call, or are offered again in it."""
    caller = answered_all(at_questions(asking)).silent(2).hears(*KEPT)
    caller.keys("3").keys("3").keys("4").hears("Questionnaire.save").hangs_up()
    asking.line.after()
    assert saved(asking) == ALL


@pytest.mark.parametrize("effect", ["done", "none"])
@pytest.mark.parametrize("fault", ["reset_after", "truncated", "html"])
def test_unclear_answers_are_looked_up(asking: "PlanLine", fault: str, effect: str):
    """What Tagor shows is told as saved; what it never shows is an employee's task, and saved after that."""
    there = effect == "done"
    caller = answered_all(at_questions(asking))
    asking.tagor.fault(SAVE, fault, effect=effect, times=1)
    caller.keys("1").hears(*SAVED if there else ("Questionnaire.noted", "Balance.choose")).hangs_up()
    asking.line.after()
    assert asked_of(asking, SAVE) == 1
    asking.minutes_go_by(20)
    asking.line.after(minutes=5)
    assert (saved(asking), asked_of(asking, SAVE)) == (ALL, 2 - there)
    texts = [line.text for line in asking.tagor.records.info_lines(AN)]
    assert sum("antwoorden op de vragenlijst" in text for text in texts) == 1 - there


def test_what_the_office_has_answered_itself_is_not_saved(asking: "PlanLine"):
    """An employee noted all of it meanwhile: nothing is sent, in the call or after it."""
    caller, tagor = answered_all(at_questions(asking)), asking.tagor.tagor
    with tagor.database.transaction():
        for question in ALL:
            tagor.solvency.save(case_of("An Peeters").file_id, AN_PARTY, question, "1")
    caller.keys("1").hears(*KEPT).hangs_up()
    asking.line.after()
    assert asked_of(asking, SAVE) == 0


def test_a_tagor_that_is_away_costs_the_questions_and_loses_no_answer(asking: "PlanLine"):
    """Before them a word of regret; after them the answers wait for it."""
    asking.tagor.fault(GET, "status", status=500)
    caller = asking.call().keys("3").keys("3").keys("4").hears("Questionnaire.sorry", "Balance.choose")
    asking.tagor.clear_faults()
    answered_all(caller.keys("3").keys("3").keys("4"))
    asking.tagor.stop()
    caller.keys("1").hears(*KEPT).hangs_up()
    asking.tagor.start()
    asking.line.after(minutes=5)
    assert saved(asking) == ALL


def test_an_answer_of_somebody_else_is_not_overwritten(asking: "PlanLine"):
    """An employee noted the income while the caller was asked: theirs stands."""
    caller, tagor = answered_all(at_questions(asking)), asking.tagor.tagor
    with tagor.database.transaction():
        tagor.solvency.save(case_of("An Peeters").file_id, AN_PARTY, INCOME, "1900.00")
    caller.keys("1").hears(*SAVED)
    assert saved(asking) == {**ALL, INCOME: "1900.00"}


def test_the_journal_of_steps_tells_no_answer(asking: "PlanLine"):
    """It tells that a question was answered, and not by which key."""
    caller = answered_all(at_questions(asking))
    told = {step for step in asking.line.steps(caller.phone.call_id) if step.startswith("Question.")}
    assert {"Question.four chosen", "Question.yes_no chosen", "Question.ask_amount heard"} < told
    assert not {step for step in told if step.split()[-1] in "1234" and "read" not in step}


def test_two_questionnaires_at_once_are_saved_once(asking: "PlanLine"):
    """The same webhook delivered again saves nothing more."""
    caller = answered_all(at_questions(asking))
    assert len({*asking.at_once(caller, "1", times=3)}) == 1
    assert saved(asking) == ALL
    assert asked_of(asking, SAVE) == 1


# Who is asked


def test_an_office_switches_it_on(plans: "PlanLine"):
    """Without a questionnaire nothing of it is offered, and key 4 leads back."""
    caller = plans.call().keys("3").keys("3").hears("Situation.address", "Situation.choose")
    caller.keys("4").hears("Balance.choose")
    assert asked_of(plans, "SolvencyReport/") == 0


def test_nobody_is_asked_in_another_language(plan_line: "Opening"):
    """An office with questions in Dutch only asks those who speak Dutch."""
    plans = plan_line(office={OFF: OFF.removeprefix("# ")})
    plans.call("Marie Dubois").keys("3").keys("3").hears("Situation.address", "Situation.choose").hangs_up()
    plans.call().keys("3").keys("3").hears("Situation.address", "Situation.choose_asked")


def test_who_owes_nothing_is_asked_nothing(asking: "PlanLine"):
    """The office needs no answers about a debt that is paid."""
    caller = asking.call("Emma Maes", off=frozenset({"Balance.choose.1", "Balance.choose.2"}))
    caller.no_longer_offered("Situation.choose.3").keys("3").keys("3")
    caller.hears("Situation.address", "Situation.choose")


@pytest.mark.parametrize("way", ["house_number", "caller_number"])
def test_a_proof_that_names_no_party_is_asked_nothing(plan_line: "Opening", calling_on: "Calling", way: str):
    """Neighbours know a house number, and any number can be shown."""
    accepted = '\naccepted_by = "mr. Voorbeeld"\naccepted_on = 2026-02-01'
    plans = plan_line(office={'way = "pin"': f'way = "{way}"{accepted}', **ON})
    caller = calling_on(plans.line, off=frozenset({"Situation.choose.1", "Situation.choose.2"})).keys("1")
    for keyed in ["7700011#", "12#"] if way == "house_number" else []:
        caller.keys(keyed)
    caller.keys("3").keys("3").hears("Situation.choose")
    assert asked_of(plans, "SolvencyReport/") == 0


def test_a_questionnaire_without_questions_is_none(asking: "PlanLine"):
    """The option costs a sentence, and the call goes on."""
    asking.tagor.fault(GET, "replace_fields", names=["type"], value='"character"')
    asking.call().keys("3").keys("3").keys("4").hears("Questionnaire.none", "Balance.choose")
