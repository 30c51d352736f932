"""What an action may ask of the office: the desk behind the phone line, in English words only.

`bridge/conversation` sits at the real desk (Tagor, the budgets, the office file); tests may seat anybody.
"""

from collections.abc import Sequence
from datetime import date, time
from decimal import Decimal
from typing import Literal, Protocol

from bridge import flow

Way = Literal["pin", "reference_pin", "house_number", "caller_number"]


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


class Desk(Protocol):
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

    def opening(self, file: flow.IdentifiedFile | None = None) -> Opening:
        """Whether an employee is there now, for this file or for the office."""


class Errand(flow.Errand[Desk]):
    """An errand to the office's desk."""
