"""Which questions of the office can be asked by phone, whom, and how often an answer is saved."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bridge.conversation.services.questionnaire import (
    LONGEST_CHOICE,
    LONGEST_QUESTION,
    MAX_CHOICES,
    MAX_QUESTIONS,
    by_phone,
)
from bridge.flow.action_context import IdentifiedFile
from bridge.simulators.tagor.solvency import MODEL, QUESTIONNAIRES
from bridge.tagor import AnswerKind, SolvencyQuestion
from bridge.tagor.operations.solvency import Questionnaires
from voice_flows.answers import GivenAnswers, PhoneQuestion, WriteResult

if TYPE_CHECKING:
    from bridge.simulators.tagor import StandIn
    from tests.unit.conversation.services.conftest import Acts

AN = IdentifiedFile("9000000000000000001", "20230118", "9000000000000001001", "pin")
STRANGERS = [replace(AN, party=None), replace(AN, proof="house_number"), replace(AN, proof="caller_number")]
TWO = (("A", "One"), ("B", "Two"))
CHOICE = SolvencyQuestion("1", "Which?", AnswerKind.CHOICE, TWO, "")
RENT = SolvencyQuestion("2", "Rent", AnswerKind.AMOUNT, (), "")
INCOME = QUESTIONNAIRES[MODEL][2].id


@pytest.fixture
def office() -> dict[str, str]:
    """An office that asks in Dutch."""
    return {"# questions = {": "questions = {"}


def shows(monkeypatch: pytest.MonkeyPatch, *questions: SolvencyQuestion) -> None:
    """Let Tagor have these questions."""
    monkeypatch.setattr(Questionnaires, "questions", lambda *_, **__: questions)


def test_a_question_is_asked_in_the_offices_words():
    """With a pause behind it, also where the question mark was left out."""
    assert by_phone(CHOICE) == PhoneQuestion("1", "Which?", "choice", TWO)
    assert by_phone(RENT) == PhoneQuestion("2", "Rent.", "amount")
    assert by_phone(replace(RENT, kind=AnswerKind.YES_NO)) == PhoneQuestion("2", "Rent.", "yes_no")
    assert by_phone(replace(RENT, kind=AnswerKind.NUMBER)) == PhoneQuestion("2", "Rent.", "number")


@pytest.mark.parametrize(
    "odd",
    [
        replace(RENT, kind=AnswerKind.TEXT),
        replace(RENT, text=""),
        replace(RENT, text="x" * (LONGEST_QUESTION + 1)),
        replace(CHOICE, choices=()),
        replace(CHOICE, choices=TWO[:1]),
        replace(CHOICE, choices=tuple((str(one), f"Choice {one}") for one in range(MAX_CHOICES + 1))),
        replace(CHOICE, choices=(*TWO, ("C", ""))),
        replace(CHOICE, choices=(*TWO, ("C", "x" * (LONGEST_CHOICE + 1)))),
        replace(CHOICE, choices=(*TWO, ("C", "Two"))),
        replace(CHOICE, choices=(*TWO, ("B", "Three"))),
        replace(CHOICE, choices=(*TWO, ("x" * 201, "Three"))),
    ],
)
def test_what_keys_cannot_answer_is_not_asked(odd: SolvencyQuestion):
    """A text, a question without words, and choices that nobody could tell apart or keep in mind."""
    assert by_phone(odd) is None


def test_a_question_and_answers_survive_the_call():
    """A note is text, and comes back as what it was."""
    question = PhoneQuestion("1", "Which?", "choice", TWO)
    assert PhoneQuestion.from_text(question.to_text()) == question
    given = GivenAnswers("17", "18", "861", {"1": "A", "2": "0.00"})
    assert GivenAnswers.from_note(given.to_note()) == given
    assert GivenAnswers.from_note(None) is None


@pytest.mark.parametrize(
    ("kind", "known", "given", "same"),
    [
        (AnswerKind.AMOUNT, "1250", "1250.00", True),
        (AnswerKind.AMOUNT, "1250,5", "1250.50", True),
        (AnswerKind.AMOUNT, "1251", "1250.00", False),
        (AnswerKind.AMOUNT, "", "1250.00", False),
        (AnswerKind.NUMBER, "3.0", "3", True),
        (AnswerKind.YES_NO, "True", "true", True),
        (AnswerKind.CHOICE, "w1", "W1", True),
        (AnswerKind.CHOICE, "W2", "W1", False),
    ],
)
def test_an_answer_is_known_however_tagor_writes_it(kind: AnswerKind, known: str, given: str, *, same: bool):
    """With or without decimals, in large or small letters."""
    assert replace(RENT, kind=kind, answer=known).shows(given) is same


@pytest.mark.parametrize("count", [0, 500])
def test_odd_questionnaires_cost_the_option(acts: "Acts", monkeypatch: pytest.MonkeyPatch, count: int):
    """One without questions, and one of five hundred."""
    shows(monkeypatch, *(replace(RENT, id=str(one)) for one in range(count)))
    assert acts().questionnaires.unanswered(AN, MODEL) == ()


def test_as_many_questions_as_a_caller_has_patience_for_are_asked(
    acts: "Acts", monkeypatch: pytest.MonkeyPatch
):
    """In the office's order, each once; those that are answered, and those that nobody could ask, are not."""
    most = [replace(RENT, id=str(one)) for one in range(MAX_QUESTIONS)]
    texts = [replace(RENT, id=f"9{one}", kind=AnswerKind.TEXT) for one in range(9)]
    shows(monkeypatch, replace(most[0], answer="?"), *texts, *most[1:], most[1])
    asked = acts().questionnaires.unanswered(AN, MODEL)
    assert [one.id for one in asked] == [str(one) for one in range(1, MAX_QUESTIONS)]


@pytest.mark.parametrize("file", STRANGERS)
def test_whoever_proved_no_party_is_asked_nothing(acts: "Acts", tagor: "StandIn", file: IdentifiedFile):
    """Tagor is not even asked."""
    questionnaires = acts().questionnaires
    assert not questionnaires.may_answer(file, "nl")
    assert questionnaires.unanswered(file, MODEL) == ()
    assert questionnaires.save(file, MODEL, {INCOME: "1.00"}) == WriteResult("refused")
    assert not [entry for entry in tagor.journal() if entry["operation"].startswith("SolvencyReport/")]


def test_only_the_offices_own_questionnaires_are_asked(acts: "Acts"):
    """In the languages that have one."""
    questionnaires = acts().questionnaires
    assert [questionnaires.named(language) for language in ("nl", "fr", "xx")] == [MODEL, "", ""]
    assert questionnaires.may_answer(AN, "nl")
    assert not questionnaires.may_answer(AN, "fr")
    assert questionnaires.unanswered(AN, "") == ()
    assert questionnaires.unanswered(AN, "862") == ()


def test_answers_are_saved_once(acts: "Acts", tagor: "StandIn"):
    """Whatever is asked again, by the same confirmation or by another one."""
    assert acts().questionnaires.save(AN, MODEL, {INCOME: "1.00"}).state == "done"
    assert acts().questionnaires.save(AN, MODEL, {INCOME: "1.00"}).state == "done"
    assert acts(moves=2).questionnaires.save(AN, MODEL, {INCOME: "2.00"}) == WriteResult("refused")
    assert [row["value"] for row in tagor.state()["solvency"]] == ["1.00"]
