"""Calls while Tagor is slow: nobody waits in silence, nothing is asked twice, and the answer comes."""

from threading import Event
from time import sleep
from typing import TYPE_CHECKING

import pytest

from bridge.clock import Clock
from bridge.store.deferred_results import DeferredResult, DeferredResults

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.simulators.provider.wire import Form, Post, Reply
    from tests.calls.conftest import Caller, Calling
    from tests.shared_line import Line

pytestmark = pytest.mark.usefixtures("real_patience")
AMOUNT, REST = ("Balance.tell",), ("Received.paid", "Payments.which", "Balance.choose")
TOLD = (*AMOUNT, *REST)
LONG = 1.5
"""Seconds that are longer than a caller is kept in silence, and shorter than a whole wait."""
PACE = 0.2
"""How long a second of words and sounds takes here."""


@pytest.fixture
def calling_on(new_caller: "type[Caller]") -> "Calling":
    """Ring, with webhooks that come once, because Tagor is asked at any time behind the caller's back."""

    def call(line: "Line", *, caller: str = "+32470000001", post: "Post | None" = None) -> "Caller":
        phone = line.phone(caller, post=post, elapse=lambda seconds: sleep(PACE * seconds))
        return new_caller(phone, "nl")

    return call


@pytest.fixture
def slow(line: "Line") -> "Callable[..., Line]":
    """The line with its real waits; these questions take so many seconds at Tagor."""

    def slow(*questions: str, seconds: float = LONG) -> "Line":
        line.start(Clock(line.clock.now, line.clock.monotonic))
        for question in questions:
            line.tagor.fault(f"TagorService/{question}", "delay", seconds=seconds)
        return line

    return slow


WAITS = {
    "PinToFile": "OtherFile.try_pin",  # in the same words as every other proof
    "GetSaldo": "Balance.look",
}


@pytest.mark.parametrize("question", WAITS)
def test_a_caller_hears_what_is_being_done_and_then_the_answer(
    slow: "Callable[..., Line]", calling_on: "Calling", question: str
):
    """The words fit what takes long, Tagor is asked once, and nothing is missing at the end."""
    line = slow(question)
    caller = calling_on(line).keys("1").keys("482193").hears(*TOLD)
    assert WAITS[question] in caller.waited()
    assert line.asked(question) == [question]


def test_the_amount_is_spoken_while_what_else_is_known_of_the_file_is_fetched(
    slow: "Callable[..., Line]", calling_on: "Calling"
):
    """Nobody waits for the amount because of what comes after it, and `*` repeats all of it."""
    caller = calling_on(slow("GetDosInfo")).keys("1").keys("482193").hears(*REST)
    assert caller.waited() == ["Anytime.moment"]
    caller.keys("*").hears(*TOLD)


def test_after_some_twenty_seconds_there_is_a_person(slow: "Callable[..., Line]", calling_on: "Calling"):
    """After "one moment" and "a little longer" the caller reaches somebody who can help."""
    line = slow("GetSaldo", seconds=12.0)
    caller = calling_on(line).keys("1").keys("482193")
    caller.offered("NoBalance.sorry").reaches(line.switchboard)
    waited = caller.waited()
    assert waited[waited.index("Balance.look") + 1] == "Anytime.longer"
    assert len(line.asked("GetSaldo")) == 1


def test_any_worker_picks_up_what_another_one_has_asked(slow: "Callable[..., Line]", calling_on: "Calling"):
    """Every webhook of the call goes to the other of two workers, and Tagor is asked once."""
    line = slow("PinToFile", "GetSaldo")
    workers = [line.post]
    line.start(Clock(line.clock.now, line.clock.monotonic))
    workers.append(line.post)

    def in_turns(url: str, form: "Form | None", headers: dict[str, str]) -> "Reply":
        workers.reverse()
        return workers[0](url, form, headers)

    caller = calling_on(line, post=in_turns).keys("1").keys("482193")
    caller.hears(*TOLD)
    assert caller.waited()[0] == WAITS["PinToFile"]
    assert (len(line.asked("PinToFile")), len(line.asked("GetSaldo"))) == (1, 1)


@pytest.fixture
def put_by(monkeypatch: pytest.MonkeyPatch) -> "Callable[[str], Event]":
    """Give an event that is set when a late result with this word was kept."""
    words: dict[str, Event] = {}
    put = DeferredResults.put

    def keep(outcomes: DeferredResults, call: str, step: int, late: DeferredResult) -> bool:
        kept = put(outcomes, call, step, late)
        for word in [one for one in words if one in late.result.decode()]:
            words[word].set()
        return kept

    monkeypatch.setattr(DeferredResults, "put", keep)
    return lambda word: words.setdefault(word, Event())


def test_office_hours_are_known_before_anybody_asks(
    slow: "Callable[..., Line]", calling_on: "Calling", put_by: "Callable[[str], Event]"
):
    """The hours are fetched while the welcome plays, so a caller who wants a person is not kept waiting."""
    line, known = slow(), put_by("opening")
    caller = calling_on(line)
    assert known.wait(10)
    line.tagor.fault("TagorService/KantoorOpen", "delay", seconds=LONG)
    caller.keys("0").hears("Colleague.connect").reaches(line.switchboard)
    assert line.asked("KantoorOpen") == ["KantoorOpen"]


def test_hours_seen_some_time_ago_are_looked_at_again(
    slow: "Callable[..., Line]", calling_on: "Calling", put_by: "Callable[[str], Event]"
):
    """Three minutes later the office may be closed."""
    line, known = slow(), put_by("opening")
    caller = calling_on(line)
    assert known.wait(10)
    line.clock.move(minutes=3)
    caller.keys("0").hears("Colleague.connect")
    assert len(line.asked("KantoorOpen")) == 2


def test_a_caller_whose_number_is_known_late_needs_no_file_number(
    slow: "Callable[..., Line]", calling_on: "Calling", put_by: "Callable[[str], Event]"
):
    """The look-up came after the welcome: the PIN finds the file by it, and Tagor is not asked again."""
    line, known = slow("ClipToFile"), put_by("hint")
    caller = calling_on(line).hears("Defendant.welcome", "Defendant.main")
    assert known.wait(10)
    caller.keys("1").keys("482193").hears(*TOLD)
    assert line.asked("ClipToFile") == ["ClipToFile"]


def test_a_language_that_comes_late_is_spoken_from_the_next_turn_on(
    slow: "Callable[..., Line]", calling_on: "Calling", put_by: "Callable[[str], Event]"
):
    """Nobody hears Dutch for a whole call because Tagor took a moment longer than the welcome."""
    line, known = slow("ClipToFile"), put_by("hint")
    caller = calling_on(line, caller="+32470000002").hears("Defendant.welcome", "Defendant.main")
    assert known.wait(10)
    caller.keys("1").speaking("fr").hears("ByPin.ask_pin")


def test_a_language_that_the_caller_chose_meanwhile_counts_more(
    slow: "Callable[..., Line]", calling_on: "Calling", put_by: "Callable[[str], Event]"
):
    """Whoever presses a key for a language has decided, whatever their number tells; also for the own one."""
    line, known = slow("ClipToFile"), put_by("hint")
    for chosen in ("de", "fr", "nl"):
        caller = calling_on(line, caller="+32470000002").hears("Defendant.welcome", "Defendant.main")
        assert known.wait(10)
        caller.chooses(chosen).hears("Defendant.main").keys("1").hears("ByPin.ask_pin")
