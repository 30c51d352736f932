"""Errands to Tagor: bounded in number, bounded in time, never in each other's way."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier, Event
from typing import TYPE_CHECKING, Literal

import pytest

from bridge.conversation.action_runner import DOWN, ActionRunner
from bridge.conversation.at_most_once.sender import DecisionSender, Pending
from bridge.conversation.constant_time import ConstantTime
from bridge.conversation.services.action_scope import ActionScope
from bridge.conversation.services.file import FileService
from bridge.conversation.services.transfer import TransferService
from bridge.conversation.turn import PATIENCE, Turn
from bridge.flow.call import Call
from bridge.flow.engine import PendingAction
from bridge.flow.steps import decide, do
from bridge.office.hours import OpeningHours
from bridge.store.claim import NEW, OpenTurn
from bridge.tagor import Deadline, NotSendable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bridge.conversation.office_context import OfficeContext
    from tests.unit.conversation.conftest import Inside


@pytest.fixture
def runner(inside: "Inside") -> ActionRunner:
    clock, books = inside.clock, inside.books
    decider = DecisionSender(books.decisions, clock=clock)
    return ActionRunner(books, decider, seconds=0.5, constant_time=ConstantTime(clock=clock), clock=clock)


@pytest.fixture
def busy(inside: "Inside") -> "Iterator[OfficeContext]":
    """A branch of which every way to Tagor is taken until the test is over."""
    over = Event()
    pool = ThreadPoolExecutor(2)
    started = Barrier(3)
    for _ in range(2):
        pool.submit(lambda: (started.wait(), over.wait()))
    started.wait()
    yield replace(inside.branch, executor=pool)
    over.set()
    pool.shutdown()


def need(action: "Callable[..., str]", **options: object) -> PendingAction:
    return PendingAction(do(action, fine="x", down="x", **options), "Here.step")


def fine(_context: object) -> Literal["fine"]:
    return "fine"


def unclaimed(_turn: Turn) -> None:
    """No other worker is there."""


def turn(inside: "Inside", branch: "OfficeContext", deadline: Deadline) -> Turn:
    call, read = Call("", "+3220000001", "nl"), OpenTurn("a call", None, NEW)
    return Turn("CA" + "0" * 32, 1, call, branch, inside.clock.now(), deadline, read)


def test_an_errand_that_gets_no_turn_is_down(runner: ActionRunner, busy: "OfficeContext", inside: "Inside"):
    """While Tagor has more than enough to do, callers are not kept waiting for their turn."""
    assert (
        runner.run(need(fine, timeout=0.1), turn(inside, busy, Deadline(inside.clock, PATIENCE)), unclaimed)
        is DOWN
    )
    assert busy.executor._work_queue.get_nowait().future.cancelled()


def test_an_errand_has_its_own_time(runner: ActionRunner, inside: "Inside"):
    """It may go on when the turn that sent it out is over."""
    seen: list[float] = []

    def look(context: object) -> Literal["fine"]:
        seen.append(context.files.scope.deadline.left())  # type: ignore[attr-defined]
        return "fine"

    outcome = runner.run(need(look), turn(inside, inside.branch, Deadline(inside.clock, 0.2)), unclaimed)
    assert outcome.exit == "fine"
    assert 0.2 < seen[0] <= 0.5


def test_a_decision_for_which_a_turn_has_no_time_goes_on_behind_words(runner: ActionRunner, inside: "Inside"):
    """It is prepared once; until it is written down, later turns only look for it."""
    begun, go_on = list[object](), Event()

    def agree(context: object) -> Literal["done", "refused", "unclear"]:
        begun.append(context)
        go_on.wait()
        return "done"

    agreed = PendingAction(decide(agree, done="x", refused="x", unclear="x", down="x"), "Here.step")
    first, later = (turn(inside, inside.branch, Deadline(inside.clock, 0)) for _ in range(2))
    later.call.tries["moment"] = 1
    for one in (first, later, later):
        with pytest.raises(Pending):
            runner.run(agreed, one, unclaimed)
    go_on.set()
    inside.branch.executor.shutdown()
    assert len(begun) == 1


def test_a_mistake_in_an_action_is_no_trouble_of_tagors(runner: ActionRunner, inside: "Inside"):
    """It is raised, so that the call is rescued and somebody reads of it."""

    def wrong(_context: object) -> Literal["fine"]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        runner.run(need(wrong), turn(inside, inside.branch, Deadline(inside.clock, PATIENCE)), unclaimed)


def test_what_cannot_be_asked_is_as_good_as_no_answer(runner: ActionRunner, inside: "Inside"):
    """Tagor's own data may hold what it would not take back: nothing was sent, and the call goes on."""

    def odd(_context: object) -> Literal["fine"]:
        raise NotSendable("The code cannot be sent to Tagor.")

    assert (
        runner.run(need(odd), turn(inside, inside.branch, Deadline(inside.clock, PATIENCE)), unclaimed)
        == DOWN
    )


def test_an_office_opens_as_many_ways_to_tagor_as_its_file_says(inside: "Inside"):
    """Eight at a time on one machine if it says nothing, of which every process has its share."""
    workers = inside.settings.workers
    assert inside.branch.office.tagor.at_a_time == 8
    assert inside.branch.executor._max_workers * workers == 8


def test_an_office_that_never_opens_again_says_so(inside: "Inside"):
    """Every day of the coming year is a closure: closed, and no day is promised."""
    today = inside.clock.now().date()
    days = frozenset(today.fromordinal(today.toordinal() + ahead) for ahead in range(400))
    hours = OpeningHours(monday=("09:00-12:00",), closures=days)
    office = inside.branch.office.model_copy(update={"hours": hours})
    inside.branch.tagor.close()
    branch = replace(inside.branch, office=office)
    deadline, now = Deadline(inside.clock, 0), inside.clock.now()
    scope = ActionScope(
        branch,
        branch.office,
        branch.tagor,
        inside.books.pin_attempts,
        DecisionSender(inside.books.decisions, clock=inside.clock),
        "",
        0,
        "",
        None,
        now,
        deadline,
        deadline,
    )
    opening = TransferService(scope, FileService(scope)).presence()
    assert (opening.open, opening.day, opening.at) == (False, None, None)
