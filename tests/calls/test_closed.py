"""What callers hear about the office: open, closed, and who knows it."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from bridge.simulators.tagor import StandIn
    from tests.calls.conftest import Calling
    from tests.conftest import FakeClock, Line

PEOPLE = {"nl": "+32470000001", "fr": "+32470000002", "de": "+32470000003", "en": "+32470000004"}
CLOSED = ("Colleague.closed_until", "LeaveWord.choose")


@pytest.mark.parametrize("language", PEOPLE)
def test_a_closed_office_says_when_it_opens(calling: "Calling", clock: "FakeClock", language: str):
    """On Wednesday evening: tomorrow's hour, in place of ringing an empty room."""
    clock.move(hours=10)
    caller = calling(PEOPLE[language], language=language).keys("0")
    caller.hears(*CLOSED).keys("3").hears("LeaveWord.later", "Defendant.goodbye").is_let_go()
    caller = calling(PEOPLE[language], language=language).keys("2")
    caller.hears("Office.closed_until", "Office.hours", "Office.address", "Office.choose").keys("1")
    caller.hears(*CLOSED)


@pytest.mark.parametrize("language", PEOPLE)
def test_an_open_office_says_until_when(calling: "Calling", line: "Line", language: str):
    """Then its hours, its address, and a way to a person."""
    caller = calling(PEOPLE[language], language=language).keys("2")
    caller.hears("Office.open_until", "Office.hours", "Office.address", "Office.choose").keys("2")
    caller.hears("Office.open_until", "Office.hours", "Office.address", "Office.choose").keys("3")
    caller.hears("Defendant.main").keys("2").keys("1").hears("Colleague.connect").reaches(line.switchboard)


def test_tagor_knows_better_than_the_office_file(
    calling: "Calling", line: "Line", tagor: "StandIn", clock: "FakeClock"
):
    """Somebody stays late: Tagor says so, and callers are connected although the file's hours are over."""
    clock.move(hours=10)
    tagor.hours("open")
    caller = calling().keys("2").hears("Office.open_now", "Office.hours", "Office.address", "Office.choose")
    caller.keys("1").reaches(line.switchboard)


def test_an_office_closed_by_tagor_in_office_hours(calling: "Calling", tagor: "StandIn"):
    """Everybody has gone home early; the next opening is that of the office file."""
    tagor.hours("closed")
    calling().keys("0").hears(*CLOSED)


@pytest.mark.parametrize("hours", [0, 10])
def test_an_office_of_which_tagor_says_nothing_keeps_its_hours(
    calling: "Calling", tagor: "StandIn", clock: "FakeClock", hours: int
):
    """Never closed by accident: where Tagor leaves the answer out, the office file decides."""
    tagor.hours("unknown")
    clock.move(hours=hours)
    calling().keys("0").hears(*(CLOSED if hours else ["Colleague.connect"]))


def test_the_balance_needs_no_open_office(calling: "Calling", clock: "FakeClock"):
    """At any hour: on Saturday night the balance is told as on any morning."""
    clock.move(hours=timedelta(days=3, hours=13).total_seconds() / 3600)
    calling().keys("1").keys("482193").hears(
        "Balance.which", "Balance.tell", "Payments.paid", "Balance.choose"
    )
