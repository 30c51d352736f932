"""What a call remembers of itself for others: what happened on a file, what it is about, how far it came."""

from collections import ChainMap
from collections.abc import Callable
from dataclasses import replace

import pytest
from flow_caller import BALANCE, HOUSE, IDENTIFY, KEYS, SUB, Caller

from bridge.flow import IdentifiedFile
from bridge.flow.action_context import ActionContext, Outcome, Task
from bridge.flow.call import Call, CaseNote
from bridge.flow.engine import Engine
from bridge.flow.facts import Fact
from bridge.flow.graph import FlowGraph
from bridge.flow.inbound import Keys
from bridge.flow.turn_output import PromptRef

Join = Callable[..., FlowGraph]
FILE = IdentifiedFile("9000000000000001706", "2026-17", "41", "pin")
OWED = Fact("money", "12.50", private=True)
NOTED = {
    "Call.look.owed": frozenset({"owed"}),
    "Call.sign.done": frozenset[str](),
    "Call.yes.silent": frozenset({"nobody knows this"}),
    "Identify.try_.wrong": frozenset[str](),
}


@pytest.fixture
def known(joined: Join) -> Caller:
    """Somebody who has proved who they are and heard the balance."""
    caller = Caller(Engine(joined(BALANCE, before=IDENTIFY), NOTED)).rings().keys("123456")
    return caller.gets("right", file=FILE).gets("owed", told={"owed": OWED})


def test_what_happens_is_noted_on_the_file_with_its_facts(known: Caller):
    """As they were at that moment, also when the state has been to the store."""
    known.keys("1").gets("done")
    assert known.call.case_notes == {
        FILE.id: [CaseNote("Call.look.owed", {"owed": OWED}), CaseNote("Call.sign.done", {})]
    }
    assert len(known.call.case_notes[FILE.id]) == 2
    assert Call.from_json(known.call.to_json()).case_notes == known.call.case_notes


def test_a_fact_that_is_not_known_is_left_out(known: Caller):
    """A sentence that needs it is no reason to break."""
    known.waits(2)
    assert known.call.case_notes[FILE.id][-1] == CaseNote("Call.yes.silent", {})


def test_the_same_thing_twice_is_noted_once(known: Caller):
    """Told again it is no other balance."""
    known.call.record_note("Call.look.owed", ["owed"])
    assert len(known.call.case_notes[FILE.id]) == 1
    known.call.facts["owed"] = replace(OWED, value="99.00")
    known.call.record_note("Call.look.owed", ["owed"])
    assert len(known.call.case_notes[FILE.id]) == 2


def test_whoever_has_proved_it_has_a_page_though_nothing_happened(joined: Join):
    """That they called is worth a note."""
    caller = Caller(Engine(joined(BALANCE, before=IDENTIFY))).rings().keys("123456").gets("right", file=FILE)
    assert caller.call.case_notes == {FILE.id: []}


def test_nothing_is_noted_of_a_stranger(joined: Join):
    """There is no file to note it on."""
    caller = Caller(Engine(joined(BALANCE, before=IDENTIFY), NOTED)).rings().keys("123456").gets("wrong")
    assert caller.call.case_notes == {}


@pytest.mark.parametrize("proof", ["house_number", "caller_number"])
def test_nothing_is_noted_after_a_weak_proof(joined: Join, proof: str):
    """It may have been anybody."""
    weak = replace(FILE, proof=proof)
    caller = Caller(Engine(joined(BALANCE, before=IDENTIFY), NOTED)).rings().keys("123456")
    caller.gets("right", file=weak).gets("owed", told={"owed": OWED})
    assert caller.call.case_notes == {}


def test_each_file_has_a_page_of_its_own(known: Caller):
    """Who goes on to another file leaves the first one's page as it was, and may come back to it."""
    other = IdentifiedFile("8", "2026-8", "1", "pin")
    for file in (other, FILE):
        known.call.prove(file)
        known.call.record_note("Call.sign.done", [])
    assert {file: len(page) for file, page in known.call.case_notes.items()} == {FILE.id: 2, "8": 1}


def test_what_was_told_is_noted_once_its_sentence_was_spoken(joined: Join):
    """Not when the action ran: the sentence may be left out, or the caller may hang up before it."""
    engine = Engine(joined(BALANCE, before=IDENTIFY), NOTED)
    caller = Caller(engine).rings().keys("123456").gets("right", file=FILE)
    engine.resume(caller.call, Outcome("owed", {"owed": OWED}))
    assert caller.call.case_notes == {FILE.id: []}
    kept = Call.from_json(caller.call.to_json())
    caller.call.record_spoken({"Call.tell"})
    assert caller.call.case_notes == {FILE.id: [CaseNote("Call.look.owed", {"owed": OWED})]}
    kept.record_spoken({"Call.yes"})
    kept.record_spoken({"Call.tell"})
    assert kept.case_notes == {FILE.id: []}


def test_what_waits_to_be_spoken_keeps_its_note(joined: Join):
    """While the next action runs the caller hears one moment, and the sentence comes after it."""
    engine = Engine(joined(BALANCE, before=IDENTIFY), NOTED)
    caller = Caller(engine).rings().keys("123456").gets("right", file=FILE)
    caller.call.lines = [PromptRef("Call.tell", "text", {})]
    caller.call.record_note("Call.look.owed", ["owed"], told_by="Call.tell")
    caller.call.record_spoken({"Anytime.moment"})
    assert caller.call.unspoken_notes
    caller.call.record_spoken({"Call.tell"})
    assert len(caller.call.case_notes[FILE.id]) == 1


# What it is about


def test_the_last_topic_a_caller_was_in_is_what_it_is_about(joined: Join):
    """A flow that is no topic changes nothing; leaving it does not either."""
    topic = SUB.replace("class Sub(Flow)", "class Sub(Flow, topic=True)")
    caller = Caller(Engine(joined(HOUSE, before=topic, anytime=KEYS))).rings()
    assert caller.call.topic == ""
    caller.keys("1")
    assert caller.call.topic == "Sub"
    caller.keys("0")
    assert caller.call.topic == "Sub"
    assert Caller(Engine(joined(HOUSE, before=SUB, anytime=KEYS))).rings().keys("1").call.topic == ""


# How far it came


def test_every_step_on_is_counted_and_a_question_repeated_is_none(known: Caller):
    """By this a confirmation is named: the same one, asked again, is the same decision."""
    moves = known.call.moves
    assert known.waits().call.moves == moves
    assert known.keys("1").call.moves == moves + 1


def test_only_a_confirmation_confirms(known: Caller, house: Caller):
    """A menu's key 1 chooses; and a question for keys is no confirmation at all."""
    assert known.engine.confirms(known.call)
    assert not house.engine.confirms(house.call)
    assert not house.engine.confirms(house.keys("1").call)
    assert known.does(Keys("7")).engine.confirms(known.call)
    assert not known.waits(2).engine.confirms(known.call)


def test_a_caller_is_put_through_only_at_a_transfer(house: Caller):
    """A fallback asks this, so that nobody is rung twice."""
    assert not house.engine.transfers(house.call)
    house.keys("0")
    assert house.engine.transfers(house.call)


def test_only_a_menu_hears_words(known: Caller, house: Caller):
    """Neither a confirmation nor a question for keys can be answered aloud."""
    assert house.engine.hears_words(house.call)
    assert not house.engine.hears_words(house.keys("1").call)
    assert not known.engine.hears_words(known.call)


# What is left to be done


def test_an_errand_leaves_what_is_to_be_done():
    """As plain text, in order, and only with its outcome."""
    context = ActionContext(caller="", notes=ChainMap(), kinds={})
    context.leave("callback", number="+32470000001", part=1)
    context.leave("callback")
    tasks = context.outcome("promised", private=False).tasks
    assert tasks == (Task("callback", {"number": "+32470000001", "part": "1"}), Task("callback", {}))
    assert "470000001" not in repr(tasks[0])
