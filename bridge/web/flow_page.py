"""Describes a flow's table as a page shows it: each step with its words, exits, and what it may do."""

import inspect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bridge.flow.graph import Edge, FlowGraph
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
    Say,
    Step,
    Transfer,
)
from bridge.speech import Catalogue, NoteBook
from bridge.store.step_tally import Mark

_KINDS: Mapping[type[Step], str] = {
    Say: "say",
    Play: "play",
    Ask: "ask",
    Menu: "menu",
    Do: "do",
    Decide: "decide",
    Run: "run",
    RecordStep: "record",
    Transfer: "transfer",
    End: "end",
    HangupStep: "hangup",
}

NOT_AWAITED = "not awaited"


def step_kind(flows: FlowGraph, place: str) -> str:
    """Return the kind of the step `Flow.step`, by the name that pages have for it; "" when there is none."""
    step = _step_at(flows, place)
    return _kind(step) if step else ""


def step_action(flows: FlowGraph, place: str) -> str:
    """Return the name of the action that the step `Flow.step` does; "" when it does none."""
    step = _step_at(flows, place)
    return step.action.name if isinstance(step, Do | Decide) else ""


def told_exit(flows: FlowGraph, place: str, way: str) -> str:
    """Return the exit of the step `Flow.step` by the name that pages have for it.

    Where a call goes on without the outcome, `down` tells nothing of Tagor: nobody waited for it.
    """
    step = _step_at(flows, place)
    return NOT_AWAITED if way == "down" and isinstance(step, Do) and step.timeout is not None else way


def _step_at(flows: FlowGraph, place: str) -> Step | None:
    flow, _, name = place.partition(".")
    return flows.flows[flow].steps.get(name) if flow in flows.flows else None


def _kind(step: Step) -> str:
    return "confirm" if isinstance(step, Menu) and step.confirms else _KINDS[type(step)]


@dataclass(frozen=True, slots=True)
class ShownExit:
    """One way on: its name in the table, and the step of the same flow that it leads to; "" for the same."""

    name: str
    target: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class ShownStep:
    """One step of a flow as a page shows it.

    - `kind` names its kind, `action` its action, "" for none; `does` says in English what that does.
    - `words` are (part, sentence as literal text and names of values in turn).
    - `seconds` of silence and `tries` are 0 where nobody is asked.
    - `open` tells whether everybody may reach it; `decides` whether it takes effect in Tagor.
    - `sub` is the flow that it runs, "" for none.
    """

    name: str
    kind: str
    action: str
    does: str
    words: Sequence[tuple[str, tuple[str, ...]]]
    seconds: int
    tries: int
    exits: Sequence[ShownExit]
    open: bool
    decides: bool
    sub: str

    def times(self, flow: str, way: str, taken: Mapping[Mark, int]) -> int | None:
        """Give how often an exit was taken; None where nobody can know, and for the one way on of words."""
        mark = f"{flow}.{self.name}", way
        if self.kind == "run":
            # What is not there could not be told: several steps run the flow, for example.
            return taken.get(mark)
        return None if not taken or self.kind in {"say", "end", "hangup"} else taken.get(mark, 0)

    def others(self, flow: str, taken: Mapping[Mark, int]) -> list[tuple[str, int]]:
        """Give what else calls did here, besides its exits: how they ended, and what was asked again."""
        own, place = {one.name for one in self.exits}, f"{flow}.{self.name}"
        return [(way, number) for (step, way), number in taken.items() if step == place and way not in own]


@dataclass(frozen=True, slots=True)
class ShownFlow:
    """One flow: its name, what it is in English, its steps in order, and the keys of every question."""

    name: str
    purpose: str
    steps: Sequence[ShownStep]
    anytime: Sequence[ShownExit]


class FlowPages:
    """Describes flows in any language of the line; made once, it never changes, and any thread may use it."""

    def __init__(self, flows: FlowGraph, catalogue: Catalogue, notes: NoteBook) -> None:
        self._flows, self._catalogue, self._notes = flows, catalogue, notes
        self._noted = frozenset(notes.marks)
        # Every frame of a place counts: while a sub-flow runs, the call is at the step that runs it too.
        self._open = {frame for place in flows.reached(cut=self._proves) for frame in place}

    @property
    def names(self) -> list[str]:
        """The names of all flows, beginning with the one in which every call begins."""
        return list(self._flows.flows)

    def purpose(self, name: str) -> str:
        """Return what a flow is, in one English sentence."""
        return inspect.cleandoc(self._flows.flows[name].__doc__ or "").partition("\n")[0]

    def show(self, name: str, language: str) -> ShownFlow:
        """Return the flow `name` with the words of `language`; raises KeyError when there is no such flow."""
        flow = self._flows.flows[name]
        anytime = [ShownExit(key, *_leads(target)) for key, target in flow.anytime.items()]
        steps = [self._step(flow, step, language) for step in flow.steps]
        return ShownFlow(name, self.purpose(name), steps, anytime)

    def _step(self, flow: FlowTable, name: str, language: str) -> ShownStep:
        step = flow.steps[name]
        return ShownStep(
            name=name,
            kind=_kind(step),
            action=step_action(self._flows, f"{flow.name}.{name}"),
            does=_first_sentence(step),
            words=list(self._words(f"{flow.name}.{name}", language)),
            seconds=step.seconds if isinstance(step, Ask | Menu) else 0,
            tries=step.tries if isinstance(step, Ask | Menu) else 0,
            exits=[
                ShownExit(way, target, self._note(f"{flow.name}.{name}.{way}", language))
                for way, target in step.exits.items()
            ],
            open=self._is_open(flow, name, step),
            decides=isinstance(step, Decide),
            sub=step.flow.name if isinstance(step, Run) else "",
        )

    def _is_open(self, flow: FlowTable, name: str, step: Step) -> bool:
        """Tell whether a stranger can come here; an end is no place, so it is as open as the ways to it."""
        if not isinstance(step, End):
            return (flow.name, name) in self._open
        return any(
            target == name and (flow.name, other) in self._open and self._lets_through(before, way)
            for other, before in flow.steps.items()
            for way, target in before.exits.items()
        )

    def _lets_through(self, step: Step, way: str) -> bool:
        """Tell whether a stranger can leave a step by this exit."""
        if isinstance(step, Run):
            return self._is_open(step.flow, way, step.flow.steps[way])
        return way not in _proofs(step)

    def _words(self, key: str, language: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        prompt = self._catalogue.prompts(language).get(key)
        for part, sentence in prompt.parts.items() if prompt else ():
            yield part, sentence.pieces

    def _note(self, mark: str, language: str) -> str:
        return self._notes.sentence(mark, language) if mark in self._noted else ""

    def _proves(self, edge: Edge) -> bool:
        return edge.exit in _proofs(self._flows.step(edge.start))


def _proofs(step: Step) -> frozenset[str]:
    return step.action.proof if isinstance(step, Do | Decide) else frozenset()


def _first_sentence(step: Step) -> str:
    if not isinstance(step, Do | Decide):
        return ""
    return inspect.cleandoc(step.action.function.__doc__ or "").partition("\n")[0]


def _leads(target: str) -> tuple[str, str]:
    """Return the step that a key of every question leads to, or that it repeats the question."""
    return ("", target) if target in (AGAIN, SLOWER) else (target, "")
