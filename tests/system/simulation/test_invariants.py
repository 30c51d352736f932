"""The witness itself: a bridge that breaks a promise is found out, each promise by a sabotage of its own."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bridge.after_call.outbox_worker import OutboxWorker
from bridge.conversation.decisions import sender
from bridge.conversation.decisions.reconciler import Reconciler
from bridge.conversation.services.file import FileService
from bridge.conversation.services.transfer import TransferService
from bridge.conversation.turns import Conversation
from bridge.flow.action_context import ActionContext
from bridge.simulators.rehearsal.play.scenario import CallerAction, Fault, Scenario, ScenarioCall
from bridge.simulators.rehearsal.rehearsal import Rehearsal
from bridge.simulators.tagor.tagor import Tagor
from bridge.store.calls import Calls
from bridge.store.claim import Replay
from bridge.store.decisions import Decisions
from voice_flows.answers import Presence, WriteResult

RIGHT_PIN, WRONG_PIN = "482193", "111111"
RING, BALANCE, PIN, PLAN, TERM, START, REQUEST, AGREE = range(8)
WAY = ("", "1", RIGHT_PIN, "2", "1", "1", "1", "1")
SAVE: Fault = {
    "kind": "tagor",
    "endpoint": "TagorService/SavePaymentPlan",
    "fault": "reset_after",
    "times": 1,
}
TWICE: Fault = {"kind": "duplicate", "times": 1, "after": 0.0}
EMPTY = b'<?xml version="1.0" encoding="UTF-8"?><Response></Response>'

Patch = pytest.MonkeyPatch


def walk(*inputs: str, at: int = REQUEST, fault: Fault | None = None) -> Scenario:
    """A call of An Peeters, all the way if nothing else is said, with a fault at one of its deeds."""
    actions = [CallerAction(one) for one in inputs or WAY]
    if fault is not None:
        actions[at].faults.append(dict(fault))
    call = ScenarioCall("+32470000001", actions)
    return Scenario("walk", "plain", "20230118", "1234.56", "2026-03-04T10:00:00+01:00", [call])


def write_twice(patch: Patch) -> None:
    once = sender.write

    def twice(*arguments: Any) -> WriteResult:  # noqa: ANN401 - as write's own
        once(*arguments)
        return once(*arguments)

    patch.setattr(sender, "write", twice)


def write_something_else(patch: Patch) -> None:
    once = sender.write
    patch.setattr(sender, "write", lambda tagor, wish, clock: once(tagor, replace(wish, months=7), clock))


def mark_nothing(patch: Patch) -> None:
    patch.setattr(Decisions, "mark_sent", lambda *_: True)


def call_it_done(patch: Patch) -> None:
    patch.setattr(sender, "decided", lambda _: WriteResult("done", 6, Decimal("205.76")))


def call_it_refused(patch: Patch) -> None:
    patch.setattr(sender, "had_no_effect", lambda *_: True)


def take_any_pin(patch: Patch) -> None:
    real = Tagor.by_pin
    patch.setattr(Tagor, "by_pin", lambda tagor, named, _pin: real(tagor, named, RIGHT_PIN))


def ask_again(patch: Patch) -> None:
    patch.setattr(ActionContext, "once", lambda _errand, _name, ask: ask())


def settle_nothing(patch: Patch) -> None:
    patch.setattr(Reconciler, "round", lambda _: 0)
    patch.setattr(OutboxWorker, "round", lambda _: 0)


def answer_differently(patch: Patch) -> None:
    take = Calls.claim

    def taken(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - as take's own
        found = take(*arguments, **options)
        if isinstance(found, Replay):
            return Replay(found.reply.replace(b"</Response>", b"<Hangup/></Response>"))
        return found

    patch.setattr(Calls, "claim", taken)


def answer_nothing(patch: Patch) -> None:
    patch.setattr(Conversation, "_lead", lambda *_: EMPTY)


def answer_nonsense(patch: Patch) -> None:
    patch.setattr(Conversation, "_lead", lambda *_: EMPTY[:-1])


def dawdle(patch: Patch) -> None:
    lead = Conversation._lead

    def slowly(conversation: Conversation, *arguments: Any) -> bytes:  # noqa: ANN401 - as _lead's own
        conversation._clock.sleep(3.5)
        return lead(conversation, *arguments)

    patch.setattr(Conversation, "_lead", slowly)


def dawdle_longer(patch: Patch) -> None:
    dawdle(patch)
    dawdle(patch)


def be_closed(patch: Patch) -> None:
    patch.setattr(TransferService, "presence", lambda _service, _noted=None: Presence(open=False))


def break_down(patch: Patch) -> None:
    patch.setattr(FileService, "balance", lambda *_, **__: 1 / 0)


@pytest.mark.parametrize(
    ("promise", "sabotage", "script"),
    [
        ("INV1", write_twice, walk()),
        ("INV2", write_something_else, walk()),
        ("INV2", mark_nothing, walk()),
        ("INV3", take_any_pin, walk("", "1", WRONG_PIN)),
        ("INV4", answer_nonsense, walk()),
        ("INV5", answer_nothing, walk()),
        ("INV4", dawdle_longer, walk()),
        ("INV5", dawdle, walk()),
        ("INV16", be_closed, walk("", "2")),
        ("INV12", ask_again, walk("", "1", RIGHT_PIN, "3", RIGHT_PIN)),
        ("INV13", call_it_done, walk(fault={**SAVE, "effect": "none"})),
        ("INV13", call_it_refused, walk(fault=SAVE)),
        ("INV14", answer_differently, walk(fault=TWICE)),
        ("lost", settle_nothing, walk(fault=SAVE)),
        ("error", break_down, walk()),
    ],
    ids=lambda one: one.__name__ if callable(one) else None,
)
def test_a_broken_promise_is_noticed(
    own_rehearsal: Rehearsal,
    monkeypatch: Patch,
    promise: str,
    sabotage: Callable[[Patch], None],
    script: Scenario,
):
    """The same story breaks nothing with the bridge as it is."""
    assert own_rehearsal.replay(script).broken == []
    sabotage(monkeypatch)
    assert promise in {broken.partition(":")[0] for broken in own_rehearsal.replay(script).broken}


def test_a_story_that_breaks_a_promise_shrinks_to_what_it_takes(
    own_rehearsal: Rehearsal, monkeypatch: Patch, tmp_path: Path
):
    """What has nothing to do with it is left out, and what is saved can be played again."""
    write_twice(monkeypatch)
    script = walk("", "*", "1", ",", *WAY[2:], at=5, fault=TWICE)
    script.calls.append(ScenarioCall("anonymous", [CallerAction(), CallerAction("2")]))
    script.broken = own_rehearsal.replay(script).broken
    shrunk = own_rehearsal.shrink(script)
    assert [[action.input for action in call.actions] for call in shrunk.calls] == [[*WAY[:AGREE]]]
    assert shrunk.faults == []
    assert Scenario.load(shrunk.save(tmp_path)) == shrunk
    assert own_rehearsal.replay(Scenario.load(shrunk.save(tmp_path))).broken == shrunk.broken != []
