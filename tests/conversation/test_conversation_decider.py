"""Decisions, part by part: what is begun, what is said of each outcome, and what is never sent twice."""

from concurrent.futures import Executor, Future, ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from bridge.conversation.decider import (
    FIRST_LOOKS,
    POLL,
    SENDERS,
    SPARED,
    Decider,
    StillGoing,
    decided,
    going_on,
)
from bridge.conversation.settler import AT_A_TIME, LOOK_SECONDS, SWEEP_EVERY, Settler
from bridge.conversation.wishes import Decided, Wish
from bridge.store.decision import LOOKS, RESULT_KEPT, Decision, State
from bridge.tagor import TagorSpared

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.standin import StandIn
    from tests.conftest import Line
    from tests.conversation.conftest import Inside

FILE, PARTY = "9000000000000000001", "9000000000000001001"
WISH = Wish("plan", FILE, PARTY, months=6, expected=Decimal("205.76"), start=date(2026, 4, 1))
SAVE = "TagorService/SavePaymentPlan"
MOMENT = datetime(2026, 3, 4, 10, tzinfo=UTC)


class Kept(Executor):
    """Keeps what is to be sent until a test sends it."""

    def __init__(self) -> None:
        self.work: list[Callable[[], object]] = []

    def submit(self, fn: "Callable[..., Any]", /, *args: Any, **kwargs: Any) -> "Future[Any]":  # noqa: ANN401
        """Remember it."""
        self.work.append(lambda: fn(*args, **kwargs))
        return Future()

    def send(self) -> None:
        """Do all of it, once."""
        while self.work:
            self.work.pop(0)()


class AtOnce(Kept):
    """Sends while the caller waits."""

    def submit(self, fn: "Callable[..., Any]", /, *args: Any, **kwargs: Any) -> "Future[Any]":  # noqa: ANN401
        """Do it now."""
        super().submit(fn, *args, **kwargs)
        self.send()
        return Future()


Makes = "Callable[..., Decider]"


@pytest.fixture
def passed() -> list[str]:
    """The steps of the protocol that were passed."""
    return []


@pytest.fixture
def made(inside: "Inside", passed: list[str]) -> Makes:
    """A decider on the line's own books, as each worker has one."""

    def make(senders: Executor | None = None) -> Decider:
        clock = inside.clock
        return Decider(
            inside.books.decisions,
            now=clock.now,
            ticks=clock.ticks,
            sleep=clock.sleep,
            boundary=passed.append,
            senders=senders or AtOnce(),
        )

    return make


@pytest.fixture
def settler(inside: "Inside") -> Settler:
    branches = {inside.branch.office.key: inside.branch}
    return Settler(inside.books, branches, now=inside.clock.now, ticks=inside.clock.ticks)


def states(inside: "Inside") -> list[State]:
    return [entry.state for entry in inside.books.decisions.report(inside.clock.now())] or [
        entry.state for entry in inside.books.decisions.report(MOMENT.replace(year=2000))
    ]


def decision(state: State, **changes: object) -> Decision:
    parts: dict[str, Any] = {"office": "demo", "kind": "plan", "opened_at": MOMENT, "sent_at": MOMENT}
    parts |= {"settled_at": None, "id": "1", "looks": 0, "claim": None, "payload": None, "result": None}
    return Decision(state=state, **parts | changes)


def test_what_is_written_down_is_begun(made: Makes, inside: "Inside"):
    """Also before anybody has sent it; nothing else is."""
    kept = Kept()
    decider = made(kept)
    assert decider.begun(inside.branch, "CA1 1") is False
    assert decider.known(inside.branch, "CA1 1", 0) is None
    with pytest.raises(StillGoing):
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
        with pytest.raises(StillGoing):
            made(kept).decide(inside.branch, "CA1 1", WISH, 0)
    kept.send()
    assert line.asked("SavePaymentPlan") == ["SavePaymentPlan"]
    kept.work.append(lambda: made()._send(inside.branch, "unheard of"))
    kept.send()
    assert made().known(inside.branch, "CA1 1", 0).state == "done"


def test_a_file_with_an_open_decision_gets_no_other(made: Makes, inside: "Inside"):
    """Nothing is written of the second, so it is refused."""
    with pytest.raises(StillGoing):
        made(Kept()).decide(inside.branch, "CA1 1", WISH, 0)
    assert made().decide(inside.branch, "CA2 1", WISH, 0) == Decided("refused")
    assert not made().begun(inside.branch, "CA2 1")


def test_a_caller_waits_so_long_and_looks_twenty_times_a_second(made: Makes, inside: "Inside"):
    """Then they hear one moment."""
    before = inside.clock.ticks()
    with pytest.raises(StillGoing):
        made(Kept()).decide(inside.branch, "CA1 1", WISH, 2)
    assert inside.clock.ticks() - before >= 2
    assert (POLL, SENDERS, FIRST_LOOKS) == (0.05, 4, 3)


def test_a_clear_no_is_refused(made: Makes, inside: "Inside", tagor: "StandIn", passed: list[str]):
    """And settled as that."""
    tagor.fault(SAVE, "success_false", times=1)
    assert made().decide(inside.branch, "CA1 1", WISH, 2) == Decided("refused")
    assert states(inside) == [State.REFUSED]
    assert passed[-2:] == ["plan: answered", "plan: settled"]


def test_what_never_left_is_refused(made: Makes, inside: "Inside", tagor: "StandIn"):
    """Tagor is away: nothing can have happened."""
    tagor.stop()
    assert made().decide(inside.branch, "CA1 1", WISH, 2) == Decided("refused")
    assert states(inside) == [State.REFUSED]


def test_what_was_spared_is_told_as_that(made: Makes, inside: "Inside", monkeypatch: pytest.MonkeyPatch):
    """The caller may be asked to phone again later, and so may whoever asks again."""

    def spared(*_: object) -> Decided:
        raise TagorSpared("SavePaymentPlan", "later")

    monkeypatch.setattr("bridge.conversation.decider.write", spared)
    for ask in (lambda: made().decide(inside.branch, "CA1 1", WISH, 2),
                lambda: made().known(inside.branch, "CA1 1", 2)):  # fmt: skip
        with pytest.raises(TagorSpared, match="nothing was sent: ask again later") as told:
            ask()
        assert str(told.value).startswith("decision: Tagor was left alone")
    assert states(inside) == [State.REFUSED]


def test_an_answer_that_was_lost_is_unclear_until_it_is_found(
    made: Makes, inside: "Inside", tagor: "StandIn", settler: Settler
):
    """The background looks for it; the caller who still waits hears it."""
    tagor.fault(SAVE, "reset_after", times=1)
    with pytest.raises(StillGoing):
        made().decide(inside.branch, "CA1 1", WISH, 0)
    assert states(inside) == [State.UNKNOWN]
    assert settler.round() == 0
    inside.clock.sleep(LOOKS[0].total_seconds())
    assert settler.round() == 1
    came = made().known(inside.branch, "CA1 1", 0)
    assert (came.state, came.months, came.monthly) == ("done", 6, Decimal("205.76"))
    assert came.plan
    assert states(inside) == [State.DONE]


def test_what_is_never_found_is_handed_to_an_employee(
    made: Makes, inside: "Inside", tagor: "StandIn", settler: Settler, line: "Line"
):
    """After a quarter of an hour of looking there is a task on the file, and the caller hears unclear."""
    tagor.fault(SAVE, "reset_after", effect="none", times=1)
    with pytest.raises(StillGoing):
        made().decide(inside.branch, "CA1 1", WISH, 0)
    for _ in range(20):
        inside.clock.sleep(60)
        settler.round()
    assert states(inside) == [State.HANDED]
    assert len(line.asked("CreateInfoLine")) == 1
    assert made().known(inside.branch, "CA1 1", 0) == Decided("unclear")


def test_a_task_that_cannot_be_written_is_written_later(
    made: Makes, inside: "Inside", tagor: "StandIn", settler: Settler
):
    """Nobody is told that an employee has it before that is so."""
    tagor.fault(SAVE, "reset_after", effect="none", times=1)
    with pytest.raises(StillGoing):
        made().decide(inside.branch, "CA1 1", WISH, 0)
    inside.clock.sleep(LOOKS[-1].total_seconds())
    tagor.fault("Dossier/CreateInfoLine", "refuse", times=1)
    settler.round()
    assert states(inside) == [State.UNKNOWN]
    inside.clock.sleep(60)
    settler.round()
    assert states(inside) == [State.HANDED]


def test_what_was_never_sent_is_handed_over_at_once(
    made: Makes, inside: "Inside", settler: Settler, line: "Line"
):
    """A crash between writing down and sending: nobody looks for what cannot be there, nor sends it now."""
    kept = Kept()
    with pytest.raises(StillGoing):
        made(kept).decide(inside.branch, "CA1 1", WISH, 0)
    inside.clock.sleep(59)
    assert settler.round() == 0
    inside.clock.sleep(2)
    assert settler.round() == 1
    assert states(inside) == [State.HANDED]
    kept.send()
    assert line.asked("SavePaymentPlan") == []
    assert line.asked("GetPaymentPlans") == []


def test_a_plan_that_was_there_before_is_not_taken_for_the_new_one(
    made: Makes, inside: "Inside", tagor: "StandIn", settler: Settler
):
    """It fits, and it is not what was asked for."""
    first = made().decide(inside.branch, "CA1 1", WISH, 2)
    tagor.fault(SAVE, "reset_after", effect="none", times=1)
    with pytest.raises(StillGoing):
        made().decide(inside.branch, "CA1 2", WISH.seeing((first.plan,)), 0)
    inside.clock.sleep(60)
    settler.round()
    assert states(inside)[-1] is State.UNKNOWN


def test_four_are_looked_after_at_a_time(made: Makes, inside: "Inside", settler: Settler):
    """All of them within their lease, however slow Tagor is."""
    for number in range(5):
        wish = Wish("text", FILE, PARTY, code=str(number), address="+32470000001")
        with pytest.raises(StillGoing):
            made(Kept()).decide(inside.branch, f"CA1 {number}", wish, 0)
    inside.clock.sleep(60)
    assert [settler.round() for _ in range(3)] == [4, 1, 0]
    assert (AT_A_TIME, LOOK_SECONDS) == (4, 3.0)


def test_results_are_wiped_once_a_minute(made: Makes, inside: "Inside", settler: Settler):
    """When no call needs them any more."""
    made().decide(inside.branch, "CA1 1", WISH, 2)
    inside.clock.sleep(SWEEP_EVERY - 1)
    settler.sweep()
    inside.clock.sleep(RESULT_KEPT.total_seconds())
    settler.sweep()
    assert made().known(inside.branch, "CA1 1", 0) == Decided("unclear")
    assert SWEEP_EVERY == 60.0


@pytest.mark.parametrize(
    ("state", "looks", "waits"),
    [
        (State.READY, 0, True),
        (State.SENT, 0, True),
        (State.UNKNOWN, 0, True),
        (State.UNKNOWN, 2, True),
        (State.UNKNOWN, 3, False),
        (State.DONE, 0, False),
        (State.REFUSED, 0, False),
        (State.HANDED, 0, False),
    ],
)
def test_a_caller_waits_while_it_may_still_be_known_soon(state: State, looks: int, waits: bool):  # noqa: FBT001
    """As long as it is being sent, and for the first three looks."""
    assert going_on(decision(state, looks=looks)) is waits


def test_what_the_journal_says_is_told():
    """What is wiped, handed on or not there is unclear; nothing is called done that is not."""
    done = Decided("done", 6, Decimal("205.76"), "sms", "8801")
    assert decided(decision(State.DONE, result=done.to_json())) == done
    assert decided(decision(State.REFUSED)) == Decided("refused")
    for unclear in (None, *(decision(state) for state in (State.DONE, State.HANDED, State.UNKNOWN))):
        assert decided(unclear) == Decided("unclear")
    assert SPARED == b"spared"


def test_a_decider_has_four_senders_of_its_own(inside: "Inside"):
    """Unless it is given others."""
    own = Decider(inside.books.decisions, now=inside.clock.now)._senders
    assert isinstance(own, ThreadPoolExecutor)
    assert (own._max_workers, own._thread_name_prefix) == (4, "decision")
