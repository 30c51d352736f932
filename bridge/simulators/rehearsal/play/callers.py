"""People who phone: where they want to go, and how they behave on the way."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import NamedTuple, Protocol

from bridge.simulators.rehearsal.play.fault_generator import LIKELY, strike
from bridge.simulators.rehearsal.play.scenario import CallerAction, CallScript
from bridge.simulators.tagor import CASES, Case


class Manner(NamedTuple):
    """How somebody behaves.

    Of a hundred questions: how many they answer, mistype, do not answer, leave by a key of `away`, hang up
    at. `pauses` are the seconds before they act, `twice` how many of their keys they press again, `wants` the
    one thing they choose.
    """

    well: int
    badly: int
    not_at_all: int
    leaves: int
    off: int
    away: str = "0889*"
    pauses: Sequence[float] = (1.0, 2.0, 5.0)
    twice: float = 0.0
    wants: str = ""


MANNERS = {
    "patient":            Manner(94,  2,  2,  1,  1),
    "clumsy":             Manner(70, 20,  6,  3,  1),
    "silent":             Manner(72,  2, 24,  1,  1),
    "short":              Manner(78,  2,  4,  2, 14),
    "restless":           Manner(76,  4,  4, 15,  1),
    "hurried":            Manner(88,  8,  0,  2,  2, pauses=(0.0, 0.1), twice=0.2),
    "presses twice":      Manner(94,  2,  2,  1,  1, twice=0.9),
    "hard of hearing":    Manner(66,  4,  8, 21,  1, away="***8"),
    "wants a person":     Manner(30,  4,  4, 60,  2, away="0", wants="person"),
    "wants a voicemail":  Manner(30,  2,  2, 64,  2, away="0", wants="voicemail"),
    "wants a call back":  Manner(40,  2,  2, 54,  2, away="0", wants="call back"),
}  # fmt: skip
OFTEN = ("patient", "patient", "patient", *MANNERS)
MAX_DEEDS = 40
AT_DECISIONS = 3
"""How much more often fate strikes where a plan is decided."""
CONTENT = 0.8
"""How many hang up once they have decided about a plan."""
STRANGE = 0.08
"""How many hold somebody else's letter in hand, or guess."""
PHONES = ("022000001", "0470123456", "090012345", "123456789", "0032470123456")
EUROS, CENTS = (1, 10, 25, 50, 75, 100, 250, 1000, 99999), ("", "", "*05", "*33")
MESSAGES = ("{voicemail 1}", "{voicemail 12}", "{voicemail 200}", ",", "!")
DIALLING = ("{answered}", "{answered}", "{busy}", "{no-answer}", "{failed}", "{mailbox}", "{declined}", "!")
WISHES: dict[str, dict[str, Sequence[str]]] = {
    "person": {"dialling": ("{answered}",), "Office.choose": "1", "Trust.choose": "1"},
    "voicemail": {
        "dialling": ("{no-answer}", "{mailbox}"),
        "LeaveWord.choose": "2",
        "recording": MESSAGES[:3],
    },
    "call back": {"dialling": ("{busy}", "{declined}"), "LeaveWord.choose": "1", "CallBack.same": "112"},
}
"""What is chosen by those who want one thing only."""


class Caller(Protocol):
    """Somebody with a telephone."""

    def next(self, question: str) -> CallerAction | None:
        """What they do at this question (`Flow.step`, or what the call waits for); None to hang up."""


class Reader:
    """Does what is written."""

    def __init__(self, script: CallScript) -> None:
        self._deeds = iter(script.deeds)

    def next(self, question: str) -> CallerAction | None:  # noqa: ARG002 - whatever is asked
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
    left: int = MAX_DEEDS
    decided: bool = False

    @classmethod
    def of(cls, rng: Random, case: Case, *, struck: float) -> "Person":
        """Make one up who phones about this case."""
        pin = rng.choice([case.pin, *(other.pin for other in case.before)])
        if rng.random() < STRANGE:
            pin = rng.choice([rng.choice(CASES).pin, f"{rng.randrange(10**6):06d}"])
        return cls(rng, case, pin, rng.choice(OFTEN), struck)

    def next(self, question: str) -> CallerAction | None:
        """What this person does now, and what befalls them."""
        self.left -= 1
        if not self.left:
            return None
        manner = MANNERS[self.manner]
        deed = CallerAction(self._does(question, manner), pause=self.rng.choice(manner.pauses))
        if len(deed.does) == 1 and deed.does in "123456789" and self.rng.random() < manner.twice:
            deed.does *= 2
        if self.rng.random() < self.struck * (AT_DECISIONS if question.startswith("Agreement.") else 1):
            deed.faults.append(strike(self.rng, question))
        return deed

    def _does(self, question: str, manner: Manner) -> str:
        if question == "ringing":
            return ""
        wanted = WISHES.get(manner.wants, {}).get(question)
        if wanted or question in ("dialling", "recording"):
            return self.rng.choice(wanted or (DIALLING if question == "dialling" else MESSAGES))
        [how] = self.rng.choices(("well", "badly", "not", "away", "off"), manner[:5])
        astray: dict[str, Callable[[], str]] = {
            "badly": lambda: self.rng.choice("1234567*") * self.rng.choice((1, 1, 2, 7)),
            "not": lambda: ",",
            "away": lambda: self.rng.choice(manner.away),
            "off": lambda: "!",
        }
        return astray[how]() if how in astray else self._answer(question)

    def _answer(self, question: str) -> str:
        self.decided = self.decided or question.startswith("Agreement.")
        if question == "Balance.choose" and self.decided and self.rng.random() < CONTENT:
            return "!"
        typed: dict[str, Callable[[], str]] = {
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
    "Post.what": "1111234",
    "LeaveWord.choose": "1223",
}
"""What is pressed at each menu, as often as it stands here."""
