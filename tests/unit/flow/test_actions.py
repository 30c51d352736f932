"""Actions: a plain function whose types say what it needs, how it ends, and what it may prove or tell."""

from collections import ChainMap
from dataclasses import replace
from decimal import Decimal
from typing import Literal

import pytest

from bridge.flow import ActionContext, IdentifiedFile, echoes, proves, tells
from bridge.flow.actions import action_of
from bridge.flow.facts import SAMPLES, Fact


def context() -> ActionContext:
    return ActionContext(caller="", notes=ChainMap(), kinds={"owed": "money"})


@tells("owed", owed="money")
@tells(number="digits")
def ask_balance(run: ActionContext, file: IdentifiedFile, number: str) -> Literal["owed", "settled"]:
    run.tell(owed=int(number) + int(file.number))
    return "owed"


@proves("right")
def try_pin(run: ActionContext, pin: str) -> Literal["right", "wrong"]:
    if pin == "482193":
        run.identify(file="1706", number="17", party=None, proof="pin")
        return "right"
    return "wrong"


def test_an_action_is_read_from_its_signature():
    """Its types say everything; nothing is declared twice."""
    action = action_of(ask_balance)
    assert (action.name, action.outcomes) == ("ask_balance", ("owed", "settled"))
    assert (action.needs, action.file, action.private) == (("number",), "file", True)
    assert action.told == {"owed": {"owed": "money", "number": "digits"}, "settled": {"number": "digits"}}
    assert action.proof == frozenset()


def test_an_action_without_a_file_is_not_private():
    """What takes no proven file cannot know one."""
    action = action_of(try_pin)
    assert (action.file, action.private, action.proof) == (None, False, {"right"})


def test_an_action_without_a_literal_is_refused():
    """Its exits could not be known."""

    def look(_context: ActionContext) -> str:
        return "open"

    with pytest.raises(TypeError) as refused:
        action_of(look)
    assert str(refused.value) == "action look must return a Literal of its outcomes, without 'down'"


def test_an_action_without_any_return_type_is_refused():
    """As one without a Literal."""

    def look(_context):  # noqa: ANN001, ANN202 - the point
        return "open"

    with pytest.raises(
        TypeError, match=r"^action look must return a Literal of its outcomes, without 'down'$"
    ):
        action_of(look)


def test_an_action_may_not_say_that_it_is_down():
    """`down` is the engine's word for an action that gave no answer."""

    def look(_context: ActionContext) -> Literal["open", "down"]:
        return "down"

    with pytest.raises(
        TypeError, match=r"^action look must return a Literal of its outcomes, without 'down'$"
    ):
        action_of(look)


@pytest.mark.parametrize("declared", [tells("opne", hours="text"), proves("opne")], ids=["tells", "proves"])
def test_a_declared_outcome_that_the_action_does_not_have_is_refused(declared: object):
    """A slip in a declaration would silently declare nothing."""

    def look(_context: ActionContext) -> Literal["open", "closed"]:
        return "open"

    with pytest.raises(TypeError) as refused:
        action_of(declared(look))  # type: ignore[operator]
    assert str(refused.value) == "action look declares 'opne', which is none of its outcomes"


def test_a_fact_of_a_kind_that_no_voice_knows_is_refused():
    """The kinds that there are stand in the sentence."""
    with pytest.raises(TypeError) as refused:
        tells(owed="euros")
    known = ", ".join(SAMPLES)
    assert str(refused.value) == f"fact 'owed' has the unknown kind 'euros': use one of {known}"


def test_an_action_is_handed_the_file_and_the_facts_it_names(file: IdentifiedFile):
    """What it tells of a file is private."""
    action = action_of(ask_balance)
    outcome = action.perform(context(), IdentifiedFile("1706", "17", None, "pin"), {"number": "25", "x": "1"})
    assert outcome.exit == "owed"
    assert outcome.told == {"owed": Fact("money", "42", private=True)}
    assert outcome.file is None
    assert file.strong


def test_an_action_about_a_file_never_runs_for_a_stranger():
    """The type is a guard of its own, whatever the tables say; nothing of the caller stands in the error."""
    with pytest.raises(PermissionError) as refused:
        action_of(ask_balance).perform(context(), None, {"number": "25"})
    assert str(refused.value) == "ask_balance needs an identified file and the caller is a stranger"


def test_an_action_never_runs_without_a_fact_it_reads():
    """A secret that has expired is not there any more."""
    with pytest.raises(KeyError, match=r"^'pin'$"):
        action_of(try_pin).perform(context(), None, {})


@pytest.mark.parametrize(("pin", "way", "proven"), [("482193", "right", "1706"), ("111111", "wrong", None)])
def test_only_a_proving_outcome_carries_a_proof(pin: str, way: str, proven: str | None):
    """Right brings the file, wrong brings none."""
    outcome = action_of(try_pin).perform(context(), None, {"pin": pin})
    assert outcome.exit == way
    assert (outcome.file.id if outcome.file else None) == proven


def test_a_proof_on_an_outcome_that_proves_nothing_is_refused():
    """The leak proof cuts the declared outcomes, so no other may identify anybody."""

    def sneak(run: ActionContext) -> Literal["seen"]:
        run.identify(file="1706", number="17", party=None, proof="pin")
        return "seen"

    with pytest.raises(PermissionError, match=r"^sneak ended with 'seen' and its proof does not fit that$"):
        action_of(sneak).perform(context(), None, {})


def test_a_proving_outcome_without_a_proof_is_refused():
    """A caller is not identified by a word."""

    @proves("right")
    def forget(_context: ActionContext) -> Literal["right"]:
        return "right"

    with pytest.raises(PermissionError, match=r"^forget ended with 'right' and its proof does not fit that$"):
        action_of(forget).perform(context(), None, {})


@pytest.mark.parametrize(
    ("proof", "strong"),
    [("pin", True), ("reference_pin", True), ("house_number", False), ("caller_number", False)],
)
def test_only_a_pin_is_a_strong_proof(proof: str, strong: bool):  # noqa: FBT001 - what is expected
    """A house number or a caller's number opens a balance, never a decision."""
    assert IdentifiedFile("1706", "17", None, proof).strong is strong  # type: ignore[arg-type]
    assert IdentifiedFile("1706", "17", "9", proof).names_party is strong  # type: ignore[arg-type]
    assert not IdentifiedFile("1706", "17", None, proof).names_party  # type: ignore[arg-type]


@tells("done", "as_confirmed", made="money", made_months="months")
@echoes(made="terms", made_months="months")
def request(
    run: ActionContext,
    file: IdentifiedFile,
    terms: str,  # noqa: ARG001 - what was confirmed
    months: str,  # noqa: ARG001 - as above
) -> Literal["done", "as_confirmed"]:
    run.tell(made=Decimal(file.number), made_months=6)
    return "as_confirmed"


@pytest.mark.parametrize("terms", ["17", "17.00"])
def test_terms_may_come_back_as_they_were_confirmed(file: IdentifiedFile, terms: str):
    """An amount is the same with and without its cents."""
    run = ActionContext(caller="", notes=ChainMap(), kinds={"made": "money", "made_months": "months"})
    seventeen = replace(file, number="17")
    action = action_of(request)
    assert action.echoed == {"made": "terms", "made_months": "months"}
    assert action.perform(run, seventeen, {"terms": terms, "months": "6"}).exit == "as_confirmed"


@pytest.mark.parametrize(("terms", "months"), [("17.01", "6"), ("17", "7")])
def test_other_terms_are_never_called_confirmed(file: IdentifiedFile, terms: str, months: str):
    """Whatever the action says: a further decision would follow without another yes."""
    run = ActionContext(caller="", notes=ChainMap(), kinds={"made": "money", "made_months": "months"})
    with pytest.raises(PermissionError) as refused:
        action_of(request).perform(run, replace(file, number="17"), {"terms": terms, "months": months})
    assert str(refused.value) == "request ended with 'as_confirmed' and other terms"


def test_what_is_echoed_must_be_told_and_heard():
    """Else nobody could compare it; the outcome needs the declaration, and the declaration the outcome."""

    def bare(_run: ActionContext, _file: IdentifiedFile) -> Literal["as_confirmed"]:
        return "as_confirmed"

    @echoes(made="terms")
    def without(_run: ActionContext, _file: IdentifiedFile, _terms: str) -> Literal["done"]:
        return "done"

    @tells(made="money")
    @echoes(made="terms")
    def unheard(_run: ActionContext, _file: IdentifiedFile) -> Literal["as_confirmed"]:
        return "as_confirmed"

    @echoes(made="terms")
    def untold(_run: ActionContext, _file: IdentifiedFile, terms: str) -> Literal["as_confirmed"]:  # noqa: ARG001
        return "as_confirmed"

    refused = []
    for function in (bare, without, unheard, untold):
        with pytest.raises(TypeError) as error:
            action_of(function)
        refused.append(str(error.value))
    assert refused == [
        "action bare needs both @echoes and 'as_confirmed', or neither",
        "action without needs both @echoes and 'as_confirmed', or neither",
        "action unheard echoes 'terms', which it neither tells nor needs",
        "action untold echoes 'made', which it neither tells nor needs",
    ]


def test_a_fact_that_is_told_without_a_kind_is_refused_before_any_call():
    """Not in the call in which it is told for the first time."""

    @tells(owed="money")
    def ask(context: ActionContext, file: IdentifiedFile) -> Literal["owed"]:
        context.tell(owed=Decimal(1))
        context.tell(number=file.number)
        return "owed"

    with pytest.raises(TypeError, match=r"action ask tells 'number': declare its kind in @tells"):
        action_of(ask)
