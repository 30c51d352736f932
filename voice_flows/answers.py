"""What the office's desk answers with, in English words only."""

from collections.abc import Sequence
from datetime import date, time
from decimal import Decimal
from typing import Literal, Protocol

Medium = Literal["sms", "mail", "none"]


class NamedFile(Protocol):
    """A file by Tagor's id and by the number printed on letters."""

    @property
    def id(self) -> str:
        """Tagor's id."""

    @property
    def number(self) -> str:
        """As printed on letters."""


class Hint(Protocol):
    """What the caller's number suggests, and never proves: a party, its language, its files."""

    @property
    def language(self) -> str | None:
        """`nl`, `fr`, `de` or `en`, if Tagor knows it."""

    @property
    def files(self) -> Sequence[NamedFile]:
        """The party's files."""


class Proven(Protocol):
    """What Tagor confirmed when file and proof fitted together."""

    @property
    def id(self) -> str:
        """Tagor's id of the file."""

    @property
    def number(self) -> str:
        """The file's number."""

    @property
    def party(self) -> str | None:
        """The defendant's id, where the way of proving tells it."""

    @property
    def defendants(self) -> int:
        """How many people are defendants on the file."""

    @property
    def credential(self) -> str | None:
        """The caller's own `file:pin`, where Tagor guards access itself."""


class Payment(Protocol):
    """Money that came in."""

    @property
    def date(self) -> date:
        """The day it came in."""

    @property
    def amount(self) -> Decimal:
        """In euro."""


class Facts(Protocol):
    """What a file is about."""

    @property
    def creditor(self) -> str:
        """Who is owed."""

    @property
    def last_payment(self) -> Payment | None:
        """The last payment, if there ever was one."""


class Plan(Protocol):
    """A payment plan that is running, in euro."""

    @property
    def monthly(self) -> Decimal:
        """Each month."""

    @property
    def arrears(self) -> Decimal:
        """Not paid in time."""


class Term(Protocol):
    """One plan the office offers: so many months of so much."""

    @property
    def months(self) -> int:
        """How long."""

    @property
    def monthly(self) -> Decimal:
        """Each month, in euro."""


class Running(Plan, Protocol):
    """A payment plan that is running, and what comes next."""

    @property
    def next_due(self) -> date:
        """When the next payment is due."""


class Criteria(Protocol):
    """What the office allows on a file."""

    @property
    def terms(self) -> Sequence[Term]:
        """The plans it offers, at most two."""

    @property
    def longest(self) -> int:
        """The most months."""

    @property
    def lowest(self) -> Decimal:
        """The least each month, in euro."""


class DecisionOutcome(Protocol):
    """What came of a decision, as Tagor told it: `monthly`, `months` of a plan, `medium` of an approval."""

    @property
    def state(self) -> Literal["done", "refused", "unclear"]:
        """Whether it happened; `unclear` is never called failed and never done."""

    @property
    def months(self) -> int:
        """As agreed; 0 where Tagor showed a plan by amount and not how long it runs."""

    @property
    def monthly(self) -> Decimal:
        """As agreed, in euro."""

    @property
    def medium(self) -> Medium:
        """How the confirmation goes to the defendant."""

    @property
    def plan(self) -> str:
        """The new plan's id, where it is known."""


class Ways(Protocol):
    """Where something may be sent: to what is on the file, and only what the office has words for."""

    @property
    def mobile(self) -> str:
        """The defendant's Belgian mobile, empty when a text cannot go."""

    @property
    def mail(self) -> str:
        """The defendant's mail address, empty when a mail cannot go."""


class Opening(Protocol):
    """Whether somebody is there: `until` while open, `day` and `at` of the next opening while closed."""

    @property
    def open(self) -> bool:
        """Whether somebody is there now."""

    @property
    def until(self) -> time | None:
        """Closing time, while open."""

    @property
    def day(self) -> date | None:
        """The next day of opening, while closed."""

    @property
    def at(self) -> time | None:
        """The time of opening on that day."""


Checked = Proven | Literal["wrong", "spent"]
"""A proof, or no proof, or no more tries today (which may never sound different from "wrong" on one file)."""
