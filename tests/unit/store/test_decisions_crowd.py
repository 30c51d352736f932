"""Decisions in a crowd: whoever decides, sends and looks at the same moment, it is done once."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from threading import Barrier

from store_decided import IS_SETTLED, MINUTE, PLAN, SECOND, on, sent, state
from store_engines import on_every_engine, some_seeds

from bridge.store.decision import Blocked, Decision, DecisionState, Opened
from bridge.store.decisions import Decisions


@on_every_engine
def test_64_threads_that_decide_the_same_send_once(decisions: Decisions, now: datetime):
    together = Barrier(64)

    def decide(_: int) -> bool:
        together.wait()
        opened = decisions.open(PLAN, now)
        assert isinstance(opened, Opened)
        return decisions.mark_sent(opened.id, now)

    with ThreadPoolExecutor(64) as threads:
        assert Counter(threads.map(decide, range(64))) == {True: 1, False: 63}


@on_every_engine
def test_of_64_calls_on_one_file_one_may_decide(decisions: Decisions, now: datetime):
    together = Barrier(64)

    def decide(call: int) -> type:
        together.wait()
        return type(decisions.open(replace(PLAN, confirmation=str(call)), now))

    with ThreadPoolExecutor(64) as threads:
        assert Counter(threads.map(decide, range(64))) == {Opened: 1, Blocked: 63}


@on_every_engine
def test_8_workers_never_look_after_the_same(decisions: Decisions, now: datetime):
    ids = [sent(decisions, now, on(str(file))) for file in range(30)]
    together = Barrier(8)

    def work(_: int) -> list[str]:
        together.wait()
        return [one.id for _ in range(10) for one in decisions.claim_due(now + MINUTE, limit=3)]

    with ThreadPoolExecutor(8) as threads:
        taken = [one for found in threads.map(work, range(8)) for one in found]
    assert sorted(taken) == sorted(ids)


def look_until_all_is_settled(decisions: Decisions, now: datetime) -> None:
    """Look every minute and never find anything, as the background worker does."""
    for _ in range(20):
        now += MINUTE
        for one in decisions.claim_due(now):
            if one.is_late(now):
                assert decisions.settle(one.id, DecisionState.ESCALATED, now, claim=one.claim)
            else:
                assert decisions.mark_unclear(one.id, now, claim=one.claim)


@some_seeds(3)
def test_however_calls_workers_and_crashes_are_mixed_nothing_is_sent_twice_or_lost(
    decisions: Decisions, now: datetime, seed: int
):
    """200 random steps over 3 files; a failing seed is in the test's name."""
    chance = random.Random(seed)
    sendings: Counter[str] = Counter()
    confirmed: set[str] = set()
    held: list[Decision] = []

    def call() -> None:
        call, file = chance.randrange(9), str(chance.randrange(3))
        new = replace(PLAN, confirmation=f"{call} {file}", file=file)
        opened = decisions.open(new, now)
        if isinstance(opened, Opened):
            confirmed.add(opened.id)
            sendings[opened.id] += chance.random() < 0.8 and decisions.mark_sent(opened.id, now)

    def answer() -> None:
        one = chance.choice(sorted(confirmed) or ["none"])
        if sendings[one] and not decisions.settle(
            one, chance.choice([DecisionState.DONE, DecisionState.REFUSED]), now
        ):
            decisions.mark_unclear(one, now)

    def work() -> None:
        held.extend(decisions.claim_due(now, limit=2))
        decision = held.pop(chance.randrange(len(held))) if held else None
        if decision and decision.is_late(now):
            decisions.settle(decision.id, DecisionState.ESCALATED, now, claim=decision.claim)
        elif decision:
            decisions.mark_unclear(decision.id, now, claim=decision.claim)

    for _ in range(200):
        now += chance.random() * 20 * SECOND
        chance.choice([call, answer, work])()
        assert max(Counter(sendings).values(), default=0) <= 1
        assert sum(decisions.counts().values()) <= 3
    look_until_all_is_settled(decisions, now)
    assert len(confirmed) > 3
    assert {state(decisions, one) for one in confirmed} <= set(IS_SETTLED)
