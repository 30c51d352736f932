"""Decisions, part by part: what is begun, what is said of each outcome, and what is never sent twice."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from conversation_decisions import FILE, SAVE, WISH, Kept, Makes, decision, states
from structlog.testing import CapturingLogger

from bridge.clock import Clock
from bridge.conversation.decisions.sender import (
    FIRST_LOOKS,
    POLL,
    SENDERS,
    SPARED,
    DecisionSender,
    Pending,
    decided,
    going_on,
)
from bridge.store.decision import READY_LEFT, DecisionState
from bridge.tagor import TagorCircuitOpen
from voice_flows.answers import WriteResult

if TYPE_CHECKING:
    from bridge.simulators.tagor import StandIn
    from tests.conftest import Line
    from tests.unit.conversation.conftest import Inside


def test_what_is_written_down_is_begun(made: Makes, inside: "Inside"):
    """Also before anybody has sent it; nothing else is."""
    kept = Kept()
    decider = made(kept)
    assert decider.begun(inside.branch, "CA1 1") is False
    assert decider.known(inside.branch, "CA1 1", 0) is None
    with pytest.raises(Pending):
        decider.decide(inside.branch, "CA1 1", WISH, 0)
    assert decider.begun(inside.branch, "CA1 1") is True
    assert decider.begun(inside.branch, "CA1 2") is False
    assert decider.blocked(inside.branch, FILE)
    assert not decider.blocked(inside.branch, "1")


def test_a_plan_is_made_and_told(made: Makes, inside: "Inside", line: "Line", passed: list[str]):
    """As Tagor has it, to whoever asks for it later too; every step is passed in its order."""
    came = made().decide(inside.branch, "CA1 1", WISH, 2)
    assert (came.state, came.months, came.monthly) == ("done", 6, Decimal("205.76"))
    assert came.plan
    assert made().known(inside.branch, "CA1 1", 2) == came
    assert line.asked("SavePaymentPlan") == ["SavePaymentPlan"]
    assert passed == [
        *("plan: confirmed", "plan: written", "plan: to be marked", "plan: marked as sent"),
        *("plan: answered", "plan: settled"),
    ]


def test_two_workers_that_may_send_send_once(made: Makes, inside: "Inside", line: "Line"):
    """Whoever marks it first; the other one only waits."""
    kept = Kept()
    for _ in range(2):
        with pytest.raises(Pending):
            made(kept).decide(inside.branch, "CA1 1", WISH, 0)
    kept.send()
    assert line.asked("SavePaymentPlan") == ["SavePaymentPlan"]
    kept.work.append(lambda: made()._send(inside.branch, "unheard of"))
    kept.send()
    assert made().known(inside.branch, "CA1 1", 0).state == "done"


def test_a_file_with_an_open_decision_gets_no_other(made: Makes, inside: "Inside"):
    """Nothing is written of the second, so it is refused."""
    with pytest.raises(Pending):
        made(Kept()).decide(inside.branch, "CA1 1", WISH, 0)
    assert made().decide(inside.branch, "CA2 1", WISH, 0) == WriteResult("refused")
    assert not made().begun(inside.branch, "CA2 1")


def test_a_caller_waits_so_long_and_looks_twenty_times_a_second(made: Makes, inside: "Inside"):
    """Then they hear one moment."""
    before = inside.clock.monotonic()
    with pytest.raises(Pending):
        made(Kept()).decide(inside.branch, "CA1 1", WISH, 2)
    assert inside.clock.monotonic() - before >= 2
    assert (POLL, SENDERS, FIRST_LOOKS) == (0.05, 4, 3)


def test_a_clear_no_is_refused(made: Makes, inside: "Inside", tagor: "StandIn", passed: list[str]):
    """And settled as that."""
    tagor.fault(SAVE, "success_false", times=1)
    assert made().decide(inside.branch, "CA1 1", WISH, 2) == WriteResult("refused")
    assert states(inside) == [DecisionState.REFUSED]
    assert passed[-2:] == ["plan: answered", "plan: settled"]


def test_what_never_left_is_refused(made: Makes, inside: "Inside", tagor: "StandIn"):
    """Tagor is away: nothing can have happened."""
    tagor.stop()
    assert made().decide(inside.branch, "CA1 1", WISH, 2) == WriteResult("refused")
    assert states(inside) == [DecisionState.REFUSED]


def test_what_was_spared_is_told_as_that(made: Makes, inside: "Inside", monkeypatch: pytest.MonkeyPatch):
    """The caller may be asked to phone again later, and so may whoever asks again."""

    def spared(*_: object) -> WriteResult:
        raise TagorCircuitOpen("SavePaymentPlan", "later")

    monkeypatch.setattr("bridge.conversation.decisions.sender.write", spared)
    for ask in (lambda: made().decide(inside.branch, "CA1 1", WISH, 2),
                lambda: made().known(inside.branch, "CA1 1", 2)):  # fmt: skip
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
    assert going_on(decision(state, checks=checks)) is waits


def test_what_the_journal_says_is_told():
    """What is wiped, handed on or not there is unclear; nothing is called done that is not."""
    done = WriteResult("done", 6, Decimal("205.76"), "sms", "8801")
    assert decided(decision(DecisionState.DONE, result=done.to_json())) == done
    assert decided(decision(DecisionState.REFUSED)) == WriteResult("refused")
    for unclear in (
        None,
        *(decision(state) for state in (DecisionState.DONE, DecisionState.ESCALATED, DecisionState.UNKNOWN)),
    ):
        assert decided(unclear) == WriteResult("unclear")
    assert decided(decision(DecisionState.ESCALATED, result=done.to_json())) == WriteResult("unclear")
    assert SPARED == b"spared"


def test_a_decider_has_four_senders_of_its_own(inside: "Inside"):
    """Unless it is given others."""
    own = DecisionSender(inside.books.decisions)._senders
    assert isinstance(own, ThreadPoolExecutor)
    assert (own._max_workers, own._thread_name_prefix) == (4, "decision")


def test_what_is_being_sent_is_not_given_to_a_sender_again(made: Makes, inside: "Inside"):
    """Whoever asks what became of it only waits."""
    first, second = Kept(), Kept()
    with pytest.raises(Pending):
        made(first).decide(inside.branch, "CA1 1", WISH, 0)
    [entry] = inside.books.decisions.claim_due(inside.clock.now() + READY_LEFT)
    assert entry.state is DecisionState.UNKNOWN
    with pytest.raises(Pending):
        made(second).known(inside.branch, "CA1 1", 0)
    assert (len(first.work), second.work) == (1, [])


def test_a_caller_waits_not_a_look_longer(inside: "Inside"):
    """When the time is up they hear one moment at once; nobody looks without waiting in between."""
    waits, asked = list[float](), iter(range(99))

    def monotonic() -> float:
        next(asked)
        return sum(waits)

    decider = DecisionSender(
        inside.books.decisions, clock=Clock(inside.clock.now, monotonic, waits.append), senders=Kept()
    )
    with pytest.raises(Pending):
        decider.decide(inside.branch, "CA1 1", WISH, 2 * POLL)
    assert waits == [POLL, POLL]


def test_an_unclear_decision_is_in_the_log(
    made: Makes, inside: "Inside", tagor: "StandIn", monkeypatch: pytest.MonkeyPatch
):
    """With the kind of trouble and of wish, and nothing else."""
    monkeypatch.setattr("bridge.conversation.decisions.sender.log", logged := CapturingLogger())
    tagor.fault(SAVE, "reset_after", times=1)
    with pytest.raises(Pending):
        made().decide(inside.branch, "CA1 1", WISH, 0)
    [call] = logged.calls
    assert (call.method_name, call.args) == ("warning", ("decision_unclear",))
    assert call.kwargs == {"trouble": "TagorUnreachable", "kind": "plan"}
