"""All tables joined: what no single table can show is refused with a sentence too."""

from collections.abc import Callable
from types import ModuleType

import pytest

from bridge.flow import FlowError
from bridge.flow.graph import SECRET, FlowGraph

Join = Callable[..., FlowGraph]
Load = Callable[[str], ModuleType]
Mistakes = Callable[..., list[str]]

SUB_QUESTION = """
    class Sub(Flow{options}):
        choose = menu({{"1": "over"}}, silent="over", wrong="over")
        over   = end()
"""
IDENTIFY = """
    class Identify(Flow):
        pin      = ask(into="pin", secret=True, heard="try_", silent="stranger", wrong="stranger")
        try_     = do(try_pin, right="known", wrong="stranger", down="stranger")
        known    = end()
        stranger = end()
"""


def names(places: set[tuple[tuple[str, str], ...]]) -> set[str]:
    return {">".join(".".join(step) for step in place) for place in places}


def test_a_place_is_the_chain_of_steps_that_leads_to_it(joined: Join):
    """A flow that two steps run is two places, each with its own way back."""
    call = joined(
        """
        first_ = run(Sub, over="second")
        second = run(Sub, over="bye_")
        bye_   = say(then="desk")
        """,
        before=SUB_QUESTION.format(options=""),
    )
    assert names(set(call.edges)) == {
        "Call.first_>Sub.choose",
        "Call.second>Sub.choose",
        "Call.bye_",
        "Call.desk",
        "Call.bye",
    }
    ways = {edge.exit: edge.end for edge in call.edges[(("Call", "second"), ("Sub", "choose"))]}
    assert ways["1"] == (("Call", "bye_"),)


def test_a_sub_flow_inherits_the_keys_of_the_flow_that_runs_it(joined: Join):
    """Key 0 is a person at every question, however deep."""
    call = joined('sub = run(Sub, over="bye")', before=SUB_QUESTION.format(options=""))
    [place] = [place for place in call.edges if place[-1] == ("Sub", "choose")]
    assert {edge.exit: edge.end for edge in call.edges[place]}["key 0"] == (("Call", "desk"),)


def test_a_sub_flow_may_give_a_key_a_meaning_of_its_own(joined: Join):
    """The innermost flow that knows a key says what it means; AGAIN and SLOWER stay where they are."""
    call = joined(
        'sub = run(Sub, over="desk")',
        before=SUB_QUESTION.format(options=', anytime={"0": "over", "*": AGAIN, "8": SLOWER}'),
    )
    [place] = [place for place in call.edges if place[-1] == ("Sub", "choose")]
    ways = {edge.exit: edge.end for edge in call.edges[place]}
    assert ways["key 0"] == (("Call", "desk"),)
    assert ways["key *"] == ways["key 8"] == place
    assert "key 9" not in ways


def test_flows_that_run_each_other_in_a_circle_are_refused(load: Load):
    """A call would go deeper and deeper; a table that is mended while the program runs can bring it about."""
    flows = load("""
        class Inner(Flow):
            choose = menu({"1": "over"}, silent="over", wrong="over")
            over   = end()
        class Call(Flow, anytime={"0": "desk"}):
            sub  = run(Inner, over="desk")
            desk = transfer(to="switchboard", answered="bye", unanswered="bye")
            bye  = hangup()
        back = run(Call)
    """)
    flows.Inner.steps["choose"] = flows.back
    with pytest.raises(FlowError, match=r"flows\.py:\d+: Call: runs itself, by way of others$"):
        FlowGraph(flows.Call)


def test_two_flows_of_one_name_are_refused(mistakes: Mistakes):
    """Words and the state of a call know a flow by its name."""
    twin = SUB_QUESTION.format(options="")
    assert mistakes(
        """
        one = run(First, over="two")
        two = run(Sub, over="desk")
        """,
        before=twin + "    First = Sub\n" + twin,
    ) == ["Sub: is the name of two flows"]


def test_a_loop_through_sub_flows_that_never_asks_is_told(mistakes: Mistakes):
    """Each table is sound, together they would talk for ever; the way into a loop is no part of it."""
    sentence = "lies on a loop, through other flows, that never asks the caller anything"
    assert mistakes(
        """
        hello = say(then="look")
        look = do(ask_office, open="tell", closed="desk", down="desk")
        tell = run(Tell, over="look")
        """,
        before="""
        class Tell(Flow):
            told = say(then="over")
            over = end()
        """,
    ) == [f"Call.look: {sentence}", f"Tell.told: {sentence}"]


def test_a_loop_through_sub_flows_that_asks_is_no_mistake(joined: Join):
    """A sub-flow that asks gives the caller a way out."""
    assert joined(
        """
        look = do(ask_office, open="sub", closed="desk", down="desk")
        sub  = run(Sub, over="look")
        """,
        before=SUB_QUESTION.format(options=""),
    )


def test_a_question_without_a_person_in_reach_is_told(mistakes: Mistakes):
    """Whoever is asked something may always ask for a person instead."""
    assert mistakes(
        'sub = run(Sub, over="bye")', before=SUB_QUESTION.format(options=', anytime={"0": "over"}')
    ) == ["Sub.choose: asks a question from which no person can be reached"]


def test_key_0_that_leads_to_no_person_is_told(mistakes: Mistakes):
    """A call goes there when something breaks."""
    assert mistakes('hello = menu({"1": "desk"}, silent="bye", wrong="bye")', anytime='{"0": "bye"}') == [
        "Call.bye: is where key 0 leads, and no person can be reached from here"
    ]


@pytest.mark.parametrize("anytime", ["{}", '{"9": "bye"}', '{"0": AGAIN}'])
def test_a_call_without_a_step_for_key_0_is_refused(mistakes: Mistakes, anytime: str):
    """Without it a call in which something breaks has nowhere to go."""
    assert mistakes('hello = say(then="desk")', anytime=anytime) == [
        "Call: key 0 must lead to a step: a call goes there when something breaks"
    ]


def test_a_place_without_a_way_to_the_end_of_the_call_is_told(mistakes: Mistakes):
    """The end of a sub-flow is an end in its own table, but the first flow has nobody to come back to."""
    found = mistakes("""
        hello = menu({"1": "stay", "2": "desk"}, silent="bye", wrong="bye")
        stay  = say(then="over")
        over  = end()
    """)
    assert found == [
        "Call.stay: has no way to the end of the call",
        "Call.over: has no way to the end of the call",
    ]


def test_an_unconfirmed_decision_is_found_in_the_joined_graph_too(
    load: Load, monkeypatch: pytest.MonkeyPatch
):
    """The second guard does not lean on the first: here the table's own check sleeps."""
    monkeypatch.setattr("bridge.flow.table.check_table", lambda _table: [])
    flows = load("""
        class Sign(Flow):
            sign = decide(agree, done="over", refused="over", unclear="over", down="over")
            over = end()
        class Call(Flow, anytime={"0": "desk"}):
            choose = menu({"1": "sub", "2": "bye"}, silent="bye", wrong="bye")
            sub    = run(Sign, over="desk")
            desk   = transfer(to="switchboard", answered="bye", unanswered="bye")
            bye    = hangup()
    """)
    with pytest.raises(FlowError) as refused:
        FlowGraph(flows.Call)
    assert [problem.sentence for problem in refused.value.problems] == [
        "Sign.sign: can be reached from Call.choose unconfirmed"
    ]


def test_a_rewired_second_decision_is_found_in_the_joined_graph_too(
    load: Load, monkeypatch: pytest.MonkeyPatch
):
    """The table's own check sleeps: other terms lead to the decision as if they had been confirmed."""
    monkeypatch.setattr("bridge.flow.table.check_table", lambda _table: [])
    flows = load("""
        class Call(Flow, anytime={"0": "desk"}):
            terms = do(propose, terms="yes", down="bye")
            yes   = confirm(yes="order", no="bye", silent="bye", wrong="bye")
            order = decide(request, as_confirmed="sign", done="sign",
                           refused="bye", unclear="bye", down="bye")
            sign  = decide(agree, done="desk", refused="bye", unclear="bye", down="bye")
            desk  = transfer(to="switchboard", answered="bye", unanswered="bye")
            bye   = hangup()
    """)
    with pytest.raises(FlowError) as refused:
        FlowGraph(flows.Call)
    assert [problem.sentence for problem in refused.value.problems] == [
        "Call.sign: can be reached from Call.order unconfirmed"
    ]


NOT_HEARD = "its action reads 'pin', which is not heard on every way here"


def test_an_action_whose_fact_is_not_heard_on_every_way_is_told(mistakes: Mistakes):
    """A way around the question would end in a broken call."""
    assert mistakes("""
        hello = menu({"1": "pin", "2": "try_"}, silent="bye", wrong="bye")
        pin   = ask(into="pin", heard="try_", silent="bye", wrong="bye")
        try_  = do(try_pin, right="desk", wrong="desk", down="desk")
    """) == [f"Call.try_: {NOT_HEARD}"]


def test_a_fact_of_two_kinds_is_not_heard(mistakes: Mistakes):
    """Digits on one way and an amount on the other are two things of one name."""
    assert mistakes("""
        hello  = menu({"1": "pin", "2": "amount"}, silent="bye", wrong="bye")
        pin    = ask(into="pin", heard="try_", silent="bye", wrong="bye")
        amount = ask(into="pin", wants="amount", heard="try_", silent="bye", wrong="bye")
        try_   = do(try_pin, right="desk", wrong="desk", down="desk")
    """) == [f"Call.try_: {NOT_HEARD}"]


def test_a_menu_key_is_heard_on_its_own_exits_only(mistakes: Mistakes):
    """After silence there is no key to read."""
    assert mistakes("""
        hello = menu({"1": "try_"}, into="pin", silent="try_", wrong="bye")
        try_  = do(try_pin, right="desk", wrong="desk", down="desk")
    """) == [f"Call.try_: {NOT_HEARD}"]


def test_a_secret_is_not_heard_after_its_flow_has_ended(mistakes: Mistakes):
    """Secrets die with the flow that asked for them, so nothing after it may count on them."""
    assert mistakes(
        """
        sub  = run(Sub, over="try_")
        try_ = do(try_pin, right="desk", wrong="desk", down="desk")
        """,
        before="""
        class Sub(Flow):
            pin  = ask(into="pin", secret=True, heard="over", silent="over", wrong="over")
            over = end()
        """,
    ) == [f"Call.try_: {NOT_HEARD}"]


def test_a_secret_is_heard_while_its_flow_runs_others(joined: Join):
    """A sub-flow may read what the flow that runs it asked for."""
    call = joined(
        """
        pin = ask(into="pin", secret=True, heard="sub", silent="bye", wrong="bye")
        sub = run(Sub, over="desk")
        """,
        before="""
        class Sub(Flow):
            try_ = do(try_pin, right="over", wrong="over", down="over")
            over = end()
        """,
    )
    assert call.known[(("Call", "sub"), ("Sub", "try_"))] == {"pin": f"{SECRET}Call"}


def test_what_the_office_gives_is_no_fact_for_actions(mistakes: Mistakes):
    """Names and hours of the office are put into the words; a call's facts do not hold them."""
    assert mistakes(
        "try_ = do(try_pin, right='desk', wrong='desk', down='desk')", given='{"pin": "digits"}'
    ) == [f"Call.try_: {NOT_HEARD}"]


def test_a_new_proof_forgets_what_the_last_file_told(joined: Join):
    """Who proves another file hears nothing of the first one, so no words may count on it."""
    call = joined(
        """
        sub    = run(Identify, known="look", stranger="desk")
        look   = do(ask_balance, owed="tell", settled="tell", down="tell")
        tell   = say(then="choose")
        choose = menu({"1": "sub"}, silent="bye", wrong="bye")
        """,
        before=IDENTIFY,
    )
    assert call.private_facts == {"owed"}
    assert call.known[(("Call", "tell"),)] == {}
    heard = joined(
        """
        sub    = run(Identify, known="look", stranger="desk")
        look   = do(ask_balance, owed="tell", settled="desk", down="desk")
        tell   = say(then="again_")
        again_ = run(Identify, known="both", stranger="desk")
        both   = say(then="desk")
        """,
        before=IDENTIFY,
    )
    assert heard.known[(("Call", "tell"),)] == {"owed": "money"}
    assert heard.known[(("Call", "both"),)] == {}


def test_facts_are_known_with_their_kinds(joined: Join):
    """What is keyed in is spoken as what it was asked for; secrets are spoken as nothing."""
    call = joined(
        """
        amount = ask(into="monthly", wants="amount", heard="day", silent="bye", wrong="bye")
        day    = ask(into="day", wants="day", heard="number", silent="bye", wrong="bye")
        number = ask(into="number", heard="pin", silent="bye", wrong="bye")
        pin    = ask(into="pin", secret=True, heard="choose", silent="bye", wrong="bye")
        choose = menu({"1": "desk"}, into="choice", silent="bye", wrong="bye")
        """,
        given='{"office": "text"}',
    )
    spoken = {"office": "text", "monthly": "money", "day": "count", "number": "digits"}
    assert call.known[(("Call", "choose"),)] == spoken | {"pin": f"{SECRET}Call"}
    assert call.kinds() == spoken | {"choice": "digits"}


def test_a_rescued_call_knows_only_what_the_office_gives(joined: Join):
    """Something may break before anything was heard, so the way to a person counts on nothing."""
    call = joined(
        'number = ask(into="number", heard="desk", silent="desk", wrong="desk")', given='{"office": "text"}'
    )
    assert call.error_start == (("Call", "desk"),)
    assert call.known[call.error_start] == {"office": "text"}


def test_a_step_that_only_a_rescue_reaches_belongs_to_the_graph(load: Load):
    """A first flow without questions of its own still says where a broken call goes."""
    flows = load("""
        class Sub(Flow, anytime={"0": "desk"}):
            choose = menu({"1": "over"}, silent="over", wrong="over")
            desk   = transfer(to="switchboard", answered="over", unanswered="over")
            over   = end()
        class Call(Flow, anytime={"0": "sorry"}):
            sub   = run(Sub, over="bye")
            sorry = say(then="desk")
            desk  = transfer(to="switchboard", answered="bye", unanswered="bye")
            bye   = hangup()
    """)
    call = FlowGraph(flows.Call)
    assert call.error_start in call.edges
    assert call.error_start in call.reached(cut=lambda _edge: True)


def test_an_edge_can_be_cut(joined: Join):
    """What is left within reach when a way is closed is what the leak proof looks at."""
    call = joined('hello = menu({"1": "desk"}, silent="hello_", wrong="bye")\nhello_ = say(then="bye")')
    cut = call.reached(cut=lambda edge: edge.exit == "silent")
    assert names(set(call.edges) - cut) == {"Call.hello_"}


def test_a_place_tells_its_step_and_its_action(joined: Join):
    """Steps that do nothing have no action."""
    call = joined('look = do(ask_office, open="desk", closed="desk", down="desk")')
    action = call.action(call.start)
    assert action
    assert action.name == "ask_office"
    assert call.action((("Call", "desk"),)) is None
