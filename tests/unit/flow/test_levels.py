"""Menus one below the other: a fourth that chooses a topic is named, a question of a topic is none."""

from collections.abc import Callable

import pytest

from bridge.checks.check import examine
from bridge.flow import levels
from bridge.flow.graph import FlowGraph
from bridge.flow.levels import too_deep

Join = Callable[..., FlowGraph]

LEAF = """
    class {name}(Flow):
        choose = menu({{"1": "over", "2": "over"}}, silent="over", wrong="over")
        over   = end()
"""
CHOICE = """
    class {name}(Flow{options}):
        choose = menu({{"1": "one", "2": "told"}}, silent="over", wrong="over")
        told   = say(then="two")
        one    = run({one}, over="over")
        two    = run({two}, over="over")
        over   = end()
"""
LEAVES = LEAF.format(name="A") + LEAF.format(name="B")
MAIN = 'main = menu({"1": "one", "2": "two"}, silent="bye", wrong="bye")\n'
ENDS = 'one = run({one}, over="bye")\ntwo = run({two}, over="bye")'


def house(joined: Join, *, third: str = "", lowest: str = "B") -> FlowGraph:
    """A main menu, two menus below it, and one more below these, whose keys lead to `A` and `lowest`."""
    flows = LEAVES + CHOICE.format(name="Fourth", options="", one="A", two=lowest)
    flows += CHOICE.format(name="Third", options=third, one="Fourth", two="B")
    flows += CHOICE.format(name="Second", options="", one="Third", two="B")
    return joined(MAIN + ENDS.format(one="Second", two="A"), before=flows)


def test_a_fourth_menu_that_chooses_is_named_with_its_way(joined: Join):
    """Each menu once, whatever a key says before it leads on."""
    [(menu, problem)] = too_deep(house(joined))
    assert menu == "Fourth.choose"
    assert problem.sentence.startswith(
        "Fourth.choose: is menu level 4 (Call.main > Second.choose > Third.choose > Fourth.choose), 3 at most"
    )


def test_keys_that_lead_into_one_flow_are_a_question(joined: Join):
    """A document, a reason: whatever is chosen, the caller comes to the same place."""
    assert list(too_deep(house(joined, lowest="A"))) == []


def test_what_is_asked_within_a_topic_is_no_level(joined: Join):
    """Below the main menu somebody who chose a topic answers its questions."""
    assert list(too_deep(house(joined, third=", topic=True"))) == []


def test_a_flow_that_no_menu_leads_to_is_no_level_deeper(joined: Join):
    """What is told on the way is not a choice."""
    below = LEAVES + CHOICE.format(name="Third", options="", one="A", two="B")
    below += CHOICE.format(name="Second", options="", one="Third", two="B")
    below += """
    class Way(Flow):
        sub  = run(Second, over="over")
        over = end()
"""
    assert list(too_deep(joined(MAIN + ENDS.format(one="Way", two="A"), before=below))) == []


def test_the_check_names_a_menu_of_the_line_that_is_too_deep(monkeypatch: pytest.MonkeyPatch):
    """No menu of the line is, and none is excused: where two were allowed, the check names the third."""
    assert examine({}).problems == []
    monkeypatch.setattr(levels, "MAX_LEVELS", 2)
    [problem] = [found for found in examine({}).problems if "More.choose" in str(found)]
    assert str(problem).partition(": ")[2].startswith("More.choose: is menu level 3 (Defendant.main > ")
