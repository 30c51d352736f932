"""Describes one case of the stand-in: a defendant with a file."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bridge.simulators.tagor.lines import barcode_of
from bridge.simulators.tagor.persons import birth_date
from bridge.simulators.tagor.records import Plan

LANGUAGES = {"Dut": "nl", "Frn": "fr", "Ger": "de", "Eng": "en"}
DEFAULT_LANGUAGE = "nl"

# All ids are beyond 2**53: a client that reads one as a float asks for another file.
AMICABLE = "9000000000000000101"
JUDICIAL = "9000000000000000102"
NO_PLANS = "9000000000000000103"
ONE_TERM = "9000000000000000104"

# Who manages files: somebody whose number the office lets the line ring, somebody with another one, somebody
# without any, and somebody who has left.
COLLEAGUE = "9000000000000000901"
ELSEWHERE = "9000000000000000902"
WITHOUT_NUMBER = "9000000000000000903"
GONE = "9000000000000000904"


@dataclass(frozen=True)
class FurtherFile:
    """Another file of the same defendant; its PIN differs from the first one's."""

    file: str
    file_id: str
    reference: str
    pin: str
    balance: Decimal
    creditor: str


@dataclass(frozen=True)
class CoDefendant:
    """Somebody else who owes on the same file, named before the case's own person."""

    name: str
    party_id: str
    pin: str
    house_number: str
    language: str = "Dut"


@dataclass(frozen=True)
class Case:
    """One defendant with a file: what Tagor knows, in euro, ids as text, and what is special about it.

    Without an `email` one is made up; an empty one stands for a defendant who has none. The `manager` is a
    user's id, or empty for whoever manages that kind of file.
    """

    note: str
    name: str
    phone: str | None
    file: str
    file_id: str
    party_id: str
    reference: str
    pin: str
    house_number: str
    balance: Decimal
    tagor_language: str = "Dut"
    creditor: str = "Stad Gent"
    last_payment: date | None = None
    last_amount: Decimal = Decimal(0)
    plan: Plan | None = None
    summons: bool = False
    file_type: str = AMICABLE
    wire_format: str = "plain"
    email: str | None = None
    manager: str = ""
    before: tuple[CoDefendant, ...] = ()
    further: tuple[FurtherFile, ...] = ()

    @property
    def language(self) -> str:
        """The language this person should be spoken to in: nl, fr, de or en."""
        return LANGUAGES.get(self.tagor_language, DEFAULT_LANGUAGE)

    @property
    def barcode(self) -> str:
        """The number under the barcode of a letter about the file's principal."""
        return barcode_of(self.file_id)

    def public(self) -> dict[str, object]:
        """Return the case for a tester or a script: JSON types only, amounts as text with two decimals."""
        plan = self.plan and {"monthly": f"{self.plan.monthly:.2f}", "arrears": f"{self.plan.arrears:.2f}"}
        return {
            "name": self.name,
            "phone": self.phone,
            "file": self.file,
            "file_id": self.file_id,
            "party_id": self.party_id,
            "reference": self.reference,
            "pin": self.pin,
            "barcode": self.barcode,
            "house_number": self.house_number,
            "birth_date": birth_date(self.party_id).isoformat(),
            "language": self.language,
            "tagor_language": self.tagor_language,
            "balance": f"{self.balance:.2f}",
            "creditor": self.creditor,
            "last_payment": self.last_payment and self.last_payment.isoformat(),
            "last_amount": f"{self.last_amount:.2f}" if self.last_payment else None,
            "plan": plan,
            "files": [{"file": f.file, "pin": f.pin, "balance": f"{f.balance:.2f}"} for f in self.further],
            "note": self.note,
        }
