"""Draws people who phone: where they want to go, and how they behave on the way."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import NamedTuple, Protocol

from bridge.simulators.rehearsal.play.fault_generator import DECIDING, FAULT_CHANCE, draw_fault
from bridge.simulators.rehearsal.play.scenario import CallerAction, ScenarioCall
from bridge.simulators.tagor import CASES, Case


class CallerBehaviour(NamedTuple):
    """Describes how somebody behaves.

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


BEHAVIOURS = {
    "patient":            CallerBehaviour(94,  2,  2,  1,  1),
    "clumsy":             CallerBehaviour(70, 20,  6,  3,  1),
    "silent":             CallerBehaviour(72,  2, 24,  1,  1),
    "short":              CallerBehaviour(78,  2,  4,  2, 14),
    "restless":           CallerBehaviour(76,  4,  4, 15,  1),
    "hurried":            CallerBehaviour(88,  8,  0,  2,  2, pauses=(0.0, 0.1), twice=0.2),
    "presses twice":      CallerBehaviour(94,  2,  2,  1,  1, twice=0.9),
    "hard of hearing":    CallerBehaviour(66,  4,  8, 21,  1, away="***8"),
    "wants a person":     CallerBehaviour(30,  4,  4, 60,  2, away="0", wants="person"),
    "wants a voicemail":  CallerBehaviour(30,  2,  2, 64,  2, away="0", wants="voicemail"),
    "wants a call back":  CallerBehaviour(40,  2,  2, 54,  2, away="0", wants="call back"),
}  # fmt: skip
BEHAVIOUR_CHOICES = ("patient", "patient", "patient", *BEHAVIOURS)
MAX_ACTIONS = 40
DECISION_FAULT_FACTOR = 3
"""How much more often a fault strikes where something is decided."""
HANG_UP_AFTER_DECISION = 0.8
"""The share of callers who hang up once they have decided about a plan."""
WRONG_LETTER = 0.08
"""The share of callers who hold somebody else's letter, or guess."""
PHONES = ("022000001", "0470123456", "090012345", "123456789", "0032470123456")
EUROS, CENTS = (1, 10, 25, 50, 75, 100, 250, 1000, 99999), ("", "", "*05", "*33")
MESSAGES = ("{voicemail 1}", "{voicemail 12}", "{voicemail 200}", ",", "!")
DIALLING = ("{answered}", "{answered}", "{busy}", "{no-answer}", "{failed}", "{mailbox}", "{declined}", "!")
SINGLE_GOALS: dict[str, dict[str, Sequence[str]]] = {
    "person": {"dialling": ("{answered}",), "Office.choose": "1", "Trust.choose": "1"},
    "voicemail": {
        "dialling": ("{no-answer}", "{mailbox}"),
        "LeaveWord.choose": "2",
        "recording": MESSAGES[:3],
    },
    "call back": {"dialling": ("{busy}", "{declined}"), "LeaveWord.choose": "1", "CallBack.same": "112"},
}
"""What those choose who want only one thing."""


class SimulatedCaller(Protocol):
    """Says what a caller does."""

    def next(self, question: str) -> CallerAction | None:
        """Return what they do at this question (`Flow.step`, or what the call waits for); None to hang up."""


class ReplayedCaller:
    """Repeats the actions of a recorded call."""

    def __init__(self, script: ScenarioCall) -> None:
        self._actions = iter(script.actions)

    def next(self, question: str) -> CallerAction | None:  # noqa: ARG002 - whatever is asked
        """Return the next action."""
        return next(self._actions, None)


@dataclass
class RandomCaller:
    """Draws what somebody does: they behave in one way, and hold the letter about a file or do not."""

    rng: Random
    case: Case
    pin: str
    manner: str
    struck: float = FAULT_CHANCE
    left: int = MAX_ACTIONS
    decided: bool = False

    @classmethod
    def of(cls, rng: Random, case: Case, *, struck: float) -> "RandomCaller":
        """Draw somebody who phones about this case."""
        pin = rng.choice([case.pin, *(other.pin for other in case.before)])
        if rng.random() < WRONG_LETTER:
            pin = rng.choice([rng.choice(CASES).pin, f"{rng.randrange(10**6):06d}"])
        return cls(rng, case, pin, rng.choice(BEHAVIOUR_CHOICES), struck)

    def next(self, question: str) -> CallerAction | None:
        """Return what this person does now, with the faults that strike."""
        self.left -= 1
        if not self.left:
            return None
        manner = BEHAVIOURS[self.manner]
        action = CallerAction(self._does(question, manner), pause=self.rng.choice(manner.pauses))
        if len(action.input) == 1 and action.input in "123456789" and self.rng.random() < manner.twice:
            action.input *= 2
        more = DECISION_FAULT_FACTOR if question.startswith(DECIDING) else 1
        if self.rng.random() < self.struck * more:
            action.faults.append(draw_fault(self.rng, question))
        return action

    def _does(self, question: str, manner: CallerBehaviour) -> str:
        if question == "ringing":
            return ""
        wanted = SINGLE_GOALS.get(manner.wants, {}).get(question)
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
        if question == "Balance.choose" and self.decided and self.rng.random() < HANG_UP_AFTER_DECISION:
            return "!"
        typed: dict[str, Callable[[], str]] = {
            "ByPin.ask_pin": lambda: self.pin,
            "OtherFile.ask_pin": self._pin_of_another,
            "ByPin.ask_file": lambda: f"{self.case.file}#",
            "ByReference.ask_pin": lambda: self.pin,
            "ByReference.ask_reference": lambda: f"{self.case.reference}#",
            "ByReference.ask_house": lambda: f"{self.rng.choice((self.case.house_number, '14'))}#",
            "ByHouseNumber.ask_reference": lambda: f"{self.case.reference}#",
            "ByHouseNumber.ask_house": lambda: f"{self.rng.choice((self._house(), self._house(), '14'))}#",
            "OwnTerms.ask_amount": lambda: f"{self.rng.choice(EUROS)}{self.rng.choice(CENTS)}#",
            "OwnTerms.ask_months": lambda: f"{self.rng.randint(1, 40)}#",
            "CallBack.ask_number": lambda: f"{self.rng.choice(PHONES)}#",
            "Contact.ask_mobile": lambda: f"{self.rng.choice(PHONES)}#",
            "Question.ask_amount": lambda: f"{self.rng.choice((*EUROS, '00'))}{self.rng.choice(CENTS)}#",
            "Question.ask_number": lambda: f"{self.rng.randint(1, 12)}#",
            "StartDate.ask_day": lambda: f"{self.rng.randint(1, 32)}#",
            "Slip.ask_barcode": lambda: f"{self.rng.choice([self.case, self.case, *CASES]).barcode}#",
        }
        return typed[question]() if question in typed else self.rng.choice(MENU_CHOICES.get(question, "12"))

    def _house(self) -> str:
        """Return the house number as a telephone has it, without letters."""
        return "".join(sign for sign in self.case.house_number if sign.isdigit())

    def _pin_of_another(self) -> str:
        """Draw the PIN of one of their files, and sometimes a wrong one."""
        return self.rng.choice([*[further.pin for further in self.case.further] * 2, self.pin])


RAMBLING = f'"{"ja maar " * 200}"'
"""Somebody who talks on: more characters than a bridge may read."""
MENU_CHOICES: dict[str, Sequence[str]] = {
    "Defendant.main": ("1",) * 12 + ("2", "3", "4", "5", "6", "7", '"saldo"', RAMBLING),
    "ByPin.no_pin": "2221",
    "ByReference.no_pin": "2221",
    "Balance.choose": "22222222221344",
    "RunningPlan.replace": "111113",
    "RunningPlan.keep": "21",
    "Terms.choose": "11223334",
    "Terms.choose_one": "1123",
    "OwnTerms.choose": "112223",
    "StartDate.choose": "1112",
    "Agreement.read_back": "1111111111112",
    "Agreement.agree": "1111111111112",
    "Office.choose": "444231",
    "Elsewhere.choose": "1123",
    "OtherFiles.choose": "11112234",
    "Pay.choose": "111223*4",
    "Paid.choose": "1233",
    "Slip.choose": "122",
    "More.choose": "1122223344,",
    "Dispute.choose": "1234",
    "Dispute.ask": "11123",
    "Situation.choose": "122222234,",
    "Situation.choose_asked": "1224444443,",
    "Questionnaire.begin": "1112",
    "Questionnaire.save": "111112",
    "Question.four": "1234",
    "Question.yes_no": "11223",
    "Question.read_amount": "1112",
    "Question.read_number": "1112",
    "Moved.choose": "1233",
    "Contact.own": "1112",
    "Contact.read_back": "111112",
    "DebtStatement.choose": "11223344,",
    "Documents.only": "112",
    "Documents.choose": "12314",
    "Documents.ask": "11112",
    "Messages.choose": "1112",
    "Messages.heard": "222*1",
    "Offer.choose": "112",
    "LeaveWord.choose": "1223",
}
"""What is pressed at each menu, as often as it stands here."""
