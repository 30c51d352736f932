"""Calls while Tagor is down, slow or wrong: at one endpoint at a time, and at all of them together."""

from itertools import product
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.calls.conftest import Calling
    from tests.conftest import Line

SHORT = {"BRIDGE_TAGOR_SECONDS": "0.75"}
TROUBLES: dict[str, dict[str, object]] = {
    "refuse": {},
    "status": {"status": 500, "body": "html"},
    "drip_body": {"seconds": 0.1},
    "truncated": {},
    "success_absent": {},
    "reset_after": {},
}
PEOPLE = (
    ("+32470000001", "nl", "482193", "20230118"),
    ("+32470000002", "fr", "150937", "20230219"),
    ("+32470000003", "de", "660214", "20230320"),
    ("+32470000004", "en", "907351", "20230421"),
)
SIGNED_OFF = ("ByPin.down", "Colleague.connect")
# What is heard after the PIN, and after the file number where that is asked for.
EXPECTED: dict[str, tuple[tuple[str, ...], ...]] = {
    "ClipToFile": (("ByPin.ask_file",), ("Balance.which", "Balance.tell", "Payments.paid", "Balance.choose")),
    "PinToFile": (("ByPin.ask_file",), SIGNED_OFF),
    "GetDosInfo": (("Balance.tell", "Balance.choose"),),
    "GetSaldo": (("Balance.which", "Balance.sorry", "Colleague.connect"),),
    "PaymentInfo": (("Balance.which", "Balance.tell", "Payments.paid", "Balance.choose"),),
    "KantoorOpen": (("Balance.which", "Balance.tell", "Payments.paid", "Balance.choose"),),
}
MATRIX = [
    pytest.param(endpoint, fault, PEOPLE[number % 4], id=f"{endpoint}-{fault}-{PEOPLE[number % 4][1]}")
    for number, (endpoint, fault) in enumerate(product(EXPECTED, TROUBLES))
]


@pytest.mark.parametrize(("endpoint", "fault", "who"), MATRIX)
def test_each_trouble_at_each_endpoint(
    open_line: "Callable[..., Line]",
    calling_on: "Calling",
    endpoint: str,
    fault: str,
    who: tuple[str, str, str, str],
):
    """The caller hears what can still be told, and a person is one key away; nothing is asked twice."""
    number, language, pin, file = who
    line = open_line(environ=SHORT if fault == "drip_body" else {})
    line.tagor.fault(f"TagorService/{endpoint}", fault, **TROUBLES[fault])
    caller = calling_on(line, number, language="nl" if endpoint == "ClipToFile" else language).keys("1")
    for keys, said in zip((pin, f"{file}#"), EXPECTED[endpoint], strict=False):
        caller.keys(keys).hears(*said)
    if caller.phone.state == "listening":
        caller.keys("0").hears("Colleague.connect")
    caller.reaches(line.switchboard)
    assert len(line.asked("GetSaldo")) <= 1 or fault == "refuse"


@pytest.mark.parametrize("who", PEOPLE, ids=lambda who: who[1])
def test_with_tagor_away_the_line_answers(calling: "Calling", line: "Line", who: tuple[str, str, str, str]):
    """Hours and address of the office file, a language by key, and a person: all of it without Tagor."""
    line.tagor.stop()
    _, language, pin, file = who
    caller = calling(who[0]).hears("Defendant.welcome", "Defendant.main").keys("3")
    caller.keys({"nl": "1", "fr": "2", "de": "3", "en": "4"}[language]).speaking(language)
    caller.hears("Defendant.main").keys("2")
    caller.hears("Office.open_until", "Office.hours", "Office.address", "Office.choose").keys("3").keys("1")
    caller.keys(pin).hears("ByPin.ask_file").keys(f"{file}#").hears(*SIGNED_OFF).reaches(line.switchboard)


def test_with_tagor_away_a_closed_office_still_says_when_it_opens(calling: "Calling", line: "Line"):
    """The office file knows it."""
    line.tagor.stop()
    line.clock.move(hours=10)
    caller = calling().keys("0").hears("Colleague.closed_until", "LeaveWord.choose")
    caller.keys("3").hears("LeaveWord.later", "Defendant.goodbye").is_let_go()


def test_a_language_that_comes_late_is_not_waited_for(line: "Line"):
    """A quarter of a second, and the line answers in the office's own language."""
    line.tagor.fault("TagorService/ClipToFile", "delay", seconds=3.0)
    phone = line.phone("+32470000002").ring()
    *others, _other_language, _letter = [heard.language for heard in phone.last]
    assert {*others, _letter} == {"nl-BE"}


def test_a_wrong_key_for_tagor_is_no_news_for_callers(
    open_line: "Callable[..., Line]", calling_on: "Calling", monkeypatch: pytest.MonkeyPatch
):
    """The office's own slip: Tagor refuses every question; the caller still gets words and a person."""
    monkeypatch.setenv("TAGOR_KEY", "not-the-key-of-this-tagor")
    line = open_line()
    caller = calling_on(line).hears("Defendant.welcome", "Defendant.main").keys("1")
    caller.keys("482193").hears("ByPin.ask_file").keys("20230118#").hears(*SIGNED_OFF)
    caller.reaches(line.switchboard)


def test_tagor_back_again_is_tagor_as_before(calling: "Calling", line: "Line"):
    """The next question of the same call is answered as if nothing had been."""
    caller = calling().keys("1")
    line.tagor.stop()
    caller.keys("482193").hears("ByPin.ask_file")
    line.tagor.start()
    caller.keys("20230118#").hears("Balance.which", "Balance.tell", "Payments.paid", "Balance.choose")


@pytest.mark.parametrize("value", ["NaN", "1e400", "-Infinity", "10000000.01", "null"])
def test_an_amount_that_is_none_is_never_spoken(calling: "Calling", line: "Line", value: str):
    """A person in place of a number nobody owes."""
    line.tagor.fault("TagorService/GetSaldo", "nan", value=value, names=["Saldo"])
    caller = calling().keys("1").keys("482193")
    caller.hears("Balance.which", "Balance.sorry", "Colleague.connect").reaches(line.switchboard)
