"""Counts the levels of menus: how many choices of a topic a caller makes one below the other."""

from collections.abc import Iterator

from bridge.flow.graph import FlowGraph, Place
from bridge.flow.steps import FlowTable, Menu, Run, Step
from bridge.problem import Problem

MAX_LEVELS = 3
"""The main menu, the menu of a file, and one that chooses a topic."""


def too_deep(flows: FlowGraph) -> Iterator[tuple[str, Problem]]:
    """Yield every menu (`Flow.step`) that is a level too many, with a sentence that names its way.

    A menu is a level where two of its keys lead into different flows. Once a menu below the main menu has
    chosen a flow with a topic, what is asked there is a question of that topic, and no level.
    """
    found = dict[str, Problem]()
    for place in flows.edges:
        way = _levels(flows, place)
        if len(way) > MAX_LEVELS:
            sentence = (
                f"is menu level {len(way)} ({' > '.join(way)}), {MAX_LEVELS} at most: lead to what it offers "
                "from a menu above it"
            )
            found.setdefault(way[-1], flows.problem(place, sentence))
    yield from found.items()


def _levels(flows: FlowGraph, place: Place) -> list[str]:
    """Give the menus down to the one at a place, itself the last; none if what stands there is no level."""
    flow_name, step_name = place[-1]
    flow = flows.flows[flow_name]
    if not _runs_chosen(flow, flow.steps[step_name]):
        return []
    way = list[str]()
    for flow_name, step_name in place[:-1]:
        flow = flows.flows[flow_name]
        run = flow.steps[step_name]
        choosing = [name for name, step in flow.steps.items() if step_name in _runs_chosen(flow, step)]
        way += [f"{flow_name}.{choosing[0]}"] if choosing else []
        if choosing and len(way) > 1 and isinstance(run, Run) and run.flow.topic:
            return []
    return [*way, ".".join(place[-1])]


def _runs_chosen(flow: FlowTable, step: Step) -> set[str]:
    """Give the steps that run what a menu chooses from; none where its keys do not lead into two flows."""
    if not isinstance(step, Menu):
        return set()
    runs = set[str]().union(*(_runs_behind(flow, step.exits[key]) for key in step.keys))
    led_into = {run.flow.name for name in runs if isinstance(run := flow.steps[name], Run)}
    return runs if len(led_into) > 1 else set()


def _runs_behind(flow: FlowTable, target: str) -> set[str]:
    """Give the steps that run a flow, from a step on, before the caller is asked anything else."""
    seen, todo, runs = {target}, [target], set[str]()
    while todo:
        name = todo.pop()
        step = flow.steps[name]
        if isinstance(step, Run):
            runs.add(name)
        elif not step.waits:
            todo += [one for one in step.exits.values() if one not in seen]
            seen.update(step.exits.values())
    return runs
