"""Faults planted in the real flows: every exit rewired to every other step, and strangers let loose on each.

The proof looks at a graph; the strangers here know nothing of graphs. They phone the engine, try every key,
every silence and every outcome that proves nobody, and hear for themselves whether anything private comes.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from random import Random
from types import new_class
from typing import get_type_hints

import pytest

import voice_flows
from bridge.flow import Flow, FlowError, IdentifiedFile
from bridge.flow.action_context import Outcome
from bridge.flow.actions import action_of
from bridge.flow.call import Call, Frame, OfficeRules
from bridge.flow.engine import Engine, PendingAction
from bridge.flow.errors import EndlessTurn
from bridge.flow.graph import FlowGraph
from bridge.flow.inbound import Dialled, Event, Keys, Recorded, Silence
from bridge.flow.keypad import length
from bridge.flow.leaks import leaks
from bridge.flow.steps import Ask, Menu, Run, Step
from bridge.flow.turn_output import HangUp, TurnOutput
from bridge.speech import Catalogue

PROMPTS = Catalogue.load(voice_flows.PROMPTS).prompts("nl")
WORDS = tomllib.loads((voice_flows.PROMPTS / "nl.toml").read_text("utf-8"))
RULES = OfficeRules(lengths={"pin": (6, 6), "file": (2, 12), "reference": (2, 12)})
SAMPLE = 40
MANY_TRIES = {"silent": 99, "wrong": 99}

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

Stack = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Fault:
    """One exit of one step that leads to another step than was meant."""

    flow: str
    step: str
    exit: str
    target: str

    def plant(self) -> type[Flow]:
        """Build the flows anew, from the inside out, with the fault in them."""

        @cache
        def rebuilt(flow: type[Flow]) -> type[Flow]:
            steps = {name: mended(flow.name, name, step) for name, step in flow.steps.items()}
            options = {"anytime": flow.anytime, "given": flow.given}
            return new_class(flow.name, (Flow,), options, lambda table: table.update(steps))

        def mended(flow: str, name: str, step: Step) -> Step:
            if (flow, name) == (self.flow, self.step):
                step = replace(step, exits={**step.exits, self.exit: self.target})
            return replace(step, flow=rebuilt(step.flow)) if isinstance(step, Run) else step

        return rebuilt(voice_flows.CALL.root)


FAULTS = [
    Fault(flow.name, name, way, target)
    for flow in voice_flows.CALL.flows.values()
    for name, step in flow.steps.items()
    for way, meant in step.exits.items()
    for target in flow.steps
    if target != meant
]


class Stranger:
    """Somebody who tries everything but proves nothing."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.overheard = engine, ""
        self._private = {name for name, action in ACTIONS.items() if IdentifiedFile in hints(action)}
        self._told = {
            fact
            for name in self._private
            for facts in action_of(ACTIONS[name]).told.values()
            for fact in facts
        }

    def overhears(self) -> str:
        """What is private and was heard first; nothing when every way was tried in vain."""
        tried, todo = set[Stack](), [self.engine.ring, self.engine.transfer_on_error]
        while todo and not self.overheard:
            call = Call("", "", "nl", rules=RULES)
            try:
                answer = todo.pop()(call)
            except EndlessTurn:
                self._listen([line.prompt for line in call.lines])
                continue
            stack = tuple((frame.flow, frame.step) for frame in call.stack)
            if isinstance(answer, TurnOutput):
                self._listen([line.prompt for line in answer.prompts])
            elif answer.step.action.name in self._private:
                self.overheard = answer.place
            if stack not in tried and not (
                isinstance(answer, TurnOutput) and isinstance(answer.then, HangUp)
            ):
                tried.add(stack)
                todo += self._ways(stack, answer)
        return self.overheard

    def _ways(self, stack: Stack, answer: TurnOutput | PendingAction) -> Iterator["Way"]:
        if isinstance(answer, PendingAction):
            proving = getattr(answer.step.action.function, "__flow_proves__", frozenset())
            for way in {*answer.step.action.outcomes, "down"} - proving:
                yield Way(self.engine, stack, Outcome(way))
        else:
            flow, name = stack[-1]
            for event in events(self.engine.joined.flows[flow].steps[name]):
                yield Way(self.engine, stack, event)

    def _listen(self, spoken: list[str]) -> None:
        for prompt in spoken:
            flow, _, step = prompt.partition(".")
            words = WORDS[flow][step]
            if words.get("private") or self._told & set(re.findall(r"\{(\w+)\}", str(words))):
                self.overheard = prompt


@dataclass(frozen=True)
class Way:
    """One thing that may happen at one place, the last try of many spent."""

    engine: Engine
    stack: Stack
    happens: Event | Outcome

    def __call__(self, call: Call) -> TurnOutput | PendingAction:
        call.stack = [Frame(flow, step) for flow, step in self.stack]
        call.tries = dict(MANY_TRIES)
        if isinstance(self.happens, Outcome):
            return self.engine.resume(call, self.happens)
        return self.engine.hear(call, self.happens, NOON)


def events(step: Step) -> list[Event]:
    everywhere: list[Event] = [Silence(), *map(Keys, ["#", "0", "*", "8", "9"])]
    if isinstance(step, Menu):
        return everywhere + [Keys(key) for key in "1234567"]
    if isinstance(step, Ask):
        fewest, most = length(step.digits, RULES.lengths)
        return [*everywhere, Keys("1" * fewest), Keys("1" * (most + 1))]
    return [Dialled("answered"), Dialled("busy"), Recorded("RE1", 5), Silence()]


def hints(action: object) -> list[object]:
    return list(get_type_hints(action).values())


ACTIONS = {
    step.action.name: step.action.function
    for flow in voice_flows.CALL.flows.values()
    for step in flow.steps.values()
    if hasattr(step, "action")
}


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch) -> Callable[[Fault], FlowGraph]:
    """Join flows with a fault in them while all other checks sleep, so that the proof stands alone."""
    monkeypatch.setattr("bridge.flow.table.check_table", lambda _table: [])
    for check in ("_loops", "_no_human", "_no_end", "_unconfirmed", "_unheard"):
        monkeypatch.setattr(FlowGraph, check, lambda _graph: [])
    return lambda fault: FlowGraph(fault.plant())


def judged(fault: Fault, flows: FlowGraph) -> str:
    """Whether the proof finds a leak; a stranger must come to the same."""
    proof = leaks(flows, PROMPTS)
    overheard = Stranger(Engine(flows)).overhears()
    assert bool(proof) == bool(overheard), f"{fault}: the proof says {proof}, a stranger hears '{overheard}'"
    return "leaks" if overheard else "sound"


def test_the_flows_as_they_are_tell_a_stranger_nothing():
    """Nothing planted, nothing found: by the proof, and by trying everything."""
    assert leaks(voice_flows.CALL, PROMPTS) == []
    assert Stranger(Engine(voice_flows.CALL)).overhears() == ""


@pytest.mark.parametrize("target", ["known", "sorry"])
def test_a_wrong_pin_taken_for_a_right_one_is_heard_and_found(
    planted: Callable[[Fault], FlowGraph], target: str
):
    """Both judges can say yes and no: only one of these two ways leads past the proof."""
    fault = Fault("ByPin", "try_named", "wrong", target)
    assert judged(fault, planted(fault)) == ("leaks" if target == "known" else "sound")


def test_the_proof_finds_every_leak_and_gives_no_false_alarm(
    planted: Callable[[Fault], FlowGraph], rng: Random
):
    """Rewire exits at random: the proof refuses exactly those flows in which a stranger hears something."""
    tally = Counter(judged(fault, planted(fault)) for fault in rng.sample(FAULTS, SAMPLE))
    assert tally["sound"] > tally["leaks"]


@pytest.mark.rehearsal
@pytest.mark.timeout(1800)
def test_the_proof_finds_every_leak_of_every_exit_rewired(planted: Callable[[Fault], FlowGraph]):
    """As above, with every exit of every step led to every other step of its flow."""
    tally = Counter(judged(fault, planted(fault)) for fault in FAULTS)
    assert sum(tally.values()) == len(FAULTS)
    assert tally["leaks"] > 0


def test_every_leaking_flow_is_refused_before_a_call_comes_in(rng: Random):
    """With all checks awake: what is imported, joined and proved tells a stranger nothing."""
    accepted = 0
    for fault in rng.sample(FAULTS, SAMPLE):
        try:
            flows = FlowGraph(fault.plant())
        except FlowError:
            continue
        if not leaks(flows, PROMPTS):
            accepted += 1
            assert Stranger(Engine(flows)).overhears() == "", fault
    assert accepted > 0
