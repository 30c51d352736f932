"""Calls that are lost, by a deployment or a mistake, and how each is brought to a person."""

from collections.abc import Callable
from datetime import datetime
from types import ModuleType

import pytest
from flow_caller import HOUSE, KEYS, SUB, Caller

from bridge.flow import IdentifiedFile
from bridge.flow.call import Call, Frame
from bridge.flow.engine import MAX_STEPS_A_TURN, Engine
from bridge.flow.errors import EndlessTurn, LostPlace
from bridge.flow.graph import FlowGraph
from bridge.flow.inbound import Keys, RedirectReturned, Silence
from bridge.flow.steps import Step
from bridge.flow.turn_output import Dial, PromptRef, TurnOutput

Load = Callable[[str], ModuleType]
Ring = Callable[..., Caller]


def test_a_deployment_that_adds_a_step_loses_nobody(caller: Ring):
    """A position is a name: a greeting more, and the call goes on where it was."""
    one = caller(HOUSE, before=SUB, anytime=KEYS).rings().keys("1")
    one.engine = caller(
        HOUSE.replace('then="choose"', 'then="more"') + '    more = say(then="choose")\n',
        before=SUB,
        anytime=KEYS,
    ).engine
    assert one.keys("42").heard[0] == "Sub.thanks"


@pytest.mark.parametrize(
    ("old", "new", "lost"),
    [
        ("number", "reference", "no step is called Sub.number"),
        ("Sub", "Question", "no step is called Sub.number"),
    ],
    ids=["step", "flow"],
)
def test_a_deployment_that_renames_a_place_leads_the_call_to_a_person(
    caller: Ring, old: str, new: str, lost: str
):
    """One sentence, then a colleague; secrets, tries and waiting words are gone."""
    one = caller(HOUSE, before=SUB, anytime=KEYS).rings().keys("1", "1")
    one.engine = caller(HOUSE.replace(old, new), before=SUB.replace(old, new), anytime=KEYS).engine
    with pytest.raises(LostPlace, match=f"^{lost}$"):
        one.keys("42")
    one.breaks()
    assert one.heard == ["Anytime.trouble", "Call.desk"]
    assert one.wait == Dial("switchboard")
    assert (one.call.error_transfers, one.call.tries, one.call.secrets) == (1, {}, {})


def test_a_deployment_that_renames_an_outer_step_is_noticed_before_anything_is_done(caller: Ring):
    """The way back is part of the place, though the question itself is still there."""
    one = caller(HOUSE, before=SUB, anytime=KEYS).rings().keys("1")
    one.engine = caller(
        HOUSE.replace("sub ", "question ").replace('"sub"', '"question"'), before=SUB, anytime=KEYS
    ).engine
    for event in (Keys("42"), Keys("0"), Silence()):
        with pytest.raises(LostPlace, match=r"^no step is called Call.sub$"):
            one.does(event)


def test_a_rescue_forgets_what_was_going_to_be_said(debtor: Caller, file: IdentifiedFile):
    """Half a balance is not spoken; the proof stays, for the colleague."""
    debtor.keys("482193").gets("right", file=file)
    debtor.call.lines = [PromptRef("Call.tell", "text", {})]
    debtor.breaks()
    assert debtor.heard == ["Anytime.trouble", "Call.desk"]
    assert debtor.call.file == file


def test_a_rescue_may_need_an_action_first(caller: Ring):
    """Whether anybody is there, for example; the apology waits for it."""
    one = caller(
        'hello = menu({"1": "look"}, silent="bye", wrong="bye")\n'
        'look = do(ask_office, open="desk", closed="bye", down="desk")',
        anytime='{"0": "look"}',
    ).rings()
    assert one.breaks().needs.step.action.name == "ask_office"
    assert one.gets("down").heard == ["Anytime.trouble", "Call.desk"]


def test_a_turn_of_more_than_fifty_steps_is_cut_short(load: Load):
    """Checks at import find every endless loop; this guard is for what they might miss."""
    tables = "".join(
        f"class Talk{part}(Flow):\n"
        + "".join(f'    say{n} = say(then="say{n + 1}")\n' for n in range(13))
        + '    say13 = say(then="over")\n    over = end()\n'
        for part in range(4)
    )
    runs = "".join(f'    talk{part} = run(Talk{part}, over="talk{part + 1}")\n' for part in range(4))
    flows = load(
        f"{tables}class Call(Flow, anytime={{'0': 'desk'}}):\n{runs}"
        '    talk4 = say(then="desk")\n'
        '    desk  = transfer(to="switchboard", answered="bye", unanswered="bye")\n'
        "    bye   = hangup()\n"
    )
    engine, call = Engine(FlowGraph(flows.Call)), Call("", "", "nl")
    with pytest.raises(
        EndlessTurn, match=rf"^more than {MAX_STEPS_A_TURN} steps in one turn, now at Talk3\."
    ):
        engine.ring(call)
    spoken = engine.transfer_on_error(call)
    assert isinstance(spoken, TurnOutput)
    assert [line.prompt for line in spoken.prompts] == ["Anytime.trouble", "Call.desk"]


def test_a_kind_of_step_that_the_engine_does_not_know_is_no_place_to_wait(load: Load, now: datetime):
    """Who adds a kind of step and forgets the engine hears it at once, and the caller a person."""
    flows = load("""
        class Call(Flow, anytime={"0": "desk"}):
            hello = say(then="desk")
            desk  = transfer(to="switchboard", answered="bye", unanswered="bye")
            bye   = hangup()
    """)
    engine, call = Engine(FlowGraph(flows.Call)), Call("", "", "nl", stack=[Frame("Call", "hello")])
    flows.Call.steps["desk"] = Step(exits={})
    with pytest.raises(LostPlace, match=r"^Call.desk is no step to wait at$"):
        engine.hear(call, RedirectReturned(), now)
