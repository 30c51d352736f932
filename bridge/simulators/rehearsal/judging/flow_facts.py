"""What the judges know about prompts, derived from the joined graph of all flows instead of lists by hand."""

from collections.abc import Iterator, Mapping
from functools import cached_property

from bridge.flow.graph import Edge, FlowGraph, Place
from bridge.flow.steps import Ask, Decide, Do, Menu, RecordStep, Say, Transfer
from bridge.speech import Prompt
from voice_flows import CALL

MORE_PATIENCE = ("Anytime.moment", "Anytime.longer")
"""Prompts of no step that ask the caller to go on waiting."""


class FlowFacts:
    """The prompts that are private, that answer a question, and that only ask the caller to wait."""

    def __init__(self, flows: FlowGraph) -> None:
        self._flows = flows

    @cached_property
    def private(self) -> frozenset[str]:
        """The prompts of places that nobody reaches without an outcome that proves identity."""
        everybody = {_prompt(place) for place in self._flows.reached(cut=self._proves)}
        return frozenset(_prompt(place) for place in self._flows.edges) - everybody

    @cached_property
    def holds(self) -> frozenset[str]:
        """The prompts of steps that wait for Tagor, and those that ask for more patience."""
        waiting = [place for place in self._flows.edges if isinstance(self._flows.step(place), Do | Decide)]
        return frozenset(map(_prompt, waiting)) | frozenset(MORE_PATIENCE)

    @cached_property
    def confirming(self) -> frozenset[str]:
        """The prompts of menus whose key 1 confirms a decision."""
        steps = ((place, self._flows.step(place)) for place in self._flows.edges)
        return frozenset(_prompt(place) for place, step in steps if isinstance(step, Menu) and step.confirms)

    @cached_property
    def decided(self) -> frozenset[str]:
        """The prompts of say steps that the outcome of a question or a decision led to.

        Only questions with several outcomes count: what has one outcome announces and answers nothing. A
        proof of identity is no answer, an apology (`down`) neither, and what goes straight on to a person or
        to a recording is followed by one.
        """
        chosen = set[str]()
        for edges in self._flows.edges.values():
            for edge in edges:
                if self._is_verdict(edge):
                    chosen.update(
                        _prompt(place)
                        for place in self._first_words(edge.end)
                        if isinstance(self._flows.step(place), Say) and not self._leads_away(place)
                    )
        return frozenset(chosen)

    def language_of(self, prompt: str, key: str) -> str | None:
        """Give the language that a key chooses at the menu with this prompt, if it chooses one."""
        flow, _, step = prompt.partition(".")
        menu = self._flows.flows[flow].steps.get(step) if flow in self._flows.flows else None
        return menu.languages.get(key) if isinstance(menu, Menu) else None

    def answers(self, prompts: Mapping[str, Prompt]) -> frozenset[str]:
        """The prompts that answer what somebody phones for.

        They are those that were `decided`, and those whose words tell what the office file says.
        """
        office = self._flows.root.given.keys()
        told = {
            _prompt(place)
            for place in self._flows.edges
            if place != self._flows.start
            and isinstance(self._flows.step(place), Say)
            and not self._leads_away(place)
            and prompts[_prompt(place)].placeholders & office
            and not self._greets(place)
        }
        return self.decided | told

    def words_after(self, mark: str) -> frozenset[str]:
        """The prompts that tell the caller of an exit, given as `Flow.step.exit`.

        Only the outcomes of questions have such prompts: a decision has taken effect whether or not its
        caller still hears of it, and what callers do themselves is told to nobody.
        """
        return frozenset(
            _prompt(place)
            for start, edges in self._flows.edges.items()
            for edge in edges
            if f"{_prompt(start)}.{edge.exit}" == mark and isinstance(self._flows.step(start), Do)
            for place in self._first_words(edge.end)
        )

    def _proves(self, edge: Edge) -> bool:
        action = self._flows.action(edge.start)
        return action is not None and edge.exit in action.proof

    def _is_verdict(self, edge: Edge) -> bool:
        step = self._flows.step(edge.start)
        if isinstance(step, Decide):
            return edge.exit != "down"
        if not isinstance(step, Do) or step.local or step.action.proof or edge.exit == "down":
            return False
        return len(step.action.outcomes) > 1

    def _first_words(self, place: Place) -> Iterator[Place]:
        """Yield the places whose words a call comes to from here without asking Tagor again."""
        step = self._flows.step(place)
        if isinstance(step, Say | Menu | Ask):
            yield place
        if isinstance(step, Do) and step.local:
            for edge in self._flows.edges[place]:
                yield from self._first_words(edge.end)

    def _leads_away(self, place: Place) -> bool:
        """Whether a say step is followed by a person or a recording before the caller is asked anything."""
        ahead = [edge.end for edge in self._flows.edges[place] if edge.exit != "down"]
        seen = set[Place]()
        while ahead:
            here = ahead.pop()
            step = self._flows.step(here)
            if isinstance(step, Transfer | RecordStep):
                return True
            if here not in seen and not isinstance(step, Ask | Menu):
                seen.add(here)
                ahead += [edge.end for edge in self._flows.edges[here] if edge.exit != "down"]
        return False

    def _greets(self, place: Place) -> bool:
        """Whether these words are the first ones of a call."""
        here = self._flows.start
        while not isinstance(self._flows.step(here), Say):
            here = self._flows.edges[here][0].end
        return place == here


def _prompt(place: Place) -> str:
    return ".".join(place[-1])


FLOW_FACTS = FlowFacts(CALL)
