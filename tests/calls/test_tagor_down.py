"""Calls while Tagor is down, slow or wrong: at one endpoint at a time, and at all of them together."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.calls.conftest import Calling
    from tests.shared_line import Line

SHORT = {"BRIDGE_TAGOR_SECONDS": "0.75"}
PEOPLE = {
    "nl": ("+32470000001", "482193", "20230118"),
    "fr": ("+32470000002", "150937", "20230219"),
    "de": ("+32470000003", "660214", "20230320"),
    "en": ("+32470000004", "907351", "20230421"),
}
TOLD = ("Balance.tell", "Received.paid", "Payments.which", "Balance.choose")
SIGNED_OFF = ("ByPin.down", "Offer.choose")
# What is heard after the PIN, and after the file number where that is asked for.
HEARD: dict[str, tuple[tuple[str, ...], ...]] = {
    "ClipToFile": (("ByPin.ask_file",), TOLD),
    "PinToFile": (("ByPin.ask_file",), SIGNED_OFF),
    "GetDosInfo": (("Balance.tell", "Balance.choose"),),
    "GetSaldo": (("NoBalance.sorry", "Offer.choose"),),
    "PaymentInfo": (TOLD,),
    "KantoorOpen": (TOLD,),
}


@pytest.mark.parametrize(
    ("endpoint", "fault", "more", "language"),
    [
        ("ClipToFile", "refuse", {}, "nl"),
        ("ClipToFile", "drip_body", {"seconds": 0.1}, "nl"),
        ("PinToFile", "status", {"status": 500, "body": "html"}, "fr"),
        ("PinToFile", "truncated", {}, "de"),
        ("GetDosInfo", "success_absent", {}, "en"),
        ("GetDosInfo", "refuse", {}, "nl"),
        ("GetSaldo", "reset_after", {}, "fr"),
        ("GetSaldo", "drip_body", {"seconds": 0.1}, "de"),
        ("PaymentInfo", "truncated", {}, "en"),
        ("KantoorOpen", "status", {"status": 500, "body": "html"}, "fr"),
    ],
)
def test_each_endpoint_in_trouble(  # noqa: PLR0917 - a row of the table
    open_line: "Callable[..., Line]",
    calling_on: "Calling",
    endpoint: str,
    fault: str,
    more: dict[str, object],
    language: str,
):
    """The caller hears what can still be told, a person is one key away, and nothing is asked twice."""
    number, pin, file = PEOPLE[language]
    line = open_line(environ=SHORT if fault == "drip_body" else {})
    line.tagor.fault(f"TagorService/{endpoint}", fault, **more)
    caller = calling_on(line, number, language=language).keys("1")
    for keys, said in zip((pin, f"{file}#"), HEARD[endpoint], strict=False):
        caller.keys(keys).hears(*said)
    if caller.phone.state == "listening":
        caller.keys("0").hears("Colleague.connect")
    caller.reaches(line.switchboard)
    assert len(line.asked("GetSaldo")) <= 1


def test_without_tagor_the_line_answers(calling: "Calling", line: "Line"):
    """Hours, address, a language by key, the next opening and a person need no Tagor."""
    line.tagor.stop()
    _, pin, file = PEOPLE["fr"]
    caller = calling(PEOPLE["fr"][0]).hears("Defendant.welcome", "Defendant.main").chooses("fr")
    caller.hears("Defendant.main").keys("3")
    caller.hears("Office.open_until", "Office.hours", "Office.address", "Office.choose").keys("4").keys("1")
    caller.keys(pin).hears("ByPin.ask_file").keys(f"{file}#").offered("ByPin.down").reaches(line.switchboard)
    line.clock.move(hours=10)
    caller = calling().keys("0").hears("Colleague.closed_until", "LeaveWord.choose")
    caller.keys("3").hears("LeaveWord.later", "Defendant.goodbye").is_let_go()


@pytest.mark.usefixtures("real_patience")
def test_a_language_that_comes_late_is_not_waited_for(line: "Line"):
    """When the chime is over the line answers in the office's own language."""
    line.tagor.fault("TagorService/ClipToFile", "delay", seconds=3.0)
    phone = line.phone("+32470000002").ring()
    welcome, person, *others = [heard.language for heard in phone.last]
    assert (welcome, person, others[-1]) == ("nl-BE", "nl-BE", "nl-BE")


def test_a_wrong_credential_for_tagor_leads_callers_to_a_person(
    open_line: "Callable[..., Line]", calling_on: "Calling", monkeypatch: pytest.MonkeyPatch
):
    """Tagor refuses every question, and the caller still gets words and a person."""
    monkeypatch.setenv("TAGOR_KEY", "not-the-key-of-this-tagor")
    line = open_line()
    caller = calling_on(line).hears("Defendant.welcome", "Defendant.main").keys("1")
    caller.keys("482193").hears("ByPin.ask_file").keys("20230118#").offered("ByPin.down")
    caller.reaches(line.switchboard)


def test_a_call_under_way_notices_that_tagor_is_back(somebody: "Calling", line: "Line"):
    """The next question of the same call is answered as if nothing had been."""
    caller = somebody().keys("1")
    line.tagor.stop()
    caller.keys("482193").hears("ByPin.ask_file")
    line.tagor.start()
    caller.keys("20230118#").hears(*TOLD)
