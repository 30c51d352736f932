"""People who phone: where they want to go, and how they behave on the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Protocol

from simulation_fate import LIKELY, strike
from simulation_script import CallScript, Deed

from bridge.standin import CASES, Case

MANNERS = {
    "patient": (94, 2, 2, 1, 1),
    "clumsy": (70, 20, 6, 3, 1),
    "silent": (72, 2, 24, 1, 1),
    "short": (78, 2, 4, 2, 14),
    "restless": (76, 4, 4, 15, 1),
}
"""Of a hundred questions: how many they answer, mistype, do not answer, leave by 0, 8, 9 or *, hang up at."""
OFTEN = ("patient", "patient", "patient", "clumsy", "silent", "short", "restless")
MOST_DEEDS = 40
AT_DECISIONS = 3
"""How much more often fate strikes where a plan is decided."""
CONTENT = 0.8
"""How many hang up once they have decided about a plan."""
STRANGE = 0.08
"""How many hold somebody else's letter in hand, or guess."""
PHONES = ("022000001", "0470123456", "090012345", "123456789", "0032470123456")
EUROS, CENTS = (1, 10, 25, 50, 75, 100, 250, 1000, 99999), ("", "", "*05", "*33")


class Caller(Protocol):
    """Somebody with a telephone."""

    def next(self, question: str) -> Deed | None:
        """What they do at this question (`Flow.step`, or `ringing`, `dialling`); None to hang up."""


class Reader:
    """Does what is written."""

    def __init__(self, script: CallScript) -> None:
        self._deeds = iter(script.deeds)

    def next(self, question: str) -> Deed | None:  # noqa: ARG002 - whatever is asked
        """The next deed."""
        return next(self._deeds, None)


@dataclass
class Person:
    """Somebody made up: of a certain manner, with the letter about a file in hand, or without it."""

    rng: Random
    case: Case
    pin: str
    manner: str
    struck: float = LIKELY
    left: int = MOST_DEEDS
    decided: bool = False

    @classmethod
    def of(cls, rng: Random, case: Case, *, struck: float) -> "Person":
        """Make one up who phones about this case."""
        pin = rng.choice([case.pin, *(other.pin for other in case.before)])
        if rng.random() < STRANGE:
            pin = rng.choice([rng.choice(CASES).pin, f"{rng.randrange(10**6):06d}"])
        return cls(rng, case, pin, rng.choice(OFTEN), struck)

    def next(self, question: str) -> Deed | None:
        """What this person does now, and what befalls them."""
        self.left -= 1
        if not self.left:
            return None
        deed = Deed(self._does(question), pause=self.rng.choice((1.0, 2.0, 5.0)))
        if self.rng.random() < self.struck * (AT_DECISIONS if question.startswith("Agreement.") else 1):
            deed.faults.append(strike(self.rng, question))
        return deed

    def _does(self, question: str) -> str:
        if question == "dialling":
            return self.rng.choice(("{answered}", "{answered}", "{busy}", "{no-answer}", "{failed}", "!"))
        if question == "ringing":
            return ""
        [how] = self.rng.choices(("well", "badly", "not", "away", "off"), MANNERS[self.manner])
        astray = {
            "badly": lambda: self.rng.choice("1234567*") * self.rng.choice((1, 1, 2, 7)),
            "not": lambda: ",",
            "away": lambda: self.rng.choice("0889*"),
            "off": lambda: "!",
        }
        return astray[how]() if how in astray else self._answer(question)

    def _answer(self, question: str) -> str:
        self.decided = self.decided or question.startswith("Agreement.")
        if question == "Balance.choose" and self.decided and self.rng.random() < CONTENT:
            return "!"
        typed = {
            "ByPin.ask_pin": lambda: self.pin,
            "ByPin.ask_file": lambda: f"{self.case.file}#",
            "OwnTerms.ask_amount": lambda: f"{self.rng.choice(EUROS)}{self.rng.choice(CENTS)}#",
            "OwnTerms.ask_months": lambda: f"{self.rng.randint(1, 40)}#",
            "CallBack.ask_number": lambda: f"{self.rng.choice(PHONES)}#",
            "StartDate.ask_day": lambda: f"{self.rng.randint(1, 32)}#",
        }
        return typed[question]() if question in typed else self.rng.choice(WAYS.get(question, "12"))


WAYS: dict[str, Sequence[str]] = {
    "Defendant.main": ("1",) * 12 + ("2", "3", "3", "4", '"saldo"'),
    "Defendant.language": "1234",
    "ByPin.no_pin": "2221",
    "Balance.choose": "2222222222134",
    "RunningPlan.replace": "111113",
    "RunningPlan.keep": "21",
    "Terms.choose": "11223334",
    "Terms.choose_one": "1123",
    "OwnTerms.choose": "112223",
    "StartDate.choose": "1112",
    "Agreement.read_back": "1111111111112",
    "Agreement.agree": "1111111111112",
    "Office.choose": "33321",
}
"""What is pressed at each menu, as often as it stands here."""
