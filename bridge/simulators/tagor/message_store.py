"""Stores the messages to the office's employees, read and unread."""

import sqlite3
from dataclasses import dataclass, replace
from datetime import date, datetime

from bridge.simulators.tagor.database import OfficeDatabase
from bridge.simulators.tagor.wire_format import Id

FIRST = 9000000000100000001
JOBS = 100_000_000  # a message's job has an id of its own


@dataclass(frozen=True)
class StoredMessage:
    """A message, from a login and on behalf of a party if one is given, to a login or to a party.

    `file_id` is empty when it belongs to no file; `at` is when it was sent, `since` when `read` last changed.
    """

    receiver: str
    subject: str
    text: str
    at: str
    file_id: str = ""
    sender: str = ""
    sender_party: str = ""
    read: bool = False
    since: str = ""
    receiver_party: str = ""
    id: Id = Id()  # noqa: RUF009 - a text, and immutable

    @classmethod
    def of(cls, row: sqlite3.Row) -> "StoredMessage":
        """Return the message a row of the table `office_messages` describes."""
        parties = ("sender_party", "receiver_party")
        names = ("receiver", "subject", "text", "at", "file_id", "sender", "since", *parties)
        texts = {name: row[name] for name in names}
        return cls(**texts, read=bool(row["read"]), id=Id(row["id"]))

    @property
    def job(self) -> Id:
        """The id of the task that a message is for its receiver."""
        return Id(int(self.id) + JOBS)

    @property
    def day(self) -> date:
        """The day it was sent."""
        return datetime.fromisoformat(self.at).date()


class MessageStore:
    """Reads and writes messages inside the database's current transaction."""

    def __init__(self, database: OfficeDatabase) -> None:
        self._database = database

    def add(self, message: StoredMessage) -> StoredMessage:
        """Keep a message as sent and unread; returns it with the id it got."""
        self._database.write(
            "office message",
            "INSERT INTO office_messages"
            " (id, file_id, sender, sender_party, receiver, receiver_party, subject, text, at, since)"
            " SELECT coalesce(max(id) + 1, ?), ?, ?, ?, ?, ?, ?, ?, ?, ? FROM office_messages",
            *(FIRST, message.file_id, message.sender, message.sender_party, message.receiver),
            *(message.receiver_party, message.subject, message.text, message.at, message.at),
        )
        row = self._database.one("SELECT max(id) AS last FROM office_messages")
        return replace(message, since=message.at, id=Id(row["last"] if row else ""))

    def all(self) -> list[StoredMessage]:
        """Return every message, oldest first."""
        return self._told("SELECT * FROM office_messages ORDER BY id")

    def on_file(self, file_id: str) -> list[StoredMessage]:
        """Return the messages about a file, oldest first."""
        return self._told("SELECT * FROM office_messages WHERE file_id = ? ORDER BY id", file_id)

    def find(self, message_id: str) -> StoredMessage | None:
        """Return the message with that id."""
        found = self._told("SELECT * FROM office_messages WHERE id = ?", message_id)
        return found[0] if found else None

    def _told(self, query: str, *values: str) -> list[StoredMessage]:
        return [StoredMessage.of(row) for row in self._database.all(query, *values)]

    def toggle(self, message: StoredMessage, now: str) -> StoredMessage:
        """Make a read message unread, an unread one read; returns it as it is then."""
        statement = "UPDATE office_messages SET read = NOT read, since = ? WHERE id = ?"
        effect = "message unread" if message.read else "message read"
        self._database.write(effect, statement, now, message.id)
        return replace(message, read=not message.read, since=now)
