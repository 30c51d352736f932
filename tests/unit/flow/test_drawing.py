"""Drawings are the tables in another shape, so they cannot tell anything else."""

from collections.abc import Callable
from types import ModuleType

from bridge.flow.drawing import draw


def test_every_kind_of_step_has_its_shape_and_every_exit_its_arrow(load: Callable[[str], ModuleType]):
    """Questions slanted, work boxed, sub-flows doubly boxed, people six-sided, sounds and ends round."""
    flows = load("""
        class Sub(Flow):
            told = say(then="over")
            over = end()
        class All(Flow, anytime={"0": "desk", "*": AGAIN, "8": SLOWER}):
            hello  = say(then="ding")
            ding   = play("chime", then="number")
            number = ask(into="n", heard="choose", silent="desk", wrong="desk")
            choose = menu({"1": "look", "2": "yes"}, silent="bye", wrong="bye")
            look   = do(ask_office, open="sub", closed="sub", down="tape")
            sub    = run(Sub, over="desk")
            yes    = confirm(yes="sign", no="bye", silent="bye", wrong="bye")
            sign   = decide(agree, done="bye", refused="bye", unclear="bye", down="bye")
            tape   = record(left="bye", nothing="bye")
            desk   = transfer(to="switchboard", answered="bye", unanswered="tape")
            bye    = hangup()
    """)
    assert (
        draw(flows.All)
        == """\
flowchart TD
    hello("hello")
    ding(["ding"])
    number[/"number"/]
    choose[/"choose"/]
    look["look"]
    sub[["Sub: sub"]]
    yes[/"yes"/]
    sign["sign"]
    tape[/"tape"/]
    desk{{"desk"}}
    bye(["bye"])
    hello --> ding
    ding --> number
    number -->|heard| choose
    number -->|silent, wrong| desk
    choose -->|1| look
    choose -->|2| yes
    choose -->|silent, wrong| bye
    look -->|open, closed| sub
    look -->|down| tape
    sub -->|over| desk
    yes -->|1| sign
    yes -->|2, silent, wrong| bye
    sign -->|done, refused, unclear, down| bye
    tape -->|left, nothing| bye
    desk -->|answered| bye
    desk -->|unanswered| tape
    anytime(["any question"])
    anytime -.->|key 0| desk
"""
    )
    assert (
        draw(flows.Sub)
        == """\
flowchart TD
    told("told")
    over(["over"])
    told --> over
"""
    )
