"""The guide for authors of flows: its first flow can be phoned, and no kind of step is missing."""

import dataclasses
import inspect
import re
from pathlib import Path

from shared_walk_through import ROOT, blocks, copy_after, python, steps

import bridge.flow
from bridge.flow import steps as kinds
from voice_flows import CALL, colleague, documents

PAGE = "docs/flow-authors.md", "A first flow"
GUIDE = (ROOT / "docs" / "flow-authors.md").read_text("utf-8")
ROWS = [row.split(" | ") for row in GUIDE.splitlines() if re.match(r"\| `[A-Z]", row)]
PLAYED = """
from bridge.checks import recorded_calls
from bridge.simulators.tagor import CASES

recorded_calls.CALL_PLANS = (recorded_calls.CallPlan("counter", "The counter", ("2", "3", "2")),)
sarah = next(case for case in CASES if case.name == "Sarah Johnson")
[played] = recorded_calls.play_calls(sarah)
print(*(heard.text for turn in played.turns if turn.did == "3" for heard in turn.utterances), sep="\\n")
"""


def test_whoever_follows_the_first_flow_can_phone_it(tmp_path: Path):
    """The check finds nothing, the caller hears what the page shows, and the code keeps to the rules."""
    followed = steps(*PAGE)
    assert len(followed) == blocks(*PAGE) - 1, "every block of code but the screen names its file"
    copy = copy_after(followed, tmp_path)
    assert f"{len(CALL.flows) + 1} flows" in python(copy, "-m", "bridge", "check")
    [shown] = re.findall(r"   ```text\n(   Our counter.*?)   ```", GUIDE, re.DOTALL)
    assert python(copy, "-c", PLAYED) == inspect.cleandoc(shown) + "\n"
    python(copy, "-m", "ruff", "check", "--no-cache", "voice_flows")


def test_every_class_of_steps_is_named():
    """Also those that are no step of a table."""
    classes = [
        name for name, one in vars(kinds).items() if inspect.isclass(one) and one.__module__ == kinds.__name__
    ]
    assert [name for name in classes if f"`{name}`" not in GUIDE] == []
    told = {row[0].strip("| `") for row in ROWS}
    assert told == {name for name in classes if issubclass(getattr(kinds, name), kinds.Step)} - {"Step"}


def test_every_row_tells_all_fields_and_an_example_that_makes_such_a_step():
    """Its maker is the one that the row names, and all its exits are told."""
    known = {**vars(documents), **vars(colleague), **vars(bridge.flow)}
    for row in ROWS:
        name, maker, fields, exits, example = (cell.strip("| ") for cell in row)
        made = eval(example.strip("`"), known)  # noqa: S307 - a line of our own page
        assert type(made).__name__ == name.strip("`")
        assert example.startswith(maker.removesuffix("`") + "(")
        own = {one.name for one in dataclasses.fields(made)} - {"exits", "where"}
        assert [one for one in own if one not in fields and maker != "`confirm`"] == []
        if name not in {"`Do`", "`Run`"} and maker != "`menu`":
            assert [way for way in made.exits if f"`{way}`" not in exits] == []
