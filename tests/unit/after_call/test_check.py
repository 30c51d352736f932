"""When the promised time is over: kept if an employee has dealt with it, else missed."""

from collections.abc import Callable
from typing import Any

import pytest
from after_call_bench import USER, Bench

from bridge.store.callbacks import CallbackState

Deal = Callable[[Bench], object]


def finish(bench: Bench) -> None:
    """An employee ticks the entry of the agenda off."""
    [entry] = bench.tagor.records.agenda()
    bench.tagor.controls.finish(entry.job)


def read(bench: Bench) -> None:
    """An employee opens the message."""
    [message] = bench.tagor.records.office_messages()
    tagor = bench.tagor.tagor
    with tagor.database.transaction():
        tagor.messages.toggle(message, tagor.moment)


def over(bench: Bench) -> CallbackState:
    """The promised time goes by, and the courier comes."""
    bench.line.clock.move(hours=8)
    bench.run_forever(10)
    assert bench.counts() == (0, 2, 0)
    return bench.promised().state


def ask(bench: Bench, **changes: object) -> None:
    _, told = bench.promise(**changes)
    bench.leave("callback", **told)
    bench.run_forever(1)


@pytest.fixture(params=["agenda", "file's message", "box"])
def noted(request: pytest.FixtureRequest, open_bench: Callable[..., Bench]) -> tuple[Bench, Deal]:
    """A call-back where an employee sees it, and how they deal with it there."""
    if request.param == "agenda":
        bench = open_bench()
        ask(bench)
        return bench, finish
    bench = open_bench({USER: ""})
    ask(bench, **({"file": None, "party": None} if request.param == "box" else {}))
    return bench, read


def test_nobody_has_dealt_with_it(noted: tuple[Bench, Deal]):
    """It stands there as it was left."""
    bench, _ = noted
    assert over(bench) is CallbackState.MISSED
    assert bench.promised().settled_at


def test_somebody_has_dealt_with_it(noted: tuple[Bench, Deal]):
    """In time or not: the office has seen to it."""
    bench, deal = noted
    deal(bench)
    assert over(bench) is CallbackState.KEPT


def test_it_is_not_looked_at_before_its_time_is_over(bench: Bench):
    """An employee has until the end of the part of the day."""
    ask(bench)
    bench.line.clock.move(hours=6)
    bench.round()
    assert (bench.promised().state, bench.counts()) == (CallbackState.SCHEDULED, (1, 1, 0))


@pytest.mark.parametrize("deal", [read, lambda _bench: None], ids=["read", "unread"])
def test_a_message_read_before_the_bridge_knew_of_it_is_dealt_with(bench: Bench, deal: Deal):
    """The answer was lost, and somebody was quicker than our looking for it: that is no missed call."""
    bench.tagor.fault("Message/Add", "reset_after", times=1)
    _, told = bench.promise(file=None, party=None)
    bench.leave("callback", **told)
    bench.round()
    deal(bench)
    bench.run_forever(3)
    assert over(bench) is (CallbackState.KEPT if deal is read else CallbackState.MISSED)


def test_a_tagor_that_cannot_be_asked_settles_nothing(bench: Bench, loss: dict[str, Any]):
    """It is looked at again until there is an answer: nobody is blamed for an outage."""
    ask(bench)
    finish(bench)
    bench.tagor.fault("Dossier/GetAgenda", times=None, **{**loss, "effect": "none"})
    bench.line.clock.move(hours=8)
    bench.run_forever(4)
    assert (bench.promised().state, bench.counts()) == (CallbackState.SCHEDULED, (1, 1, 0))
    bench.tagor.clear_faults()
    assert over(bench) is CallbackState.KEPT


def test_an_entry_that_was_taken_away_was_dealt_with(bench: Bench):
    """Who deletes it has seen it."""
    ask(bench)
    tagor = bench.tagor.tagor
    with tagor.database.transaction():
        tagor.database.write("appointment", "DELETE FROM appointments")
    assert over(bench) is CallbackState.KEPT


@pytest.mark.parametrize("kill", ["sent, and not ticked off", "ticked off"])
def test_killed_in_between_it_is_settled_once(bench: Bench, kill: str):
    """Looking twice does no harm, and the first answer stands."""
    ask(bench)
    bench.line.clock.move(hours=8)
    bench.die(kill)
    finish(bench)
    assert over(bench) is CallbackState.MISSED


@pytest.mark.parametrize(
    ("known", "deal"), [({}, finish), ({"file": None, "party": None}, read)], ids=["agenda", "box"]
)
def test_the_promises_of_two_callers_are_told_apart(bench: Bench, known: dict[str, None], deal: Deal):
    """In the same place, at the same hour: each has a reference of its own."""
    ask(bench, **known)
    deal(bench)
    ask(bench, number="+32470000098", **known)
    bench.line.clock.move(hours=8)
    bench.run_forever(4)
    assert bench.counts() == (0, 4, 0)
    assert [entry.state for entry in bench.report()] == [CallbackState.KEPT, CallbackState.MISSED]
