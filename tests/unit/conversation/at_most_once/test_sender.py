"""Decisions, part by part: what is begun, what is said of each outcome, and what is never sent twice."""

import re
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
import structlog
from conversation_decisions import COMMAND, FILE, SAVE, Kept, Makes, decision, states
from shared_spans import Spans
from structlog.testing import CapturingLogger

from bridge.clock import Clock
from bridge.conversation.at_most_once.sender import (
    FIRST_CHECKS,
    NOT_ASKED,
    POLL,
    SENDERS,
    DecisionSender,
    Pending,
    may_soon_be_known,
    result_of,
)
from bridge.store.decision import READY_LEFT, DecisionState
from bridge.tagor import TagorCircuitOpen
from voice_flows.answers import WriteResult

if TYPE_CHECKING:
    from bridge.simulators.tagor import StandIn
    from tests.conftest import Line
    from tests.unit.conversation.conftest import Inside


def test_what_is_written_down_is_begun(makes: Makes, inside: "Inside"):
    """Also before anybody has sent it; nothing else is."""
    kept = Kept()
    sender = makes(kept)
    assert sender.is_written(inside.branch, "CA1 1") is False
    assert sender.result(inside.branch, "CA1 1", 0) is None
    with pytest.raises(Pending):
        sender.decide(inside.branch, "CA1 1", COMMAND, 0)
    assert sender.is_written(inside.branch, "CA1 1") is True
    assert sender.is_written(inside.branch, "CA1 2") is False
    assert sender.is_blocked(inside.branch, FILE)
    assert not sender.is_blocked(inside.branch, "1")


def test_a_plan_is_made_and_told(makes: Makes, inside: "Inside", line: "Line", passed: list[str]):
    """As Tagor has it, to whoever asks for it later too; every step is passed in its order."""
    came = makes().decide(inside.branch, "CA1 1", COMMAND, 2)
    assert (came.state, came.months, came.monthly) == ("done", 6, Decimal("205.76"))
    assert came.plan
    assert makes().result(inside.branch, "CA1 1", 2) == came
    assert line.asked("SavePaymentPlan") == ["SavePaymentPlan"]
    assert passed == [
        *("plan: confirmed", "plan: written", "plan: to be marked", "plan: marked as sent"),
        *("plan: answered", "plan: settled"),
    ]


def test_two_workers_that_may_send_send_once(makes: Makes, inside: "Inside", line: "Line"):
    """Whoever marks it first; the other one only waits."""
    kept = Kept()
    for _ in range(2):
        with pytest.raises(Pending):
            makes(kept).decide(inside.branch, "CA1 1", COMMAND, 0)
    kept.send()
    assert line.asked("SavePaymentPlan") == ["SavePaymentPlan"]
    kept.work.append(lambda: makes()._send(inside.branch, "unheard of"))
    kept.send()
    assert makes().result(inside.branch, "CA1 1", 0).state == "done"


def test_a_file_with_an_open_decision_gets_no_other(makes: Makes, inside: "Inside"):
    """Nothing is written of the second, so it is refused."""
    with pytest.raises(Pending):
        makes(Kept()).decide(inside.branch, "CA1 1", COMMAND, 0)
    assert makes().decide(inside.branch, "CA2 1", COMMAND, 0) == WriteResult("refused")
    assert not makes().is_written(inside.branch, "CA2 1")


def test_a_caller_waits_so_long_and_looks_twenty_times_a_second(makes: Makes, inside: "Inside"):
    """Then they hear one moment."""
    before = inside.clock.monotonic()
    with pytest.raises(Pending):
        makes(Kept()).decide(inside.branch, "CA1 1", COMMAND, 2)
    assert inside.clock.monotonic() - before >= 2
    assert (POLL, SENDERS, FIRST_CHECKS) == (0.05, 4, 3)


def test_a_clear_no_is_refused(makes: Makes, inside: "Inside", tagor: "StandIn", passed: list[str]):
    """And settled as that."""
    tagor.fault(SAVE, "success_false", times=1)
    assert makes().decide(inside.branch, "CA1 1", COMMAND, 2) == WriteResult("refused")
    assert states(inside) == [DecisionState.REFUSED]
    assert passed[-2:] == ["plan: answered", "plan: settled"]


def test_what_never_left_is_refused(makes: Makes, inside: "Inside", tagor: "StandIn"):
    """Tagor is away: nothing can have happened."""
    tagor.stop()
    assert makes().decide(inside.branch, "CA1 1", COMMAND, 2) == WriteResult("refused")
    assert states(inside) == [DecisionState.REFUSED]


def test_what_was_spared_is_told_as_that(makes: Makes, inside: "Inside", monkeypatch: pytest.MonkeyPatch):
    """The caller may be asked to phone again later, and so may whoever asks again."""

    def spared(*_: object) -> WriteResult:
        raise TagorCircuitOpen("SavePaymentPlan", "later")

    monkeypatch.setattr("bridge.conversation.at_most_once.sender.write", spared)
    for ask in (lambda: makes().decide(inside.branch, "CA1 1", COMMAND, 2),
                lambda: makes().result(inside.branch, "CA1 1", 2)):  # fmt: skip
        with pytest.raises(TagorCircuitOpen, match="nothing was sent: ask again later") as told:
            ask()
        assert str(told.value).startswith("decision: Tagor was left alone")
    assert states(inside) == [DecisionState.REFUSED]


@pytest.mark.parametrize(
    ("state", "checks", "waits"),
    [
        (DecisionState.READY, 0, True),
        (DecisionState.SENT, 0, True),
        (DecisionState.UNKNOWN, 0, True),
        (DecisionState.UNKNOWN, 2, True),
        (DecisionState.UNKNOWN, 3, False),
        (DecisionState.DONE, 0, False),
        (DecisionState.REFUSED, 0, False),
        (DecisionState.ESCALATED, 0, False),
    ],
)
def test_a_caller_waits_while_it_may_still_be_known_soon(state: DecisionState, checks: int, waits: bool):  # noqa: FBT001
    """As long as it is being sent, and for the first three looks."""
    assert may_soon_be_known(decision(state, checks=checks)) is waits


def test_what_the_journal_says_is_told():
    """What is wiped, handed on or not there is unclear; nothing is called done that is not."""
    done = WriteResult("done", 6, Decimal("205.76"), "sms", "8801")
    assert result_of(decision(DecisionState.DONE, result=done.to_json())) == done
    assert result_of(decision(DecisionState.REFUSED)) == WriteResult("refused")
    for unclear in (
        None,
        *(decision(state) for state in (DecisionState.DONE, DecisionState.ESCALATED, DecisionState.UNKNOWN)),
    ):
        assert result_of(unclear) == WriteResult("unclear")
    assert result_of(decision(DecisionState.ESCALATED, result=done.to_json())) == WriteResult("unclear")
    assert NOT_ASKED == b"spared"


def test_a_decider_has_four_senders_of_its_own(inside: "Inside"):
    """Unless it is given others."""
    own = DecisionSender(inside.books.decisions)._senders
    assert isinstance(own, ThreadPoolExecutor)
    assert (own._max_workers, own._thread_name_prefix) == (4, "decision")


def test_what_is_being_sent_is_not_given_to_a_sender_again(makes: Makes, inside: "Inside"):
    """Whoever asks what became of it only waits."""
    first, second = Kept(), Kept()
    with pytest.raises(Pending):
        makes(first).decide(inside.branch, "CA1 1", COMMAND, 0)
    [entry] = inside.books.decisions.claim_due(inside.clock.now() + READY_LEFT)
    assert entry.state is DecisionState.UNKNOWN
    with pytest.raises(Pending):
        makes(second).result(inside.branch, "CA1 1", 0)
    assert (len(first.work), second.work) == (1, [])


def test_a_caller_waits_not_a_look_longer(inside: "Inside"):
    """When the time is up they hear one moment at once; nobody looks without waiting in between."""
    waits, asked = list[float](), iter(range(99))

    def monotonic() -> float:
        next(asked)
        return sum(waits)

    sender = DecisionSender(
        inside.books.decisions, clock=Clock(inside.clock.now, monotonic, waits.append), senders=Kept()
    )
    with pytest.raises(Pending):
        sender.decide(inside.branch, "CA1 1", COMMAND, 2 * POLL)
    assert waits == [POLL, POLL]


def test_an_unclear_decision_is_in_the_log(
    makes: Makes, inside: "Inside", tagor: "StandIn", monkeypatch: pytest.MonkeyPatch
):
    """With the kind of trouble and of command, and nothing else."""
    monkeypatch.setattr("bridge.conversation.at_most_once.sender.log", logged := CapturingLogger())
    tagor.fault(SAVE, "reset_after", times=1)
    with pytest.raises(Pending):
        makes().decide(inside.branch, "CA1 1", COMMAND, 0)
    [call] = logged.calls
    assert (call.method_name, call.args) == ("warning", ("decision_unclear",))
    assert call.kwargs == {"trouble": "TagorUnreachable", "kind": "plan"}


def test_a_sending_is_traced_as_a_part_of_its_turn(inside: "Inside", tagor: "StandIn"):
    """Another thread sends, and what it logs and asks belongs to the call that confirmed."""
    spans, kept = Spans(), Kept()
    sender = DecisionSender(inside.books.decisions, clock=inside.clock, senders=kept, span=spans)
    tagor.fault(SAVE, "success_false", times=1)
    with structlog.contextvars.bound_contextvars(call="0a1b"), pytest.raises(Pending):
        sender.decide(inside.branch, "CA1 1", COMMAND, 0)
    kept.send()
    [span] = spans.made
    assert re.fullmatch("[0-9a-f]{16}", span.pop("decision"))
    told = {"name": "decision", "office": "demo", "kind": "plan", "error": "TagorRefused"}
    assert span == told | {"left": b"", "log": {"call": "0a1b"}}
