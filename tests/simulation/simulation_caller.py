"""People who phone: where they want to go, and how they behave on the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Protocol

from bridge.standin import CASES, Case
from simulation_fate import LIKELY, strike
from simulation_script import CallScript, Deed

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
        if rng.random() < 0.08:  # noqa: PLR2004 - somebody else's letter, or a guess
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
        if question == "ringing":
            return ""
        if question == "dialling":
            return self.rng.choice(("{answered}", "{answered}", "{busy}", "{no-answer}", "{failed}", "!"))
        [how] = self.rng.choices(("well", "badly", "not", "away", "off"), MANNERS[self.manner])
        match how:
            case "badly":
                return self.rng.choice("1234567*") * self.rng.choice((1, 1, 2, 7))
            case "not":
                return ","
            case "away":
                return self.rng.choice("0889*")
            case "off":
                return "!"
        return self._answer(question)

    def _answer(self, question: str) -> str:
        self.decided = self.decided or question.startswith("Agreement.")
        match question:
            case "Balance.choose" if self.decided and self.rng.random() < 0.8:  # noqa: PLR2004 - most have what they came for
                return "!"
            case "ByPin.ask_pin":
                return self.pin
            case "ByPin.ask_file":
                return f"{self.case.file}#"
            case "Terms.ask_amount":
                return f"{self.rng.choice((1, 10, 25, 50, 75, 100, 250, 1000, 99999))}{self.rng.choice(('', '', '*05', '*33'))}#"
            case "Terms.ask_months":
                return f"{self.rng.randint(1, 40)}#"
            case "StartDate.ask_day":
                return f"{self.rng.randint(1, 32)}#"
        return self.rng.choice(WAYS.get(question, "12"))


WAYS: dict[str, Sequence[str]] = {
    "Defendant.main": ("1",) * 12 + ("2", "3", "3", '"saldo"'),
    "Defendant.language": "1234",
    "ByPin.no_pin": "2221",
    "Balance.choose": "2222222222134",
    "RunningPlan.replace": "111113",
    "RunningPlan.keep": "21",
    "Terms.choose": "1122333",
    "Terms.choose_one": "12",
    "Terms.own": "112223",
    "StartDate.choose": "1112",
    "Agreement.read_back": "1111111111112",
    "Agreement.agree": "1111111111112",
    "Office.choose": "33321",
}
"""What is pressed at each menu, as often as it stands here."""
