"""What Tagor's answers say, in the bridge's own words: ids as text, money as euro, dates as dates.

An object with personal data does not show it: it prints as its kind only.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import NamedTuple


class Generation(Enum):
    """The generation of Tagor's interface an office runs."""

    V1_08 = "1.08"
    V2_00 = "2.00"


class ListedCode(NamedTuple):
    """A row of a code table: its id and its short code; "" for one that Tagor leaves out."""

    id: str
    code: str


class LookupMiss(Enum):
    """Why a reference leads to no file: no file has it (or none with this index), or several files do."""

    NOT_FOUND = "not found"
    SEVERAL = "several"


@dataclass(frozen=True, slots=True)
class Ping:
    """Which halves are up: `api`, which answers the bridge (`117`), and `tagor` behind it (`102B`)."""

    api: bool
    tagor: bool


@dataclass(frozen=True, slots=True)
class OfficeFacts:
    """The office as Tagor knows it; a field Tagor leaves out is empty, `account` is as Tagor writes it."""

    name: str
    street: str
    number: str
    postal_code: str
    city: str
    phone: str
    mail: str
    account: str


@dataclass(frozen=True, slots=True, repr=False)
class FileName:
    """A file: its id in Tagor and the name that stands on letters."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, repr=False)
class CallerHint:
    """The defendant a phone number belongs to: a hint, never a proof; what Tagor does not tell is None."""

    party: str | None
    language: str | None
    files: tuple[FileName, ...]


@dataclass(frozen=True, slots=True, repr=False)
class ProvenFile:
    """The file and the party that a PIN opened, both as ids; `party` is None where Tagor names none."""

    file: str
    party: str | None


@dataclass(frozen=True, slots=True, repr=False)
class Reference:
    """The file behind a reference, `file` as its id.

    `defendants` is how many there are, `defendant` which one is meant (1 is the first, None is open),
    `summons` whether one was issued (None: Tagor does not say), `manager` the code of who handles the file.
    """

    file: str
    defendants: int
    defendant: int | None
    summons: bool | None
    manager: str


@dataclass(frozen=True, slots=True, repr=False)
class Payment:
    """A payment on a file, in euro."""

    date: date
    amount: Decimal


@dataclass(frozen=True, slots=True, repr=False)
class FileFacts:
    """What Tagor tells about a file to one of its defendants; a field that is missing or odd is empty.

    `kind`, `status` and the other states are Tagor's ids or the office's own codes. A state that Tagor does
    not say is None, because it may be one that stops a plan. `manager` is a file name, a user name, or `DBH`
    and a user id (see `manager_of`). A payment is None when there was none, or when its day or its amount is
    not certain: only `never_paid` says that nothing ever came in.
    """

    name: str
    creditor: str
    defendant: str
    kind: str
    status: str | None
    stage: str | None
    client_stage: str
    stop_status: str | None
    alarm_status: str | None
    manager: str
    mail: str
    mobile: str
    last_payment: Payment | None
    unconfirmed_payment: Payment | None
    never_paid: bool
    faq_url: str


@dataclass(frozen=True, slots=True, repr=False)
class PartyContact:
    """A number or an address that Tagor has for a party (id), as Tagor has it.

    `type_id` is the office's code for what it is; `used` is False for one that must not be used any more.
    """

    id: str
    content: str
    type_id: str
    used: bool
    party: str


@dataclass(frozen=True, slots=True, repr=False)
class ActivePlan:
    """A payment plan that runs: euro to pay each month, euro overdue; None where Tagor does not say."""

    monthly: Decimal | None
    arrears: Decimal | None


@dataclass(frozen=True, slots=True, repr=False)
class Term:
    """A payment plan the office offers: so many months of so many euro."""

    months: int
    monthly: Decimal


@dataclass(frozen=True, slots=True, repr=False)
class PlanCriteria:
    """What the office allows on a file: at most two offers, and the limits of a plan of one's own choice.

    `longest` is the most months, 0 when there is no such choice; `lowest` the least euro a month, 0 where
    Tagor names none; `plan` the id of the last plan on the file, None if there is none.
    """

    terms: tuple[Term, ...]
    longest: int
    lowest: Decimal
    plan: str | None


@dataclass(frozen=True, slots=True, repr=False)
class SavedPlan:
    """A payment plan as Tagor made it: so many months, euro to pay each month."""

    months: int
    monthly: Decimal


@dataclass(frozen=True, slots=True, repr=False)
class AgreedPlan:
    """A payment plan on a file: euro to pay each month, the first day to pay and the day it ends.

    What Tagor does not say for certain is None; a plan is never left out of a list for that.
    """

    id: str
    monthly: Decimal | None
    first: date | None
    until: date | None


class Medium(Enum):
    """How Tagor sends a confirmation: as a text message, by mail, or not at all."""

    SMS = "SMS"
    EMAIL = "EMAIL"
    NONE = "none"
