"""What Tagor tells of a file when a defendant wants to know more: amounts, courts, letters, other files.

Objects with personal data print as their kind only; what Tagor does not say for certain is None or empty.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum


@dataclass(frozen=True, slots=True, repr=False)
class BalancePart:
    """One part of what is owed: the id of its code (table `TQSALDO`), and euro, None if it is not certain."""

    code_id: str
    amount: Decimal | None


@dataclass(frozen=True, slots=True, repr=False)
class FileLine:
    """One line of a file's account: its words and day, euro, and the ids of its nature and booking.

    `id` is None in generation 1.08, which tells none; `state` is Tagor's own word, empty for a usual line.
    """

    id: str | None
    text: str
    day: date | None
    amount: Decimal | None
    nature_id: str
    booking_id: str
    state: str


@dataclass(frozen=True, slots=True, repr=False)
class CourtDate:
    """When a file comes before a court: the moment on the office's clocks, the ids of court and chamber."""

    at: datetime | None
    place: str
    court_id: str
    chamber_id: str
    text: str


@dataclass(frozen=True, slots=True, repr=False)
class Title:
    """What a court decided on a file, and when; court and chamber are ids of codes."""

    day: date | None
    court_id: str
    chamber_id: str
    text: str


@dataclass(frozen=True, slots=True, repr=False)
class PartyFile:
    """A file of a defendant: its id and name, who claims, euro that the defendant owes, its status (id)."""

    id: str
    name: str
    creditor: str
    balance: Decimal | None
    status_id: str


@dataclass(frozen=True, slots=True, repr=False)
class PartyOnFile:
    """A party of a file in Tagor's order: its id (None for one without), name and kind (`TQPARSOORT`, id)."""

    id: str | None
    name: str
    kind_id: str


@dataclass(frozen=True, slots=True, repr=False)
class Address:
    """Where a party lives or has its seat; `current` says whether it still does."""

    street: str
    number: str
    box: str
    postal_code: str
    city: str
    current: bool


@dataclass(frozen=True, slots=True, repr=False)
class PlanStep:
    """One step of a payment plan: euro each period from its first day until its last.

    `first_amount` is what the first payment asks, `period_id` the id of the period (`TQPERIODE`).
    """

    plan: str
    amount: Decimal | None
    first_amount: Decimal | None
    first: date | None
    until: date | None
    period_id: str


@dataclass(frozen=True, slots=True, repr=False)
class PaymentPage:
    """Where a payment is made: `data` and `version` are posted to `url` as a form."""

    url: str
    data: str
    version: str


@dataclass(frozen=True, slots=True, repr=False)
class ScannedLine:
    """What a letter's barcode stands for: a file and a line of it (ids)."""

    file: str
    line: str


@dataclass(frozen=True, slots=True, repr=False)
class FileLink:
    """What a link opens: file and party (ids), the language of the party, and until when it is valid."""

    file: str
    party: str | None
    language: str | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """A document that can be ordered: its id, the office's name for it, its short code."""

    id: str
    name: str
    code: str


@dataclass(frozen=True, slots=True, repr=False)
class DefendantMessage:
    """A message from the office to a defendant: its words, its moment, and the file it is about (id)."""

    id: str
    subject: str
    text: str
    at: datetime | None
    file: str | None


@dataclass(frozen=True, slots=True)
class ListedQuestionnaire:
    """A questionnaire of the office about a debtor's situation: its id and name."""

    id: str
    name: str


class AnswerKind(Enum):
    """What an answer to a question of a questionnaire is."""

    CHOICE = "choice"
    YES_NO = "yes or no"
    AMOUNT = "amount"
    NUMBER = "whole number"
    TEXT = "text"


@dataclass(frozen=True, slots=True, repr=False)
class SolvencyQuestion:
    """A question of a questionnaire: its words, what an answer is, and the answer that is known, else empty.

    `choices` are the code and the words of each choice; only a question of that kind has any.
    """

    id: str
    text: str
    kind: AnswerKind
    choices: tuple[tuple[str, str], ...]
    answer: str

    def shows(self, answer: str) -> bool:
        """Tell whether this answer is the known one, however Tagor writes it."""
        if self.kind in (AnswerKind.AMOUNT, AnswerKind.NUMBER):
            try:
                return Decimal(self.answer.replace(",", ".")) == Decimal(answer)
            except InvalidOperation:
                return False
        return self.answer.casefold() == answer.casefold()
