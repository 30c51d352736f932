"""Everything a tester may do to the stand-in: plant faults, force hours, change data, read what happened."""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from datetime import date
from decimal import Decimal
from typing import Any

from bridge.standin import seed
from bridge.standin.case import Case
from bridge.standin.cases import cases
from bridge.standin.change import change_file
from bridge.standin.desk import Desk
from bridge.standin.faults import FaultBook
from bridge.standin.hours import read_week
from bridge.standin.operations import OPERATIONS
from bridge.standin.plans import Limits
from bridge.standin.records import InfoRecord, Message, Plan
from bridge.standin.tagor import Tagor

TABLES = {
    "info_records": "SELECT * FROM info_records ORDER BY id",
    "phones": "SELECT * FROM phones ORDER BY rowid",
    "plans": "SELECT * FROM plans ORDER BY rowid",
    "messages": "SELECT * FROM messages ORDER BY id",
    "effects": "SELECT * FROM effects",
    "files": "SELECT * FROM files ORDER BY rowid",
    "parties": "SELECT * FROM parties ORDER BY rowid",
    "defendants": "SELECT * FROM defendants ORDER BY rowid",
    "file_types": "SELECT * FROM file_types ORDER BY id",
    "users": "SELECT * FROM users ORDER BY id",
    "parameters": "SELECT * FROM parameters ORDER BY number",
}


class Steering:
    """The tester's hand on one Tagor; every method may be called while requests are served."""

    def __init__(self, tagor: Tagor, base: str) -> None:
        self.tagor = tagor
        self.desk = Desk(tagor, base)
        self.fault_book = FaultBook(frozenset(OPERATIONS))
        self.elsewhere = ""

    def fault(self, endpoint: str, fault: str, **options: Any) -> dict[str, Any]:  # noqa: ANN401 - see `Fault`
        """Plant a fault on an operation (`*` for all) with the options of `Fault`; raises ValueError.

        A redirect without a location leads to this stand-in under another host name, where it is journalled.
        """
        if fault == "redirect":
            options.setdefault("location", self.elsewhere)
        return asdict(self.fault_book.plant({"endpoint": endpoint, "fault": fault, **options}))

    def faults(self) -> list[dict[str, Any]]:
        """The faults still waiting."""
        return self.fault_book.planted()

    def clear_faults(self) -> None:
        """Take every fault away."""
        self.fault_book.clear()

    def settle(self) -> None:
        """Let effects that a fault postponed (`effect="later"`) happen now."""
        self.desk.afterwards.settle()

    def journal(self, since: int = 0) -> list[dict[str, Any]]:
        """What was asked and done, oldest first, from the entry after number `since`."""
        return self.desk.journal.entries(since)

    def clear_journal(self) -> None:
        """Forget what was asked."""
        self.desk.journal.clear()

    def state(self) -> dict[str, list[dict[str, Any]]]:
        """Every table of the office's books, row by row."""
        database = self.tagor.database
        with database.transaction():
            return {name: [dict(row) for row in database.all(query)] for name, query in TABLES.items()}

    def plans(self, file: str) -> list[Plan]:
        """Every plan a file ever had, oldest first; the file by its name or id. Raises ValueError."""
        with self.tagor.database.transaction():
            return self.tagor.plans.all(self._id(file))

    def messages(self, file: str) -> list[Message]:
        """The texts and mails sent about a file, oldest first."""
        rows = self._rows("SELECT * FROM messages WHERE file_id = ? ORDER BY id", file)
        names = [column.name for column in fields(Message)]
        return [Message(**{name: row[name] for name in names}) for row in rows]

    def info_records(self, file: str) -> list[InfoRecord]:
        """What was written onto a file, oldest first."""
        rows = self._rows("SELECT * FROM info_records WHERE file_id = ? ORDER BY id", file)
        return [
            InfoRecord(row["code"], row["text"], date.fromisoformat(row["day"]), bool(row["automatic"]))
            for row in rows
        ]

    def effects(self, file: str) -> dict[tuple[str, str], int]:
        """How often each decision took effect on a file, by its kind and what it was about.

        The keys: ("plan", terms asked), ("approval", plan's id), ("message", plan's id), ("info line", text).
        """
        rows = self._rows("SELECT * FROM effects WHERE file_id = ?", file)
        return {(row["kind"], row["decision"]): row["times"] for row in rows}

    def _rows(self, query: str, file: str) -> list[sqlite3.Row]:
        with self.tagor.database.transaction():
            return self.tagor.database.all(query, self._id(file))

    def _id(self, file: str) -> str:
        row = self.tagor.database.one("SELECT id FROM files WHERE ? IN (name, id)", file)
        if row is None:
            raise ValueError("There is no file of that name or id.")
        return str(row["id"])

    def cases(self) -> list[dict[str, object]]:
        """The documented cases."""
        return cases()

    def hours(self, state: str, file_type: str = "") -> dict[str, str]:
        """Force the office, or one kind of file, `open`, `closed` or `unknown`; `clock` ends it."""
        self.tagor.hours.force(state, file_type)
        return self.tagor.hours.states()

    def week(self, days: Mapping[str, Iterable[tuple[str, str]]], file_type: str = "") -> None:
        """Give the office, or one kind of file, weekly hours: {"0": [("09:00", "12:00")]}, Monday is 0.

        Raises ValueError with a sentence.
        """
        self.tagor.hours.set_week(read_week(days), file_type)

    def parameter(self, number: int, value: str) -> None:
        """Set a parameter of Tagor's configuration screen, such as 568 to "true"."""
        database = self.tagor.database
        with database.transaction():
            database.write("parameter", "INSERT OR REPLACE INTO parameters VALUES (?, ?)", number, value)

    def file_type(self, file_type: str, limits: Limits, *, self_service: bool = True) -> None:
        """Configure a kind of file: the plans it allows, and whether a defendant may ask for a copy."""
        with self.tagor.database.transaction():
            seed.set_file_type(self.tagor.database, file_type, limits, self_service=self_service)

    def revoke_tokens(self) -> None:
        """Make every login token worthless, as a restart of Tagor does."""
        self.tagor.tokens.revoke()

    def add_case(self, case: Case) -> None:
        """Put one more defendant with a file into the books."""
        with self.tagor.database.transaction():
            seed.add_case(self.tagor.database, case)

    def change(self, file: str, **changes: object) -> None:
        """Change a file by its name, such as `balance=Decimal("10.00")`; raises ValueError."""
        with self.tagor.database.transaction():
            change_file(self.tagor.database, file, changes)

    def set_balance(self, file: str, balance: Decimal) -> None:
        """Set what is owed on a file, in euro."""
        self.change(file, balance=balance)
