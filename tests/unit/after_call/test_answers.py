"""Answers of a questionnaire that broke off are saved: once, whatever Tagor answers and whenever we die."""

import pytest
from after_call_bench import CALL, FILE_ID, PARTY, Bench

from bridge.conversation.at_most_once.commands import WriteCommand
from bridge.simulators.tagor.solvency import MODEL, QUESTIONNAIRES
from bridge.store.decision import DecisionState, NewDecision

WORK, CHILDREN = (question.id for question in QUESTIONNAIRES[MODEL][:2])
GIVEN = {WORK: "W2", CHILDREN: "false"}
WHOSE = {"file": FILE_ID, "party": PARTY, "questionnaire": MODEL}


def leave(bench: Bench, answers: dict[str, str] = GIVEN) -> None:
    bench.leave("answers", **WHOSE, answers=answers)


def saved(bench: Bench) -> dict[str, str]:
    return {row["question_id"]: row["value"] for row in bench.tagor.state()["solvency"]}


def note(bench: Bench, question: str, answer: str) -> None:
    """An employee, or another call, notes an answer."""
    tagor = bench.tagor.tagor
    with tagor.database.transaction():
        tagor.solvency.save(FILE_ID, PARTY, question, answer)


def test_what_was_answered_is_saved(bench: Bench):
    """All of it with one request, after a look at what is missing."""
    leave(bench)
    bench.round()
    assert (saved(bench), bench.asked("Save"), bench.counts()) == (GIVEN, 1, (0, 1, 0))


def test_answers_are_saved_in_the_end_whatever_tagor_answers(bench: Bench, loss: dict[str, object]):
    """An answer of Tagor's that got lost is looked for."""
    bench.tagor.fault("SolvencyReport/Save", times=1, **loss)
    leave(bench)
    bench.run_forever()
    assert (saved(bench), bench.counts()) == (GIVEN, (0, 1, 0))


def test_answers_are_saved_once_wherever_the_process_dies(bench: Bench, kill: str):
    """The next process goes on with it."""
    leave(bench)
    bench.die(kill)
    bench.run_forever()
    assert (saved(bench), bench.asked("Save"), bench.counts()) == (GIVEN, 1, (0, 1, 0))


def test_what_has_an_answer_by_now_is_left_alone(bench: Bench):
    """Whoever gave it; where nothing is missing any more nothing is sent."""
    note(bench, WORK, "W1")
    leave(bench)
    bench.round()
    assert saved(bench) == {**GIVEN, WORK: "W1"}
    leave(bench, {WORK: "W3"})
    bench.round()
    assert (saved(bench), bench.asked("Save")) == ({**GIVEN, WORK: "W1"}, 1)


def test_answers_that_the_caller_saved_or_dropped_are_none(bench: Bench):
    """Tagor is not even asked."""
    leave(bench, {})
    bench.round()
    assert (bench.asked("Get"), bench.counts()) == (0, (0, 1, 0))


def test_answers_wait_for_a_decision_that_may_be_saving_them(bench: Bench):
    """Once it is settled, what is missing is saved."""
    decisions = bench.line.app.extensions["bridge"].repositories.decisions
    subject = WriteCommand("answers", FILE_ID, PARTY, code=MODEL).subject
    opened = decisions.open(NewDecision(f"{CALL} 7", "demo", subject, "answers", b"{}"), bench.now)
    leave(bench)
    bench.round()
    assert (bench.asked("Save"), bench.counts()) == (0, (1, 0, 0))
    assert decisions.mark_sent(opened.id, bench.now)
    assert decisions.settle(opened.id, DecisionState.REFUSED, bench.now)
    bench.run_forever()
    assert (saved(bench), bench.counts()) == (GIVEN, (0, 1, 0))


@pytest.mark.parametrize("operation", ["SolvencyReport/Get", "SolvencyReport/Save"])
def test_a_tagor_that_refuses_is_asked_again(bench: Bench, operation: str):
    """As without the permission: nothing is lost until somebody grants it."""
    bench.tagor.fault(operation, "success_false", times=2)
    leave(bench)
    bench.run_forever()
    assert (saved(bench), bench.counts()) == (GIVEN, (0, 1, 0))
