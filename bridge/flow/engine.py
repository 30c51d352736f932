"""Walks a call through its flows: pure, so it can be stored, repeated, proved and played a million times.

`ring`, `hear` and `settle` return either what to say and wait for (`TurnOutput`), or the action needed
first (`PendingAction`); whoever calls the engine runs that action and hands its outcome to `settle`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bridge.flow.action_context import Outcome
from bridge.flow.actions import Action
from bridge.flow.call import Call, Frame, Secret
from bridge.flow.checks import ANYTIME_KEYS
from bridge.flow.errors import EndlessTurn, LostPlace
from bridge.flow.facts import Fact
from bridge.flow.graph import FlowGraph
from bridge.flow.inbound import Dialled, Event, Keys, Recorded, pressed
from bridge.flow.keypad import KINDS, length, read, stamp
from bridge.flow.steps import (
    AGAIN,
    SLOWER,
    Ask,
    Decide,
    Do,
    End,
    HangupStep,
    Menu,
    RecordStep,
    Run,
    Say,
    Step,
    Transfer,
)
from bridge.flow.turn_output import Dial, Gather, HangUp, PromptRef, Record, Redirect, TurnEnd, TurnOutput

MAX_STEPS_A_TURN = 50


@dataclass(frozen=True, slots=True)
class PendingAction:
    """The call cannot go on before this action has come back with an outcome."""

    step: Do | Decide
    place: str

    @property
    def action(self) -> Action:
        """What to run."""
        return self.step.action


class Engine:
    """The walker of one joined graph of flows.

    `noted` are the exits (`Flow.step.exit`) to be noted on the file, each with the facts its words mention.
    """

    def __init__(self, joined: FlowGraph, noted: Mapping[str, frozenset[str]] | None = None) -> None:
        self.joined, self._noted = joined, noted or {}
        self._flows = joined.flows
        self._root = joined.root

    def ring(self, call: Call) -> TurnOutput | PendingAction:
        """Begin a call at the first step of the first flow."""
        call.stack = [Frame(self._root.name, self._root.first())]
        return self._travel(call)

    def hear(self, call: Call, event: Event, now: datetime) -> TurnOutput | PendingAction:
        """Go on from the question that was asked, with what the caller did.

        Raises:
            LostPlace: the call stands at a step that does not exist (any more).
        """
        if isinstance(event, Keys):
            call.touch(now)
        match self._step(call):
            case Ask() as step:
                return self._asked(call, step, pressed(event), now)
            case Menu() as step:
                return self._offered(call, step, pressed(event))
            case Transfer() as step:
                answered = isinstance(event, Dialled) and event.outcome == "answered"
                return self._leave(call, step, "answered" if answered else "unanswered")
            case RecordStep() as step:
                return self._leave(call, step, "left" if isinstance(event, Recorded) else "nothing")
            case _:
                return self._travel(call)

    def settle(self, call: Call, outcome: Outcome) -> TurnOutput | PendingAction:
        """Go on with what came of the action that was needed.

        Raises:
            LostPlace: the call stands at no step that needed one.
        """
        step = self._step(call)
        if not isinstance(step, Do | Decide):
            raise LostPlace(f"{call.place} needed no action")
        if outcome.file is not None:
            call.prove(outcome.file)
        call.facts |= outcome.told
        call.notes |= outcome.notes
        call.language = outcome.language or call.language
        return self._leave(call, step, outcome.exit)

    def waits(self, call: Call) -> TurnOutput:
        """Ask for a moment where an action takes long, and the second time for some more."""
        times = call.tries["moment"] = call.tries.get("moment", 0) + 1
        line = PromptRef(call.place, "text", {}) if times == 1 else PromptRef("Anytime.longer", "text", {})
        return TurnOutput((line,), Redirect())

    def hears_words(self, call: Call) -> bool:
        """Whether the question that was asked may be answered in words; a confirmation never is.

        Raises:
            LostPlace: as `hear`.
        """
        step = self._step(call)
        return isinstance(step, Menu) and step.spoken

    def confirms(self, call: Call) -> bool:
        """Whether key 1 would confirm something now; raises `LostPlace` as `hear`."""
        step = self._step(call)
        return isinstance(step, Menu) and step.confirms

    def rescue(self, call: Call) -> TurnOutput | PendingAction:
        """Something broke: say so in one sentence and go to a person, by the first flow's key 0."""
        call.rescues += 1
        call.moves += 1
        call.lines = [PromptRef("Anytime.trouble", "text", {})]
        call.secrets.clear()
        call.tries.clear()
        call.stack = [Frame(self._root.name, self._root.anytime["0"])]
        return self._travel(call)

    def _step(self, call: Call) -> Step:
        step = None
        for frame in call.stack:
            flow = self._flows.get(frame.flow)
            step = flow.steps.get(frame.step) if flow else None
            if step is None:
                raise LostPlace(f"no step is called {frame.flow}.{frame.step}")
        if step is None:
            raise LostPlace("the call has not begun")
        return step

    def _asked(self, call: Call, step: Ask, keys: str, now: datetime) -> TurnOutput | PendingAction:
        fewest, _ = length(step.digits, call.rules.lengths)
        if keys == "#" and "empty" in step.exits:
            return self._leave(call, step, "empty")
        if keys in ("0", "*") or (fewest > 1 and len(keys) == 1 and keys in ANYTIME_KEYS):
            return self._anytime(call, step, keys)
        if keys in ("", "#"):
            return self._retry(call, step, "silent")
        value = read(step, keys, call.rules.lengths)
        if value is None:
            return self._retry(call, step, "wrong")
        if step.secret:
            call.secrets[step.into] = Secret(value, stamp(now), call.stack[-1].flow)
        else:
            call.facts[step.into] = Fact(KINDS[step.wants], value)
        return self._leave(call, step, "heard")

    def _offered(self, call: Call, step: Menu, keys: str) -> TurnOutput | PendingAction:
        if keys in self._live(call, step):
            if step.into is not None:
                call.facts[step.into] = Fact("digits", keys)
            return self._leave(call, step, keys)
        if len(keys) == 1 and keys in ANYTIME_KEYS:
            return self._anytime(call, step, keys)
        return self._retry(call, step, "wrong" if keys.strip("#") else "silent")

    def _live(self, call: Call, step: Menu) -> tuple[str, ...]:
        """The keys a menu offers in this office."""
        return tuple(key for key in step.keys if f"{call.place}.{key}" not in call.rules.off)

    def _anytime(self, call: Call, step: Ask | Menu, key: str) -> TurnOutput | PendingAction:
        for depth in range(len(call.stack), 0, -1):
            target = self._flows[call.stack[depth - 1].flow].anytime.get(key)
            if target in (AGAIN, SLOWER):
                return self._again(call, slower=target == SLOWER)
            if target is not None:
                self._unwind(call, depth)
                return self._move(call, target)
        return self._retry(call, step, "wrong")

    def _again(self, call: Call, *, slower: bool) -> TurnOutput:
        """Everything that the last turn told, not only its question."""
        said, head = call.said, [] if call.slow or not slower else [PromptRef("Anytime.slower", "text", {})]
        call.slow = call.slow or slower
        spoken = self._wait(call, self._step(call))
        call.said = said
        return TurnOutput((*head, *said), spoken.then)

    def _retry(self, call: Call, step: Ask | Menu, why: str) -> TurnOutput | PendingAction:
        call.tries[why] = call.tries.get(why, 0) + 1
        if call.tries[why] >= step.tries:
            return self._leave(call, step, why)
        call.lines.append(PromptRef(call.place, why, dict(call.facts)))
        return self._travel(call)

    def _leave(self, call: Call, step: Step, way: str) -> TurnOutput | PendingAction:
        mark = f"{call.place}.{way}"
        if mark in self._noted:
            call.jot(mark, self._noted[mark])
        return self._move(call, step.exits[way])

    def _move(self, call: Call, target: str) -> TurnOutput | PendingAction:
        call.tries.clear()
        call.moves += 1
        call.stack[-1].step = target
        return self._travel(call)

    def _travel(self, call: Call) -> TurnOutput | PendingAction:
        """Go on until the caller must be asked, or an action is needed."""
        for _ in range(MAX_STEPS_A_TURN):
            match self._step(call):
                case Say() as step:
                    call.lines.append(self._line(call, "text"))
                    call.stack[-1].step = step.exits["then"]
                case Run() as step:
                    call.topic = step.flow.name if step.flow.topic else call.topic
                    call.stack.append(Frame(step.flow.name, step.flow.first()))
                case End():
                    self._return(call)
                case Do() | Decide() as step:
                    return PendingAction(step, call.place)
                case step:
                    return self._wait(call, step)
        raise EndlessTurn(f"more than {MAX_STEPS_A_TURN} steps in one turn, now at {call.place}")

    def _return(self, call: Call) -> None:
        name = call.stack[-1].step
        self._unwind(call, len(call.stack) - 1)
        call.stack[-1].step = self._step(call).exits[name]

    def _unwind(self, call: Call, depth: int) -> None:
        while len(call.stack) > depth:
            call.forget_secrets(call.stack.pop().flow)

    def _wait(self, call: Call, step: Step) -> TurnOutput:
        wait: TurnEnd
        live = self._live(call, step) if isinstance(step, Menu) else ()
        said = [*call.lines, self._line(call, "text"), *(self._line(call, key) for key in live)]
        call.said = [line for line in said if line.part not in ("silent", "wrong")]
        call.lines = []
        match step:
            case Menu():
                words = live if step.spoken else ()
                wait = Gather(call.place, (1, 1), step.seconds, words)
            case Ask():
                wait = Gather(call.place, length(step.digits, call.rules.lengths), step.seconds)
            case Transfer():
                wait = Dial(step.to)
            case RecordStep():
                wait = Record(step.longest)
            case HangupStep():
                wait = HangUp()
            case _:
                raise LostPlace(f"{call.place} is no step to wait at")
        return TurnOutput(tuple(said), wait)

    def _line(self, call: Call, part: str) -> PromptRef:
        return PromptRef(call.place, part, dict(call.facts))
