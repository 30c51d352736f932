"""Walks real flows: drives a call along any way from the ring, puts every turn into words and TwiML."""

from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from itertools import groupby
from xml.etree import ElementTree as ET

from bridge.conversation.office_context import OfficeContext
from bridge.conversation.phrasing import Phrasing
from bridge.conversation.reply import Answer
from bridge.flow import IdentifiedFile
from bridge.flow.action_context import Outcome
from bridge.flow.call import Call
from bridge.flow.engine import SOUNDS_BETWEEN_WORDS, Engine, PendingAction
from bridge.flow.facts import SAMPLES, Fact
from bridge.flow.graph import Edge, FlowGraph, Place
from bridge.flow.inbound import Dialled, Event, Keys, Recorded, RedirectReturned, Silence
from bridge.flow.keypad import length
from bridge.flow.steps import Ask, Decide, Do, Play, RecordStep, Say, Transfer
from bridge.flow.turn_output import Dial, HangUp, TurnOutput
from bridge.speech import Catalogue

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TODAY = date(2026, 3, 2)
FILE = IdentifiedFile("9000000000000001706", "2026-17", "41", "pin")
MAX_TURNS = 30


@dataclass(frozen=True)
class Turn:
    """What one turn said: in the flow's words, in its language, and the provider's verbs in order."""

    spoken: TurnOutput
    language: str
    answer: Answer
    verbs: tuple[str, ...]


@dataclass
class Walk:
    """A call so far; `untold` are the prompts it passed since the caller last heard anything."""

    call: Call
    last: TurnOutput | PendingAction
    turns: list[Turn] = field(default_factory=list)
    taken: list[Edge] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)

    def copy(self) -> "Walk":
        """The same call at another worker: its state comes from the store."""
        call = Call.from_json(self.call.to_json())
        call.rules = self.call.rules
        return Walk(call, self.last, [*self.turns], [*self.taken], [*self.untold])

    @property
    def place(self) -> Place:
        return tuple((frame.flow, frame.step) for frame in self.call.stack)

    @property
    def over(self) -> bool:
        return isinstance(self.last, TurnOutput) and isinstance(self.last.then, HangUp)


class Walker:
    """Forces what happens at every place: keys, silence, and what comes of every action."""

    def __init__(self, flows: FlowGraph, branch: OfficeContext, catalogue: Catalogue) -> None:
        self.flows, self.branch = flows, branch
        self._engine, self._phrasing = Engine(flows), Phrasing(catalogue)
        self._came_by = self._shortest_ways()
        self._at = cache(self._walk_to)
        self.along = cache(self._walk_along)
        self.rescued = cache(self._walk_from_trouble)
        self.delayed = cache(self._walk_with_a_moment)

    def possible(self, edge: Edge) -> bool:
        """Whether a caller of this office can take this way: where one key is an answer, 8 and 9 are."""
        step = self.flows.step(edge.start)
        one_key = isinstance(step, Ask) and length(step.digits, self.branch.rules.lengths)[0] == 1
        return not (one_key and edge.exit in ("key 8", "key 9"))

    def at(self, place: Place, language: str) -> Walk:
        """A call that has come to this place, and stands there."""
        walk: Walk = self._at(place, language)
        return walk.copy()

    def after(self, place: Place, happens: Event, language: str) -> Walk:
        """That call, when this has happened there."""
        walk = self.at(place, language)
        self._happens(walk, happens)
        return walk

    def _walk_along(self, edge: Edge, language: str) -> Walk:
        """A call that takes this way; from there on its caller is silent, nobody answers, Tagor is down."""
        driven = self._driven(edge)
        walk = self.at(driven.start, language)
        self._take(walk, driven)
        return self._left_alone(walk)

    def _walk_from_trouble(self, place: Place, language: str) -> Walk:
        """A call in which something broke at this place, left alone from there on."""
        walk = self.at(place, language)
        self._hears(walk, self._engine.transfer_on_error(walk.call))
        return self._left_alone(walk)

    def _walk_with_a_moment(self, place: Place, language: str) -> Walk:
        """A call that waits long here: it is told so twice, with sounds between, and is left alone then."""
        walk = self.at(place, language)
        need = walk.last
        for _ in range(SOUNDS_BETWEEN_WORDS + 2):
            self._hears(walk, self._engine.hold(walk.call))
            self._happens(walk, RedirectReturned())
            assert walk.last == need
        return self._left_alone(walk)

    def _walk_to(self, place: Place, language: str) -> Walk:
        if place not in self._came_by:
            call = Call("+32470000001", "+3220000001", language, rules=self.branch.rules)
            walk = Walk(call, self._engine.ring(call))
            assert walk.place == place == self.flows.start
            self._hears(walk, walk.last)
            return walk
        driven = self._driven(self._came_by[place])
        walk = self.at(driven.start, language)
        self._take(walk, driven)
        assert walk.place == place
        return walk

    def _left_alone(self, walk: Walk) -> Walk:
        while not walk.over:
            assert len(walk.turns) < MAX_TURNS, "this call leads nowhere"
            self._happens(walk, self._nothing(walk))
        return walk

    def _nothing(self, walk: Walk) -> Event | Outcome:
        if isinstance(walk.last, PendingAction):
            return Outcome("down")
        return Dialled("unanswered") if isinstance(walk.last.then, Dial) else Silence()

    def _take(self, walk: Walk, edge: Edge) -> None:
        """Force one way, and hold the engine to where the graph says that it leads, and by which words."""
        for happens in self._forcing(edge):
            self._happens(walk, happens)
        passed = self._passed(edge)
        walk.taken += passed
        assert walk.place == passed[-1].end, edge
        walk.untold += [".".join(way.start[-1]) for way in passed[1:]]
        if isinstance(walk.last, TurnOutput):
            if edge.end != edge.start:
                told = [prompt for prompt, _ in groupby(line.prompt for line in walk.last.prompts)]
                own = [] if isinstance(self.flows.step(edge.end), Play) else [walk.call.place]
                assert told == [*walk.untold, *own], edge
            walk.untold.clear()

    def _passed(self, edge: Edge) -> list[Edge]:
        """A way, and those behind it that words take by themselves."""
        passed = [edge]
        while isinstance(self.flows.step(passed[-1].end), Say):
            passed += self.flows.edges[passed[-1].end]
        return passed

    def _driven(self, edge: Edge) -> Edge:
        """The way to force so that this one is taken."""
        while isinstance(self.flows.step(edge.start), Say):
            edge = self._came_by[edge.start]
        return edge

    def _forcing(self, edge: Edge) -> list[Event | Outcome]:
        step, way = self.flows.step(edge.start), edge.exit
        match step:
            case Do() | Decide():
                return [self._outcome(edge)]
            case Play():
                return [RedirectReturned()]
            case Transfer():
                return [Dialled("answered" if way == "answered" else "busy")]
            case RecordStep():
                return [Recorded("RE" + "0" * 32, 7) if way == "left" else Silence()]
            case _:
                return self._keyed(step, way)

    def _outcome(self, edge: Edge) -> Outcome:
        action = self.flows.action(edge.start)
        assert action
        told = action.told.get(edge.exit, {})
        facts = {name: Fact(kind, SAMPLES[kind], action.private) for name, kind in told.items()}
        return Outcome(edge.exit, facts, file=FILE if edge.exit in action.proof else None)

    def _keyed(self, step: object, way: str) -> list[Event | Outcome]:
        fewest, most = length(step.digits, self.branch.rules.lengths) if isinstance(step, Ask) else (1, 1)
        match way:
            case "silent":
                return [Silence()] * step.tries  # type: ignore[attr-defined]  # only questions have this exit
            case "wrong":
                return [Keys("1" * (most + 1))] * step.tries  # type: ignore[attr-defined]  # as above
            case "heard":
                return [Keys("1" * fewest)]
            case "empty":
                return [Keys("#")]
            case _:
                return [Keys(way.removeprefix("key "))]

    def _happens(self, walk: Walk, happens: Event | Outcome) -> None:
        if isinstance(happens, Outcome):
            self._hears(walk, self._engine.resume(walk.call, happens))
        else:
            self._hears(walk, self._engine.hear(walk.call, happens, NOW))

    def _hears(self, walk: Walk, answer: TurnOutput | PendingAction) -> None:
        walk.last = answer
        if isinstance(answer, TurnOutput):
            number = len(walk.turns) + 1
            words = self._phrasing.phrase(answer, walk.call, self.branch, turn=number, today=TODAY).answer
            verbs = tuple(verb.tag for verb in ET.fromstring(self.branch.renderer.render(words)))  # noqa: S314 - our own
            walk.turns.append(Turn(answer, walk.call.language, words, verbs))

    def _shortest_ways(self) -> dict[Place, Edge]:
        came_by: dict[Place, Edge] = {}
        todo = deque([self.flows.start])
        while todo:
            for edge in self.flows.edges[todo.popleft()]:
                if edge.end not in came_by and edge.end != self.flows.start and self.possible(edge):
                    came_by[edge.end] = edge
                    todo.append(edge.end)
        return came_by
