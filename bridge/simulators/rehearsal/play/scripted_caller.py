"""Plays callers who know what they want: one answer for each question of a route."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bridge.simulators.rehearsal.play.scenario import CallerAction, Fault
from bridge.simulators.tagor import Case
from voice_flows.defendant import LANGUAGE_KEYS

LANGUAGES = {language: key for key, language in LANGUAGE_KEYS.items()}
SPEAK = "{language}"
"""Stands in a route for the key of the caller's language, pressed also where it is spoken already."""
GOODBYE = "9"
MAX_ACTIONS = 30

Route = dict[str, str]
"""The answer to each question; several answers, one for each time it is asked, are parted by `/`."""

BALANCE: Route = {"Defendant.main": f"{SPEAK}/1/0", "Balance.choose": GOODBYE}
PLAN: Route = BALANCE | {
    "Balance.choose": "2/9", "RunningPlan.replace": "1", "Terms.choose": "1", "Terms.choose_one": "1",
    "StartDate.choose": "1", "Agreement.read_back": "1", "Agreement.agree": "1",
}  # fmt: skip
OWN_PLAN: Route = PLAN | {
    "Terms.choose": "3", "Terms.choose_one": "2", "OwnTerms.choose": "2", "OwnTerms.ask_months": "4#",
    "StartDate.choose": "2", "StartDate.ask_day": "15#",
}  # fmt: skip
LEAVE: Route = {"Defendant.main": f"{SPEAK}/0", "dialling": "{no-answer}"}
ROUTES: Mapping[str, Route] = {
    "hours": {"Defendant.main": f"{SPEAK}/3/0", "Office.choose": "*/4"},
    "trust": {"Defendant.main": f"{SPEAK}/2/0", "Trust.choose": "2"},
    "person": {"Defendant.main": f"{SPEAK}/0"},
    "known person": BALANCE | {"Balance.choose": "0"},
    "voicemail": LEAVE | {"LeaveWord.choose": "2"},
    "call back": LEAVE | {"LeaveWord.choose": "1", "CallBack.same": "1", "CallBack.choose": "2"},
    "balance": BALANCE,
    "again": BALANCE | {"Balance.choose": "4", "Elsewhere.choose": "1/3", "Defendant.main": f"{SPEAK}/1/0"},
    "plan": PLAN,
    "own plan": OWN_PLAN,
    "declined": PLAN | {"Agreement.read_back": "2"},
    "hardship": PLAN | {"Terms.choose": "4", "Terms.choose_one": "3", "Hardship.choose": "3/9"},
    "text": BALANCE | {"Balance.choose": "1/9", "Pay.choose": "1", "Post.choose": "1", "Post.text": "1"},
    "mail": BALANCE | {"Balance.choose": "1/9", "Pay.choose": "1", "Post.choose": "2", "Post.mail": "1"},
    "copy": BALANCE
    | {
        "Balance.choose": "3/9",
        "More.choose": "2",
        "Documents.choose": "4",
        "Documents.only": "1",
        "Post.choose": "2",
        "Post.mail": "1",
    },
    "contact": BALANCE
    | {
        "Balance.choose": "3/9",
        "More.choose": "3",
        "Situation.choose": "2",
        "Contact.own": "1",
        "Contact.ask_mobile": "0472987654#",
        "Contact.read_back": "1",
    },
}
"""Sixteen routes through the line; in four languages they are the 64 scripted calls of the matrix."""
LETTER_ROUTES: Mapping[str, Route] = {
    "document": BALANCE
    | {
        "Balance.choose": "3/9", "More.choose": "2", "Documents.choose": "2",
        "Documents.ask": "1",
    },
    "office message": BALANCE | {"Messages.choose": "1", "Messages.heard": "2"},
    "statement": BALANCE
    | {"Balance.choose": "3/9", "More.choose": "1", "DebtStatement.choose": "1", "Post.mail": "1"},
}  # fmt: skip
"""Three more: an order of a document, a message of the office heard to its end, a statement by mail."""
DISPUTE: Route = BALANCE | {
    "Balance.choose": "3/9", "More.choose": "4", "Dispute.choose": "2", "Dispute.ask": "1",
}  # fmt: skip
"""One more: a caller who says that the amount is wrong."""
REFERENCE: Route = ROUTES["text"]
"""The route to a text, once more where the office identifies by reference and PIN."""
SLIP: Route = BALANCE | {"Balance.choose": "1/9", "Pay.choose": "4", "Slip.choose": "2"}
"""And one who keys in the number under the barcode of their letter, where the office reads slips out."""
ANSWERS: Route = BALANCE | {
    "Balance.choose": "3/9", "More.choose": "3", "Situation.choose_asked": "4", "Questionnaire.begin": "1",
    "Question.four": "2", "Question.yes_no": "1", "Question.ask_amount": "1850*50#/00#",
    "Question.read_amount": "1", "Question.ask_number": "3#", "Question.read_number": "1",
    "Questionnaire.save": "1",
}  # fmt: skip
"""One who answers the office's questions about their situation."""
BROKEN_OFF: Route = ANSWERS | {"Question.ask_number": "!"}
"""And one who hangs up at the last question."""
MISSING_PAYMENT: Route = BALANCE | {
    "Balance.choose": "1/9", "Pay.choose": "3/4", "Paid.choose": "2", "CallBack.same": "1",
    "CallBack.choose": "2",
}  # fmt: skip
"""One whose payment is not there, and who is promised a call."""
SENT_LETTERS: Route = BALANCE | {"Balance.choose": "3/9", "More.choose": "2", "Documents.choose": ","}
"""And one who hears which letters were sent."""
WAYS = {
    **ROUTES, **LETTER_ROUTES,
    "dispute": DISPUTE, "reference": REFERENCE, "slip": SLIP, "answers": ANSWERS, "broken off": BROKEN_OFF,
    "missing payment": MISSING_PAYMENT, "sent letters": SENT_LETTERS,
}  # fmt: skip
ANYWHERE: Route = {
    "ringing": "", "dialling": "{answered}", "recording": "{voicemail 12}",
    "Post.mail": "1", "Post.text": "1", "RunningPlan.keep": "2",
    "Elsewhere.choose": "3", "Pay.choose": "4", "Paid.choose": "3", "More.choose": "1",
    "DebtStatement.choose": "4",
    "Documents.only": "2", "Documents.choose": "4", "Documents.ask": "1", "Messages.choose": "1",
    "Messages.heard": "2", "Offer.choose": "1", "Office.choose": "4", "CallBack.ask_number": "0470123456#",
    "CallBack.read_back": "1", "CallBack.choose": "1", "CallBack.same": "1", "LeaveWord.choose": "1",
    "Hardship.choose": "1", "Situation.choose": "4", "Moved.choose": "3", "Contact.ask_mobile": "#",
    "OtherFiles.choose": "4", "OtherFile.ask_pin": "#", "Dispute.choose": "4", "Dispute.ask": "3",
    "Slip.choose": "2", "Situation.choose_asked": "3", "Questionnaire.begin": "2", "Questionnaire.save": "1",
    "Question.read_amount": "1", "Question.read_number": "1",
}  # fmt: skip
"""What everybody does at a question that their own route does not have."""


@dataclass
class ScriptedCaller:
    """Follows a route in a language, asking about a case.

    `faults` strike at one action, by its number, or when a question is asked for the first time; there the
    caller hesitates for `pause` seconds. The `early` ones strike at the ringing already.
    """

    route: Route
    case: Case
    language: str
    faults: Sequence[Fault] = ()
    at: int | str = 0
    pause: float = 1.0
    early: Sequence[Fault] = ()
    asked: Counter[str] = field(default_factory=Counter)
    done: int = 0
    struck: bool = False

    def next(self, question: str) -> CallerAction | None:
        """Return what they do at this question; None once they have tried long enough."""
        if self.done == MAX_ACTIONS:
            return None
        here = self.at == (question if isinstance(self.at, str) else self.done) and not self.struck
        self.struck, self.done = self.struck or here, self.done + 1
        struck = (*(self.early if self.done == 1 else ()), *(self.faults if here else ()))
        faults = [dict(fault) for fault in struck]
        return CallerAction(self._answer(question), faults, self.pause if here else 1.0)

    def _answer(self, question: str) -> str:
        mine = {
            "ByPin.ask_pin": self.case.pin,
            "ByPin.ask_file": f"{self.case.file}#",
            "ByReference.ask_pin": self.case.pin,
            "ByReference.ask_reference": f"{self.case.reference}#",
            "Slip.ask_barcode": f"{self.case.barcode}#",
        }
        told = (self.route | mine).get(question, ANYWHERE.get(question, "0"))
        answers = told.split("/")
        answer = answers[min(self.asked[question], len(answers) - 1)]
        self.asked[question] += 1
        return LANGUAGES[self.language] if answer == SPEAK else answer
