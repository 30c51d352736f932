"""What the office's services answer to an action: plain data in English words, made in one place each.

What a service makes itself is a dataclass here. What Tagor's client has made already is described as a
`Protocol`, because a flow may not import that client.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any, Literal, Protocol

Medium = Literal["sms", "mail", "none"]


# Nothing that is about a caller has a `repr`: what no log line and no traceback can print, none can leak.
@dataclass(frozen=True, slots=True, repr=False)
class HintedFile:
    """A file that may be the caller's: Tagor's id, and the number printed on letters."""

    id: str
    number: str


@dataclass(frozen=True, slots=True, repr=False)
class Hint:
    """What the caller's number suggests and never proves: a language (`nl`, `fr`, `de`, `en`) and files.

    `language` is None where Tagor knows none or the office does not speak it.
    """

    language: str | None
    files: tuple[HintedFile, ...]


@dataclass(frozen=True, slots=True, repr=False)
class OpenedFile:
    """A file that the caller's proof opened.

    `id` is Tagor's, `number` the one on letters, `party` the defendant's id where the proof tells it,
    `defendants` how many people are defendants on the file. `credential` is the caller's own `file:pin`
    where Tagor guards access itself.
    """

    id: str
    number: str
    party: str | None
    defendants: int = 1
    credential: str | None = None


Checked = OpenedFile | Literal["wrong", "spent"]
"""A proof, no proof, or no more tries in this office today."""


class ReceivedPayment(Protocol):
    """A payment that came in, or is on its way."""

    @property
    def date(self) -> date:
        """The day it came in, or was announced."""

    @property
    def amount(self) -> Decimal:
        """In euro."""


class ManagedFile(Protocol):
    """A file with Tagor's code of who manages it."""

    @property
    def name(self) -> str:
        """The file's number, as Tagor has it."""

    @property
    def manager(self) -> str:
        """Tagor's code of who manages it, "" where it names nobody."""

    @property
    def kind(self) -> str:
        """Tagor's code of the kind of file."""


class Facts(ManagedFile, Protocol):
    """What a file is about."""

    @property
    def status(self) -> str | None:
        """Tagor's code of where the file stands."""

    @property
    def stage(self) -> str | None:
        """Tagor's code of the stage that the file has reached."""

    @property
    def creditor(self) -> str:
        """The name of whoever is owed."""

    @property
    def last_payment(self) -> ReceivedPayment | None:
        """The last payment, None if there was none or its day or its amount is not certain."""

    @property
    def unconfirmed_payment(self) -> ReceivedPayment | None:
        """The last payment that is on its way, under the same conditions."""

    @property
    def never_paid(self) -> bool:
        """Whether Tagor says that nothing ever came in."""


class CurrentPlan(Protocol):
    """A payment plan that is running, in euro; None where Tagor does not say it for certain."""

    @property
    def monthly(self) -> Decimal | None:
        """The payment of each month."""

    @property
    def arrears(self) -> Decimal | None:
        """What was due and has not been paid."""


class OfferedTerm(Protocol):
    """One payment plan that the office offers."""

    @property
    def months(self) -> int:
        """How many months it runs."""

    @property
    def monthly(self) -> Decimal:
        """The payment of each month, in euro."""


class Criteria(Protocol):
    """The payment plans that the office allows on a file."""

    @property
    def terms(self) -> Sequence[OfferedTerm]:
        """The plans it offers, at most two."""

    @property
    def longest(self) -> int:
        """The largest number of months."""

    @property
    def lowest(self) -> Decimal:
        """The smallest monthly payment, in euro."""


@dataclass(frozen=True, slots=True, repr=False)
class PlanSchedule:
    """A payment plan that is running, in euro, with the days of its next and last payments (None: not told).

    `confirmed` is False for a plan that a call requested and nobody is known to have confirmed; `begun` tells
    whether a payment was due by now.
    """

    monthly: Decimal
    arrears: Decimal
    next_due: date | None
    confirmed: bool = True
    begun: bool = True
    until: date | None = None


@dataclass(frozen=True, slots=True)
class WriteResult:
    """What came of a write that the caller confirmed, as far as Tagor told it.

    `state` is never `done` or `refused` while Tagor's answer leaves a doubt: that is `unclear`. `months`,
    `monthly` (euro) and `start` (its first day) are those of the plan as agreed; `months` is 0 and `start`
    None where Tagor did not show them. `plan` is the new plan's id, "" where it is not known. `medium` is how
    Tagor sends the confirmation of an approval. `replaced` tells of a refused approval that another plan is
    on the file by now.
    """

    state: Literal["done", "refused", "unclear"]
    months: int = 0
    monthly: Decimal = Decimal(0)
    medium: Medium = "none"
    plan: str = ""
    start: date | None = None
    replaced: bool = False

    def to_json(self) -> bytes:
        """Write it as the journal keeps it for the call that is still going on."""
        # The amount goes as text: as a JSON number it would come back as a float.
        return json.dumps(asdict(self), default=str).encode()

    @classmethod
    def from_json(cls, text: bytes) -> "WriteResult":
        """Read what `to_json` wrote."""
        fields: dict[str, Any] = json.loads(text)
        start = fields.get("start")
        read = {"monthly": Decimal(fields["monthly"]), "start": date.fromisoformat(start) if start else None}
        return cls(**fields | read)


@dataclass(frozen=True, slots=True, repr=False)
class PaymentSlip:
    """What the payment slip of a letter asks for, in euro; None where Tagor does not say it for certain."""

    amount: Decimal | None


@dataclass(frozen=True, slots=True, repr=False)
class AmountParts:
    """What makes up a balance, in euro: the claim itself, interest, costs, and what was paid (above zero)."""

    principal: Decimal
    interest: Decimal
    costs: Decimal
    paid: Decimal

    @property
    def owed(self) -> Decimal:
        """The balance that these parts make up."""
        return self.principal + self.interest + self.costs - self.paid


@dataclass(frozen=True, slots=True, repr=False)
class Hearing:
    """The next day on which a file comes before a court, in Belgian time.

    `at` is None where Tagor tells the day only. `court` names the court, and its chamber where that is known,
    in words; it is "" where Tagor has none.
    """

    day: date
    at: time | None
    court: str


@dataclass(frozen=True, slots=True, repr=False)
class Judgment:
    """What a court decided on a file: its day, and the court with its chamber in words, "" without any."""

    day: date
    court: str


@dataclass(frozen=True, slots=True, repr=False)
class PlannedTask:
    """What the office has planned next on a file and lets callers know, in Belgian time.

    `at` is None where Tagor tells the day only; `name` is what it is, in words.
    """

    day: date
    at: time | None
    name: str


class OrderableDocument(Protocol):
    """A document that can be ordered: its id, and its name as it is spoken."""

    @property
    def id(self) -> str:
        """Tagor's id of it."""

    @property
    def name(self) -> str:
        """What it is called, in the caller's language where the office has words for it."""


@dataclass(frozen=True, slots=True, repr=False)
class SentLetter:
    """A letter that lies on the file: its name, and its day."""

    name: str
    day: date


class LeftMessage(Protocol):
    """A message that the office wrote to the defendant, as clean text."""

    @property
    def subject(self) -> str:
        """What it is about, "" where it does not say so."""

    @property
    def text(self) -> str:
        """What it says."""


@dataclass(frozen=True, slots=True, repr=False)
class KnownAddress:
    """A party's address on file, as much of it as is told: the street, and the last figure of the number."""

    street: str
    figure: str


@dataclass(frozen=True, slots=True, repr=False)
class Addresses:
    """Where a message may be sent: a Belgian mobile (E.164) and a mail address, "" where there is none."""

    mobile: str = ""
    mail: str = ""


@dataclass(frozen=True, slots=True)
class Presence:
    """Whether an employee is in the office.

    `until` is the closing time while open; `day` and `at` are the next opening while closed.
    """

    open: bool
    until: time | None = None
    day: date | None = None
    at: time | None = None


@dataclass(frozen=True, slots=True, repr=False)
class PhoneQuestion:
    """A question of the office's questionnaire that can be asked by phone, in the office's own words.

    `choices` are the code and the words of each choice; only a question of that kind has any.
    """

    id: str
    text: str
    kind: Literal["choice", "yes_no", "amount", "number"]
    choices: tuple[tuple[str, str], ...] = ()

    def to_text(self) -> str:
        """Write it as a call notes it."""
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> "PhoneQuestion":
        """Read what `to_text` wrote."""
        fields: dict[str, Any] = json.loads(text)
        return cls(**fields | {"choices": tuple((code, words) for code, words in fields["choices"])})


@dataclass(frozen=True, slots=True, repr=False)
class GivenAnswers:
    """What a caller answered in a questionnaire (id) and nobody saved yet, by the ids of the questions.

    `file` and `party` are those that the caller proved.
    """

    file: str
    party: str
    questionnaire: str
    answers: Mapping[str, str]

    def to_note(self) -> list[str]:
        """Write them as a call notes them."""
        pairs = (part for pair in self.answers.items() for part in pair)
        return [self.file, self.party, self.questionnaire, *pairs]

    @classmethod
    def from_note(cls, note: object) -> "GivenAnswers | None":
        """Read what `to_note` wrote, None where nothing was noted."""
        if not isinstance(note, list):
            return None
        file, party, questionnaire, *parts = note
        return cls(file, party, questionnaire, dict(zip(parts[::2], parts[1::2], strict=True)))


GIVEN_ANSWERS = "answers given"
"""The note of a call that holds `GivenAnswers`."""
