"""What a tester reads in the office's books: plans, notes, texts, mails, screens, messages and tasks."""

import sqlite3
from dataclasses import fields

from bridge.simulators.tagor.agenda import Appointment
from bridge.simulators.tagor.documents import Attachment
from bridge.simulators.tagor.messagebook import OfficeMessage
from bridge.simulators.tagor.post import EMAIL, SMS
from bridge.simulators.tagor.records import InfoRecord, Message, Plan
from bridge.simulators.tagor.staff import Screen
from bridge.simulators.tagor.tagor import Tagor

_MESSAGE = [column.name for column in fields(Message)]
_SCREEN = [column.name for column in fields(Screen)]


class Ledger:
    """Reads one Tagor's books; a file is given by its name or id. Raises ValueError for a file it has not.

    Where the file may be left out all of it is told, also what belongs to no file.
    """

    def __init__(self, tagor: Tagor) -> None:
        self.tagor = tagor

    def plans(self, file: str) -> list[Plan]:
        """Every plan a file ever had, oldest first."""
        with self.tagor.database.transaction():
            return self.tagor.plans.all(self._id(file))

    def messages(self, file: str) -> list[Message]:
        """The texts and mails sent about a file, oldest first."""
        return [_message(row) for row in self._rows("messages", file)]

    def texts(self, file: str | None = None) -> list[Message]:
        """The texts sent, oldest first."""
        return [_message(row) for row in self._rows("messages", file) if row["medium"] == SMS]

    def mails(self, file: str | None = None) -> list[Message]:
        """The mails sent, oldest first."""
        return [_message(row) for row in self._rows("messages", file) if row["medium"] == EMAIL]

    def info_records(self, file: str) -> list[InfoRecord]:
        """What was written onto a file, oldest first."""
        return [InfoRecord.of(row) for row in self._rows("info_records", file)]

    def info_lines(self, file: str) -> list[InfoRecord]:
        """What was written onto a file from outside, oldest first: not Tagor's own records."""
        return [record for record in self.info_records(file) if not record.automatic]

    def screens(self, file: str | None = None) -> list[Screen]:
        """The shortcuts put on users' screens, oldest first."""
        return [Screen(**{name: row[name] for name in _SCREEN}) for row in self._rows("screens", file)]

    def office_messages(self, file: str | None = None) -> list[OfficeMessage]:
        """The messages to the office's people, oldest first."""
        return [OfficeMessage.of(row) for row in self._rows("office_messages", file)]

    def attachments(self, file: str | None = None) -> list[Attachment]:
        """The documents with their contents, oldest first."""
        return [Attachment.of(row) for row in self._rows("attachments", file)]

    def agenda(self, file: str | None = None) -> list[Appointment]:
        """The tasks in everybody's agenda, oldest first."""
        return [Appointment.of(row) for row in self._rows("appointments", file)]

    def effects(self, file: str) -> dict[tuple[str, str], int]:
        """How often each decision took effect on a file, by its kind and what it was about.

        The keys: ("plan", terms asked), ("approval", plan's id), ("message", plan's id), ("info line", text),
        ("text" or "mail", code and address), ("office message" or "appointment", subject) and
        ("attachment", name).
        """
        return {(row["kind"], row["decision"]): row["times"] for row in self._rows("effects", file)}

    def _rows(self, table: str, file: str | None) -> list[sqlite3.Row]:
        with self.tagor.database.transaction():
            if file is None:
                return self.tagor.database.all(f"SELECT * FROM {table} ORDER BY 1")  # noqa: S608 - our own table
            return self.tagor.database.all(
                f"SELECT * FROM {table} WHERE file_id = ? ORDER BY 1",  # noqa: S608 - our own table
                self._id(file),
            )

    def _id(self, file: str) -> str:
        row = self.tagor.database.one("SELECT id FROM files WHERE ? IN (name, id)", file)
        if row is None:
            raise ValueError("There is no file of that name or id.")
        return str(row["id"])


def _message(row: sqlite3.Row) -> Message:
    return Message(**{name: row[name] for name in _MESSAGE})
