"""The documented cases: each of these people phones, and hears exactly what is theirs in their language."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from bridge.simulators.tagor import CASES, Case
from bridge.speech import SAYERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.simulators.provider.phone import Phone
    from tests.calls.conftest import Caller, Calling
    from tests.conftest import Line

LANGUAGE_KEYS = {"nl": "1", "fr": "2", "de": "3", "en": "4"}
CREDITOR_AS_SPOKEN = {"Zoë": 'Bakkerij \'t Hoekje & Co <"Zuid"> 😀]]>'}
"""What is left of a creditor's name when control and bidirectional characters are taken out."""

# The number is known for more than three files, for somebody else, or not at all.
ASKED_FOR_THE_FILE = {"Luc Janssens", "Julie Claes", "Robert King"}
TODAY = date(2026, 3, 4)


def greeted_in(case: Case) -> str:
    """The language of the first party with this number, which is all that Tagor can tell."""
    return next((first.language for first in CASES if case.phone and first.phone == case.phone), "nl")


def phone_in(caller: "Caller", case: Case) -> "Caller":
    """Do what this person does: choose the language where it is another, and prove who calls."""
    if caller.phone.last[0].language[:2] != case.language:
        caller.keys("3").keys(LANGUAGE_KEYS[case.language])
    caller.speaking(case.language).keys("1").keys(case.pin)
    if case.name in ASKED_FOR_THE_FILE:
        caller.hears("ByPin.ask_file").keys(f"{case.file}#")
    return caller


def prompts(case: Case) -> list[str]:
    """What is told of this file, in order."""
    balance = "tell" if case.balance > 0 else "credit" if case.balance < 0 else "settled"
    plan = [] if not case.plan else ["Payments.behind" if case.plan.arrears else "Payments.on_time"]
    paid = "paid" if case.last_payment else "never"
    return ["Balance.which", f"Balance.{balance}", f"Payments.{paid}", *plan, "Balance.choose"]


def values(case: Case) -> dict[str, str]:
    """Every value that is told, as the voice says it."""

    def said(kind: str, value: object) -> str:
        return SAYERS[kind](str(value), case.language, TODAY)

    told = {"number": said("digits", case.file)}
    told["creditor"] = CREDITOR_AS_SPOKEN.get(case.name.split()[0], case.creditor)
    if case.balance:
        told["owed" if case.balance > 0 else "credit"] = said("money", abs(case.balance))
    if case.last_payment:
        told |= {"paid": said("money", case.last_amount), "paid_on": said("date", case.last_payment)}
    if case.plan:
        told["monthly"] = said("money", case.plan.monthly)
    if case.plan and case.plan.arrears:
        told["arrears"] = said("money", case.plan.arrears)
    return told


def hears_what_is_theirs(caller: "Caller", case: Case) -> None:
    phone_in(caller, case).hears(*prompts(case))
    assert caller.told == values(case)
    caller.hangs_up()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.file)
def test_each_case_hears_its_own(calling: "Calling", line: "Line", case: Case):
    """File, creditor, balance to the cent, last payment and its day, plan and arrears."""
    caller = calling(case.phone or "", language=greeted_in(case)).hears("Defendant.welcome", "Defendant.main")
    hears_what_is_theirs(caller, case)
    assert line.notes() == [case.file_id]


def test_the_further_files_are_told_as_well(calling: "Calling"):
    """Of the person with four files, each with its own PIN."""
    luc = next(case for case in CASES if case.further)
    for file in luc.further:
        caller = calling(luc.phone).keys("1").keys(file.pin).keys(f"{file.file}#")
        caller.hears("Balance.which", "Balance.tell", "Payments.paid", "Balance.choose")
        assert caller.told["owed"] == SAYERS["money"](str(file.balance), "nl", TODAY)
        caller.hangs_up()


def test_a_changed_balance_is_told_changed(calling: "Calling", line: "Line"):
    """Nothing is remembered from the call before."""
    for amount in ("0.01", "10000000.00", "999.99"):
        line.tagor.set_balance("20230118", Decimal(amount))
        caller = calling().keys("1").keys("482193")
        caller.hears("Balance.which", "Balance.tell", "Payments.paid", "Balance.choose")
        assert caller.told["owed"] == SAYERS["money"](str(Decimal(amount)), "nl", TODAY)
        caller.hangs_up()


def test_the_running_demo_tells_all_of_them(demo_phone: "Callable[..., Phone]", new_caller: "type[Caller]"):
    """Over real HTTP, gunicorn with two workers, six calls at a time."""

    def play(case: Case) -> None:
        hears_what_is_theirs(new_caller(demo_phone(case.phone or ""), greeted_in(case)), case)

    with ThreadPoolExecutor(6) as people:
        list(people.map(play, CASES))
