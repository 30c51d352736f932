import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from bridge.clock import SYSTEM_CLOCK, Clock
from bridge.conversation.bulkhead import BoundedExecutor
from bridge.conversation.prefetch import KEPT_SECONDS, Prefetcher, TagorQuestion
from bridge.tagor import Deadline, TagorUnreachable

KEY = ("facts", "CA1", "100001")


class Slow:
    """A question to Tagor that counts how often it is asked and waits until it may answer."""

    def __init__(self) -> None:
        self.times, self.begun, self.may_answer = 0, threading.Event(), threading.Event()

    def __call__(self) -> str:
        self.times += 1
        self.begun.set()
        assert self.may_answer.wait(10)
        return f"answer {self.times}"


@pytest.fixture
def question() -> Iterator[Slow]:
    asked = Slow()
    yield asked
    asked.may_answer.set()


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as executor:
        yield executor


def patience(seconds: float = 10.0) -> Deadline:
    return Deadline(SYSTEM_CLOCK, seconds)


def test_a_question_goes_on_beside_another_one_and_is_asked_once(threads: ThreadPoolExecutor, question: Slow):
    """The answer that was asked ahead is used once; whoever asks again gets a fresh one."""
    prefetcher = Prefetcher(threads, SYSTEM_CLOCK)
    prefetcher.start(TagorQuestion(KEY, question))
    prefetcher.start(TagorQuestion(KEY, question))
    assert question.begun.wait(10)
    question.may_answer.set()
    assert prefetcher.answer(TagorQuestion(KEY, question), patience()) == "answer 1"
    assert prefetcher.answer(TagorQuestion(KEY, question), patience()) == "answer 2"


def test_no_call_gets_what_another_call_asked(threads: ThreadPoolExecutor, question: Slow):
    """The key holds the call, so a second call asks for itself."""
    prefetcher = Prefetcher(threads, SYSTEM_CLOCK)
    question.may_answer.set()
    prefetcher.start(TagorQuestion(KEY, question))
    assert (
        prefetcher.answer(TagorQuestion(("facts", "CA2", "100001"), lambda: "its own"), patience())
        == "its own"
    )


def test_a_question_that_no_thread_has_begun_is_asked_at_once(threads: ThreadPoolExecutor, question: Slow):
    """Threads that all wait for each other's questions would wait for ever."""
    prefetcher = Prefetcher(threads, SYSTEM_CLOCK)
    prefetcher.start(TagorQuestion(("other",), question))
    assert question.begun.wait(10)
    prefetcher.start(TagorQuestion(KEY, lambda: "too late"))
    assert prefetcher.answer(TagorQuestion(KEY, lambda: "now"), patience()) == "now"


def test_an_old_answer_is_not_used(threads: ThreadPoolExecutor):
    """What was asked a quarter of a minute ago may have changed since."""
    time = [0.0]
    prefetcher = Prefetcher(threads, Clock(monotonic=lambda: time[0]))
    prefetcher.start(TagorQuestion(KEY, lambda: "old"))
    time[0] = KEPT_SECONDS + 0.1
    assert prefetcher.answer(TagorQuestion(KEY, lambda: "new"), patience()) == "new"


def test_a_full_bulkhead_prefetches_nothing(question: Slow):
    """Whoever needs the answer then asks as without a prefetch."""
    with BoundedExecutor(1, "full", waiting=0) as executor:
        prefetcher = Prefetcher(executor, SYSTEM_CLOCK)
        prefetcher.start(TagorQuestion(("other",), question))
        prefetcher.start(TagorQuestion(KEY, question))
        assert prefetcher.answer(TagorQuestion(KEY, lambda: "now"), patience()) == "now"
        question.may_answer.set()


def test_an_answer_that_does_not_come_in_time_counts_as_tagor_away(
    threads: ThreadPoolExecutor, question: Slow
):
    """The deadline of whoever waits holds, whatever the question was given."""
    prefetcher = Prefetcher(threads, SYSTEM_CLOCK)
    prefetcher.start(TagorQuestion(KEY, question))
    assert question.begun.wait(10)
    with pytest.raises(TagorUnreachable):
        prefetcher.answer(TagorQuestion(KEY, question), patience(0.01))
