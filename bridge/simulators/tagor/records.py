"""Describes what stands in the database: files, parties, plans, and what was written or sent."""

import sqlite3
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from bridge.simulators.tagor.plans import months_later
from bridge.simulators.tagor.wire_format import WIRE_FORMATS, Id, WireFormat


@dataclass(frozen=True)
class File:
    """One file: amounts in euro, `balance` is what the defendants still owe.

    `manager_told` is what a tester has Tagor call the manager, whatever parameter 259 says.
    """

    id: Id
    name: str
    reference: str
    type_id: Id
    manager_id: Id
    creditor: str
    balance: Decimal
    summons: bool
    last_payment: date | None
    last_amount: Decimal
    wire_format: WireFormat
    manager_told: str | None = None
    stopped: date | None = None

    @property
    def opened(self) -> date:
        """The day it was opened, which most names begin with."""
        try:
            return datetime.strptime(self.name[:8], "%Y%m%d").date()  # noqa: DTZ007 - a day
        except ValueError:
            return date(2024, 1, 2)

    @classmethod
    def of(cls, row: sqlite3.Row) -> "File":
        """Return the file a row of the table `files` describes."""
        paid = row["last_payment"]
        return cls(
            id=Id(row["id"]),
            name=row["name"],
            reference=row["reference"],
            type_id=Id(row["type_id"]),
            manager_id=Id(row["manager_id"]),
            creditor=row["creditor"],
            balance=Decimal(row["balance"]),
            summons=bool(row["summons"]),
            last_payment=date.fromisoformat(paid) if paid else None,
            last_amount=Decimal(row["last_amount"]),
            wire_format=WIRE_FORMATS[row["wire_format"]],
            manager_told=row["manager_told"],
            stopped=date.fromisoformat(row["stopped"]) if row["stopped"] else None,
        )


@dataclass(frozen=True)
class Party:
    """One person or firm; `kind` is K for a client, V for a defendant, A for others."""

    id: Id
    name: str
    kind: str
    language: str
    house_number: str
    email: str
    mobile: str
    wire_format: WireFormat

    @classmethod
    def of(cls, row: sqlite3.Row) -> "Party":
        """Return the party a row of the table `parties` describes."""
        texts = {name: row[name] for name in ("name", "kind", "language", "house_number", "email", "mobile")}
        return cls(id=Id(row["id"]), wire_format=WIRE_FORMATS[row["wire_format"]], **texts)


@dataclass(frozen=True)
class Plan:
    """A payment plan: euro a month and overdue, how many months from its first day on.

    `source` is CEN (by phone), WEB or empty; `asked` is what a request asked for, empty for plans that were
    there before. Only the last plan of a file can be `active`.
    """

    monthly: Decimal
    arrears: Decimal = Decimal(0)
    months: int = 1
    start: date | None = None
    party_id: str = ""
    source: str = ""
    asked: str = ""
    approved: bool = True
    active: bool = True
    id: Id = Id()  # noqa: RUF009 - a text, and immutable

    @classmethod
    def of(cls, row: sqlite3.Row) -> "Plan":
        """Return the plan a row of the table `plans` describes."""
        return cls(
            Decimal(row["monthly"]),
            Decimal(row["arrears"]),
            row["months"],
            date.fromisoformat(row["start"]) if row["start"] else None,
            *(row["party_id"], row["source"], row["asked"]),
            *(bool(row["approved"]), bool(row["active"]), Id(row["id"])),
        )

    @property
    def until(self) -> date | None:
        """The day of the last instalment."""
        return months_later(self.start, self.months - 1) if self.start else None


@dataclass(frozen=True)
class Message:
    """A text or a mail to a defendant: about which plan, to whom, where to, by which template."""

    plan_id: str
    party_id: str
    medium: str
    address: str
    language: str
    template: str


@dataclass(frozen=True)
class InfoRecord:
    """A line on a file; Tagor's own ones are `automatic`, the others were written by `CreateInfoLine`."""

    code: str
    text: str
    day: date
    automatic: bool
    definition: str = ""

    @classmethod
    def of(cls, row: sqlite3.Row) -> "InfoRecord":
        """Return the record a row of the table `info_records` describes."""
        day = date.fromisoformat(row["day"])
        return cls(row["code"], row["text"], day, bool(row["automatic"]), row["definition"])


def national(number: str) -> str:
    """Return a phone number without Belgian prefix and punctuation, so that all its spellings are equal."""
    digits = "".join(sign for sign in number if sign in "0123456789")
    if digits.startswith("0") and not digits.startswith("00"):
        return digits[1:]
    return digits.lstrip("0").removeprefix("32")
