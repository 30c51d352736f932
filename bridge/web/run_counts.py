"""Tells how often a flow that another one runs ended in each of its ways; the journal has no row for that.

Exits that the journal counts lead to such an end, with only spoken steps and other flows' ends between.
"""

from collections.abc import Mapping
from functools import cache

from bridge.flow.graph import FlowGraph
from bridge.flow.steps import Menu, Run, Say
from bridge.store.step_tally import Mark


def run_exits(flows: FlowGraph, taken: Mapping[Mark, int]) -> dict[Mark, int]:
    """Count the exits of the steps that run a flow; one that cannot be told from `taken` is left out.

    That is every exit of a flow that several steps run, because nothing counted tells which of them ran it;
    and an exit to which a key of every question leads, or a menu whose keys are counted as one.
    """
    # A key of every question is counted at the question, which may lie in any flow that this one runs.
    by_key = {(flow.name, target) for flow in flows.flows.values() for target in flow.anytime.values()}
    runs = [
        (flow.name, name, step)
        for flow in flows.flows.values()
        for name, step in flow.steps.items()
        if isinstance(step, Run)
    ]
    alone = {sub: [(flow, name) for flow, name, step in runs if step.flow.name == sub] for sub in flows.flows}

    @cache
    def arrivals(flow: str, name: str) -> int | None:
        if (flow, name) in by_key:
            return None
        table = flows.flows[flow]
        came = [
            leaves(flow, before, way)
            for before, step in table.steps.items()
            for way, target in step.exits.items()
            if target == name
        ]
        if name == table.first:
            came += [arrivals(*run) for run in alone[flow]] or [None]
        return None if None in came else sum(number for number in came if number)

    @cache
    def leaves(flow: str, name: str, way: str) -> int | None:
        step = flows.flows[flow].steps[name]
        if isinstance(step, Say):
            return arrivals(flow, name)
        if isinstance(step, Run):
            return arrivals(step.flow.name, way) if len(alone[step.flow.name]) == 1 else None
        if isinstance(step, Menu) and step.discreet and way in step.keys:
            return None
        return taken.get((f"{flow}.{name}", way), 0)

    counted = {
        (f"{flow}.{name}", way): leaves(flow, name, way) for flow, name, step in runs for way in step.exits
    }
    return {mark: number for mark, number in counted.items() if number is not None}
