"""Holds what makes up a file's balance: principal, interest, costs, payments, and what was written since."""

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from bridge.simulators.tagor.codes import id_of
from bridge.simulators.tagor.database import OfficeDatabase
from bridge.simulators.tagor.records import File
from bridge.simulators.tagor.wire_format import Id

FILES = 9_000_000_000_000_000_000
OWN = 9_000_000_002_000_000_000  # the lines that every file has, ten ids for each
WRITTEN = 9_000_000_004_000_000_001
INFOS = 9_000_000_005_000_000_001
NOTHING = Decimal(0)
_CENT = Decimal("0.01")
_BARCODE = re.compile(r"[0-9]{10,12}")

INFORMATIVE = "INFO"
PAYMENTS = ("BET", INFORMATIVE)
_WORDS = {"HOOFD": "Hoofdsom", "INTR": "Verworven intrest", "KOST": "Kosten", "BET": "Betaling ontvangen"}
_NATURES = {id_of("TQAARD", code): code for code in ("HOOFD", "INTR", "KOST", "BET", INFORMATIVE)}


@dataclass(frozen=True)
class AccountLine:
    """One line: its nature (a code of TQAARD), its amount in euro, below zero for a payment, its day.

    An informative line is a payment that is on its way: it does not change the balance.
    """

    file_id: str
    nature: str
    amount: Decimal
    day: date
    text: str
    remark: str = ""
    id: Id = Id()  # noqa: RUF009 - a text, and immutable

    @property
    def counts(self) -> bool:
        """Whether it is part of the balance."""
        return self.nature != INFORMATIVE

    @property
    def evolution(self) -> bool:
        """Whether the office marked its nature as important in the evolution of the file."""
        return self.nature in ("HOOFD", "BET")


@dataclass(frozen=True)
class LineInfo:
    """A text that stands at a line."""

    line_id: str
    type_id: str
    text: str
    day: date
    id: Id = Id()  # noqa: RUF009 - as above


class LineStore:
    """Reads and writes lines inside the database's current transaction.

    A file's own lines are worked out from its balance, so that their sum is the balance whatever a tester
    sets it to; what was written stands in a table.
    """

    def __init__(self, database: OfficeDatabase) -> None:
        self._database = database

    def on_file(self, file: File) -> list[AccountLine]:
        """Return the lines of a file, its own first."""
        written = self.written(file.id)
        return [*_own(file, sum((line.amount for line in written if line.counts), NOTHING)), *written]

    def written(self, file_id: str) -> list[AccountLine]:
        """Return the lines that were written onto a file, oldest first."""
        rows = self._database.all("SELECT * FROM lines WHERE file_id = ? ORDER BY id", file_id)
        return [
            AccountLine(
                *(row["file_id"], row["nature"], Decimal(row["amount"]), date.fromisoformat(row["day"])),
                *(row["text"], row["remark"], Id(row["id"])),
            )
            for row in rows
        ]

    def add(self, line: AccountLine) -> AccountLine:
        """Write a line; one that counts changes the balance of its file."""
        self._database.write(
            "line",
            "INSERT INTO lines (id, file_id, nature, amount, day, text, remark)"
            " SELECT coalesce(max(id) + 1, ?), ?, ?, ?, ?, ?, ? FROM lines",
            *(WRITTEN, line.file_id, line.nature, str(line.amount), line.day.isoformat()),
            *(line.text, line.remark),
        )
        if line.counts:
            row = self._database.one("SELECT balance FROM files WHERE id = ?", line.file_id)
            balance = Decimal(row["balance"] if row else 0) + line.amount
            statement = "UPDATE files SET balance = ? WHERE id = ?"
            self._database.write("balance", statement, str(balance), line.file_id)
        row = self._database.one("SELECT max(id) AS last FROM lines")
        return replace(line, id=Id(row["last"] if row else ""))

    def unconfirmed(self, file_id: str) -> AccountLine | None:
        """Return the last payment on its way, None if there is none."""
        found = [line for line in self.written(file_id) if line.nature == INFORMATIVE]
        return found[-1] if found else None

    def file_of(self, line_id: str) -> str:
        """Return the id of the file that a line may be on; empty where no line can have that id."""
        row = self._database.one("SELECT file_id FROM lines WHERE id = ?", line_id)
        if row:
            return str(row["file_id"])
        number = int(line_id) if line_id.isascii() and line_id.isdigit() else 0
        return str(FILES + (number - OWN) // 10) if OWN <= number < WRITTEN - 1 else ""

    def infos(self, line_id: str) -> list[LineInfo]:
        """Return what was written at a line, oldest first."""
        rows = self._database.all("SELECT * FROM line_infos WHERE line_id = ? ORDER BY id", line_id)
        return [
            LineInfo(
                row["line_id"], row["type_id"], row["text"], date.fromisoformat(row["day"]), Id(row["id"])
            )
            for row in rows
        ]

    def add_info(self, info: LineInfo) -> LineInfo:
        """Write a text at a line; returns it with its id."""
        self._database.write(
            "line info",
            "INSERT INTO line_infos (id, line_id, type_id, text, day)"
            " SELECT coalesce(max(id) + 1, ?), ?, ?, ?, ? FROM line_infos",
            *(INFOS, info.line_id, info.type_id, info.text, info.day.isoformat()),
        )
        row = self._database.one("SELECT max(id) AS last FROM line_infos")
        return replace(info, id=Id(row["last"] if row else ""))

    def delete_info(self, info_id: str) -> bool:
        """Delete a text at a line; says whether there was one."""
        return self._database.write("line info deleted", "DELETE FROM line_infos WHERE id = ?", info_id) == 1


def nature_of(id_: str, booking: str) -> str:
    """Return the nature that a written line has: by the id of its nature, else a payment or a cost."""
    payment = booking == id_of("TQBOEKING", "C")
    return _NATURES.get(Id(id_), "BET" if payment else "KOST")


def _own(file: File, written: Decimal) -> list[AccountLine]:
    balance, paid = file.balance - written, file.last_amount if file.last_payment else NOTHING
    claimed = balance + paid
    interest, costs = ((claimed * part).quantize(_CENT) for part in (Decimal("0.05"), Decimal("0.10")))
    amounts = {"HOOFD": claimed - interest - costs, "INTR": interest, "KOST": costs, "BET": -paid}
    first = OWN + (int(file.id) - FILES) * 10
    opened = file.opened
    return [
        AccountLine(
            *(file.id, nature, amount, file.last_payment or opened if nature == "BET" else opened),
            *(_WORDS[nature], "", Id(first + number)),
        )
        for number, (nature, amount) in enumerate(amounts.items())
        if amount
    ]


def barcode_of(file_id: str) -> str:
    """Return the number under the barcode of a letter about a file's first line, which is its principal."""
    return f"{OWN + (int(file_id) - FILES) * 10 - FILES:010d}"


def line_behind(barcode: str) -> str:
    """Return the id of the line that the number under a barcode names; empty where it can name none."""
    return str(FILES + int(barcode)) if _BARCODE.fullmatch(barcode) else ""
