"""What an action may ask of the office, one protocol for each subject, and the context that holds them.

`bridge/conversation/services` answers with Tagor, the PIN budgets and the office file; a test may answer with
anything else. A question that Tagor does not answer in time ends the action with `down`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, Protocol

from bridge import flow
from voice_flows.answers import (
    Addresses,
    AmountParts,
    Checked,
    Criteria,
    CurrentPlan,
    Facts,
    Hearing,
    Hint,
    HintedFile,
    Judgment,
    KnownAddress,
    LeftMessage,
    ManagedFile,
    OpenedFile,
    OrderableDocument,
    PaymentSlip,
    PhoneQuestion,
    PlannedTask,
    PlanSchedule,
    Presence,
    ReceivedPayment,
    SentLetter,
    WriteResult,
)

ProofMethod = Literal["pin", "reference_pin", "house_number", "caller_number"]
Permission = Literal["free", "unsettled", "person"]
MessageSubject = Literal["balance", "link", "faq", "copy", "statement"]


class Identification(Protocol):
    """Finds out who is calling; `tagor_asked` tells whether Tagor was asked about any proof.

    `method` is how this office lets callers prove who they are.

    `round_number` says how many rounds the caller has lost before. The same proof on the same file in the
    same round is one attempt, however often it is checked.
    """

    method: ProofMethod
    tagor_asked: bool

    def is_spent(self) -> bool:
        """Tell whether the office has no attempts left, so that nobody keys anything in vain."""
        ...

    def by_caller_number(self, number: str) -> Hint | None:
        """Give the defendant that a phone number (E.164) belongs to, as a hint; None if Tagor knows none."""

    def by_hinted_files(
        self, files: Sequence[HintedFile], pin: str, round_number: int
    ) -> Sequence[OpenedFile]:
        """Give those of at most three hinted files that this PIN opens."""
        ...

    def by_pin(self, number: str, pin: str, round_number: int) -> Checked:
        """Check whether this PIN opens the file with this number."""
        ...

    def by_reference(self, reference: str, pin: str, round_number: int) -> Checked:
        """Check whether this PIN opens the file behind the reference of a letter."""
        ...

    def by_house_number(self, reference: str, house_number: str, round_number: int) -> Checked:
        """Check whether a defendant on the file behind this reference lives at this house number."""
        ...

    def by_residence(self, opened: OpenedFile, house_number: str) -> OpenedFile | None:
        """Give the opened file if a defendant lives at this house number, with the party if it is theirs."""


class Files(Protocol):
    """Reads what Tagor knows about an identified caller's file."""

    def balance(self, file: flow.IdentifiedFile) -> Decimal:
        """Give what is owed, in euro; Tagor notes every question on the file, so ask once per call."""
        ...

    def facts(self, file: flow.IdentifiedFile) -> Facts:
        """Give the creditor and the last payment."""
        ...

    def amount_parts(self, file: flow.IdentifiedFile) -> AmountParts | None:
        """Give what makes up the balance, None if Tagor does not tell each part for certain."""

    def last_payment_line(self, file: flow.IdentifiedFile) -> ReceivedPayment | None:
        """Give the last payment among the lines of a file, None if there is none that the office calls so."""

    def reads_slips(self, file: flow.IdentifiedFile) -> bool:
        """Tell whether the payment slips of letters are read out: the office and this proof allow it."""
        ...

    def slip(self, file: flow.IdentifiedFile, barcode: str) -> PaymentSlip | None:
        """Give the payment slip with this number under its barcode, None if no letter of the file has it."""

    def status_words(self, code: str, language: str) -> str | None:
        """Give the office's own words for Tagor's code of a status or stage, None if there are none."""

    def hearing(self, file: flow.IdentifiedFile, language: str) -> Hearing | None:
        """Give the next day in court, with the court in words of this language; None if none is planned."""

    def judgment(self, file: flow.IdentifiedFile, language: str) -> Judgment | None:
        """Give the last judgment on a file, None if Tagor tells of none, or of none on a certain day."""

    def prefetch(self, file: flow.IdentifiedFile) -> None:
        """Begin to ask for what a caller hears after the balance; it never waits and never raises."""


class PlannedTasks(Protocol):
    """Reads what is planned on a file, as far as the office lets callers know it."""

    def next_task(self, file: flow.IdentifiedFile, language: str) -> PlannedTask | None:
        """Give what is planned next, named in this language; None if there is nothing that may be told."""


class Plans(Protocol):
    """Reads, requests and approves payment plans."""

    @property
    def may_replace(self) -> bool:
        """Whether the office lets a caller replace a plan that is running."""
        ...

    def permission(self, file: flow.IdentifiedFile) -> Permission:
        """Tell whether this file may have a plan by phone, or why not."""
        ...

    def current(self, file: flow.IdentifiedFile) -> CurrentPlan | None:
        """Give the plan that is running, None if there is none."""

    def schedule(self, file: flow.IdentifiedFile) -> PlanSchedule | None:
        """Give the plan that is running with the day of its next payment, None if it is not certain."""

    def criteria(self, file: flow.IdentifiedFile) -> Criteria:
        """Give the plans that the office allows on this file."""
        ...

    def first_payment(self, day: int | None = None) -> date:
        """Give the day on which a plan would begin, by default or on a day of the month."""
        ...

    def request(
        self, file: flow.IdentifiedFile, *, months: int | None, monthly: Decimal, start: date
    ) -> WriteResult:
        """Ask Tagor once for the plan that the caller heard, by `months` or else by `monthly` (euro)."""
        ...

    def approve(self, file: flow.IdentifiedFile, plan: str, language: str) -> WriteResult:
        """Approve once the plan (id) that this call requested, while it is the last one on the file."""
        ...


class Parties(Protocol):
    """Reads and changes what is on file about a party, for callers who proved that they are that party."""

    def may_register(self, file: flow.IdentifiedFile) -> bool:
        """Tell whether this caller may register a mobile: the office lets them, the proof is good enough."""
        ...

    def may_hear_address(self, file: flow.IdentifiedFile) -> bool:
        """Tell whether this caller may hear the address on file: office and proof allow it."""
        ...

    def address(self, file: flow.IdentifiedFile) -> KnownAddress | None:
        """Give street and last figure of the address, None if it may not be told or is not certain."""

    @property
    def opens_without_pin(self) -> bool:
        """Whether the office signed that the PIN of one file opens the party's other files too."""
        ...

    def other_files(self, file: flow.IdentifiedFile) -> Sequence[str]:
        """Give the numbers of the party's other files, none where they may not be told."""
        ...

    def open_without_pin(self, file: flow.IdentifiedFile, number: str) -> OpenedFile | None:
        """Give the party's other file with this number, None unless the office signed and it is theirs."""

    def mobile(self, number: str) -> str | None:
        """Give a number as E.164 if it is a Belgian mobile, else None."""

    def has_mobile(self, file: flow.IdentifiedFile, mobile: str) -> bool:
        """Tell whether this mobile (E.164) is among the contacts of the party that are in use."""
        ...

    def register(self, file: flow.IdentifiedFile, mobile: str) -> WriteResult:
        """Register this mobile (E.164) once as a contact of the party; refused where it is one already."""
        ...


class Messaging(Protocol):
    """Sends the office's own texts and mails to the addresses on the file."""

    def may_send(self, file: flow.IdentifiedFile, subject: MessageSubject) -> bool:
        """Tell whether this caller may have a message about this subject, wherever it may be sent."""
        ...

    def addresses(self, file: flow.IdentifiedFile, subject: MessageSubject) -> Addresses:
        """Give where a message about this subject may be sent."""
        ...

    def send_text(self, file: flow.IdentifiedFile, subject: MessageSubject) -> WriteResult:
        """Send the message once to the mobile on the file."""
        ...

    def send_mail(self, file: flow.IdentifiedFile, subject: MessageSubject) -> WriteResult:
        """Send the message once to the mail address on the file."""
        ...


class Correspondence(Protocol):
    """Reads what the office wrote to the defendant, and orders documents, as far as the office allows it."""

    def unread(self, file: flow.IdentifiedFile) -> Sequence[str]:
        """Give the ids of the messages that the defendant has not read, oldest first."""
        ...

    def message(self, file: flow.IdentifiedFile, message: str) -> LeftMessage | None:
        """Give a message (id) that the defendant has not read, None when it is no such message any more."""

    def prefetch(self, file: flow.IdentifiedFile) -> None:
        """Begin to ask for the unread messages; it never waits and never raises."""

    def orderable(self, file: flow.IdentifiedFile, language: str) -> Sequence[OrderableDocument]:
        """Give the documents that this caller may order, named in this language."""
        ...

    def statement(self, file: flow.IdentifiedFile, language: str) -> OrderableDocument | None:
        """Give the document that states the debt, named in this language; None if it may not be ordered."""

    def order(self, file: flow.IdentifiedFile, document: str) -> WriteResult:
        """Order a document (id) once, sent by post to the defendant's address on the file."""
        ...

    @property
    def tells_letters(self) -> bool:
        """Whether the office tells callers which letters it sent."""
        ...

    @property
    def offers_documents(self) -> bool:
        """Whether the office offers documents: by post, or a copy of the file by mail."""
        ...

    def sent(self, file: flow.IdentifiedFile) -> Sequence[SentLetter]:
        """Give the letters on the file, newest first."""
        ...


class OfficeQuestions(Protocol):
    """Asks the office's own questions about a debtor's situation, and saves what was answered."""

    def may_answer(self, file: flow.IdentifiedFile, language: str) -> bool:
        """Tell whether this caller is asked: the office has questions in this language, the proof is good."""
        ...

    def named(self, language: str) -> str:
        """Give the questionnaire (id) that the office has in this language, "" where it has none."""
        ...

    def unanswered(self, file: flow.IdentifiedFile, questionnaire: str) -> Sequence[PhoneQuestion]:
        """Give the questions that can be asked by phone and have no answer on the file yet."""
        ...

    def save(
        self, file: flow.IdentifiedFile, questionnaire: str, answers: Mapping[str, str]
    ) -> WriteResult:
        """Save answers once, by the ids of their questions; refused where none is missing any more."""
        ...


class Transfers(Protocol):
    """Finds out who can talk to the caller, now or later."""

    @property
    def takes_messages(self) -> bool:
        """Whether a call-back or a voicemail of this caller would reach somebody."""
        ...

    @property
    def names_counselling(self) -> bool:
        """Whether the office names a service that helps people with debts."""
        ...

    def look_ahead(self) -> list[str]:
        """Ask whether an employee is there, and give the answer as a note for `presence`."""
        ...

    def presence(self, noted: flow.Note = None) -> Presence:
        """Tell whether an employee is there: for the identified file, else for the office."""
        ...

    def colleague(self) -> str:
        """Give the number to ring (E.164, one of the office's own), with the file on that screen already."""
        ...

    def manager_name(self, file: flow.IdentifiedFile, managed: ManagedFile) -> str | None:
        """Give the name of the employee who handles the file, None if Tagor names nobody."""

    def callable_number(self, number: str) -> str | None:
        """Give a number as E.164 if a colleague can call it, None if it is no number or an expensive one."""

    def is_abroad(self, number: str) -> bool:
        """Tell whether a number is one of another country, which this office does not call."""
        ...

    def call_back_slot(self, part: str) -> tuple[datetime, datetime] | None:
        """Give the next `morning` or `afternoon` (Belgian time) for a call-back, None if there is none."""


@dataclass(kw_only=True, repr=False, eq=False)
class ActionContext(flow.ActionContext):
    """One run of one action, with the services that it may ask: they share one call and one deadline."""

    identification: Identification
    files: Files
    planned: PlannedTasks
    correspondence: Correspondence
    questionnaires: OfficeQuestions
    plans: Plans
    parties: Parties
    messaging: Messaging
    transfer: Transfers
