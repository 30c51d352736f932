"""One context: it tells declared facts, remembers its own notes, and touches nothing but its outcome."""

import json
from collections import ChainMap
from datetime import UTC, date, datetime, time
from decimal import Decimal
from inspect import signature

import pytest

from bridge.flow import ActionContext, IdentifiedFile
from bridge.flow.action_context import Outcome, Task, plain
from bridge.flow.facts import Fact, Note, Value

KINDS = {"owed": "money", "until": "time"}


def context(notes: dict[str, Note] | None = None) -> ActionContext:
    return ActionContext(caller="+32470000001", notes=ChainMap({}, notes or {}), kinds=KINDS, language="fr")


def test_an_action_knows_caller_and_language():
    """What an action may look at."""
    one = context()
    assert (one.caller, one.language) == ("+32470000001", "fr")


def test_an_action_begins_with_nothing_told_noted_or_left():
    """Nobody can hand over an outcome beforehand."""
    assert set(signature(ActionContext).parameters) == {"caller", "notes", "kinds", "language"}


def test_a_context_shows_nothing_of_its_call():
    """It holds a caller's number and what was noted, and a log line or an exception may show it."""
    one = context({"pin": "482193"})
    assert not any(secret in repr(one) for secret in ("470000001", "482193"))


@pytest.mark.parametrize("private", [True, False])
def test_what_is_told_comes_back_as_facts_of_their_kinds(private: bool):  # noqa: FBT001 - both ways
    """Facts are private when a file was handed over, however they were learned."""
    one = context()
    one.tell(owed=Decimal("12.50"))
    one.tell(until=time(17, 30))
    assert one.outcome("owed", private=private).told == {
        "owed": Fact("money", "12.50", private),
        "until": Fact("time", "17:30", private),
    }


def test_an_undeclared_fact_is_refused_and_nothing_is_told():
    """A fact without a kind could not be spoken."""
    one = context()
    with pytest.raises(KeyError, match=r"^'creditor'$"):
        one.tell(owed=1, creditor="Energie NV")
    assert one.outcome("owed", private=True).told == {}


def test_something_is_asked_once_however_often_the_action_runs():
    """Every question for a balance leaves a note on the file."""
    asked: list[int] = []

    def ask() -> str:
        asked.append(1)
        return "120.00"

    first = context()
    assert first.once("owed", ask) == first.once("owed", ask) == "120.00"
    later = context(dict(first.outcome("owed", private=True).notes))
    assert later.once("owed", ask) == "120.00"
    assert len(asked) == 1
    assert later.outcome("owed", private=True).notes == {}


def test_even_nothing_is_remembered():
    """That a number is unknown is an answer too."""
    one = context()
    assert one.once("hint", lambda: None) is None
    assert context(dict(one.outcome("seen", private=False).notes)).once("hint", lambda: "asked again") is None


def test_a_failed_question_is_asked_again():
    """No answer is not an answer."""
    one = context()
    with pytest.raises(ZeroDivisionError):
        one.once("owed", lambda: str(1 / 0))
    assert one.once("owed", lambda: "1") == "1"


def test_notes_are_its_own_until_it_is_over():
    """An context may run on another thread, so the call's notes are only read."""
    notes: dict[str, Note] = {"named": ["17"], "rounds": 2}
    one = context(notes)
    one.notes["named"] = ["17", "18"]
    assert one.notes.get("named") == ["17", "18"]
    assert one.count("rounds") == 3
    assert one.count("rounds") == 4
    assert one.count("new") == 1
    assert one.notes.get("never") is None
    assert notes == {"named": ["17"], "rounds": 2}
    assert one.outcome("wrong", private=False).notes == {"named": ["17", "18"], "rounds": 4, "new": 1}


def test_an_action_knows_what_its_flow_was_run_about():
    """Nothing, where no flow was run about anything."""
    assert (context({"about": "copy"}).about, context().about) == ("copy", "")


def test_counting_what_was_no_number_begins_at_one():
    """A note of another kind under the same name is no count."""
    assert context({"rounds": "three"}).count("rounds") == 1


def test_an_errand_identifies_and_speaks():
    """Proof and language leave in the outcome only."""
    one = context()
    one.identify(file="1706", number="17", party="41", proof="pin", credential="17:482193")
    one.speak("de")
    outcome = one.outcome("right", private=False)
    assert outcome.file == IdentifiedFile("1706", "17", "41", "pin", "17:482193")
    assert outcome.language == "de"
    assert "482193" not in repr(outcome)


def test_an_errand_that_did_nothing_brings_its_exit_only():
    """Nothing is made up."""
    outcome = context().outcome("open", private=False)
    assert (outcome.exit, outcome.told, outcome.notes) == ("open", {}, {})
    assert (outcome.file, outcome.language) == (None, None)


def test_an_outcome_comes_out_of_the_store_as_it_went_in():
    """With what is left to be done; another worker may go on with it."""
    one = context()
    one.tell(owed=Decimal("12.50"))
    one.identify(file="1706", number="17", party="41", proof="pin")
    one.leave("callback", number="+32470000001")
    assert one.outcome("right", private=True).tasks == (Task("callback", {"number": "+32470000001"}),)
    for outcome in (one.outcome("right", private=True), context().outcome("open", private=False)):
        assert Outcome.from_json(outcome.to_json()) == outcome
        later = json.loads(outcome.to_json()) | {"tomorrow": 3}
        assert Outcome.from_json(json.dumps(later).encode()) == outcome


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1234.50"), "1234.50"),
        (Decimal("-0.05"), "-0.05"),
        (24, "24"),
        (date(2028, 2, 29), "2028-02-29"),
        (time(9, 5), "09:05"),
        ("2026-17", "2026-17"),
    ],
)
def test_a_value_is_kept_as_plain_text(value: Value, text: str):
    """State is JSON, and money stays exact to the cent."""
    assert plain(value) == text


def test_a_moment_is_no_value():
    """Nobody says a date and a time in one breath."""
    with pytest.raises(TypeError, match=r"^tell a date or a time of day, not both at once$"):
        plain(datetime(2026, 3, 2, 9, 30, tzinfo=UTC))
