"""What an action may ask of the office: the desk behind the phone line, in English words only.

`bridge/conversation` sits at the real desk (Tagor, the budgets, the office file); tests may seat anybody.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, Protocol

from bridge import flow
from voice_flows.answers import (
    Checked,
    Criteria,
    DecisionOutcome,
    Facts,
    Hint,
    NamedFile,
    Opening,
    Plan,
    Proven,
    Running,
    Ways,
)

Standing = Literal["free", "unsettled", "person"]
Way = Literal["pin", "reference_pin", "house_number", "caller_number"]


class OfficeService(Protocol):
    """The office's answers; one that Tagor does not give in time makes the action `down`."""

    way: Way
    languages: Sequence[str]

    def who_calls(self, number: str) -> Hint | None:
        """The defendant a caller's number belongs to, as a hint."""

    def open_hinted(self, files: Sequence[NamedFile], pin: str) -> Sequence[Proven]:
        """Those of at most three files, suggested by the caller's number, that this PIN opens."""

    def open_named(self, number: str, pin: str) -> Checked:
        """Whether this PIN opens the file with this number."""

    def open_reference(self, reference: str, pin: str) -> Checked:
        """Whether this PIN opens the file behind the reference of a letter."""

    def open_house(self, reference: str, house_number: str) -> Checked:
        """Whether a defendant on the file behind this reference lives at this house number."""

    def lives_at(self, file: str, house_number: str) -> bool:
        """Whether a defendant on this file lives at this house number."""

    def balance(self, file: flow.IdentifiedFile) -> Decimal:
        """What is still owed, in euro. Every call leaves a note on the file: ask once."""

    def facts(self, file: flow.IdentifiedFile) -> Facts:
        """Creditor and last payment."""

    def plan(self, file: flow.IdentifiedFile) -> Plan | None:
        """The payment plan that is running, if any."""

    def seen(self) -> list[str]:
        """Whether somebody is there, as a note for `opening`."""

    def opening(self, seen: flow.Note = None) -> Opening:
        """Whether an employee is there now: for the file, once the caller is identified, else at all."""

    takes_word: bool
    """Whether a call-back or a voicemail of this caller has somebody to go to."""

    counsels: bool
    """Whether the office names somebody who helps people with debts."""

    def colleague(self) -> str:
        """Whom to ring, one of the office's own numbers, after the file was put on their screen."""
        ...

    def callable(self, number: str) -> str | None:
        """A number as +32..., if a colleague can call it; None for no number, or a dear one."""

    def call_back_slot(self, part: str) -> tuple[datetime, datetime] | None:
        """The next `morning` or `afternoon` the office works in, Belgian time; None in a long closure."""

    def ways_to_send(self, file: flow.IdentifiedFile, thing: str) -> Ways:
        """How `balance`, `link`, `faq` or `copy` may reach the defendant."""
        ...

    def send(self, file: flow.IdentifiedFile, thing: str, way: Literal["text", "mail"]) -> DecisionOutcome:
        """Send that to what is on file, once: one confirmation is one message."""
        ...

    may_replace: bool
    """Whether the office lets a caller replace a plan that is running."""

    def standing(self, file: flow.IdentifiedFile) -> Standing:
        """Whether this file may have a plan by phone: the office's rules, and no decision still open."""
        ...

    def running(self, file: flow.IdentifiedFile) -> Running:
        """The payment plan that is running, with its next payment."""
        ...

    def criteria(self, file: flow.IdentifiedFile) -> Criteria:
        """What the office allows on this file."""
        ...

    def first_payment(self, day: int | None = None) -> date:
        """When a plan would begin: on a day of the month, or when the office usually lets it."""
        ...

    def request_plan(
        self, file: flow.IdentifiedFile, *, months: int | None, monthly: Decimal, start: date
    ) -> DecisionOutcome:
        """Ask Tagor for a plan told as so much a month, by `months` if given, else by that amount, once."""
        ...

    def approve_plan(self, file: flow.IdentifiedFile, plan: str, language: str) -> DecisionOutcome:
        """Approve the plan (its id) that this call requested, once, while it is the last on the file."""
        ...


class ActionContext(flow.ActionContext[OfficeService]):
    """An errand to the office's desk."""
