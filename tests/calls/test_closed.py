"""What callers hear about the office's hours: open, closed, and who knows it."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.simulators.tagor import StandIn
    from tests.calls.conftest import Calling
    from tests.shared_line import FakeClock, Line

CLOSED = ("Colleague.closed_until", "LeaveWord.choose")
PLACE = ("Office.hours", "Office.address", "Office.choose")
EVENING = 10
"""Hours from the tests' morning on, when the demo's office is closed."""


def test_a_closed_office_says_when_it_opens(calling: "Calling", clock: "FakeClock"):
    """On Wednesday evening the caller hears tomorrow's hour, in place of ringing an empty room."""
    clock.move(hours=EVENING)
    caller = calling().keys("3").hears("Office.closed_until", *PLACE)
    caller.keys("1").hears(*CLOSED).keys("3").hears("LeaveWord.later", "Defendant.goodbye").is_let_go()


@pytest.mark.parametrize(
    ("hours", "day", "opens"),
    [
        (2.5, "vandaag", "13 uur 30"),
        (EVENING, "morgen", "9 uur"),
        (EVENING + 48, "op maandag 9 maart", "9 uur"),
    ],
    ids=["lunch break", "evening", "weekend"],
)
def test_today_and_tomorrow_are_not_dates(
    calling: "Calling", clock: "FakeClock", hours: float, day: str, opens: str
):
    """In a lunch break the caller hears that the office opens today, and at what time."""
    clock.move(hours=hours)
    caller = calling().keys("3").hears("Office.closed_until", *PLACE)
    assert (caller.told["day"], caller.told["opens"]) == (day, opens)


def test_an_open_office_says_until_when(calling: "Calling", line: "Line"):
    """The caller hears its hours and its address, may hear them again, and may speak to a person."""
    caller = calling().keys("3").hears("Office.open_until", *PLACE).keys("*")
    caller.hears("Office.open_until", *PLACE).keys("4").hears("Defendant.main")
    caller.keys("3").keys("1").hears("Colleague.connect").reaches(line.switchboard)


def test_tagor_knows_better_than_the_office_file(
    calling: "Calling", line: "Line", tagor: "StandIn", clock: "FakeClock"
):
    """Callers are connected when Tagor says open after hours, and not when it says closed within them."""
    tagor.controls.hours("closed")
    calling().keys("0").hears(*CLOSED).hangs_up()
    clock.move(hours=EVENING)
    tagor.controls.hours("open")
    calling().keys("3").hears("Office.open_now", *PLACE).keys("1").reaches(line.switchboard)


@pytest.mark.parametrize("hours", [0, EVENING])
def test_without_a_word_of_tagor_the_office_file_decides(
    calling: "Calling", tagor: "StandIn", clock: "FakeClock", hours: int
):
    """An office is never closed by accident when Tagor leaves the answer out."""
    tagor.controls.hours("unknown")
    clock.move(hours=hours)
    calling().keys("0").hears(*(CLOSED if hours else ["Colleague.connect"]))


def test_who_has_heard_the_hours_may_be_called_back(calling: "Calling", line: "Line"):
    """Nobody needs to ask for a person first, who is not there."""
    caller = calling().keys("3").hears("Office.open_until", *PLACE).keys("2").hears("CallBack.same")
    caller.keys("1").keys("1").hears("CallBack.told", "CallBack.number", "Defendant.goodbye").is_let_go()
    line.after()
    assert len(line.tagor.records.office_messages()) == 1
    calling().keys("3").keys("2").silent(2).hears("Defendant.main")


def test_who_has_heard_the_hours_may_leave_a_message(calling: "Calling", line: "Line"):
    """The message reaches the office's box; whoever says nothing is back in the main menu."""
    caller = calling().keys("3").keys("3").hears("Voicemail.purpose", "Voicemail.tape").leaves(4)
    caller.hears("Voicemail.thanks", "Defendant.goodbye").is_let_go()
    line.after()
    assert len(line.tagor.records.office_messages()) == 1
    calling().keys("3").keys("3").silent().hears("Defendant.main")


def test_an_office_without_a_box_offers_no_message(open_line: "Callable[..., Line]", calling_on: "Calling"):
    """A caller without a file would leave it for nobody."""
    line = open_line(office={'box = "Telefoonberichten"': "# no box"})
    caller = calling_on(line).keys("3").hears("Office.open_until", *PLACE[:2], "Office.choose_less")
    caller.keys("2").hears("Defendant.main").keys("3").keys("1").reaches(line.switchboard)


def test_the_balance_needs_no_open_office(calling: "Calling", clock: "FakeClock"):
    """On Saturday night the balance is told as on any morning."""
    clock.move(hours=timedelta(days=3, hours=13).total_seconds() / 3600)
    caller = calling().keys("1").keys("482193")
    caller.hears("Balance.tell", "Received.paid", "Payments.which", "Balance.choose")
