"""Pairs of calls with the same keys hear the same, whatever Tagor knows of the two callers."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from shared_line import OPENING_TIME, FakeClock

from bridge.simulators.provider.script import perform
from bridge.simulators.tagor import CASES, Case, FurtherFile, StandIn
from bridge.speech.numbers import say_digits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from random import Random

    from bridge.simulators.provider.phone import Phone
    from tests.shared_line import Line

TEMPLATE = replace(CASES[0], before=(), further=(), plan=None)
LANGUAGES = {"Dut": "nl", "Frn": "fr", "Ger": "de", "Eng": "en", "Spa": "nl", "": "nl"}
# Numbers Tagor connects with no defendant: unknown, a client of the office, a lawyer.
STRANGERS = ("+32470999999", "+3292660001", "+3225550002")
NEVER_NAMED = "99999999"
FEW = 16
"""Below so many pairs it may be chance that no PIN was tried silently."""


class StillClock(FakeClock):
    """A clock that stands still during a pair, so that both callers phone at the same moment."""

    def __init__(self) -> None:
        super().__init__()
        self.moment = OPENING_TIME

    def now(self) -> datetime:
        return self.moment


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


class People:
    """Make defendants who have nothing in common but the language."""

    def __init__(self, tagor: StandIn, rng: "Random") -> None:
        self._tagor, self._rng, self._count = tagor, rng, 0

    def party(self, tagor_language: str) -> Case:
        """Enter somebody with 0 to 4 files into Tagor."""
        self._count += 1
        files = self._rng.choice([0, 1, 1, 2, 3, 4])
        case = self._case(tagor_language, max(files - 1, 0))
        self._tagor.controls.add_case(case)
        if not files:
            books = self._tagor.tagor.database
            with books.transaction():
                books.write("emptied", "DELETE FROM defendants WHERE party_id = ?", case.party_id)
        return case

    def _case(self, tagor_language: str, further: int) -> Case:
        number, rng = self._count, self._rng
        return replace(
            TEMPLATE,
            name=rng.choice(["Ann", "Bob", "Çelik", "D'Hondt & Co"]) * rng.randint(1, 20),
            phone=f"+3247{1000000 + number}",
            file=f"7{number:07}",
            file_id=f"{70 * 10**10 + number}",
            party_id=f"{80 * 10**10 + number}",
            reference=f"6{number:07}",
            pin=f"{rng.randint(500000, 999999)}",
            house_number=str(rng.randint(1, 400)),
            balance=Decimal(rng.randint(-(10**6), 10**8)) / 100,
            tagor_language=tagor_language,
            creditor="Stad " * rng.randint(1, 30),
            summons=rng.random() < 0.5,
            wire_format=rng.choice(["plain", "numbers", "text", "mixed", "empty"]),
            further=tuple(self._further(number, index) for index in range(further)),
        )

    def _further(self, number: int, index: int) -> FurtherFile:
        end = f"{number:07}{index}"
        pin = f"{self._rng.randint(500000, 999999)}"
        return FurtherFile(f"7{end}", f"71{end:0>12}", f"6{end}", pin, Decimal(index), "Stad Gent")


def caller_actions(rng: "Random", files: list[str]) -> "Iterator[str]":
    """What both callers do: anything but key in a right PIN, which begins with 5 to 9."""
    yield "1" if rng.random() < 0.8 else rng.choice("237")
    for _ in range(rng.randint(1, 5)):
        wrong_pin, file = f"{rng.randint(100000, 499999)}", f"{rng.choice(files)}#"
        anything = [*"123478#*,90", '"saldo"', "{busy}", "{voicemail 5}"]
        yield rng.choice([wrong_pin, wrong_pin, wrong_pin, file, file, file, file, *anything])
        yield "|"


def played(line: "Line", caller: str, script: list[str]) -> "Phone":
    phone = line.phone(caller).ring()
    for step in script:
        perform(phone, step)
    return phone


def heard(phone: "Phone", caller: str) -> list[bytes]:
    """Every reply of a call, with the caller's own number replaced."""
    own = say_digits(caller).encode() if caller else b"nobody's"
    return [turn.body.replace(own, b"your own number") for turn in phone.turns]


def pairs_differ_in_nothing(
    line: "Line", clock: StillClock, rng: "Random", pairs: int, strangers: tuple[str, ...]
) -> None:
    """Play pairs of which Tagor knows the one, and other things or nothing of the other."""
    people, tried_silently = People(line.tagor, rng), 0
    for _ in range(pairs):
        known = people.party(rng.choice(list(LANGUAGES)))
        language = LANGUAGES[known.tagor_language]
        likewise = [code for code, spoken in LANGUAGES.items() if spoken == language]
        other = people.party(rng.choice(likewise))
        numbers = [other.phone, *(strangers if language == "nl" else ())]
        script = list(caller_actions(rng, [known.file, other.file, NEVER_NAMED]))
        one = played(line, known.phone or "", script)
        tried_silently += "PinToFile" in line.asked()
        number = rng.choice(numbers) or ""
        two = played(line, number, script)
        assert heard(one, known.phone or "") == heard(two, number), script
        assert (one.state, one.ended_by, one.dialled) == (two.state, two.ended_by, two.dialled), script
        assert not {"GetSaldo", "GetDosInfo", "PaymentInfo"} & set(line.asked()), script
        line.tagor.clear_journal()
        clock.moment += timedelta(hours=25)
    assert tried_silently or pairs < FEW


def test_before_the_pin_everybody_hears_the_same(line: "Line", clock: StillClock, rng: "Random"):
    """Known or unknown, with any files and balances: both callers get the same bytes."""
    pairs_differ_in_nothing(line, clock, rng, 16, STRANGERS)


def test_a_withheld_number_changes_nothing_before_the_pin(
    open_line: "Callable[..., Line]", clock: StillClock, rng: "Random"
):
    """This office offers no call-back, because a withheld number cannot be offered one."""
    line = open_line(office={'# switched_off = ["balance"]': 'switched_off = ["callback"]'})
    pairs_differ_in_nothing(line, clock, rng, 6, ("",))


@pytest.mark.rehearsal
@pytest.mark.timeout(3600)
def test_ten_thousand_pairs_hear_the_same(line: "Line", clock: StillClock, rng: "Random"):
    """The same holds for ten thousand pairs."""
    pairs_differ_in_nothing(line, clock, rng, 10_000, STRANGERS)
