"""Offices that let callers prove who they are in another way than PIN and file number."""

import re
from typing import TYPE_CHECKING

import pytest

from bridge.simulators.tagor import CASES

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.simulators.tagor import StandIn
    from tests.calls.conftest import Caller, Calling
    from tests.shared_line import Line

    Opening = Callable[..., Line]

AN = next(case for case in CASES if case.name == "An Peeters")
DIRK = next(case for case in CASES if case.name == "Dirk Willems")
NELE = next(case for case in CASES if case.name == "Nele Goossens")
TOLD = ("Balance.tell", "Received.paid", "Payments.which", "Balance.choose")


def by(way: str) -> dict[str, str]:
    """The office file's change to this way of identification."""
    accepted = '\naccepted_by = "mr. Voorbeeld"\naccepted_on = 2026-02-01'
    return {'way = "pin"': f'way = "{way}"' + ("" if way == "reference_pin" else accepted)}


@pytest.fixture
def by_reference(open_line: "Opening") -> "Line":
    return open_line(office=by("reference_pin"))


@pytest.fixture
def by_house(open_line: "Opening") -> "Line":
    return open_line(office=by("house_number"))


@pytest.fixture
def by_number(open_line: "Opening") -> "Line":
    return open_line(office=by("caller_number"))


def referred(calling_on: "Calling", line: "Line", pin: str, reference: str, number: str = "") -> "Caller":
    """Call and key in a PIN and a reference."""
    return calling_on(line, number).keys("1").keys(pin).keys(f"{reference}#")


def test_a_reference_and_a_pin(by_reference: "Line", calling_on: "Calling"):
    """The PIN is asked first, as everywhere, and then the reference of the letter."""
    caller = calling_on(by_reference, "").keys("1").hears("ByReference.ask_pin").keys(AN.pin)
    caller.hears("ByReference.ask_reference").keys(f"{AN.reference}#").hears(*TOLD)
    assert by_reference.notes() == [AN.file_id]
    caller = referred(calling_on, by_reference, NELE.pin, NELE.reference)
    caller.hears("Balance.tell", "Received.paid", "Payments.on_time", "Payments.which", "Balance.choose")


def test_the_files_own_number_is_spoken(by_reference: "Line", calling_on: "Calling"):
    """Not the reference that the caller keyed in; the payment names it as well."""
    caller = referred(calling_on, by_reference, AN.pin, AN.reference).hears(*TOLD)
    assert re.sub(r"\D", "", caller.told["number"]) == AN.file
    caller.keys("1").hears("Pay.account", "Pay.reference", "Pay.choose")
    assert re.sub(r"\D", "", caller.told["reference"]) == AN.file


def test_a_message_of_the_office_is_read_to_whoever_is_named(
    by_reference: "Line", calling_on: "Calling", tagor: "StandIn"
):
    """A reference and its PIN name the party, so its messages are told."""
    tagor.controls.leave_message(AN.file_id, AN.party_id, "Uw vraag", "Wij hebben uw brief ontvangen.")
    referred(calling_on, by_reference, AN.pin, AN.reference).hears(*TOLD[:-1], "Messages.choose")


def test_of_several_defendants_the_house_number_chooses(by_reference: "Line", calling_on: "Calling"):
    """It is asked after the PIN; a number that nobody lives at leads to a person, without a second guess."""
    caller = referred(calling_on, by_reference, DIRK.pin, DIRK.reference)
    caller.hears("ByReference.ask_house").keys(f"{DIRK.house_number}#").hears(*TOLD)
    caller = referred(calling_on, by_reference, DIRK.pin, DIRK.reference).keys("99#")
    caller.offered().reaches(by_reference.switchboard)
    assert len(by_reference.notes()) == 1


@pytest.mark.parametrize("reference", [AN.reference, "1", "7705555"])
def test_a_wrong_pin_sounds_the_same_for_any_reference(
    by_reference: "Line", calling_on: "Calling", reference: str
):
    """A known reference, an unknown one and one that two files share: three rounds, and then a person."""
    caller = calling_on(by_reference, "").keys("1")
    for _ in range(2):
        caller.keys("000000").keys(f"{reference}#").hears("ByReference.sorry", "ByReference.ask_pin")
    caller.keys("000000").keys(f"{reference}#").offered("ByReference.spent")


def test_a_reference_without_a_pin(by_reference: "Line", calling_on: "Calling"):
    """Key # alone, or silence, leads to the menu or to a person."""
    caller = calling_on(by_reference).keys("1").keys("#").hears("ByReference.no_pin").keys("2")
    caller.hears("Defendant.main").keys("1").silent(3).hears("ByReference.no_pin").keys("1")
    caller.hears("Colleague.connect").reaches(by_reference.switchboard)


@pytest.mark.parametrize(
    "endpoint", ["GetVoxtronReferentie", "GetVoxtronVerwByPin", "GetVoxtronVerwByHuisNr"]
)
def test_a_reference_while_tagor_is_in_trouble(by_reference: "Line", calling_on: "Calling", endpoint: str):
    """At whichever of the three questions it happens, the caller hears an apology and reaches a person."""
    by_reference.tagor.fault(f"TagorService/{endpoint}", "status", status=500, body="html")
    caller = referred(calling_on, by_reference, DIRK.pin, DIRK.reference)
    if endpoint == "GetVoxtronVerwByHuisNr":
        caller.hears("ByReference.ask_house").keys("16#")
    caller.offered("ByReference.down").reaches(by_reference.switchboard)


def test_the_number_of_a_caller_is_never_told_with_a_reference(by_reference: "Line", calling_on: "Calling"):
    """Tagor would keep it as the defendant's own, and know a stranger by it next time."""
    before = by_reference.tagor.state()["phones"]
    referred(calling_on, by_reference, AN.pin, AN.reference, "+32470999999").hears(*TOLD)
    assert by_reference.tagor.state()["phones"] == before


def test_a_house_number_opens_the_balance_where_an_office_accepts_that(
    by_house: "Line", calling_on: "Calling"
):
    """This weak way asks for reference and house number."""
    caller = calling_on(by_house, "").keys("1").hears("ByHouseNumber.ask_reference")
    caller.keys(f"{AN.reference}#").hears("ByHouseNumber.ask_house").keys("12#").hears(*TOLD)


@pytest.mark.parametrize("reference", [AN.reference, "1"])
def test_a_wrong_house_number_sounds_the_same_for_any_reference(
    by_house: "Line", calling_on: "Calling", reference: str
):
    """Three rounds, and then a person."""
    caller = calling_on(by_house).keys("1")
    for _ in range(2):
        caller.keys(f"{reference}#").keys("99#").hears("ByHouseNumber.sorry", "ByHouseNumber.ask_reference")
    caller.keys(f"{reference}#").keys("99#").offered("ByHouseNumber.spent")


def test_a_house_number_while_tagor_is_away(by_house: "Line", calling_on: "Calling"):
    """The caller hears an apology and reaches a person."""
    by_house.tagor.stop()
    caller = calling_on(by_house).keys("1").keys("7700011#").keys("12#")
    caller.offered("ByHouseNumber.down").reaches(by_house.switchboard)


def test_a_number_opens_the_balance_where_an_office_accepts_that(by_number: "Line", calling_on: "Calling"):
    """This weakest way takes the caller's number alone; while Tagor is away it leads to a person."""
    calling_on(by_number, AN.phone).keys("1").hears(*TOLD)
    by_number.tagor.stop()
    caller = calling_on(by_number, AN.phone).keys("1").offered("ByCallerNumber.down")
    caller.reaches(by_number.switchboard)


@pytest.mark.parametrize("caller", ["", "+32470999999", "+32470000005", "+3225550002"])
def test_a_number_of_nobody_or_of_many_opens_nothing(by_number: "Line", calling_on: "Calling", caller: str):
    """A withheld number, an unknown one, one with four files and a lawyer's lead to a person."""
    call = calling_on(by_number, caller).keys("1").offered("ByCallerNumber.unknown")
    call.reaches(by_number.switchboard)
    assert by_number.notes() == []


def test_an_office_may_switch_the_balance_off(open_line: "Opening", calling_on: "Calling"):
    """Nobody is offered it then, and its key is a wrong key."""
    line = open_line(office={'# switched_off = ["balance"]': 'switched_off = ["balance"]'})
    caller = calling_on(line, AN.phone, off=frozenset({"Defendant.main.1"}))
    caller.hears("Defendant.welcome", "Defendant.main").keys("1").hears("Anytime.wrong", "Defendant.main")


def test_an_office_may_let_tagor_guard_its_files(open_line: "Opening", calling_on: "Calling"):
    """With the caller's own PIN as credential Tagor itself lets nobody see another file."""
    line = open_line(office={"# pin_scheme = true": "pin_scheme = true"})
    calling_on(line, AN.phone).keys("1").keys(AN.pin).hears(*TOLD)
    schemes = {entry["operation"].rpartition("/")[2]: entry["scheme"] for entry in line.tagor.journal()}
    assert schemes == {
        "ClipToFile": "Tgr", "KantoorOpen": "Tgr", "PinToFile": "Tgr", "GetListFilter": "Tgr",
        "GetDosInfo": "Pin", "GetSaldo": "Pin", "PaymentInfo": "Pin",
    }  # fmt: skip


def test_an_office_may_log_in_in_place_of_a_key(
    open_line: "Opening", calling_on: "Calling", monkeypatch: pytest.MonkeyPatch
):
    """With a client id and a secret the line gets a token from Tagor, once for many questions."""
    monkeypatch.setenv("TAGOR_CLIENT_ID", "bridge")
    monkeypatch.setenv("TAGOR_CLIENT_SECRET", "stand-in-login")
    login = 'client_id_env = "TAGOR_CLIENT_ID"\nclient_secret_env = "TAGOR_CLIENT_SECRET"'
    line = open_line(office={'key_env = "TAGOR_KEY"': login})
    for _ in range(2):
        calling_on(line, AN.phone).keys("1").keys(AN.pin).hears(*TOLD).hangs_up()
    assert line.asked("Token") == ["Token"]


def test_a_four_digit_pin_is_the_offices_choice(open_line: "Opening", calling_on: "Calling"):
    """The line asks for four digits then, and goes on by itself after the fourth."""
    line = open_line(office={"pin_digits = 6": "pin_digits = 4"})
    line.tagor.controls.change(AN.file, pin="4821")
    calling_on(line, AN.phone).keys("1").keys("4821").hears(*TOLD)
