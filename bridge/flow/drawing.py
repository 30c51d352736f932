"""Draws a flow as Mermaid text, straight from its table, so that the drawing cannot differ from the table."""

from collections import defaultdict
from collections.abc import Iterator

from bridge.flow.steps import (
    AGAIN,
    SLOWER,
    Ask,
    Decide,
    Do,
    End,
    FlowTable,
    HangupStep,
    Menu,
    Play,
    RecordStep,
    Run,
    Step,
    Transfer,
)

_ANYTIME = "any question"


def draw(flow: FlowTable) -> str:
    """Draw the flow as a Mermaid flowchart: questions are slanted, actions boxed, sounds and ends round."""
    return "\n".join(["flowchart TD", *(f"    {line}" for line in _lines(flow))]) + "\n"


def _lines(flow: FlowTable) -> Iterator[str]:
    yield from (f"{name}{_shape(name, step)}" for name, step in flow.steps.items())
    for name, step in flow.steps.items():
        # One arrow for all exits that lead to the same step, or a menu would hide the flow behind its arrows.
        ways = defaultdict[str, list[str]](list)
        for way, target in step.exits.items():
            ways[target].append(way)
        for target, names in ways.items():
            label = "" if names == ["then"] else f"|{', '.join(names)}|"
            yield f"{name} -->{label} {target}"
    targets = {key: target for key, target in flow.anytime.items() if target not in (AGAIN, SLOWER)}
    if targets:
        yield f'anytime(["{_ANYTIME}"])'
        yield from (f"anytime -.->|key {key}| {target}" for key, target in targets.items())


def _shape(name: str, step: Step) -> str:
    match step:
        case Ask() | Menu() | RecordStep():
            return f'[/"{name}"/]'
        case Do() | Decide():
            return f'["{name}"]'
        case Run():
            return f'[["{step.flow.name}: {name}"]]'
        case Transfer():
            return f'{{{{"{name}"}}}}'
        case Play() | End() | HangupStep():
            return f'(["{name}"])'
        case _:
            return f'("{name}")'
