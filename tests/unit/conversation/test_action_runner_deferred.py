"""What takes longer than a caller's patience: told, done once, and picked up by any worker."""

import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any, Literal

import pytest

from bridge.clock import Clock
from bridge.conversation.action_runner import DECISION_HOLDS, DOWN, MAX_READY_AHEAD, ActionRunner
from bridge.conversation.at_most_once.sender import DecisionSender, Pending
from bridge.conversation.bulkhead import BulkheadFull
from bridge.conversation.constant_time import RESPONSE_GRID, ConstantTime
from bridge.conversation.turn import NO_PATIENCE, PATIENCE, Turn
from bridge.conversation.turns import MAX_HOLDS
from bridge.flow.action_context import Outcome
from bridge.flow.call import Call, Frame
from bridge.flow.engine import PendingAction
from bridge.flow.steps import decide, do
from bridge.store.claim import NEW, OpenTurn
from bridge.store.deferred_results import SealedResult
from bridge.store.errors import StoreDown
from bridge.tagor import Deadline

if TYPE_CHECKING:
    from bridge.conversation.office_context import OfficeContext
    from tests.unit.conversation.conftest import Inside

pytestmark = pytest.mark.usefixtures("real_patience")
CALL = "CA" + "5" * 32


class Held(ThreadPoolExecutor):
    """An office's threads that begin nothing until they are let go."""

    def __init__(self) -> None:
        super().__init__(1)
        self.jobs: list[Future[Any]] = []
        self._go = Event()

    def submit(self, work: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ANN401
        self.jobs.append(super().submit(lambda: (self._go.wait(), work(*args, **kwargs))[1]))
        return self.jobs[-1]

    def let_go(self) -> None:
        """Do it all; gives back when every outcome is put by."""
        self._go.set()
        self.shutdown()


class Asked:
    """An action that notes a number, counts how often it was done, and breaks when it is told to."""

    def __init__(self) -> None:
        self.times, self.trouble, self.language = 0, "", ""

    def step(self, **options: Any) -> PendingAction:  # noqa: ANN401 - `do`'s
        def look(context: Any) -> Literal["fine"]:  # noqa: ANN401 - the action
            self.times += 1
            if self.trouble:
                raise ZeroDivisionError(self.trouble)
            context.notes["number"] = self.times
            if self.language:
                context.speak(self.language)
            return "fine"

        return PendingAction(do(look, fine="x", down="x", **options), "Here.step")


class Worker:
    """One worker's actions over the books that all workers share."""

    def __init__(self, inside: "Inside") -> None:
        clock = inside.clock
        self._inside, self.even, self.patience = inside, ConstantTime(clock=clock, seed=1), PATIENCE
        decider = DecisionSender(inside.books.decisions, clock=clock)
        self.runner = ActionRunner(inside.books, decider, seconds=5.0, constant_time=self.even, clock=clock)

    def run(
        self,
        need: PendingAction,
        call: Call,
        branch: "OfficeContext",
        late: Mapping[int, SealedResult] | None = None,
        claim: Callable[[Turn], None] = lambda _: None,
    ) -> Outcome:
        deadline = Deadline(self._inside.clock, self.patience)
        read = OpenTurn("a call", None, NEW, late=late or {})
        turn = Turn(CALL, 1, call, branch, self._inside.clock.now(), deadline, read)
        outcome = self.runner.run(need, turn, claim)
        for begin in turn.after_saving:
            begin()
        return outcome


class Scene:
    """A call under way at step 3 of its moves, in an office whose threads are held."""

    def __init__(self, inside: "Inside") -> None:
        read = inside.calls.read(CALL, 0, inside.clock.now())
        assert isinstance(read, OpenTurn)
        inside.calls.claim(read, inside.clock.now())
        self.inside, self.pool, self.asked, self.worker = inside, Held(), Asked(), Worker(inside)
        self.call = Call("", "+3220000001", "nl", stack=[Frame("Here", "step")], moves=3)
        self.branch: OfficeContext = replace(inside.branch, executor=self.pool)

    def run(self, worker: Worker | None = None, **options: Any) -> Outcome:  # noqa: ANN401 - `do`'s
        """Have a worker look what comes of the step."""
        return (worker or self.worker).run(self.asked.step(**options), self.call, self.branch, self.late())

    def late(self) -> Mapping[int, SealedResult]:
        """What the next turn reads of step 3 with the call."""
        self.inside.calls.break_claim(CALL)
        read = self.inside.calls.read(CALL, 0, self.inside.clock.now())
        assert isinstance(read, OpenTurn)
        return read.late

    def goes_on(self, **options: Any) -> None:  # noqa: ANN401 - as above
        """The caller is asked for a moment."""
        with pytest.raises(Pending):
            self.run(**options)
        self.call.tries["moment"] = self.call.tries.get("moment", 0) + 1


@pytest.fixture
def scene(inside: "Inside") -> Iterator[Scene]:
    opened = Scene(inside)
    yield opened
    opened.pool.let_go()


def test_what_takes_long_is_done_once_whichever_worker_is_asked_next(scene: Scene):
    """Asked in vain twice; then the answer is there, for a worker too that never sent anybody out."""
    scene.goes_on()
    scene.goes_on()
    scene.pool.let_go()
    for either in (scene.worker, Worker(scene.inside)):
        assert scene.run(either) == Outcome("fine", notes={"number": 1})
    assert scene.asked.times == len(scene.pool.jobs) == 1


def test_a_turn_that_only_looks_for_an_outcome_waits_for_nothing(scene: Scene):
    """The caller hears a sound meanwhile, and what was read with the call is all that is looked at."""
    scene.goes_on()
    begun = scene.inside.clock.monotonic()
    scene.goes_on()
    assert scene.inside.clock.monotonic() - begun < PATIENCE / 2


def test_a_decision_that_ends_without_being_written_down_is_told_later(scene: Scene):
    """While it is being prepared nobody prepares it again; then its outcome is found as any other is."""

    def agree(_context: object) -> Literal["done", "refused", "unclear"]:
        return "refused"

    need = PendingAction(decide(agree, done="x", refused="x", unclear="x", down="x"), "Here.step")
    for _ in range(2):
        with pytest.raises(Pending):
            scene.worker.run(need, scene.call, scene.branch, scene.late())
        scene.call.tries["moment"] = 1
    scene.pool.let_go()
    assert Worker(scene.inside).run(need, scene.call, scene.branch, scene.late()) == Outcome("refused")
    assert len(scene.pool.jobs) == 1


def test_a_decision_that_could_not_be_written_down_is_prepared_again(scene: Scene):
    """The database froze while the caller heard a hold: they hear an outcome, and not ten holds."""
    runs = iter((1, 2))

    def agree(_context: object) -> Literal["done", "refused", "unclear"]:
        if next(runs) == 1:
            raise StoreDown("frozen")
        return "done"

    need = PendingAction(decide(agree, done="x", refused="x", unclear="x", down="x"), "Here.step")
    claimed: list[Turn] = []
    for moments in range(DECISION_HOLDS):
        with pytest.raises(Pending):
            scene.worker.run(need, scene.call, scene.branch, scene.late(), claimed.append)
        scene.call.tries["moment"] = moments + 1
    scene.pool.let_go()
    scene.branch = scene.inside.branch
    told = Worker(scene.inside).run(need, scene.call, scene.branch, scene.late(), claimed.append)
    assert told == Outcome("done")
    assert len(claimed) == 2, "the turn that begins again is claimed as the first one was"


def test_a_decision_is_prepared_no_more_once_callers_may_soon_be_told_that_it_is_down(scene: Scene):
    """Whatever is written down after that would make the words untrue."""

    def agree(_context: object) -> Literal["done", "refused", "unclear"]:
        return "done"

    need = PendingAction(decide(agree, done="x", refused="x", unclear="x", down="x"), "Here.step")
    for moments in range(DECISION_HOLDS + 1, MAX_HOLDS + 1):
        scene.call.tries["moment"] = moments
        with pytest.raises(Pending):
            scene.worker.run(need, scene.call, scene.branch, scene.late())
    assert scene.pool.jobs == []


def test_nothing_is_kept_for_a_call_that_is_over(scene: Scene):
    """The caller hung up meanwhile: what Tagor answered is nobody's any more."""
    scene.goes_on()
    scene.inside.calls.wipe(CALL)
    scene.pool.let_go()
    assert scene.asked.times == 1
    assert scene.inside.books.deferred_results.find(CALL, 3) is None


def test_what_a_call_does_not_wait_for_is_noted_when_it_comes(scene: Scene):
    """It goes on at once; a later turn finds what was noted, and what the call knows by then counts more."""
    call = scene.call
    assert scene.run(timeout=0) is DOWN
    scene.worker.runner.collect_prefetched(call, scene.late())
    assert (call.prefetching, call.notes) == ([3], {})
    scene.pool.let_go()
    Worker(scene.inside).runner.collect_prefetched(call, scene.late())
    assert (call.prefetching, call.notes) == ([], {"number": 1})
    call.prefetching, call.notes = [3], {"number": 7}
    scene.worker.runner.collect_prefetched(call, scene.late())
    assert call.notes == {"number": 7}


def test_a_language_that_comes_late_is_used_unless_the_caller_chose_one(scene: Scene):
    """Tagor needed longer than the welcome could wait for: from the next turn on it is the caller's own."""
    scene.asked.language = "fr"
    assert scene.run(timeout=0) is DOWN
    scene.pool.let_go()
    chosen = Call.from_json(scene.call.to_json())
    chosen.language, chosen.language_known = "de", True
    for call in (scene.call, chosen):
        scene.worker.runner.collect_prefetched(call, scene.late())
    assert (scene.call.language, scene.call.language_known, chosen.language) == ("fr", True, "de")


def test_an_answer_on_the_grid_waits_for_its_time(scene: Scene):
    """Who is quick is told no sooner than who is slow: at the next quarter of a second."""
    scene.branch = scene.inside.branch
    begun = scene.inside.clock.monotonic()
    assert scene.run(constant_time=True).exit == "fine"
    assert scene.inside.clock.monotonic() - begun >= RESPONSE_GRID


def test_nothing_is_fetched_ahead_of_what_is_still_under_way(scene: Scene):
    """A Tagor that is slow already is not asked for more than callers need."""
    assert scene.run(timeout=0) is scene.run(timeout=0) is DOWN
    assert len(scene.pool.jobs) == 1


def test_a_full_bulkhead_is_asked_nothing_ahead(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    """The call goes on without it; the log says what was not asked."""

    def full(*_: object, **_more: object) -> None:
        raise BulkheadFull

    monkeypatch.setattr(scene.pool, "submit", full)
    caplog.set_level("WARNING")
    assert scene.run(timeout=0) is DOWN
    assert "bulkhead_full" in caplog.text
    assert scene.asked.times == 0


def test_what_breaks_meanwhile_is_down_and_in_the_log(scene: Scene, caplog: pytest.LogCaptureFixture):
    """The caller goes on by the ugly exit; the log says where, and nothing of what broke."""
    scene.asked.trouble = "Peeters 482193"
    scene.goes_on()
    scene.pool.let_go()
    assert scene.run() == DOWN
    [line] = [record.message for record in caplog.records if "action_broke" in record.message]
    told = json.loads(line)
    assert (told["action"], told["trouble"]) == ("look", "ZeroDivisionError")
    [broken] = told["exception"]
    assert broken["places"][-1]["source"].endswith(Path(__file__).name)
    assert "482193" not in caplog.text


def test_a_database_that_is_away_loses_an_outcome_and_no_more(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    """It is told in the log; the caller is led on when patience is over."""

    def away(*_: object) -> None:
        raise StoreDown("SQLITE_CANTOPEN")

    scene.goes_on()
    caplog.set_level("WARNING")
    monkeypatch.setattr(scene.worker.runner._deferred_results, "put", away)
    scene.pool.let_go()
    assert "deferred_result_lost" in caplog.text
    scene.goes_on()


def test_a_stranger_is_asked_for_a_moment_as_often_as_somebody_known(scene: Scene):
    """While answers take two seconds, one that asked nobody is put by too, and not told before its time."""
    clock, scene.branch = scene.inside.clock, scene.inside.branch
    begun = clock.monotonic()
    clock.sleep(1.9)
    scene.worker.even.due(begun, asked=True)
    scene.goes_on(constant_time=True)
    late = scene.inside.books.deferred_results.find(CALL, 3)
    assert late is not None
    assert timedelta(seconds=1) < late.ready - clock.now() <= timedelta(seconds=2)
    scene.goes_on(constant_time=True)
    clock.sleep((late.ready - clock.now()).total_seconds())
    assert scene.run(constant_time=True).exit == "fine"


def test_a_clock_that_is_set_back_keeps_nobody_waiting(scene: Scene):
    """What is due further ahead than any patience goes is told now."""
    scene.goes_on()
    scene.inside.clock.move(hours=1)
    scene.pool.let_go()
    scene.inside.clock.move(seconds=-2 * MAX_READY_AHEAD.total_seconds())
    assert scene.run().exit == "fine"


class Waited(Future[Any]):
    """An outcome that notes for how many seconds somebody was ready to wait for it."""

    def __init__(self, noted: list[float]) -> None:
        super().__init__()
        self._noted = noted

    def result(self, timeout: float | None = None) -> Any:  # noqa: ANN401 - as a future's
        if timeout is not None:
            self._noted.append(timeout)
        return super().result(timeout)


class Timed(Executor):
    """An office's threads that take `seconds` for whatever they do; `waited` is how long others waited."""

    def __init__(self, clock: Clock) -> None:
        self.clock, self.seconds, self.waited = clock, 0.0, list[float]()

    def submit(self, work: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ANN401
        self.clock.sleep(self.seconds)
        done = Waited(self.waited)
        done.set_result(work(*args, **kwargs))
        return done


def test_a_slow_office_is_told_of_at_once(scene: Scene):
    """Silence is kept short when it would be in vain, and is as long as ever when Tagor is quick again."""
    threads, scene.worker.patience = Timed(scene.inside.clock), 60.0
    scene.branch = replace(scene.branch, executor=threads)

    def ask(seconds: float) -> float:
        threads.seconds = seconds
        scene.call.moves += 1
        with suppress(Pending):
            scene.run()
        return threads.waited[-1]

    assert ask(2.0) == PATIENCE
    for _ in range(9):
        ask(2.0)
    assert ask(0.0) == NO_PATIENCE
    for _ in range(9):
        ask(0.0)
    assert ask(0.0) == PATIENCE


def test_one_slow_office_costs_no_other_one_its_patience(scene: Scene):
    """Each office has its own Tagor, and so a latency of its own."""
    threads, scene.worker.patience = Timed(scene.inside.clock), 60.0
    slow = replace(scene.branch, executor=threads)
    other = replace(slow, office=slow.office.model_copy(update={"key": "other"}))
    threads.seconds = 2.0
    for scene.branch in [slow] * 9 + [other]:
        scene.call.moves += 1
        with suppress(Pending):
            scene.run()
    assert threads.waited[-2:] == [NO_PATIENCE, PATIENCE]
