"""Each documented case phones, and hears exactly what is theirs in their language."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from shared_server import rang_the_switchboard

from bridge.simulators.tagor import CASES, Case
from bridge.speech import SAYERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.simulators.provider.phone import Phone
    from tests.calls.conftest import Caller, Calling
    from tests.shared_line import Line

CREDITOR_AS_SPOKEN = {"Zoë": 'Bakkerij \'t Hoekje & Co <"Zuid"> 😀]]>'}
"""A creditor's name without control and bidirectional characters, by the case's first name."""

# The number is known for more than three files, for somebody else, or not at all.
ASKED_FOR_THE_FILE = {"Luc Janssens", "Julie Claes", "Robert King"}
LEFT_A_MESSAGE = {"Sofie De Smet"}
"""Who is told before the menu that the office left a message."""
TODAY = date(2026, 3, 4)
TRIES = 3
"""How often somebody phones whom a busy machine puts through to the switchboard."""


def greeted_in(case: Case) -> str:
    """The language of the first party with this number, because Tagor tells that one."""
    return next((first.language for first in CASES if case.phone and first.phone == case.phone), "nl")


def phone_in(caller: "Caller", case: Case) -> "Caller":
    """Choose the case's language where the line speaks another, and key in PIN and file number."""
    if caller.phone.last[0].language[:2] != case.language:
        caller.chooses(case.language)
    caller.speaking(case.language).keys("1").keys(case.pin)
    if case.name in ASKED_FOR_THE_FILE:
        assert caller.is_asked("ByPin.ask_file")
    # A machine that is busy may not know yet whose number this is, and asks everybody.
    return caller.keys(f"{case.file}#") if caller.is_asked("ByPin.ask_file") else caller


def prompts(case: Case) -> list[str]:
    """The prompts that tell this file, in their order."""
    balance = "tell" if case.balance > 0 else "credit" if case.balance < 0 else "settled"
    plan = [] if not case.plan else ["Payments.behind" if case.plan.arrears else "Payments.on_time"]
    paid = "paid" if case.last_payment else "never"
    menu = "Messages.choose" if case.name in LEFT_A_MESSAGE else "Balance.choose"
    return [f"Balance.{balance}", f"Received.{paid}", *plan, "Payments.which", menu]


def values(case: Case) -> dict[str, str]:
    """Every value that is told of this file, as the voice says it."""

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
    if case.balance <= 0:
        caller.no_longer_offered("Balance.choose.1", "Balance.choose.2")
    phone_in(caller, case).hears_by_and_by(*prompts(case))
    assert caller.told == values(case)
    caller.hangs_up()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.file)
def test_each_case_hears_its_own(calling: "Calling", line: "Line", case: Case):
    """The caller hears file, creditor, balance to the cent, last payment and its day, plan and arrears."""
    caller = calling(case.phone or "", language=greeted_in(case)).hears("Defendant.welcome", "Defendant.main")
    hears_what_is_theirs(caller, case)
    assert line.notes() == [case.file_id]


def test_the_further_files_are_told_as_well(calling: "Calling"):
    """The person with four files hears each of them, by its own PIN."""
    luc = next(case for case in CASES if case.further)
    for file in luc.further:
        caller = calling(luc.phone).keys("1").keys(file.pin).keys(f"{file.file}#")
        caller.hears("Balance.tell", "Received.paid", "Payments.which", "Balance.choose")
        assert caller.told["owed"] == SAYERS["money"](str(file.balance), "nl", TODAY)
        caller.hangs_up()


def test_a_changed_balance_is_told_changed(calling: "Calling", line: "Line"):
    """Each call tells Tagor's balance of that moment, from one cent to ten million euro."""
    for amount in ("0.01", "10000000.00", "999.99"):
        line.tagor.controls.set_balance("20230118", Decimal(amount))
        caller = calling().keys("1").keys("482193")
        caller.hears("Balance.tell", "Received.paid", "Payments.which", "Balance.choose")
        assert caller.told["owed"] == SAYERS["money"](str(Decimal(amount)), "nl", TODAY)
        caller.hangs_up()


def test_the_running_demo_tells_all_of_them(demo_phone: "Callable[..., Phone]", new_caller: "type[Caller]"):
    """Over real HTTP, at a gunicorn of two workers, six calls at a time each hear what is theirs."""

    def play(case: Case) -> str:
        for _ in range(TRIES):
            caller = new_caller(demo_phone(case.phone or ""), greeted_in(case))
            try:
                hears_what_is_theirs(caller, case)
            except AssertionError:
                if not rang_the_switchboard(caller.phone):
                    raise
                caller.hangs_up()
            else:
                return "heard what is theirs"
        return "rang the switchboard"

    with ThreadPoolExecutor(6) as people:
        assert "heard what is theirs" in {*people.map(play, CASES)}
