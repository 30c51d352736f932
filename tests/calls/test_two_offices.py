"""Two offices behind one bridge: the dialled number chooses Tagor, language, hours and switchboard."""

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from bridge.simulators.tagor import StandIn

if TYPE_CHECKING:
    from tests.calls.conftest import Caller, Calling
    from tests.shared_line import FakeClock, Line

AN, FILE, PIN = "+32470000001", "20230118", "482193"
CLAES, ITS_SWITCHBOARD = "+3220000003", "+3220000030"
TOLD = ("Balance.tell", "Received.paid", "Payments.which", "Balance.choose")
CLOSED = ("Colleague.closed_until", "LeaveWord.choose")
CHANGES = {
    'numbers = ["+3220000001", "+3220000002"]': f'numbers = ["{CLAES}"]',
    'languages = ["nl", "fr", "de", "en"]': 'languages = ["fr", "de"]',
    'default_language = "nl"': 'default_language = "fr"',
    'key_env = "TAGOR_KEY"': 'key_env = "CLAES_KEY"',
    'switchboard = "+3220000010"': f'switchboard = "{ITS_SWITCHBOARD}"',
    'staffed = ["+3220000010"]': f'staffed = ["{ITS_SWITCHBOARD}"]',
    'wednesday = ["09:00-12:00", "13:30-17:00"]': 'wednesday = ["13:30-17:00"]',
}
"""In what the file of the second office, Claes, differs from the demo's, besides the address of its Tagor."""


@pytest.fixture
def claes(line: "Line", clock: "FakeClock", monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """The Tagor of a second office on the same line; there An owes 77 euro."""
    with StandIn(clock=clock.now) as tagor:
        sheet = (line.offices / "demo.toml").read_text("utf-8")
        for old, new in (CHANGES | {line.tagor.url: tagor.url}).items():
            assert old in sheet, old
            sheet = sheet.replace(old, new)
        (line.offices / "claes.toml").write_text(sheet, encoding="utf-8")
        monkeypatch.setenv("CLAES_KEY", tagor.key)
        tagor.controls.set_balance(FILE, Decimal(77))
        line.start()
        yield tagor


@pytest.fixture
def calls_claes(calling_on: "Calling", line: "Line") -> "Calling":
    return lambda: calling_on(line, AN, number=CLAES, language="fr")


def said(caller: "Caller") -> str:
    return " ".join(heard.text for heard in caller.phone.last)


def written(tagor: StandIn) -> int:
    return len(tagor.records.info_lines(FILE))


def test_each_number_asks_its_own_tagor(
    line: "Line", claes: StandIn, calling: "Calling", calls_claes: "Calling"
):
    """The same caller with the same PIN hears each office's amount, in its language; each has its note."""
    at_demo, at_claes = calling(), calls_claes()
    at_claes.keys("1").keys(PIN).hears(*TOLD)
    assert "77 euros" in said(at_claes)
    assert line.asked("PinToFile") == []
    at_demo.keys("1").keys(PIN).hears(*TOLD)
    assert "1234 euro en 56 cent" in said(at_demo)
    at_claes.hangs_up()
    line.after(minutes=1)
    assert (written(line.tagor), written(claes)) == (0, 1)
    at_demo.hangs_up()
    line.after(minutes=1)
    assert (written(line.tagor), written(claes)) == (1, 1)


def test_each_office_has_its_hours_and_its_switchboard(
    line: "Line", claes: StandIn, calling: "Calling", calls_claes: "Calling"
):
    """On Wednesday morning one puts callers through, and the other says when it opens."""
    claes.controls.hours("closed")
    calling().keys("0").reaches(line.switchboard)
    calls_claes().keys("0").hears(*CLOSED).hangs_up()
    claes.controls.hours("open")
    calls_claes().keys("0").reaches(ITS_SWITCHBOARD)


@pytest.mark.usefixtures("claes")
def test_wrong_pins_lock_the_file_of_one_office_only(
    line: "Line", calling: "Calling", calls_claes: "Calling"
):
    """A file number means another file elsewhere, so an office's budget is its own."""
    attempts = line.app.extensions["bridge"].repositories.pin_attempts
    for _ in range(5):
        list(attempts.count_attempts("claes", [FILE], caller=None, named=True, now=line.clock.now()))
    calling().keys("1").keys(PIN).hears(*TOLD)
    calls_claes().keys("1").keys(PIN).hears("ByPin.ask_file")


def test_a_tagor_that_is_down_costs_the_other_office_nothing(
    claes: StandIn, clock: "FakeClock", calling: "Calling", calls_claes: "Calling"
):
    """Its callers are offered a person; those of the other office hear their amount."""
    clock.move(hours=4)  # both are open by now
    claes.fault("*", "reset_before")
    calls_claes().keys("1").keys(PIN).keys(f"{FILE}#").keys("1").reaches(ITS_SWITCHBOARD)
    calling().keys("1").keys(PIN).hears(*TOLD)
