"""Reads what stands in the office's database: plans, notes, texts, mails, screens, messages and tasks."""

import sqlite3
from dataclasses import fields
from typing import Any

from bridge.simulators.tagor.agenda import AgendaEntry
from bridge.simulators.tagor.documents import StoredDocument
from bridge.simulators.tagor.message_store import StoredMessage
from bridge.simulators.tagor.notifications import EMAIL, SMS
from bridge.simulators.tagor.records import InfoRecord, Message, Plan
from bridge.simulators.tagor.staff import Screen
from bridge.simulators.tagor.tagor import SimulatedTagor

_MESSAGE = [column.name for column in fields(Message)]
_SCREEN = [column.name for column in fields(Screen)]


TABLES = {
    "info_records": "SELECT * FROM info_records ORDER BY id",
    "phones": "SELECT * FROM phones ORDER BY rowid",
    "contacts": "SELECT * FROM contacts ORDER BY rowid",
    "lines": "SELECT * FROM lines ORDER BY id",
    "line_infos": "SELECT * FROM line_infos ORDER BY id",
    "payments": "SELECT * FROM payments ORDER BY rowid",
    "hashes": "SELECT * FROM hashes ORDER BY rowid",
    "solvency": "SELECT * FROM solvency ORDER BY rowid",
    "toggles": "SELECT * FROM toggles ORDER BY rowid",
    "plans": "SELECT * FROM plans ORDER BY rowid",
    "messages": "SELECT * FROM messages ORDER BY id",
    "screens": "SELECT * FROM screens ORDER BY id",
    "office_messages": "SELECT * FROM office_messages ORDER BY id",
    "attachments": "SELECT id, file_id, message_id, name, kind, comment, group_id, day,"
    " length(content) AS bytes FROM attachments ORDER BY id",
    "appointments": "SELECT * FROM appointments ORDER BY id",
    "effects": "SELECT * FROM effects",
    "files": "SELECT * FROM files ORDER BY rowid",
    "parties": "SELECT * FROM parties ORDER BY rowid",
    "defendants": "SELECT * FROM defendants ORDER BY rowid",
    "file_types": "SELECT * FROM file_types ORDER BY id",
    "users": "SELECT * FROM users ORDER BY id",
    "permissions": "SELECT * FROM permissions ORDER BY rowid",
    "templates": "SELECT * FROM templates ORDER BY rowid",
    "parameters": "SELECT * FROM parameters ORDER BY number",
}


class Records:
    """Reads one Tagor's database; a file is given by its name or id.

    Where the file may be left out, everything is given, also what belongs to no file. Every method raises
    ValueError for a file that does not exist.
    """

    def __init__(self, tagor: SimulatedTagor) -> None:
        self._tagor = tagor

    def all_tables(self) -> dict[str, list[dict[str, Any]]]:
        """Return every table, row by row; documents without their contents."""
        database = self._tagor.database
        with database.transaction():
            return {name: [dict(row) for row in database.all(query)] for name, query in TABLES.items()}

    def table(self, name: str) -> list[dict[str, Any]]:
        """Return one of the tables, as `all_tables` does."""
        with self._tagor.database.transaction():
            return [dict(row) for row in self._tagor.database.all(TABLES[name])]

    def plans(self, file: str) -> list[Plan]:
        """Return every plan that a file ever had, oldest first."""
        with self._tagor.database.transaction():
            return self._tagor.plans.all(self._id(file))

    def messages(self, file: str) -> list[Message]:
        """Return the texts and mails sent about a file, oldest first."""
        return [_message(row) for row in self._rows("messages", file)]

    def texts(self, file: str | None = None) -> list[Message]:
        """Return the texts sent, oldest first."""
        return [_message(row) for row in self._rows("messages", file) if row["medium"] == SMS]

    def mails(self, file: str | None = None) -> list[Message]:
        """Return the mails sent, oldest first."""
        return [_message(row) for row in self._rows("messages", file) if row["medium"] == EMAIL]

    def info_records(self, file: str) -> list[InfoRecord]:
        """Return what was written onto a file, oldest first."""
        return [InfoRecord.of(row) for row in self._rows("info_records", file)]

    def info_lines(self, file: str) -> list[InfoRecord]:
        """Return what was written onto a file by others than Tagor itself, oldest first."""
        return [record for record in self.info_records(file) if not record.automatic]

    def screens(self, file: str | None = None) -> list[Screen]:
        """Return the shortcuts put on users' screens, oldest first."""
        return [Screen(**{name: row[name] for name in _SCREEN}) for row in self._rows("screens", file)]

    def office_messages(self, file: str | None = None) -> list[StoredMessage]:
        """Return the messages to the office's employees, oldest first."""
        messages = [StoredMessage.of(row) for row in self._rows("office_messages", file)]
        return [message for message in messages if not message.receiver_party]

    def messages_to_defendants(self, file: str | None = None) -> list[StoredMessage]:
        """Return the messages from the office to defendants, oldest first."""
        messages = [StoredMessage.of(row) for row in self._rows("office_messages", file)]
        return [message for message in messages if message.receiver_party]

    def attachments(self, file: str | None = None) -> list[StoredDocument]:
        """Return the documents with their contents, oldest first."""
        return [StoredDocument.of(row) for row in self._rows("attachments", file)]

    def agenda(self, file: str | None = None) -> list[AgendaEntry]:
        """Return the tasks in everybody's agenda, oldest first."""
        return [AgendaEntry.of(row) for row in self._rows("appointments", file)]

    def effects(self, file: str) -> dict[tuple[str, str], int]:
        """Count how often each decision took effect on a file, by its kind and what it was about.

        The keys: ("plan", terms asked), ("approval", plan's id), ("message", plan's id), ("info line", text),
        ("text" or "mail", code and address), ("office message" or "appointment", subject) and
        ("attachment", name).
        """
        return {(row["kind"], row["decision"]): row["times"] for row in self._rows("effects", file)}

    def _rows(self, table: str, file: str | None) -> list[sqlite3.Row]:
        with self._tagor.database.transaction():
            if file is None:
                return self._tagor.database.all(f"SELECT * FROM {table} ORDER BY 1")  # noqa: S608 - our own table
            return self._tagor.database.all(
                f"SELECT * FROM {table} WHERE file_id = ? ORDER BY 1",  # noqa: S608 - our own table
                self._id(file),
            )

    def _id(self, file: str) -> str:
        row = self._tagor.database.one("SELECT id FROM files WHERE ? IN (name, id)", file)
        if row is None:
            raise ValueError("There is no file of that name or id.")
        return str(row["id"])


def _message(row: sqlite3.Row) -> Message:
    return Message(**{name: row[name] for name in _MESSAGE})
