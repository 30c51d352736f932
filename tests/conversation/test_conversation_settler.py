"""What calls left open: looked for in Tagor, found, or handed to an employee; never sent again."""

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from conversation_decisions import FILE, PARTY, SAVE, WISH, Kept, Makes, states

from bridge.conversation.decider import StillGoing
from bridge.conversation.settler import AT_A_TIME, LOOK_SECONDS, SWEEP_EVERY, Settler
from bridge.conversation.wishes import Decided, Wish
from bridge.store.decision import LOOKS, RESULT_KEPT, State

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.standin import StandIn
    from tests.conftest import Line
    from tests.conversation.conftest import Inside


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


def test_no_plan_is_looked_for_where_a_text_was_sent(
    made: Makes, inside: "Inside", settler: Settler, tagor: "StandIn", line: "Line"
):
    """Tagor does not show what it has sent: an employee asks the caller."""
    tagor.fault("Actions/SendSms", "reset_after", times=1)
    wish = Wish("text", FILE, PARTY, code="SALDO", address="+32470000001")
    with pytest.raises(StillGoing):
        made().decide(inside.branch, "CA1 1", wish, 0)
    inside.clock.sleep(60)
    assert settler.round() == 1
    assert states(inside) == [State.UNKNOWN]
    assert line.asked("GetPaymentPlans") == []


def test_it_is_all_done_in_the_background(
    made: Makes, inside: "Inside", settler: Settler, monkeypatch: pytest.MonkeyPatch
):
    """In a thread of that name; each round is followed by a rest."""
    began: list[tuple[str, Callable[[], int]]] = []
    monkeypatch.setattr("bridge.conversation.settler.go_on", lambda name, work: began.append((name, work)))
    settler.start()
    [(name, work)] = began
    with pytest.raises(StillGoing):
        made(Kept()).decide(inside.branch, "CA1 1", WISH, 0)
    inside.clock.sleep(RESULT_KEPT.total_seconds())
    assert (name, work()) == ("settler", 0)
    assert states(inside) == [State.HANDED]
