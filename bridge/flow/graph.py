"""Joins all flows into one graph.

A place in it is a chain of steps, the innermost last, so that a sub-flow returns to the flow that runs it.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from bridge.flow.actions import Action
from bridge.flow.checks import ANYTIME_KEYS, may_lead_to_decision
from bridge.flow.cycles import flows_run_by, on_a_cycle
from bridge.flow.errors import FlowError
from bridge.flow.keypad import KINDS
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
    Run,
    Say,
    Step,
    Transfer,
)
from bridge.flow.table import Flow
from bridge.problem import Problem

Place = tuple[tuple[str, str], ...]

SECRET = "secret of "  # noqa: S105 - begins the kind of a fact, no password
"""Begins the kind of a fact that actions may read and no words may mention; the name of its flow follows."""


@dataclass(frozen=True, slots=True)
class Edge:
    """One way to go on: from a place, by an exit (or an `anytime` key, as `key 0`), to a place."""

    start: Place
    exit: str
    end: Place


class FlowGraph:
    """The graph of everything a call can do, from the first step of `root`.

    A call begins at `start`, and goes on at `error_start` when something broke: key 0 of `root` leads there.

    Raises:
        FlowError: flows that run each other in a circle, or a rule of the whole graph that is broken.
    """

    def __init__(self, root: type[Flow]) -> None:
        self.root = root
        self.flows = {flow.name: flow for flow in flows_run_by(root)}
        self.start, self.error_start = self._enter((), root), self._find_error_start()
        self.edges: dict[Place, tuple[Edge, ...]] = {}
        todo = deque([self.start, self.error_start])
        # Breadth first, so that mistakes are told in the order in which a caller would meet them.
        while todo:
            place = todo.popleft()
            if place not in self.edges:
                self.edges[place] = tuple(self._ways(place))
                todo.extend(edge.end for edge in self.edges[place])
        if problems := [
            *self._loops(),
            *self._no_human(),
            *self._no_end(),
            *self._unconfirmed(),
            *self._unheard(),
        ]:
            raise FlowError(problems)

    def step(self, place: Place) -> Step:
        """Give the step at a place."""
        flow, name = place[-1]
        return self.flows[flow].steps[name]

    def action(self, place: Place) -> Action | None:
        """Give the action at a place, if there is one."""
        step = self.step(place)
        return step.action if isinstance(step, Do | Decide) else None

    def reached(self, cut: Callable[[Edge], bool]) -> set[Place]:
        """Give every place that a call can reach when some edges are cut."""
        seen, todo = {self.start, self.error_start}, deque([self.start, self.error_start])
        while todo:
            for edge in self.edges[todo.popleft()]:
                if edge.end not in seen and not cut(edge):
                    seen.add(edge.end)
                    todo.append(edge.end)
        return seen

    def problem(self, place: Place, sentence: str) -> Problem:
        """Put a sentence about a place together with the file and line of its step."""
        where = self.step(place).where
        return Problem(where.file, where.line, f"{'.'.join(place[-1])}: {sentence}")

    def _find_error_start(self) -> Place:
        target, where = self.root.anytime.get("0"), self.root.where
        if target not in self.root.steps:
            sentence = f"{self.root.name}: key 0 must lead to a step: a call goes there when something breaks"
            raise FlowError([Problem(where.file, where.line, sentence)])
        return self._settle(((self.root.name, str(target)),))

    def _enter(self, chain: Place, flow: FlowTable) -> Place:
        return self._settle((*chain, (flow.name, flow.first)))

    def _settle(self, place: Place) -> Place:
        """Go on through run and end steps, which are no places of their own."""
        step = self.step(place)
        if isinstance(step, Run):
            return self._enter(place, step.flow)
        if isinstance(step, End) and len(place) > 1:
            return self._follow(place[:-1], self.step(place[:-1]).exits[place[-1][1]])
        return place

    def _follow(self, place: Place, target: str) -> Place:
        return self._settle((*place[:-1], (place[-1][0], target)))

    def _ways(self, place: Place) -> Iterator[Edge]:
        step = self.step(place)
        for way, target in step.exits.items():
            yield Edge(place, way, self._follow(place, target))
        if isinstance(step, Ask | Menu):
            for key in ANYTIME_KEYS:
                if (end := self._anytime(place, key)) is not None:
                    yield Edge(place, f"key {key}", end)

    def _anytime(self, place: Place, key: str) -> Place | None:
        # As in `Engine._anytime`: the innermost flow that gives the key a meaning decides.
        for depth in range(len(place), 0, -1):
            flow = self.flows[place[depth - 1][0]]
            if key in flow.anytime:
                target = flow.anytime[key]
                return place if target in (AGAIN, SLOWER) else self._follow(place[:depth], target)
        return None

    def _loops(self) -> Iterator[Problem]:
        quiet = {place for place in self.edges if not self.step(place).waits}
        for place in on_a_cycle(quiet, lambda at: (edge.end for edge in self.edges[at])):
            yield self.problem(
                place, "lies on a loop, through other flows, that never asks the caller anything"
            )

    def _no_human(self) -> Iterator[Problem]:
        human = self._leading_to(lambda step: isinstance(step, Transfer))
        for place in self.edges:
            if isinstance(self.step(place), Ask | Menu) and place not in human:
                yield self.problem(place, "asks a question from which no person can be reached")
        if self.error_start not in human:
            yield self.problem(
                self.error_start, "is where key 0 leads, and no person can be reached from here"
            )

    def _no_end(self) -> Iterator[Problem]:
        ending = self._leading_to(lambda step: isinstance(step, HangupStep))
        for place in self.edges:
            if place not in ending:
                yield self.problem(place, "has no way to the end of the call")

    def _unconfirmed(self) -> Iterator[Problem]:
        for edges in self.edges.values():
            for edge in edges:
                before, after = self.step(edge.start), self.step(edge.end)
                if isinstance(after, Decide) and not may_lead_to_decision(before, edge.exit, after):
                    yield self.problem(
                        edge.end, f"can be reached from {'.'.join(edge.start[-1])} unconfirmed"
                    )

    def _unheard(self) -> Iterator[Problem]:
        known = self.known
        for place in self.edges:
            action = self.action(place)
            for need in action.needs if action else ():
                # What the office gives is for words only.
                if need not in known[place].keys() - self.root.given.keys():
                    yield self.problem(
                        place, f"its action reads '{need}', which is not heard on every way here"
                    )

    def _leading_to(self, goal: Callable[[Step], bool]) -> set[Place]:
        # Backwards from the goals: once through the graph, instead of once from each of its places.
        back = defaultdict[Place, set[Place]](set)
        for edges in self.edges.values():
            for edge in edges:
                back[edge.end].add(edge.start)
        seen = {place for place in self.edges if goal(self.step(place))}
        todo = deque(seen)
        while todo:
            for before in back[todo.popleft()] - seen:
                seen.add(before)
                todo.append(before)
        return seen

    @cached_property
    def known(self) -> dict[Place, dict[str, str]]:
        """Give for every place the facts known on every way to it: name -> kind, `SECRET` ones too."""
        known = {place: dict(self.root.given) for place in (self.start, self.error_start)}
        todo = deque(known)
        # What is known at a place only ever shrinks, so this comes to an end in spite of the loops.
        while todo:
            for edge in self.edges[todo.popleft()]:
                after = self._after(edge, known[edge.start])
                # Only what every way to a place brings along may be counted on there.
                both = dict(known.get(edge.end, after).items() & after.items())
                if both != known.get(edge.end):
                    known[edge.end] = both
                    todo.append(edge.end)
        return known

    def kinds(self) -> dict[str, str]:
        """Give every fact that a call may ever know: name -> kind."""
        ways = [edge for edges in self.edges.values() for edge in edges]
        return dict(self.root.given) | {
            name: kind
            for edge in ways
            for name, kind in self.learned(edge).items()
            if not kind.startswith(SECRET)
        }

    def told_by_outcomes(self) -> frozenset[str]:
        """Give the sentences (`Flow.step`) to which an outcome of their flow's private action leads.

        Whoever hears such a sentence learns the outcome, so it is private whatever its words are; only that
        Tagor is `down` says nothing about the file.
        """
        return frozenset(
            ".".join(edge.end[-1])
            for place, edges in self.edges.items()
            for edge in edges
            if (action := self.action(place)) is not None and action.private and edge.exit != "down"
            if isinstance(self.step(edge.end), Say) and edge.end[-1][0] == place[-1][0]
        )

    @cached_property
    def private_facts(self) -> frozenset[str]:
        """Give the names of all facts that come from a file."""
        actions = [self.action(place) for place in self.edges]
        return frozenset(
            name
            for action in actions
            if action and action.private
            for kinds in action.told.values()
            for name in kinds
        )

    def _after(self, edge: Edge, known: dict[str, str]) -> dict[str, str]:
        """Give what is known after an edge: a proof may forget a file, the end of a flow its secrets."""
        action = self.action(edge.start)
        forgotten = self.private_facts if action and edge.exit in action.proof else frozenset[str]()
        kept = {name: kind for name, kind in known.items() if name not in forgotten} | self.learned(edge)
        running = {SECRET + flow for flow, _ in edge.end}
        return {name: kind for name, kind in kept.items() if not kind.startswith(SECRET) or kind in running}

    def learned(self, edge: Edge) -> dict[str, str]:
        """Give the facts that taking this edge adds: name -> kind."""
        step = self.step(edge.start)
        if isinstance(step, Ask) and edge.exit == "heard":
            return {step.into: SECRET + edge.start[-1][0] if step.secret else KINDS[step.wants]}
        if isinstance(step, Menu) and step.into and edge.exit in step.keys:
            return {step.into: "digits"}
        action = getattr(step, "action", None)
        return dict(action.told.get(edge.exit, {})) if action else {}
