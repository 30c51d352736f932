"""Proves that no stranger can hear anything about a file.

It cuts every outcome that proves identity, and looks at what a call can still reach.
"""

from collections.abc import Mapping

from bridge.flow.graph import Edge, FlowGraph, Place
from bridge.flow.steps import Menu
from bridge.flow.words import PromptWords, prompts_without_step
from bridge.problem import Problem


def leaks(joined: FlowGraph, prompts: Mapping[str, PromptWords]) -> list[Problem]:
    """Find everything private that stays within reach when every outcome that proves identity is cut.

    Private is derived: an action that takes an `IdentifiedFile`, a prompt with a placeholder that such an
    action tells, and a prompt to which an outcome of such an action leads, unless its words say
    `private = false` and why; and a menu whose keys do not always apply. A prompt may also be marked
    `private`.
    """
    told, outcomes = joined.private_facts, joined.told_by_outcomes()

    def proof(edge: Edge) -> bool:
        action = joined.action(edge.start)
        return action is not None and edge.exit in action.proof

    # If nothing private can be reached without these edges, then every way to it passes a proof.
    open_to_all = sorted(joined.reached(cut=proof))
    found = [
        joined.problem(place, why)
        for place in open_to_all
        for why in _private(joined, place, told, outcomes, prompts)
    ]
    # These belong to no step, so the graph cannot tell who hears them: anybody may.
    for key in prompts_without_step(joined):
        if key in prompts and prompts[key].private:
            sentence = f"{key}: is said to strangers too and is marked private"
            found.append(Problem(prompts[key].file, prompts[key].line, sentence))
    return found


def _private(
    joined: FlowGraph,
    place: Place,
    told: frozenset[str],
    outcomes: frozenset[str],
    prompts: Mapping[str, PromptWords],
) -> list[str]:
    """Say why a place is private, in sentences; none when it is not."""
    action = joined.action(place)
    prompt = prompts.get(".".join(place[-1]))
    step = joined.step(place)
    reasons = []
    if isinstance(step, Menu) and step.unless:
        reasons.append("a stranger can reach it, and what it offers tells what an action found out")
    if action is not None and action.private:
        reasons.append(f"a stranger can reach it, and {action.name} asks about a file")
    if prompt is not None and prompt.placeholders & told:
        names = ", ".join(sorted(prompt.placeholders & told))
        reasons.append(f"a stranger can reach it, and its words tell {names} from a file")
    if prompt is not None and prompt.private:
        reasons.append("a stranger can reach it, and its words are marked private")
    told_by_outcome = prompt is not None and ".".join(place[-1]) in outcomes and not prompt.public_because
    # Beside a reason from above, this one would only say the same in other words.
    if told_by_outcome and not reasons:
        reasons.append("a stranger can reach it, and hearing it tells what an action found out about a file")
    return reasons
