"""Offices that let callers prove who they are in another way than PIN and file number."""

from typing import TYPE_CHECKING

import pytest

from bridge.simulators.tagor import CASES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.calls.conftest import Calling
    from tests.conftest import Line

    Ways = Callable[..., Line]

AN = next(case for case in CASES if case.name == "An Peeters")
DIRK = next(case for case in CASES if case.name == "Dirk Willems")
NELE = next(case for case in CASES if case.name == "Nele Goossens")
TOLD = ("Balance.which", "Balance.tell", "Payments.paid", "Balance.choose")


def by(way: str) -> dict[str, str]:
    accepted = '\naccepted_by = "mr. Voorbeeld"\naccepted_on = 2026-02-01'
    return {'way = "pin"': f'way = "{way}"' + ("" if way == "reference_pin" else accepted)}


@pytest.fixture
def by_reference(open_line: "Callable[..., Line]") -> "Line":
    return open_line(office=by("reference_pin"))


@pytest.fixture
def by_house(open_line: "Callable[..., Line]") -> "Line":
    return open_line(office=by("house_number"))


@pytest.fixture
def by_number(open_line: "Callable[..., Line]") -> "Line":
    return open_line(office=by("caller_number"))


def test_a_reference_and_a_pin(by_reference: "Line", calling_on: "Calling"):
    """PIN first, as everywhere; then the reference of the letter."""
    caller = calling_on(by_reference, "").keys("1").hears("ByReference.ask_pin").keys(AN.pin)
    caller.hears("ByReference.ask_reference").keys(f"{AN.reference}#").hears(*TOLD)
    assert by_reference.notes() == [AN.file_id]


def test_a_reference_and_a_pin_tell_a_running_plan(by_reference: "Line", calling_on: "Calling"):
    """A plan belongs to the file, whoever of its defendants calls."""
    caller = calling_on(by_reference, "").keys("1").keys(NELE.pin).keys(f"{NELE.reference}#")
    caller.hears("Balance.which", "Balance.tell", "Payments.paid", "Payments.on_time", "Balance.choose")


def test_of_several_defendants_the_house_number_chooses(by_reference: "Line", calling_on: "Calling"):
    """After the PIN, never in place of it."""
    caller = calling_on(by_reference, "").keys("1").keys(DIRK.pin).keys(f"{DIRK.reference}#")
    caller.hears("ByReference.ask_house").keys(f"{DIRK.house_number}#").hears(*TOLD)


def test_a_house_number_nobody_lives_at_ends_with_a_person(by_reference: "Line", calling_on: "Calling"):
    """There is no second guess at an address."""
    caller = calling_on(by_reference, "").keys("1").keys(DIRK.pin).keys(f"{DIRK.reference}#").keys("99#")
    caller.hears("Colleague.connect").reaches(by_reference.switchboard)
    assert by_reference.notes() == []


@pytest.mark.parametrize("reference", [AN.reference, "1", "7705555"])
def test_a_wrong_pin_sounds_the_same_for_any_reference(
    by_reference: "Line", calling_on: "Calling", reference: str
):
    """A known one, an unknown one, one that two files share; three rounds, and then a person."""
    caller = calling_on(by_reference, "").keys("1")
    for _ in range(2):
        caller.keys("000000").keys(f"{reference}#").hears("ByReference.sorry", "ByReference.ask_pin")
    caller.keys("000000").keys(f"{reference}#").hears("ByReference.spent", "Colleague.connect")


def test_a_reference_without_a_pin(by_reference: "Line", calling_on: "Calling"):
    """Key # alone, or silence: the menu, or a person."""
    caller = calling_on(by_reference).keys("1").keys("#").hears("ByReference.no_pin").keys("2")
    caller.hears("Defendant.main").keys("1").silent(3).hears("ByReference.no_pin").keys("1")
    caller.hears("Colleague.connect").reaches(by_reference.switchboard)


@pytest.mark.parametrize(
    ("keys", "said"),
    [(["", "", ""], "silent"), (["A#", "A#", "A#"], "wrong")],
)
def test_no_reference_ends_with_a_person(
    by_reference: "Line", calling_on: "Calling", keys: list[str], said: str
):
    """Silence and unknown keys, three times over."""
    caller = calling_on(by_reference).keys("1").keys(AN.pin)
    for one in keys:
        caller = caller.keys(one) if one else caller.silent()
        if one is not keys[-1] and caller.phone.state == "listening":
            caller.hears(f"ByReference.ask_reference {said}", "ByReference.ask_reference")
    caller.hears("Colleague.connect").reaches(by_reference.switchboard)


@pytest.mark.parametrize("keys", ["", "A#"])
def test_no_house_number_ends_with_a_person(by_reference: "Line", calling_on: "Calling", keys: str):
    """Silence and unknown keys again."""
    caller = calling_on(by_reference).keys("1").keys(DIRK.pin).keys(f"{DIRK.reference}#")
    for _ in range(3):
        caller = caller.keys(keys) if keys else caller.silent()
    caller.hears("Colleague.connect").reaches(by_reference.switchboard)


@pytest.mark.parametrize(
    "endpoint", ["GetVoxtronReferentie", "GetVoxtronVerwByPin", "GetVoxtronVerwByHuisNr"]
)
def test_a_reference_while_tagor_is_in_trouble(by_reference: "Line", calling_on: "Calling", endpoint: str):
    """An apology and a person, at whichever of the three questions it happens."""
    by_reference.tagor.fault(f"TagorService/{endpoint}", "status", status=500, body="html")
    caller = calling_on(by_reference).keys("1").keys(DIRK.pin).keys(f"{DIRK.reference}#")
    if endpoint == "GetVoxtronVerwByHuisNr":
        caller.hears("ByReference.ask_house").keys("16#")
    caller.hears("ByReference.down", "Colleague.connect").reaches(by_reference.switchboard)


def test_the_number_of_a_caller_is_never_told_with_a_reference(by_reference: "Line", calling_on: "Calling"):
    """Tagor would keep it as the defendant's own, and know a stranger by it next time."""
    before = by_reference.tagor.state()["phones"]
    calling_on(by_reference, "+32470999999").keys("1").keys(AN.pin).keys(f"{AN.reference}#").hears(*TOLD)
    assert by_reference.tagor.state()["phones"] == before


def test_a_house_number_opens_the_balance_where_an_office_accepts_that(
    by_house: "Line", calling_on: "Calling"
):
    """The weak way: reference and house number."""
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
    caller.keys(f"{reference}#").keys("99#").hears("ByHouseNumber.spent", "Colleague.connect")


def test_house_numbers_have_the_budget_of_pins(by_house: "Line", calling_on: "Calling"):
    """Five failures a day on a file, whatever it was that was guessed."""
    for _ in range(2):
        caller = calling_on(by_house, "").keys("1")
        for _ in range(3):
            caller.keys(f"{AN.reference}#").keys("99#")
        caller.hangs_up()
    assert len(by_house.asked("GetVoxtronVerwByHuisNr")) == 5
    caller = calling_on(by_house, "").keys("1").keys(f"{AN.reference}#").keys("12#")
    caller.hears("ByHouseNumber.sorry", "ByHouseNumber.ask_reference")


@pytest.mark.parametrize("deeds", [["#"], ["", "", ""], ["A#", "A#", "A#"], ["7700011#", "", "", ""]])
def test_no_reference_or_house_number_ends_with_a_person(
    by_house: "Line", calling_on: "Calling", deeds: list[str]
):
    """No letter at hand: key # alone, silence or anything else."""
    caller = calling_on(by_house).keys("1")
    for deed in deeds:
        caller = caller.keys(deed) if deed else caller.silent()
    caller.hears("Colleague.connect").reaches(by_house.switchboard)


def test_a_house_number_while_tagor_is_away(by_house: "Line", calling_on: "Calling"):
    """An apology and a person."""
    by_house.tagor.stop()
    caller = calling_on(by_house).keys("1").keys("7700011#").keys("12#")
    caller.hears("ByHouseNumber.down", "Colleague.connect").reaches(by_house.switchboard)


def test_a_number_opens_the_balance_where_an_office_accepts_that(by_number: "Line", calling_on: "Calling"):
    """The weakest way: the caller's number alone."""
    calling_on(by_number, AN.phone).keys("1").hears(*TOLD)


@pytest.mark.parametrize("caller", ["", "+32470999999", "+32470000005", "+32292660001", "+3225550002"])
def test_a_number_of_nobody_or_of_many_opens_nothing(by_number: "Line", calling_on: "Calling", caller: str):
    """Withheld, unknown, four files, a client of the office, a lawyer: a person."""
    call = calling_on(by_number, caller).keys("1").hears("ByCallerNumber.unknown", "Colleague.connect")
    call.reaches(by_number.switchboard)
    assert by_number.notes() == []


def test_a_number_while_tagor_is_away(by_number: "Line", calling_on: "Calling"):
    """An apology and a person."""
    by_number.tagor.stop()
    caller = calling_on(by_number, AN.phone).keys("1").hears("ByCallerNumber.down", "Colleague.connect")
    caller.reaches(by_number.switchboard)


def test_an_office_may_switch_the_balance_off(open_line: "Callable[..., Line]", calling_on: "Calling"):
    """Then nobody is offered it, and its key is a wrong key."""
    line = open_line(office={'# switched_off = ["balance"]': 'switched_off = ["balance"]'})
    caller = calling_on(line, AN.phone, off=frozenset({"Defendant.main.1"}))
    caller.hears("Defendant.welcome", "Defendant.main").keys("1").hears("Anytime.wrong", "Defendant.main")


def test_an_office_may_let_tagor_guard_its_files(open_line: "Callable[..., Line]", calling_on: "Calling"):
    """With the caller's own PIN as credential Tagor itself lets nobody see another file."""
    line = open_line(office={"# pin_scheme = true": "pin_scheme = true"})
    caller = calling_on(line, AN.phone).keys("1").keys(AN.pin)
    caller.hears("Balance.which", "Balance.tell", "Payments.paid", "Balance.choose")
    schemes = {entry["operation"].rpartition("/")[2]: entry["scheme"] for entry in line.tagor.journal()}
    assert schemes == {
        "ClipToFile": "Tgr", "KantoorOpen": "Tgr", "PinToFile": "Tgr",
        "GetDosInfo": "Pin", "GetSaldo": "Pin", "PaymentInfo": "Pin",
    }  # fmt: skip


def test_an_office_may_log_in_in_place_of_a_key(
    open_line: "Callable[..., Line]", calling_on: "Calling", monkeypatch: pytest.MonkeyPatch
):
    """With a client id and a secret the line gets its token from Tagor, once for many questions."""
    monkeypatch.setenv("TAGOR_CLIENT_ID", "bridge")
    monkeypatch.setenv("TAGOR_CLIENT_SECRET", "stand-in-login")
    login = 'client_id_env = "TAGOR_CLIENT_ID"\nclient_secret_env = "TAGOR_CLIENT_SECRET"'
    line = open_line(office={'key_env = "TAGOR_KEY"': login})
    for _ in range(2):
        caller = calling_on(line, AN.phone).keys("1").keys(AN.pin)
        caller.hears("Balance.which", "Balance.tell", "Payments.paid", "Balance.choose").hangs_up()
    assert line.asked("Token") == ["Token"]


def test_a_four_digit_pin_is_the_offices_choice(open_line: "Callable[..., Line]", calling_on: "Calling"):
    """The line then asks for four digits and goes on by itself after the fourth."""
    line = open_line(office={"pin_digits = 6": "pin_digits = 4"})
    line.tagor.change(AN.file, pin="4821")
    caller = calling_on(line, AN.phone).keys("1").keys("4821")
    caller.hears("Balance.which", "Balance.tell", "Payments.paid", "Balance.choose")
