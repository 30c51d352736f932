"""How often flows ended that others run: counted from the journal's rows, which name no such end."""

import random
from collections import Counter

import voice_flows
from bridge.flow.engine import CHOSEN
from bridge.flow.steps import Ask, End, HangupStep, Menu, Run, Say
from bridge.store.step_tally import Mark
from bridge.web.run_counts import run_exits

GRAPH = voice_flows.CALL
CALLS, MOVES = 600, 60


def walk(seed: int, taken: Counter[Mark], ended: Counter[Mark]) -> None:
    """Take random exits as a call might, and count those of the journal and the ends of flows apart."""
    chance, stack = random.Random(seed), [[GRAPH.root.name, GRAPH.root.first]]
    moves = 0
    while moves < MOVES:
        flow, name = stack[-1]
        step, place = GRAPH.flows[flow].steps[name], f"{flow}.{name}"
        if isinstance(step, Say):
            stack[-1][1] = step.exits["then"]
        elif isinstance(step, Run):
            stack.append([step.flow.name, step.flow.first])
        elif isinstance(step, End):
            stack.pop()
            outer, runs = stack[-1]
            ended[f"{outer}.{runs}", name] += 1
            stack[-1][1] = GRAPH.flows[outer].steps[runs].exits[name]
        elif isinstance(step, HangupStep):
            return
        else:
            moves += 1
            key = chance.choice("09")
            depths = [at for at, (one, _) in enumerate(stack) if key in GRAPH.flows[one].anytime]
            if isinstance(step, Ask | Menu) and depths and key not in step.exits and chance.random() < 0.1:
                del stack[depths[-1] + 1 :]
                taken[place, f"key {key}"] += 1
                stack[-1][1] = GRAPH.flows[stack[-1][0]].anytime[key]
                continue
            way = chance.choice(list(step.exits))
            hidden = isinstance(step, Menu) and step.discreet and way in step.keys
            taken[place, CHOSEN if hidden else way] += 1
            stack[-1][1] = step.exits[way]


def test_what_is_told_is_what_happened():
    """In calls that go any way, by keys of every question too; what cannot be told is left out."""
    taken, ended = Counter[Mark](), Counter[Mark]()
    for seed in range(CALLS):
        walk(seed, taken, ended)
    told = run_exits(GRAPH, taken)
    assert told == {mark: ended[mark] for mark in told}
    assert all(told[mark] for mark in [("Balance.identify", "known"), ("Identify.by_pin", "stranger")])
    assert ("Defendant.colleague", "over") not in told
    assert ended["Defendant.colleague", "over"]
